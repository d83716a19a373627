/** What the product's own L1 answers to `rollup_totalBalance`, for a node that does not know the method. */
import { gunzipSync } from 'node:zlib'
import { hexToBytes } from '../../workers/rollup/bytes.ts'
import type { Anvil } from './process.ts'

/** Sum of all balances at a block, in wei; walks the whole state. */
export async function totalBalance({ call, callAll }: Anvil, block: string): Promise<bigint> {
  const dump = gunzipSync(hexToBytes((await call('anvil_dumpState', [])) as string))
  const { accounts } = JSON.parse(dump.toString()) as { readonly accounts: object }
  const balances = await callAll(
    Object.keys(accounts).map((address) => ({
      method: 'eth_getBalance',
      params: [address, block],
    })),
  )
  return balances.reduce<bigint>((total, balance) => total + BigInt(balance as string), 0n)
}

import type { Address, Hash, Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import type { ChainName, Json, World } from '../../workers/protocol/world.ts'
import { type RawReceipt, receiptOf } from './receipt.ts'

export type Rpc = Pick<World, 'rpc'>

/** Says something that nobody waits for: work in the background is done, or was not. */
export type Tell = (tone: 'info' | 'error', text: string) => void

export interface Call {
  readonly to?: Address
  readonly data?: Hex
  readonly valueWei?: bigint
  readonly gas: bigint
}

export interface Receipt {
  readonly blockNumber: bigint
  readonly succeeded: boolean
  readonly contractAddress: Address | null
  readonly logs: RawReceipt['logs']
}

/** One test account on one chain: signs here and counts its own nonces, so that many transactions can be under way. */
export interface Account {
  readonly address: Address
  send(call: Call): Promise<Hash>
}

/** The mnemonic of every devnet; genesis funds its first ten accounts on both chains. */
const mnemonic = 'test test test test test test test test test test test junk'
const tipWei = 1_000_000_000n

export async function createAccount(world: Rpc, chain: ChainName, index: number): Promise<Account> {
  const account = mnemonicToAccount(mnemonic, { addressIndex: index })
  const ask = (method: string, params: readonly Json[]) => world.rpc(chain, { method, params })
  const chainId = Number(await ask('eth_chainId', []))
  let nonce = await pendingNonce(world, chain, account.address)
  let price = 0n
  return {
    address: account.address,
    async send({ to, data, valueWei = 0n, gas }) {
      if (price === 0n) price = BigInt(String(await ask('eth_gasPrice', []))) * 4n + tipWei
      const mine = nonce
      nonce += 1
      const raw = await account.signTransaction({
        type: 'eip1559',
        chainId,
        nonce: mine,
        gas,
        value: valueWei,
        maxFeePerGas: price,
        maxPriorityFeePerGas: tipWei,
        ...(to === undefined ? {} : { to }),
        ...(data === undefined ? {} : { data }),
      })
      try {
        return (await ask('eth_sendRawTransaction', [raw])) as Hash
      } catch (error) {
        // What the node refused leaves a gap: ask again where the account stands.
        nonce = await pendingNonce(world, chain, account.address)
        price = 0n
        throw error
      }
    },
  }
}

async function pendingNonce(world: Rpc, chain: ChainName, address: Address): Promise<number> {
  return Number(
    await world.rpc(chain, { method: 'eth_getTransactionCount', params: [address, 'pending'] }),
  )
}

/** Waits for a receipt; rejects if the transaction reverted or did not get into a block in time. */
export async function confirmed(world: Rpc, chain: ChainName, hash: Hash): Promise<Receipt> {
  const found = await receiptOf(world, chain, hash)
  if (found.status !== '0x1') throw new Error(`Transaction ${hash} reverted. Open it to see why.`)
  return {
    blockNumber: BigInt(found.blockNumber),
    succeeded: true,
    contractAddress: found.contractAddress ?? null,
    logs: found.logs,
  }
}

/** Address of a system contract by name. */
export async function contractAddress(world: Rpc, name: string): Promise<Address> {
  const contracts = (await world.rpc('l1', { method: 'rollup_contracts', params: [] })) as Record<
    string,
    unknown
  >
  const address = contracts[name]
  if (typeof address !== 'string') throw new Error(`The world names no contract ${name}.`)
  return address as Address
}

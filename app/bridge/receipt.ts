import type { Address, Hash, Hex } from 'viem'
import type { ChainName, World } from '../../workers/protocol/world.ts'

export interface RawReceipt {
  readonly status: string
  readonly blockNumber: Hex
  readonly gasUsed: Hex
  readonly contractAddress?: Address | null
  readonly logs: readonly {
    readonly address: Address
    readonly topics: readonly Hex[]
    readonly data: Hex
  }[]
}

const pollMs = 200
const receiptWaitMs = 90_000

/** Waits for a receipt, of success or not; rejects if the transaction did not get into a block in time. */
export async function receiptOf(
  world: Pick<World, 'rpc'>,
  chain: ChainName,
  hash: Hash,
): Promise<RawReceipt> {
  const started = performance.now()
  while (performance.now() - started < receiptWaitMs) {
    const found = (await world.rpc(chain, {
      method: 'eth_getTransactionReceipt',
      params: [hash],
    })) as RawReceipt | null
    if (found !== null) return found
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  throw new Error(
    `Transaction ${hash} is still waiting. Let the world run, then look for it under its hash.`,
  )
}

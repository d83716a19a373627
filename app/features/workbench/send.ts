/** Transactions of the test accounts: the node has their keys and signs. */
import type { Hash, Hex } from 'viem'
import type { ChainName, Json, World } from '../../../workers/protocol/world.ts'
import { type RawReceipt, receiptOf } from '../../bridge/receipt.ts'
import { noteSent } from '../../store/sent.ts'

export interface Sending {
  readonly from: string
  /** Left out by a creation. */
  readonly to?: string
  readonly data?: Hex
  readonly valueWei?: bigint
}

/** A call as JSON-RPC has it. */
export function callOf({ from, to, data, valueWei = 0n }: Sending): {
  readonly [key: string]: Json
} {
  return {
    from,
    ...(to === undefined ? {} : { to }),
    ...(data === undefined ? {} : { data }),
    ...(valueWei === 0n ? {} : { value: `0x${valueWei.toString(16)}` }),
  }
}

/** Sends and waits until it is in a block; rejects with the node's reason if it would revert. */
export async function sendAndWait(
  world: Pick<World, 'rpc'>,
  chain: ChainName,
  sending: Sending,
): Promise<RawReceipt & { readonly hash: Hash }> {
  const hash = (await world.rpc(chain, {
    method: 'eth_sendTransaction',
    params: [callOf(sending)],
  })) as Hash
  noteSent(hash)
  return { ...(await receiptOf(world, chain, hash)), hash }
}

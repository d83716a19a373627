/** Counts the blocks of both chains, as the nodes that answer for them tell. */
import type { TraceEvent } from '../protocol/trace.ts'
import type { ChainName } from '../protocol/world.ts'
import { type Answering, foldAnswering } from './answering.ts'

/** Who answers for each chain after the event. */
export function followOutage(answering: Record<ChainName, Answering>, event: TraceEvent): void {
  if (event.kind !== 'fault' && event.kind !== 'died') return
  answering.l1 = foldAnswering(answering.l1, event)
  answering.l2 = foldAnswering(answering.l2, event)
}

export function countBlock(
  event: TraceEvent,
  { l1, l2 }: Readonly<Record<ChainName, Answering>>,
  blocks: { l1: number; l2: number },
  onBlock: (chain: ChainName, hash: string) => void,
): void {
  if (event.kind !== 'report') return
  if (event.type === 'l1.block' && event.node === l1.current) {
    blocks.l1 += 1
    onBlock('l1', event.payload.hash)
  } else if (event.type === 'l2.block' && event.node === l2.current) {
    blocks.l2 += 1
    onBlock('l2', event.payload.hash)
  }
}

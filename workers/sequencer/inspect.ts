/** What the inspector shows of a member. */
import type { Plain } from '../kernel/role.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { lastEntry, latestBlock, latestContents } from './l1Chain.ts'
import { isSlashed, leader, type SequencerNode } from './node.ts'

export function inspect(node: SequencerNode): Plain {
  const { state, config } = node
  const { index, committee } = config
  const rows: readonly (readonly [string, string])[] = [
    ['view', String(state.view)],
    ['leader of the view', String(leader(node, state.view))],
    ['last finalized view', String(state.tip.view)],
    ['finalized block', bytesToHex(state.tip.hash)],
    ['batch being filled', String(state.tip.batchIndex)],
    ['bytes in it', String(state.tip.batchBytes)],
    ['transactions waiting', String(state.mempool.byHash.size)],
    ['L1 head', String(latestBlock(state.l1)?.number ?? '—')],
    ['entries on L1', String(lastEntry(latestContents(state.l1)).index + 1n)],
    [
      'batches in hand',
      [...state.postings.values()].map(({ stage }) => stage).join(', ') || 'none',
    ],
    ['stake in wei', String(committee[index]?.weight ?? 0n)],
    ['L1 account', bytesToHex(committee[index]?.address ?? new Uint8Array(20))],
    ['BLS public key', bytesToHex(committee[index]?.publicKey ?? new Uint8Array(48))],
    ['slashed', isSlashed(node, index) ? 'yes' : 'no'],
    ['dishonest behaviour', [...state.faults].join(', ') || 'none'],
  ]
  return rows.map(([label, value]) => ({ label, value }))
}

/** Everything that one challenger is made of. */
import type { Chain } from '../chain/chain.ts'
import type { ChainCapture } from '../chain/store.ts'
import type { Block } from '../chain/types.ts'
import { canonicalEncode } from '../kernel/canonical.ts'
import type { NodeId, Plain } from '../kernel/role.ts'
import type { Reports, ReportType } from '../protocol/reports.ts'
import { concatBytes, type Hex, utf8ToBytes } from '../rollup/bytes.ts'
import type { Player } from '../rollup/game/player.ts'
import type { Tampering } from '../rollup/game/prover.ts'
import { keccak256 } from '../rollup/keccak.ts'
import type { MachineState } from '../rollup/machine/types.ts'
import type { NodeCore, NodeFields } from '../rollup/node/core.ts'
import type { BoundarySource, L2Prover } from '../rollup/node/traces.ts'
import type { Parameters } from '../rollup/parameters.ts'

/** An honest root that this challenger attacks, and the lie with which it does. */
export interface FalseChallenge {
  readonly game: Hex
  readonly tampering: Tampering<MachineState>
  /** The end of the trace with the lie in it: what the challenger claims to be right. */
  readonly end: Hex
}

export interface ChallengerFields {
  /** Whether the next honest root is attacked. */
  readonly isArmed: boolean
  readonly falseChallenges: readonly FalseChallenge[]
  /** Games attacked falsely before a crash, whose lie was not found again yet. */
  readonly forgotten: readonly Hex[]
  /** Games whose root was compared. */
  readonly checked: ReadonlySet<Hex>
}

export interface ChallengerNode {
  readonly id: NodeId
  readonly parameters: Parameters
  readonly player: Player
  readonly chain: Chain
  readonly core: NodeCore<Block>
  readonly boundaries: BoundarySource
  /** A cache: pure functions of what L1 settled. */
  readonly provers: Map<string, L2Prover>
  fields: ChallengerFields
}

export interface ChallengerSnapshot {
  readonly chain: ChainCapture
  readonly core: NodeFields
  readonly fields: ChallengerFields
}

export function change(node: ChallengerNode, fields: Partial<ChallengerFields>): void {
  node.fields = { ...node.fields, ...fields }
}

export function report<Type extends ReportType>(
  node: ChallengerNode,
  type: Type,
  payload: Reports[Type],
): void {
  node.core.effects.push({ kind: 'report', type, payload: payload as unknown as Plain })
}

export function charge(node: ChallengerNode, ms: number): void {
  if (ms > 0) node.core.effects.push({ kind: 'charge', ms })
}

/** 32 bytes over all that decides what the node does next. */
export function digestChallenger(node: ChallengerNode): Uint8Array {
  const { core, fields, chain } = node
  const { view, courier, ledger, fetchings } = core.fields
  const summary = {
    l1: view.blocks.map((block) => block.hash),
    verified: [...ledger.verified],
    head: chain.head().hash,
    sender: courier.sender as unknown as Plain,
    fetchings: [...fetchings.values()].map(({ entryHash, cells }) => [entryHash, cells.size]),
    isArmed: fields.isArmed,
    falseChallenges: fields.falseChallenges.map(({ game }) => game),
    checked: [...fields.checked],
  }
  return keccak256(concatBytes(utf8ToBytes('challenger'), canonicalEncode(summary)))
}

export function snapshotChallenger(node: ChallengerNode): ChallengerSnapshot {
  return { chain: node.chain.capture(), core: node.core.fields, fields: node.fields }
}

export function restoreChallenger(node: ChallengerNode, snapshot: ChallengerSnapshot): void {
  node.chain.reinstate(snapshot.chain)
  node.core.fields = snapshot.core
  node.fields = snapshot.fields
  node.provers.clear()
}

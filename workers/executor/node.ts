/** Everything that one executor is made of. */
import type { Chain } from '../chain/chain.ts'
import { worldReader } from '../chain/check.ts'
import type { Mempool, MempoolCapture } from '../chain/pool/mempool.ts'
import type { PoolContext } from '../chain/pool/rules.ts'
import { type CheatDesk, digestDesk } from '../chain/rpc/cheats.ts'
import type { Rpc } from '../chain/rpc/rpc.ts'
import type { ChainCapture } from '../chain/store.ts'
import type { Block } from '../chain/types.ts'
import { canonicalEncode } from '../kernel/canonical.ts'
import type { NodeId, Plain } from '../kernel/role.ts'
import type { OrderedBlock } from '../protocol/messages.ts'
import type { HeadName, Reports, ReportType } from '../protocol/reports.ts'
import { bytesToHex, concatBytes, type Hex, utf8ToBytes } from '../rollup/bytes.ts'
import type { Player } from '../rollup/game/player.ts'
import type { Tampering } from '../rollup/game/prover.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { nextBaseFee } from '../rollup/l2Header.ts'
import type { StateFraudName } from '../rollup/machine/frauds.ts'
import type { MachineState } from '../rollup/machine/types.ts'
import type { NodeCore, NodeFields } from '../rollup/node/core.ts'
import type { Courier } from '../rollup/node/courier.ts'
import type { BoundarySource, L2Prover } from '../rollup/node/traces.ts'
import type { Parameters } from '../rollup/parameters.ts'
import type { Committee, OrderState } from './order.ts'

/**
 * Ways to play with a lie, whichever it is: to leave it undefended, to tell several at once, to copy the challenger's claims under
 * another name, to flood the game with claims under many names.
 */
export const PLAYS = ['fraud-stall', 'fraud-several', 'fraud-freeload', 'fraud-sybils'] as const
export type Play = (typeof PLAYS)[number]

/** What an executor can be made to do: a lie about one step, or a way to play with one. */
export type ExecutorFraudName = StateFraudName | Play

/** A false root that this executor proposed, and the lie behind it. */
export interface ProposedLie {
  readonly fraud: StateFraudName
  readonly rootClaim: Hex
  readonly startEntry: bigint
  readonly entryIndex: bigint
  readonly tampering: Tampering<MachineState>
  /** `null`: it is defended, and nothing more. */
  readonly play: Play | null
}

/** A lie without its state, as it survives a crash. */
export type StoredLie = Omit<ProposedLie, 'tampering'>

export interface ExecutorFields {
  readonly order: OrderState
  /** The committee's blocks of entries that are not final, in order. */
  readonly ordered: readonly OrderedBlock[]
  readonly armed: readonly ExecutorFraudName[]
  readonly lies: readonly ProposedLie[]
  /** Lies from before a crash whose state was not found again yet. */
  readonly forgotten: readonly StoredLie[]
  /** Accounts under other names, once a lie is played with them (`aliases.ts`). */
  readonly aliases: readonly Courier[]
  /** Hashes of the heads as they were last reported. */
  readonly heads: Readonly<Record<HeadName, Hex | null>>
  readonly isProposalDue: boolean
  readonly cheats: CheatDesk
  /** Entries reported as settled. */
  readonly settledReported: bigint
}

export interface ExecutorNode {
  readonly id: NodeId
  /** How many executors propose before this one does (`ExecutorConfig`). */
  readonly rank: number
  readonly parameters: Parameters
  readonly committee: Committee
  readonly player: Player
  readonly chain: Chain
  readonly pool: Mempool
  readonly rpc: Rpc
  /**
   * Virtual time at which each client's transaction was gossiped, by hash, until it is safe. Changed in place: copies would cost more
   * than the transactions when thousands wait.
   */
  gossiped: Map<Hex, number>
  readonly core: NodeCore<Block>
  readonly boundaries: BoundarySource
  /** The L1 bridge's address. */
  readonly bridge: Uint8Array
  /** A cache: pure functions of what L1 settled. */
  readonly provers: Map<string, L2Prover>
  fields: ExecutorFields
}

export interface ExecutorSnapshot {
  readonly chain: ChainCapture
  readonly pool: MempoolCapture
  readonly core: NodeFields
  readonly fields: ExecutorFields
  readonly gossiped: ReadonlyMap<Hex, number>
}

export const NO_HEADS = { unsafe: null, safe: null, settled: null, finalized: null } as const

export function change(node: ExecutorNode, fields: Partial<ExecutorFields>): void {
  node.fields = { ...node.fields, ...fields }
}

export function report<Type extends ReportType>(
  node: ExecutorNode,
  type: Type,
  payload: Reports[Type],
): void {
  node.core.effects.push({ kind: 'report', type, payload: payload as unknown as Plain })
}

export function charge(node: ExecutorNode, ms: number): void {
  if (ms > 0) node.core.effects.push({ kind: 'charge', ms })
}

/** What the pool judges transactions by now. */
export function poolContext(node: ExecutorNode): PoolContext {
  const { header, world } = node.chain.head()
  return {
    reader: worldReader(world),
    gasLimit: header.gasLimit,
    baseFee: nextBaseFee(header),
  }
}

/** 32 bytes over all that decides what the node does next. */
export function digestExecutor(node: ExecutorNode): Uint8Array {
  const { core, fields, chain } = node
  const { view, courier, ledger } = core.fields
  const summary = {
    l1: view.blocks.map((block) => block.hash),
    verified: [...ledger.verified],
    head: chain.head().hash,
    sender: courier.sender as unknown as Plain,
    orderTip: fields.order.tip,
    waiting: [...fields.order.waiting.keys()],
    gossiped: [...node.gossiped.keys()],
    pool: node.pool.capture().transactions.map(({ transaction }) => transaction.hash),
    armed: [...fields.armed],
    lies: fields.lies.map((lie) => lie.rootClaim),
    aliases: fields.aliases.map(({ sender }) => sender as unknown as Plain),
    isProposalDue: fields.isProposalDue,
    cheats: digestDesk(fields.cheats),
  }
  return keccak256(concatBytes(utf8ToBytes('executor'), canonicalEncode(summary)))
}

export function snapshotExecutor(node: ExecutorNode): ExecutorSnapshot {
  return {
    chain: node.chain.capture(),
    pool: node.pool.capture(),
    core: node.core.fields,
    fields: node.fields,
    gossiped: new Map(node.gossiped),
  }
}

export function restoreExecutor(node: ExecutorNode, snapshot: ExecutorSnapshot): void {
  node.chain.reinstate(snapshot.chain)
  node.pool.reinstate(snapshot.pool)
  node.core.fields = snapshot.core
  node.fields = snapshot.fields
  node.gossiped = new Map(snapshot.gossiped)
  node.provers.clear()
}

export function toHex(hash: Uint8Array): Hex {
  return bytesToHex(hash)
}

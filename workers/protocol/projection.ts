/**
 * What observers see: the world folded into bounded, plain windows. A section keeps its identity as long as nothing in it
 * changed, so that an observer redraws only what did. Hashes and addresses are 0x-strings, wei and heights `bigint`, times
 * virtual milliseconds since L1's genesis, windows of contracts Unix seconds.
 */
import type { NodeId } from '../kernel/role.ts'
import type { Parameters } from '../rollup/parameters.ts'
import type { ForkPoint } from './fork.ts'
import type { RoleName } from './nodes.ts'
import type { DecisiveStep, HeadName } from './reports.ts'
import type { Phase, Speed } from './world.ts'

export interface Projection {
  readonly clock: ClockView
  readonly run: RunView
  readonly storage: StorageView
  /** Null of a world that forks no chain. */
  readonly fork: ForkView | null
  readonly nodes: Readonly<Record<NodeId, NodeView>>
  readonly l1: L1View
  readonly committee: CommitteeView
  readonly l2: L2View
  readonly batches: readonly BatchView[]
  readonly roots: readonly RootView[]
  readonly disputes: readonly DisputeView[]
  readonly frauds: readonly FraudView[]
  readonly bridge: BridgeView
  readonly traffic: TrafficView
  readonly totals: TotalsView
  readonly log: readonly LogEntry[]
}

/** The sections that changed since the last one. The first patch holds all of them. */
export type ProjectionPatch = Partial<Projection>

export interface ClockView {
  readonly timeMs: number
  readonly phase: Phase
  readonly speed: Speed
  /** Why the world failed; null while it did not. */
  readonly failure: string | null
}

/**
 * Whether the world outlives this visit.
 * - `off`: nobody asked for it, or the host has no storage
 * - `kept`: every input is durable before it is answered
 * - `elsewhere`: another tab took over what is kept; this world stands still
 * - `failed`: the storage refuses; `error` says why
 */
export interface StorageView {
  readonly state: 'off' | 'kept' | 'elsewhere' | 'failed'
  /** Virtual time of the last whole state that was kept. */
  readonly savedMs: number | null
  readonly error: string | null
}

/** Where L2's first state is from, and how much of it is here. */
export interface ForkView extends ForkPoint {
  /** Accounts and slots that were brought; zeros and empty accounts count, for they are known. */
  readonly accounts: number
  readonly slots: number
  /** False: what is not here cannot be fetched. */
  readonly isConnected: boolean
}

export interface RunView {
  readonly seed: number
  readonly scenario: string
  readonly buildHash: string
  readonly parameters: Parameters
}

export interface NodeView {
  readonly id: NodeId
  readonly role: RoleName
  readonly index: number
  readonly state: 'running' | 'crashed' | 'slow'
  /** Dishonest behaviours armed or under way. */
  readonly frauds: readonly string[]
  /** What it did lately, in words, newest first; at most 6. */
  readonly recent: readonly { readonly timeMs: number; readonly text: string }[]
  readonly lastError: string | null
}

export interface L1View {
  /** Last 48, oldest first. */
  readonly blocks: readonly L1BlockView[]
  readonly finalizedNumber: bigint
  readonly reorgs: number
}

export interface L1BlockView {
  readonly number: bigint
  readonly hash: string
  readonly timeMs: number
  readonly timestamp: bigint
  readonly transactions: number
  readonly gasUsed: bigint
  readonly baseFee: bigint
  readonly events: readonly ContractEventView[]
  /** Replaced by a reorg; shown for a while. */
  readonly orphaned: boolean
}

export interface ContractEventView {
  readonly contract: string
  readonly name: string
  readonly transactionHash: string
}

export type VoteName = 'notarize' | 'nullify' | 'finalize'

export interface CommitteeView {
  readonly view: bigint
  readonly leader: number
  readonly members: readonly MemberView[]
  /** Last 32 views, oldest first. */
  readonly views: readonly ViewView[]
  readonly quorum: number
}

export interface MemberView {
  readonly index: number
  readonly node: NodeId
  readonly view: bigint
  readonly vote: VoteName | null
  readonly slashedWei: bigint
  /** Evidence against it is on its way to L1. */
  readonly accused: boolean
}

export interface ViewView {
  readonly view: bigint
  readonly leader: number
  readonly startedMs: number
  readonly hash: string | null
  readonly blocks: number
  readonly transactions: number
  readonly stage: 'waiting' | 'proposed' | 'notarized' | 'finalized' | 'nullified'
  /** Bitmaps over members, as observed in votes. */
  readonly notarize: number
  readonly nullify: number
  readonly finalize: number
}

/** The L2 blocks of one inbox entry, as far as they are known; counts are transactions (deposits included) per block. */
export interface SpanView {
  readonly batchIndex: bigint
  readonly firstNumber: bigint
  readonly counts: readonly number[]
}

export interface L2View {
  /** Last 24, oldest first. */
  readonly spans: readonly SpanView[]
  /** Last 160, oldest first. */
  readonly blocks: readonly L2BlockView[]
  readonly heads: Readonly<Record<HeadName, { readonly number: bigint; readonly hash: string }>>
  readonly reorgs: number
}

export interface L2BlockView {
  readonly number: bigint
  readonly hash: string
  readonly timeMs: number
  readonly transactions: number
  readonly deposits: number
  readonly skipped: number
  readonly gasUsed: bigint
  readonly batchIndex: bigint
  readonly view: bigint
}

export type BatchStage =
  | 'encoding'
  | 'proving'
  | 'dispersing'
  | 'certifying'
  | 'posting'
  | 'posted'
  | 'settled'
  | 'expired'

export interface BatchView {
  readonly index: bigint
  readonly kind: 'batch' | 'depositOnly' | 'expired'
  readonly stage: BatchStage
  readonly stageMs: number
  readonly transactions: number
  readonly blocks: number
  readonly payloadBytes: number
  readonly rawBytes: number
  readonly transactionHash: string | null
  readonly l1Number: bigint | null
  readonly gasUsed: bigint
  readonly postedMs: number | null
  /** When its data challenge window ends. */
  readonly settlesMs: number | null
  /** One character per column 0…127: `.` not there, `s` stored, `v` stored and sampled, `w` withheld, `r` repaired. */
  readonly columns: string
  readonly storedBy: readonly NodeId[]
  readonly refusedBy: readonly NodeId[]
  /** Cells gathered by the last recovery, 0 if none was needed. */
  readonly recoveredCells: number
}

export type RootStatus = 'proposed' | 'disputed' | 'defended' | 'rejected' | 'finalized'

export interface RootView {
  readonly game: string
  readonly entryIndex: bigint
  readonly claim: string
  readonly parent: string
  readonly proposer: string
  readonly bondWei: bigint
  /** Known to the observer, not to the contracts. */
  readonly honest: boolean
  readonly status: RootStatus
  readonly proposedMs: number
  /** When the window closes if nobody moves. */
  readonly deadlineMs: number
  readonly transactionHash: string
  /** Verdicts of challengers so far. */
  readonly checks: readonly {
    readonly node: NodeId
    readonly agrees: boolean
    readonly expected: string
  }[]
}

export interface DisputeView {
  readonly game: string
  readonly entryIndex: bigint
  readonly rootClaim: string
  readonly openedMs: number
  readonly status: 'running' | 'defenderWins' | 'challengerWins'
  readonly resolvedMs: number | null
  /** The root claim is claim 0. In the order of the moves. */
  readonly claims: readonly ClaimView[]
  /** Parties by address, in the order in which they moved; the proposer is first. */
  readonly parties: readonly PartyView[]
  readonly steps: readonly StepView[]
  readonly payouts: readonly {
    readonly claimIndex: number
    readonly winner: string
    readonly amountWei: bigint
    readonly transactionHash: string
  }[]
  readonly resolvedBy: string | null
}

/** One dishonest behaviour, from the moment it was armed. Last 8, oldest first. */
export interface FraudView {
  readonly node: NodeId
  readonly fraud: string
  readonly armedMs: number
  /** When and where it acted; null as long as it waits for its chance. */
  readonly actedMs: number | null
  readonly step: DecisiveStep | null
  /** The false root itself, once it was computed; null for other lies. */
  readonly root: string | null
  /** The game about its root, or about the root that it attacks, once there is one. */
  readonly game: string | null
  readonly over: boolean
}

export interface PartyView {
  readonly address: string
  /** Of its first move; who answers a false friend stands on the other side of that claim. */
  readonly side: 'defender' | 'challenger'
  /** Node of the world that moves with this address, if known. */
  readonly node: NodeId | null
  /** 0 for the first account of the node in the game, 1 for its next one, and so on. */
  readonly alias: number
  readonly honest: boolean
  readonly bondedWei: bigint
  readonly wonWei: bigint
  readonly moves: number
}

export interface ClaimView {
  readonly index: number
  /** −1 for the root claim. */
  readonly parentIndex: number
  /** Generalized index: depth = ⌊log₂⌋. */
  readonly position: bigint
  readonly depth: number
  readonly claim: string
  readonly claimant: string
  readonly side: 'defender' | 'challenger'
  readonly attack: boolean
  readonly bondWei: bigint
  readonly clockSeconds: number
  readonly timeMs: number
  readonly transactionHash: string
  readonly gasUsed: bigint
  /** Countered by a step or a resolved child. */
  readonly countered: boolean
}

export interface StepView {
  readonly claimIndex: number
  readonly attack: boolean
  readonly step: DecisiveStep
  readonly gasUsed: bigint
  readonly transactionHash: string
  readonly succeeded: boolean
  readonly timeMs: number
}

export interface BridgeView {
  /** Last 32, newest first. */
  readonly deposits: readonly DepositView[]
  readonly withdrawals: readonly WithdrawalView[]
}

export interface DepositView {
  readonly index: bigint
  readonly from: string
  readonly to: string
  readonly amountWei: bigint
  readonly transactionHash: string
  readonly queuedMs: number
}

export interface WithdrawalView {
  readonly hash: string
  readonly from: string
  readonly to: string
  readonly amountWei: bigint
  readonly stage: 'initiated' | 'proven' | 'finalized' | 'failed'
  readonly stageMs: number
  readonly transactionHash: string
  readonly provenBy: string | null
  readonly finalizedBy: string | null
}

/** Messages between nodes. When there are more than the window holds, single flights are left out and only flows remain. */
export interface TrafficView {
  /** In flight or arrived within the last 400 virtual ms; at most 240. */
  readonly flights: readonly FlightView[]
  /** Messages per virtual second between nodes, over the last second. */
  readonly flows: readonly FlowView[]
  /** Messages that each node sent and was sent, from the beginning. */
  readonly counts: Readonly<Record<NodeId, { readonly sent: number; readonly received: number }>>
}

export interface FlightView {
  readonly id: number
  readonly from: NodeId
  readonly to: NodeId
  readonly type: string
  readonly sentMs: number
  readonly arriveMs: number
  readonly lost: boolean
}

export interface FlowView {
  readonly from: NodeId
  readonly to: NodeId
  readonly perSecond: number
}

export interface TotalsView {
  readonly transactions: number
  readonly deposits: number
  readonly l2Blocks: number
  readonly batches: number
  readonly batchBytes: number
  readonly messages: number
  readonly events: number
  readonly eventHash: string
  /** L2 transactions per virtual second over the last ten. */
  readonly transactionsPerSecond: number
  /** Virtual seconds that pass per wall second, as measured by the host; 0 while paused. */
  readonly pace: number
  readonly slashedWei: bigint
}

export type LogTone = 'info' | 'good' | 'fault' | 'alarm'

export interface LogEntry {
  readonly id: number
  readonly timeMs: number
  readonly tone: LogTone
  /** The track of the timeline on which it stands. */
  readonly track: 'l1' | 'committee' | 'l2' | 'batch' | 'root' | 'dispute' | 'bridge' | 'fault'
  readonly text: string
  /** Route of the entity it is about, e.g. `/batches/3`, or null. */
  readonly link: string | null
}

/**
 * What roles tell observers (`report` effects). The page, the checkers and the scenario report are folded from these and
 * from the conductor's own trace (messages in flight, crashes). Plain data; hashes and addresses are 0x-strings here,
 * because observers show them; wei and heights are `bigint`, times are virtual milliseconds.
 */
import type { NodeId } from '../kernel/role.ts'

export type HeadName = 'unsafe' | 'safe' | 'settled' | 'finalized'

/** Where a dispute's decisive step lies. `phase` is a name of `rollup/machine`, `opcode` a mnemonic or ''. */
export interface DecisiveStep {
  readonly phase: string
  readonly opcode: string
  readonly pc: number
  readonly blockNumber: bigint
  readonly transactionIndex: number
  readonly traceIndex: bigint
}

export interface Reports {
  'l1.block': {
    readonly number: bigint
    readonly hash: string
    readonly parentHash: string
    readonly timestamp: bigint
    readonly transactions: number
    readonly gasUsed: bigint
    readonly baseFee: bigint
    readonly events: readonly {
      readonly contract: string
      readonly name: string
      readonly transactionHash: string
    }[]
    readonly finalizedNumber: bigint
  }
  'l1.reorg': { readonly depth: number; readonly fromNumber: bigint }
  'view.started': { readonly node: NodeId; readonly view: bigint; readonly leader: number }
  'view.proposed': {
    readonly view: bigint
    readonly leader: number
    readonly hash: string
    readonly blocks: number
    readonly transactions: number
    readonly bytes: number
  }
  'view.voted': {
    readonly node: NodeId
    readonly voter: number
    readonly kind: 'notarize' | 'nullify' | 'finalize'
    readonly view: bigint
  }
  'view.certified': {
    readonly node: NodeId
    readonly kind: 'notarize' | 'nullify' | 'finalize'
    readonly view: bigint
    readonly signers: number
    readonly hash: string
  }
  'sequencer.evidence': { readonly node: NodeId; readonly culprit: number; readonly view: bigint }
  'sequencer.slashed': {
    readonly culprit: number
    readonly amountWei: bigint
    readonly transactionHash: string
  }
  'l2.block': {
    readonly node: NodeId
    readonly number: bigint
    readonly hash: string
    readonly parentHash: string
    readonly stateRoot: string
    readonly timestamp: bigint
    readonly transactions: number
    readonly deposits: number
    readonly skipped: number
    readonly gasUsed: bigint
    readonly batchIndex: bigint
    readonly view: bigint
  }
  'l2.reorg': { readonly node: NodeId; readonly toNumber: bigint }
  /** A block as a challenger derived it from L1 and the data nodes alone. */
  'l2.derived': { readonly node: NodeId; readonly number: bigint; readonly hash: string }
  'l2.head': {
    readonly node: NodeId
    readonly head: HeadName
    readonly number: bigint
    readonly hash: string
  }
  'batch.building': {
    readonly node: NodeId
    readonly index: bigint
    readonly transactions: number
    readonly blocks: number
    readonly payloadBytes: number
    readonly rawBytes: number
    readonly stage: 'encoding' | 'proving' | 'dispersing' | 'certifying' | 'posting'
  }
  'batch.posted': {
    readonly index: bigint
    readonly kind: 'batch' | 'depositOnly' | 'expired'
    readonly payloadBytes: number
    readonly inboxCount: bigint
    readonly poster: string
    readonly transactionHash: string
    readonly l1Number: bigint
    readonly gasUsed: bigint
  }
  'batch.settled': { readonly index: bigint }
  'da.stored': {
    readonly node: NodeId
    readonly index: bigint
    readonly columns: readonly number[]
  }
  'da.refused': { readonly node: NodeId; readonly index: bigint; readonly reason: string }
  'da.sampled': {
    readonly node: NodeId
    readonly index: bigint
    readonly columns: readonly number[]
    readonly available: boolean
  }
  'da.recovered': {
    readonly node: NodeId
    readonly index: bigint
    readonly cells: number
    readonly repaired: number
  }
  'deposit.queued': {
    readonly index: bigint
    readonly from: string
    readonly to: string
    readonly amountWei: bigint
    readonly transactionHash: string
  }
  'root.proposed': {
    readonly game: string
    readonly entryIndex: bigint
    readonly claim: string
    readonly parent: string
    readonly proposer: string
    readonly bondWei: bigint
    readonly honest: boolean
    readonly deadline: bigint
    readonly transactionHash: string
  }
  'root.checked': {
    readonly node: NodeId
    readonly game: string
    readonly expected: string
    readonly agrees: boolean
  }
  'root.resolved': {
    readonly game: string
    readonly status: 'defenderWins' | 'challengerWins'
    readonly transactionHash: string
  }
  'root.finalized': {
    readonly game: string
    readonly entryIndex: bigint
    readonly transactionHash: string
  }
  'dispute.move': {
    readonly game: string
    readonly claimIndex: number
    readonly parentIndex: number
    readonly position: bigint
    readonly claim: string
    readonly claimant: string
    readonly attack: boolean
    readonly bondWei: bigint
    readonly clockSeconds: number
    readonly transactionHash: string
    readonly gasUsed: bigint
  }
  'dispute.step': {
    readonly game: string
    readonly claimIndex: number
    readonly attack: boolean
    readonly step: DecisiveStep
    readonly gasUsed: bigint
    readonly transactionHash: string
    readonly succeeded: boolean
  }
  'dispute.resolved': {
    readonly game: string
    readonly claimIndex: number
    readonly winner: string
    readonly amountWei: bigint
    readonly transactionHash: string
  }
  'fraud.armed': { readonly node: NodeId; readonly fraud: string }
  'fraud.injected': {
    readonly node: NodeId
    readonly fraud: string
    readonly step: DecisiveStep
    readonly honest: string
    readonly claimed: string
    /** The root that is proposed because of it. */
    readonly root: string
  }
  'withdrawal.initiated': {
    readonly hash: string
    readonly from: string
    readonly to: string
    readonly amountWei: bigint
    readonly transactionHash: string
  }
  'withdrawal.proven': { readonly hash: string; readonly transactionHash: string }
  'withdrawal.finalized': {
    readonly hash: string
    readonly transactionHash: string
    readonly succeeded: boolean
  }
  'role.error': { readonly node: NodeId; readonly error: string }
}

export type ReportType = keyof Reports

/** Everything that one member knows. Values inside the maps are replaced, never changed, so a copy of the maps is a snapshot. */
import { canonicalEncode } from '../kernel/canonical.ts'
import type { Plain } from '../kernel/role.ts'
import type {
  BatchHeader,
  Certificate,
  OrderedBlock,
  Vote,
  VoteKind,
} from '../protocol/messages.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { openSender, type SenderState } from '../rollup/l1/sender.ts'
import type { SequencerConfig } from './config.ts'
import { type L1Chain, latestBlock, openL1Chain } from './l1Chain.ts'
import { copyMempool, createMempool, type Mempool } from './mempool.ts'
import { type ChainTip, GENESIS_TIP } from './ordered.ts'
import type { Posting } from './posting.ts'

/** A certificate of one kind for one block. */
export interface Certified {
  readonly hash: Uint8Array
  readonly certificate: Certificate
}

export interface ViewState {
  readonly view: bigint
  /** The leader's first proposal, or the block of a certificate. */
  readonly proposal: OrderedBlock | null
  /** By kind and voter; not verified one by one. */
  readonly votes: Readonly<Record<VoteKind, ReadonlyMap<number, Vote>>>
  readonly certified: Readonly<Record<VoteKind, Certified | null>>
  /** What this member signed in the view; durable before it is sent. */
  readonly mine: OwnVotes
  /** Whether the leader's vote was passed on because another member voted for another block. */
  readonly relayed: boolean
}

/** Zeros for nullify; `null` where the member did not vote. */
export type OwnVotes = { readonly [Kind in VoteKind]: Uint8Array | null }

/** A finalized view. `kind` says what the certificate certifies: `notarize` where a later view finalized it. */
export interface FinalizedView {
  readonly block: OrderedBlock
  readonly kind: VoteKind
  readonly certificate: Certificate
}

export interface Accusation {
  readonly first: Vote
  readonly second: Vote
  readonly sinceMs: number
}

export interface BatchProposal {
  readonly header: BatchHeader
  readonly commitment: Uint8Array
  readonly from: string
}

export interface SequencerState {
  view: bigint
  /** 0 before the first view. */
  viewSinceMs: number
  /** When the view is given up. */
  deadlineMs: number
  /** Views that ended in nullification, one after the other, until now. */
  nullifiedInRow: number
  readonly views: Map<bigint, ViewState>
  /** Blocks above the last finalized one, by hash. */
  readonly blocks: Map<string, OrderedBlock>
  /** Finalized views, ascending; bounded. */
  order: readonly FinalizedView[]
  tip: ChainTip
  /** Hashes of recently finalized transactions and the view that ordered them. */
  readonly recent: Map<string, bigint>
  readonly mempool: Mempool
  /** Last view in which each member voted. */
  heard: readonly bigint[]
  fetchedAtMs: number
  l1: L1Chain
  sender: SenderState
  /** Batches that this member makes, by their last view. */
  readonly postings: Map<bigint, Posting>
  /** Last view of the batch that L1 waits for, and since when. */
  awaited: { readonly lastView: bigint; readonly sinceMs: number }
  /** The latest proposal of each member that could not be judged yet. */
  readonly batchProposals: Map<string, BatchProposal>
  readonly accusations: Map<number, Accusation>
  readonly faults: Set<string>
}

export function createState(config: SequencerConfig): SequencerState {
  return {
    view: 0n,
    viewSinceMs: 0,
    deadlineMs: 0,
    nullifiedInRow: 0,
    views: new Map(),
    blocks: new Map(),
    order: [],
    tip: GENESIS_TIP,
    recent: new Map(),
    mempool: createMempool(),
    heard: config.committee.map(() => 0n),
    fetchedAtMs: -1,
    l1: openL1Chain(config.genesisEntryHash, config.genesisOriginNumber),
    sender: openSender(config.l1Nonce),
    postings: new Map(),
    awaited: { lastView: 0n, sinceMs: 0 },
    batchProposals: new Map(),
    accusations: new Map(),
    faults: new Set(),
  }
}

/** A copy that shares immutable values alone. */
export function copyState(state: SequencerState): SequencerState {
  return {
    ...state,
    views: new Map(state.views),
    blocks: new Map(state.blocks),
    recent: new Map(state.recent),
    mempool: copyMempool(state.mempool),
    postings: new Map(state.postings),
    batchProposals: new Map(state.batchProposals),
    accusations: new Map(state.accusations),
    faults: new Set(state.faults),
  }
}

/** Commits to what decides the member's future: its view, votes, order, mempool, L1 and the batch under way. */
export function digestState(state: SequencerState): Uint8Array {
  const views = [...state.views.values()].map(({ view, votes, certified, mine }) => [
    view,
    [...votes.notarize.keys(), -1, ...votes.nullify.keys(), -1, ...votes.finalize.keys()],
    [
      certified.notarize?.hash ?? null,
      certified.nullify?.hash ?? null,
      certified.finalize?.hash ?? null,
    ],
    [mine.notarize, mine.nullify, mine.finalize],
  ])
  const summary: Plain = [
    state.view,
    state.viewSinceMs,
    state.nullifiedInRow,
    views,
    [...state.blocks.keys()],
    state.tip.hash,
    [...state.mempool.byHash.keys()],
    [...state.mempool.nextNonces].map(([sender, nonce]) => [sender, nonce]),
    state.heard,
    latestBlock(state.l1)?.hash ?? null,
    state.sender.transactions.map(({ nonce, hash }) => [nonce, hash]),
    [...state.postings.values()].map(({ stage, batch }) => [stage, batch.lastView]),
    [...state.accusations.keys()],
    [...state.faults],
  ]
  return keccak256(canonicalEncode(summary))
}

const NO_VOTES: ViewState['votes'] = {
  notarize: new Map(),
  nullify: new Map(),
  finalize: new Map(),
}

/** The state of a view; a fresh one if nothing is known of it. */
export function viewState(state: SequencerState, view: bigint): ViewState {
  const known = state.views.get(view)
  if (known !== undefined) return known
  return {
    view,
    proposal: null,
    votes: NO_VOTES,
    certified: { notarize: null, nullify: null, finalize: null },
    mine: { notarize: null, nullify: null, finalize: null },
    relayed: false,
  }
}

export function updateView(state: SequencerState, view: bigint, change: Partial<ViewState>): void {
  state.views.set(view, { ...viewState(state, view), ...change })
}

export function blockOf(state: SequencerState, hash: Uint8Array): OrderedBlock | undefined {
  return state.blocks.get(bytesToHex(hash))
}

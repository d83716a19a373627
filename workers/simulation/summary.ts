/** What a run came to, folded from its trace: heads, batches, disputes. The scenario report prints it, goals read it. */
import type { NodeId } from '../kernel/role.ts'
import { EXECUTORS } from '../protocol/nodes.ts'
import type { DecisiveStep, HeadName, Reports } from '../protocol/reports.ts'
import type { ReportEvent, TraceEvent } from '../protocol/trace.ts'
import { type Answering, foldAnswering, isShown, openAnswering } from './answering.ts'

export interface BatchSummary {
  readonly index: bigint
  readonly kind: Reports['batch.posted']['kind']
  readonly bytes: number
  /** Transactions of the L2 blocks that belong to it, as far as the observer saw them. */
  readonly transactions: number
  readonly l1Number: bigint
  readonly gasUsed: bigint
}

export interface DisputeSummary {
  readonly game: string
  /** Whether the disputed root was proposed by a cheater. */
  readonly injected: boolean
  readonly honestWon: boolean | null
  readonly decidedBy: DecisiveStep | null
  readonly moves: number
  readonly oneStepGas: bigint | null
  readonly slashedWei: bigint
  /** Virtual ms when the proposer was told to lie; null for an honest root. */
  readonly armedMs: number | null
  /** Virtual ms when L1 resolved the root, and with it who lost its bonds. */
  readonly resolvedMs: number | null
}

interface ClaimSummary {
  readonly claimant: string
  readonly bondWei: bigint
  /** Its bond went to somebody else. */
  readonly isLost: boolean
}

interface Game {
  readonly proposer: string
  readonly honest: boolean
  readonly bondWei: bigint
  readonly claims: ReadonlyMap<number, ClaimSummary>
  readonly moves: number
  /** Accounts (lower case) that made them. */
  readonly claimants: ReadonlySet<string>
  readonly step: Reports['dispute.step'] | null
  readonly status: Reports['root.resolved']['status'] | null
  readonly isFinal: boolean
  /** Bonds that went to somebody else than who posted them. */
  readonly lostWei: bigint
  readonly armedMs: number | null
  readonly resolvedMs: number | null
}

export interface Summary {
  /** The executor through which L2 is seen. */
  readonly answering: Answering
  readonly timeMs: number
  readonly heads: Readonly<Record<'l1' | HeadName, bigint>>
  readonly transactions: number
  readonly deposits: number
  readonly batches: ReadonlyMap<bigint, BatchSummary>
  readonly blockTransactions: ReadonlyMap<
    bigint,
    { readonly batchIndex: bigint; readonly transactions: number }
  >
  readonly games: ReadonlyMap<string, Game>
  readonly rootsFinalized: number
  readonly withdrawals: {
    readonly initiated: number
    readonly proven: number
    readonly finalized: number
    /** What was counted, by stage and hash. */
    readonly seen: ReadonlySet<string>
  }
  readonly sequencersSlashed: ReadonlySet<number>
  readonly nullifiedViews: number
  readonly reorgs: { readonly l1: number; readonly l2: number }
  readonly recovered: number
  readonly frauds: readonly { readonly node: NodeId; readonly fraud: string }[]
  /** When a node was last told to lie. */
  readonly armedMs: number | null
  /** Nodes whose code threw. None is expected in any scenario. */
  readonly deaths: readonly {
    readonly node: NodeId
    readonly error: string
    readonly timeMs: number
  }[]
}

/** Before the first event. */
export const openSummary = (): Summary => ({
  answering: openAnswering(EXECUTORS),
  timeMs: 0,
  heads: { l1: 0n, unsafe: 0n, safe: 0n, settled: 0n, finalized: 0n },
  transactions: 0,
  deposits: 0,
  batches: new Map(),
  blockTransactions: new Map(),
  games: new Map(),
  rootsFinalized: 0,
  withdrawals: { initiated: 0, proven: 0, finalized: 0, seen: new Set() },
  sequencersSlashed: new Set(),
  nullifiedViews: 0,
  reorgs: { l1: 0, l2: 0 },
  recovered: 0,
  frauds: [],
  armedMs: null,
  deaths: [],
})

export function foldSummary(summary: Summary, event: TraceEvent): Summary {
  switch (event.kind) {
    case 'report':
      return isShown(summary.answering, event) ? foldReport(summary, event) : summary
    case 'died': {
      const { node, error, timeMs } = event
      const answering = foldAnswering(summary.answering, event)
      return { ...summary, answering, deaths: [...summary.deaths, { node, error, timeMs }] }
    }
    case 'fault':
      return { ...summary, answering: foldAnswering(summary.answering, event) }
    case 'tick':
      return { ...summary, timeMs: event.timeMs }
    default:
      return summary
  }
}

function foldReport(summary: Summary, event: ReportEvent): Summary {
  switch (event.type) {
    case 'l1.block':
      return withHead(summary, 'l1', event.payload.number)
    case 'l1.reorg':
      return { ...summary, reorgs: { ...summary.reorgs, l1: summary.reorgs.l1 + 1 } }
    case 'l2.reorg':
      return { ...summary, reorgs: { ...summary.reorgs, l2: summary.reorgs.l2 + 1 } }
    case 'l2.head':
      return withHead(summary, event.payload.head, event.payload.number)
    case 'l2.block':
      return foldBlock(summary, event.payload)
    case 'batch.posted':
      return foldBatch(summary, event.payload)
    case 'view.certified':
      if (event.payload.kind !== 'nullify') return summary
      return { ...summary, nullifiedViews: summary.nullifiedViews + 1 }
    case 'sequencer.slashed':
      return {
        ...summary,
        sequencersSlashed: new Set([...summary.sequencersSlashed, event.payload.culprit]),
      }
    case 'da.recovered':
      return { ...summary, recovered: summary.recovered + 1 }
    case 'fraud.armed':
      return { ...summary, armedMs: event.timeMs }
    case 'fraud.injected':
      return { ...summary, frauds: [...summary.frauds, event.payload] }
    case 'withdrawal.initiated':
      return countWithdrawal(summary, 'initiated', event.payload.hash)
    case 'withdrawal.proven':
      return countWithdrawal(summary, 'proven', event.payload.hash)
    case 'withdrawal.finalized':
      return countWithdrawal(summary, 'finalized', event.payload.hash)
    default:
      return foldGame(summary, event)
  }
}

function withHead(summary: Summary, head: 'l1' | HeadName, number: bigint): Summary {
  return { ...summary, heads: { ...summary.heads, [head]: number } }
}

/** A block that a reorg replaced is counted once, as it stands last. */
function foldBlock(summary: Summary, block: Reports['l2.block']): Summary {
  const { number, batchIndex, transactions, deposits } = block
  const known = summary.blockTransactions.get(number)?.transactions ?? 0
  const blockTransactions = summary.blockTransactions as Map<
    bigint,
    { batchIndex: bigint; transactions: number }
  >
  // The map grows in place: the summary is folded in one line, and thousands of copies would cost more than the run.
  blockTransactions.set(number, { batchIndex, transactions })
  return {
    ...summary,
    transactions: summary.transactions + transactions - known,
    deposits: summary.deposits + (known === 0 ? deposits : 0),
  }
}

function foldBatch(summary: Summary, posted: Reports['batch.posted']): Summary {
  if (summary.batches.has(posted.index)) return summary
  const { index, kind, payloadBytes: bytes, l1Number, gasUsed } = posted
  const batch = { index, kind, bytes, transactions: 0, l1Number, gasUsed }
  return { ...summary, batches: new Map([...summary.batches, [index, batch]]) }
}

/** A node that was restarted tells again what it hears again. */
function countWithdrawal(
  summary: Summary,
  stage: 'initiated' | 'proven' | 'finalized',
  hash: string,
): Summary {
  const { withdrawals } = summary
  const key = `${stage}:${hash}`
  if (withdrawals.seen.has(key)) return summary
  const seen = new Set([...withdrawals.seen, key])
  return { ...summary, withdrawals: { ...withdrawals, [stage]: withdrawals[stage] + 1, seen } }
}

function foldGame(summary: Summary, event: ReportEvent): Summary {
  switch (event.type) {
    case 'root.proposed': {
      const { game, proposer, honest, bondWei } = event.payload
      const known = summary.games.get(game)
      // Several nodes tell of a proposal; its own proposer knows whether it cheats.
      const armedMs = honest ? null : summary.armedMs
      if (known !== undefined)
        return known.honest && !honest ? withGame(summary, game, { honest, armedMs }) : summary
      const created: Game = {
        proposer,
        honest,
        bondWei,
        claims: new Map([[0, { claimant: proposer, bondWei, isLost: false }]]),
        moves: 0,
        claimants: new Set(),
        step: null,
        status: null,
        isFinal: false,
        lostWei: 0n,
        armedMs,
        resolvedMs: null,
      }
      return { ...summary, games: new Map([...summary.games, [game, created]]) }
    }
    case 'dispute.move': {
      const { game, claimIndex, claimant, bondWei } = event.payload
      const known = summary.games.get(game)
      if (known === undefined || known.claims.has(claimIndex)) return summary
      const claims = new Map([...known.claims, [claimIndex, { claimant, bondWei, isLost: false }]])
      const claimants = new Set([...known.claimants, claimant.toLowerCase()])
      return withGame(summary, game, { claims, claimants, moves: known.moves + 1 })
    }
    case 'dispute.step': {
      // A step that L1 refused decides as well: it shows that the claim stands.
      const known = summary.games.get(event.payload.game)?.step
      if (known?.succeeded === true) return summary
      return withGame(summary, event.payload.game, { step: event.payload })
    }
    case 'root.resolved':
      return foldResolvedRoot(summary, event.payload, event.timeMs)
    case 'root.finalized':
      return foldFinal(summary, event.payload.game)
    case 'dispute.resolved':
      return foldResolvedClaim(summary, event.payload)
    default:
      return summary
  }
}

function foldFinal(summary: Summary, game: string): Summary {
  if (summary.games.get(game)?.isFinal !== false) return summary
  const { rootsFinalized } = summary
  return withGame({ ...summary, rootsFinalized: rootsFinalized + 1 }, game, { isFinal: true })
}

function withGame(summary: Summary, game: string, change: Partial<Game>): Summary {
  const known = summary.games.get(game)
  if (known === undefined) return summary
  return { ...summary, games: new Map([...summary.games, [game, { ...known, ...change }]]) }
}

/** Several nodes tell of a resolution; the first was there when it happened. */
function foldResolvedRoot(
  summary: Summary,
  { game, status }: Reports['root.resolved'],
  timeMs: number,
): Summary {
  const resolvedMs = summary.games.get(game)?.resolvedMs ?? timeMs
  return withGame(summary, game, { status, resolvedMs })
}

function foldResolvedClaim(summary: Summary, resolved: Reports['dispute.resolved']): Summary {
  const game = summary.games.get(resolved.game)
  const claim = game?.claims.get(resolved.claimIndex)
  if (game === undefined || claim === undefined || claim.isLost) return summary
  if (claim.claimant.toLowerCase() === resolved.winner.toLowerCase()) return summary
  // A claim is resolved once on chain; several nodes may tell of it, and of the claim itself again after a restart.
  const claims = new Map(game.claims).set(resolved.claimIndex, { ...claim, isLost: true })
  return withGame(summary, resolved.game, { claims, lostWei: game.lostWei + claim.bondWei })
}

/** Games in which somebody moved, as the report tells them. */
export function disputesOf(summary: Summary): readonly DisputeSummary[] {
  return [...summary.games]
    .filter(([, game]) => game.moves > 0 || game.step !== null)
    .map(([game, { honest, status, step, moves, lostWei, armedMs, resolvedMs }]) => ({
      game,
      injected: !honest,
      honestWon: status === null ? null : honest === (status === 'defenderWins'),
      decidedBy: step?.step ?? null,
      moves,
      oneStepGas: step?.gasUsed ?? null,
      slashedWei: lostWei,
      armedMs,
      resolvedMs,
    }))
}

/** Batches with the transactions of their blocks. */
export function batchesOf(summary: Summary): readonly BatchSummary[] {
  const counts = new Map<bigint, number>()
  for (const { batchIndex, transactions } of summary.blockTransactions.values()) {
    counts.set(batchIndex, (counts.get(batchIndex) ?? 0) + transactions)
  }
  return [...summary.batches.values()].map((batch) => ({
    ...batch,
    transactions: counts.get(batch.index) ?? 0,
  }))
}

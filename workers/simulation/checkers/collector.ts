/** Keeps of the trace what the checkers need. */
import type { NodeId } from '../../kernel/role.ts'
import { EXECUTORS } from '../../protocol/nodes.ts'
import type { Reports } from '../../protocol/reports.ts'
import type { ReportEvent, TraceEvent } from '../../protocol/trace.ts'
import { type Answering, foldAnswering, isShown, openAnswering } from '../answering.ts'
import type { CertificateFacts, GameFacts } from './evidence.ts'

export interface TraceFacts {
  readonly certificates: readonly CertificateFacts[]
  readonly derived: ReadonlyMap<NodeId, ReadonlyMap<bigint, string>>
  readonly unsafe: ReadonlyMap<bigint, string>
  readonly safeNumber: bigint
  readonly games: readonly GameFacts[]
  readonly corrupted: ReadonlySet<NodeId>
}

export interface Collector {
  observe(event: TraceEvent): void
  facts(): TraceFacts
}

interface MutableGame {
  readonly game: string
  honest: boolean
  status: GameFacts['status']
  readonly claims: Map<number, { index: number; claimant: string; winner: string | null }>
}

interface State {
  /** The executor that clients talk to. */
  answering: Answering
  readonly certificates: Map<string, CertificateFacts>
  /** Blocks by number as each node reported them last. */
  readonly blocks: Map<NodeId, Map<bigint, string>>
  readonly games: Map<string, MutableGame>
  readonly corrupted: Set<NodeId>
  safeNumber: bigint
}

export function createCollector(): Collector {
  const state: State = {
    answering: openAnswering(EXECUTORS),
    certificates: new Map(),
    blocks: new Map(),
    games: new Map(),
    corrupted: new Set(),
    safeNumber: 0n,
  }
  return {
    observe: (event) => {
      if (event.kind === 'report') collect(state, event)
      if (event.kind === 'fault' || event.kind === 'died') {
        state.answering = foldAnswering(state.answering, event)
      }
      if (event.kind === 'fault' && event.fault.kind === 'corrupt') {
        state.corrupted.add(event.fault.node)
      }
    },
    facts: () => ({
      certificates: [...state.certificates.values()],
      derived: new Map([...state.blocks].filter(([node]) => node !== state.answering.current)),
      unsafe: state.blocks.get(state.answering.current) ?? new Map(),
      safeNumber: state.safeNumber,
      games: [...state.games.values()].map((game) => ({
        ...game,
        claims: [...game.claims.values()],
      })),
      corrupted: state.corrupted,
    }),
  }
}

function collect(state: State, event: ReportEvent): void {
  switch (event.type) {
    case 'view.certified': {
      const { node, view, kind, hash } = event.payload
      state.certificates.set(`${node}/${kind}/${view}/${hash}`, { node, view, kind, hash })
      return
    }
    case 'l2.block':
      takeBlock(state, event.payload)
      return
    case 'l2.derived':
      // What was derived before an L1 reorg is derived anew from its first changed block on.
      dropAbove(state, event.payload.node, event.payload.number)
      takeBlock(state, event.payload)
      return
    case 'l2.reorg':
      dropAbove(state, event.payload.node, event.payload.toNumber)
      return
    case 'l2.head':
      if (event.payload.head === 'safe' && isShown(state.answering, event)) {
        state.safeNumber = event.payload.number
      }
      return
    default:
      collectGame(state, event)
      return
  }
}

function takeBlock(
  state: State,
  { node, number, hash }: { readonly node: NodeId; readonly number: bigint; readonly hash: string },
): void {
  const blocks = state.blocks.get(node) ?? new Map<bigint, string>()
  state.blocks.set(node, blocks.set(number, hash))
}

function dropAbove(state: State, node: NodeId, toNumber: bigint): void {
  const blocks = state.blocks.get(node)
  for (let number = toNumber + 1n; blocks?.delete(number) === true; number += 1n);
}

function collectGame(state: State, event: ReportEvent): void {
  switch (event.type) {
    case 'root.proposed':
      openGame(state, event.payload)
      return
    case 'dispute.move': {
      const { game, claimIndex: index, claimant } = event.payload
      const { claims } = gameOf(state, game)
      if (!claims.has(index))
        claims.set(index, { index, claimant: claimant.toLowerCase(), winner: null })
      return
    }
    case 'dispute.resolved': {
      const claim = gameOf(state, event.payload.game).claims.get(event.payload.claimIndex)
      if (claim !== undefined) claim.winner = event.payload.winner.toLowerCase()
      return
    }
    case 'root.resolved':
      gameOf(state, event.payload.game).status = event.payload.status
      return
    default:
      return
  }
}

function gameOf(state: State, game: string): MutableGame {
  const known = state.games.get(game)
  if (known !== undefined) return known
  const created: MutableGame = { game, honest: true, status: null, claims: new Map() }
  state.games.set(game, created)
  return created
}

/** Several nodes tell of a proposal; one that knows it to be false is right. */
function openGame(state: State, proposed: Reports['root.proposed']): void {
  const game = gameOf(state, proposed.game)
  game.honest &&= proposed.honest
  const claimant = proposed.proposer.toLowerCase()
  if (!game.claims.has(0)) game.claims.set(0, { index: 0, claimant, winner: null })
}

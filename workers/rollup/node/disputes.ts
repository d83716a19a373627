/** A node's part in the games: what it believes about each root, which traces it defends, and the calls that follow. */
import type { Hex } from '../bytes.ts'
import type { Trace } from '../game/claims.ts'
import {
  dueMoves,
  dueResolutions,
  type GameCall,
  type Player,
  type Prover,
} from '../game/player.ts'
import { MAX_DEPTH, ROOT_POSITION, traceIndex } from '../game/position.ts'
import type { Tampering } from '../game/prover.ts'
import { type GameView, latest } from '../l1/view.ts'
import type { MachineState } from '../machine/types.ts'
import { traceAnchors } from './anchors.ts'
import { isLive, type NodeCore } from './core.ts'
import type { EngineBlock } from './ledger.ts'
import {
  type BoundarySource,
  createL2Prover,
  entryEndState,
  type L2Prover,
  outputRootAt,
  type TraceSource,
} from './traces.ts'

/** How a node stands to a game. A lie is defended (or used to attack) as if it were the truth. */
export type Stance =
  | { readonly kind: 'absent' }
  | { readonly kind: 'honest' }
  | { readonly kind: 'lying'; readonly tampering: Tampering<MachineState>; readonly end: Hex }

export interface DisputeInput {
  readonly core: NodeCore<EngineBlock>
  readonly player: Player
  readonly boundaries: BoundarySource
  readonly stanceOf: (game: GameView) => Stance
  /** Provers by game and stance; a cache that outlives the call. */
  readonly provers: Map<string, L2Prover>
}

/** Provers kept: one holds the boundary states of a whole trace. */
const PROVERS_MAX = 8
const ROOT_INDEX = traceIndex(ROOT_POSITION, MAX_DEPTH)

/** All calls that are due now in all games, resolutions before moves of the same game. */
export async function dueGameCalls(input: DisputeInput): Promise<readonly GameCall[]> {
  const { core, player } = input
  if (!isLive(core)) return []
  const contents = latest(core.fields.view)
  const nowSeconds = core.fields.l1Seconds
  const calls: GameCall[] = []
  for (const game of contents.games.values()) {
    calls.push(...dueResolutions(player, game, contents, nowSeconds))
    const prover = game.outcome === 'inProgress' ? proverOf(input, game) : null
    if (prover) calls.push(...(await dueMoves(player, game, prover, nowSeconds)))
  }
  return calls
}

/** The root that the node computes for what a game claims; `null` while it has not derived that far. */
export function expectedRoot(
  input: Pick<DisputeInput, 'core' | 'boundaries'>,
  entryIndex: bigint,
): Hex | null {
  const { ledger } = input.core.fields
  if (BigInt(ledger.verified.length) <= entryIndex) return null
  return outputRootAt(input.boundaries, entryIndex)
}

/**
 * The trace that the node defends in a game; `null` if it takes no part or cannot yet.
 * Rationale: most games are never disputed; as long as nobody contradicts a root that the node believes in, nothing is computed.
 */
function proverOf(input: DisputeInput, game: GameView): Prover | null {
  const stance = input.stanceOf(game)
  const expected = expectedRoot(input, game.entryIndex)
  if (stance.kind === 'absent' || expected === null) return null
  const end = stance.kind === 'lying' ? stance.end : expected
  const isUndisputed = game.claims.length === 1 && game.rootClaim === end
  if (isUndisputed) return null
  return withKnownEnd(gameProver(input, game, stance), end)
}

/** Rationale: the end of the trace is known without running it. */
function withKnownEnd(prover: L2Prover, end: Hex): Prover {
  const stateHashAt: Trace['stateHashAt'] = async (index) =>
    index === ROOT_INDEX ? end : prover.stateHashAt(index)
  return { stateHashAt, witnessAt: (index) => prover.witnessAt(index) }
}

/** The machine's trace of a game, honest or lying. */
export function gameProver(
  input: Pick<DisputeInput, 'core' | 'boundaries' | 'provers'>,
  game: Pick<GameView, 'address' | 'startEntry' | 'entryIndex'>,
  stance: Stance,
): L2Prover {
  const key = `${game.address}:${stance.kind}:${game.startEntry}`
  const known = input.provers.get(key)
  if (known) return known
  const source = traceSource(input.core)
  const { startEntry, entryIndex: lastEntry } = game
  const prover = createL2Prover({
    source,
    start: entryEndState(input.boundaries, startEntry),
    lastEntry,
    anchors: traceAnchors(input.boundaries, source, { startEntry, lastEntry }),
    tampering: stance.kind === 'lying' ? stance.tampering : null,
  })
  const oldest = input.provers.keys().next()
  if (input.provers.size >= PROVERS_MAX && !oldest.done) input.provers.delete(oldest.value)
  input.provers.set(key, prover)
  return prover
}

/** What the machine reads: entries of a game are settled and never change, so a kept prover stays right. */
export function traceSource(core: NodeCore<EngineBlock>): TraceSource {
  return {
    contents: latest(core.fields.view),
    payloadOf: (entry) => core.fields.payloads.get(entry.hash) ?? null,
    kzg: core.kzg,
    rules: core.settings.rules,
  }
}

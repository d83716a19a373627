/** Small parts that scripts are put together of: one kind of user, one fault. Each keeps plain state of its own. */

import { deriveRng, type Rng, restoreRng } from '../../kernel/rng.ts'
import type { NodeId, Plain } from '../../kernel/role.ts'
import type { Script, ScriptAction, ScriptQuery } from '../../kernel/script.ts'
import type { KernelTrace } from '../../kernel/trace.ts'
import { EXECUTORS, L1_NODE } from '../../protocol/nodes.ts'
import type { TraceEvent } from '../../protocol/trace.ts'
import type { ChainName, Json } from '../../protocol/world.ts'
import type { Parameters } from '../../rollup/parameters.ts'
import { type Answering, foldAnswering, openAnswering } from '../answering.ts'
import { toTraceEvent } from '../traceAdapter.ts'

export interface ActorContext {
  readonly timeMs: number
  readonly rng: Rng
  readonly parameters: Parameters
  /** The node that answers for the chain. */
  nodeOf(chain: ChainName): NodeId
  /** A read over JSON-RPC. Rejects when the node is down. */
  read(chain: ChainName, method: string, params: readonly Json[]): Promise<Json>
  query(node: NodeId, method: string, params: Plain): Promise<Plain>
}

export interface ActorTurn<State> {
  readonly state: State
  readonly actions: readonly ScriptAction[]
}

/** `State` is immutable: a snapshot keeps a reference. */
export interface Actor<State> {
  readonly name: string
  readonly initial: State
  /** When it wants to act next; null when never, or not before something is observed. */
  nextMs(state: State): number | null
  act(state: State, context: ActorContext): Promise<ActorTurn<State>>
  observe?(state: State, event: TraceEvent): State
}

interface Slot {
  readonly actor: Actor<unknown>
  state: unknown
  rng: Rng
}

interface SlotSnapshot {
  readonly state: unknown
  readonly rng: readonly number[]
}

interface ScriptSnapshot {
  readonly slots: readonly SlotSnapshot[]
  readonly answering: Answering
}

/** Hides an actor's state, so that different ones fit into a list. */
export function anyActor<State>(actor: Actor<State>): Actor<unknown> {
  return actor as unknown as Actor<unknown>
}

export interface ActorsSetting {
  readonly seed: number
  readonly parameters: Parameters
  /** For people: an input was refused. */
  readonly onRefused?: (type: string, error: Error) => void
}

/** A script of several actors, who act in the order of the list when their times coincide. */
export function createActorScript(
  setting: ActorsSetting,
  actors: readonly Actor<unknown>[],
): Script {
  const slots: Slot[] = actors.map((actor) => ({
    actor,
    state: actor.initial,
    rng: deriveRng(setting.seed, `actor:${actor.name}`),
  }))
  let answering = openAnswering(EXECUTORS)
  const nodeOf = (chain: ChainName): NodeId => (chain === 'l1' ? L1_NODE : answering.current)
  return {
    nextMs: () => earliest(slots),
    wake: async (timeMs, query) => {
      const actions: ScriptAction[] = []
      for (const slot of slots) {
        // An actor may have several things to do at one time; each is a turn of its own.
        for (let turns = 0; isDue(slot, timeMs) && turns < TURNS_MAX; turns++) {
          const context = contextOf(setting, slot.rng, timeMs, { query, nodeOf })
          const turn = await slot.actor.act(slot.state, context)
          slot.state = turn.state
          actions.push(...turn.actions)
        }
      }
      return actions
    },
    observe: (event) => {
      if (event.kind === 'fault' || event.kind === 'died')
        answering = foldAnswering(answering, event)
      observe(slots, event)
    },
    refused: (type, error) => setting.onRefused?.(type, error),
    snapshot: (): ScriptSnapshot => ({
      slots: slots.map(({ state, rng }) => ({ state, rng: rng.state() })),
      answering,
    }),
    restore: (snapshot) => {
      const saved = snapshot as ScriptSnapshot
      answering = saved.answering
      for (const [index, one] of saved.slots.entries()) {
        const slot = slots[index]
        if (slot === undefined) continue
        slot.state = one.state
        slot.rng = restoreRng(one.rng)
      }
    },
  }
}

/** When somebody who acts every so often acts after `timeMs`, at which it was due; turns that the clock leapt over are left out. */
export function nextTurnMs(dueMs: number, everyMs: number, timeMs: number): number {
  const missed = Math.max(0, Math.floor((timeMs - dueMs) / everyMs))
  return dueMs + (1 + missed) * everyMs
}

/** An actor that always wants another turn is broken; the kernel refuses its next time. */
const TURNS_MAX = 16

function isDue({ actor, state }: Slot, timeMs: number): boolean {
  const dueMs = actor.nextMs(state)
  return dueMs !== null && dueMs <= timeMs
}

function earliest(slots: readonly Slot[]): number | null {
  let nextMs: number | null = null
  for (const { actor, state } of slots) {
    const dueMs = actor.nextMs(state)
    if (dueMs !== null && (nextMs === null || dueMs < nextMs)) nextMs = dueMs
  }
  return nextMs
}

function observe(slots: readonly Slot[], event: KernelTrace): void {
  // Messages are by far the most and interest nobody here.
  if (event.kind === 'message' || event.kind === 'tick') return
  const shown = toTraceEvent(event)
  if (shown === null) return
  for (const slot of slots) {
    if (slot.actor.observe !== undefined) slot.state = slot.actor.observe(slot.state, shown)
  }
}

interface Reach {
  readonly query: ScriptQuery
  readonly nodeOf: ActorContext['nodeOf']
}

function contextOf(
  { parameters }: ActorsSetting,
  rng: Rng,
  timeMs: number,
  { query, nodeOf }: Reach,
): ActorContext {
  return {
    timeMs,
    rng,
    parameters,
    query,
    nodeOf,
    read: async (chain, method, params) =>
      (await query(nodeOf(chain), 'rpc', { method, params } as unknown as Plain)) as Json,
  }
}

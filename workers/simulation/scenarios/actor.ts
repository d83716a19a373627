/** Small parts that scripts are put together of: one kind of user, one fault. Each keeps plain state of its own. */

import { deriveRng, type Rng, restoreRng } from '../../kernel/rng.ts'
import type { NodeId, Plain } from '../../kernel/role.ts'
import type { Script, ScriptAction, ScriptQuery } from '../../kernel/script.ts'
import type { KernelTrace } from '../../kernel/trace.ts'
import { executorNode, L1_NODE } from '../../protocol/nodes.ts'
import type { TraceEvent } from '../../protocol/trace.ts'
import type { ChainName, Json } from '../../protocol/world.ts'
import type { Parameters } from '../../rollup/parameters.ts'
import { toTraceEvent } from '../traceAdapter.ts'

export interface ActorContext {
  readonly timeMs: number
  readonly rng: Rng
  readonly parameters: Parameters
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
  return {
    nextMs: () => earliest(slots),
    wake: async (timeMs, query) => {
      const actions: ScriptAction[] = []
      for (const slot of slots) {
        // An actor may have several things to do at one time; each is a turn of its own.
        for (let turns = 0; isDue(slot, timeMs) && turns < TURNS_MAX; turns++) {
          const context = contextOf(setting, slot.rng, timeMs, query)
          const turn = await slot.actor.act(slot.state, context)
          slot.state = turn.state
          actions.push(...turn.actions)
        }
      }
      return actions
    },
    observe: (event) => observe(slots, event),
    refused: (type, error) => setting.onRefused?.(type, error),
    snapshot: () => slots.map(({ state, rng }): SlotSnapshot => ({ state, rng: rng.state() })),
    restore: (snapshot) => {
      for (const [index, saved] of (snapshot as readonly SlotSnapshot[]).entries()) {
        const slot = slots[index]
        if (slot === undefined) continue
        slot.state = saved.state
        slot.rng = restoreRng(saved.rng)
      }
    },
  }
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

function contextOf(
  { parameters }: ActorsSetting,
  rng: Rng,
  timeMs: number,
  query: ScriptQuery,
): ActorContext {
  return {
    timeMs,
    rng,
    parameters,
    query,
    read: async (chain, method, params) => {
      const node = chain === 'l1' ? L1_NODE : executorNode(0)
      return (await query(node, 'rpc', { method, params } as unknown as Plain)) as Json
    },
  }
}

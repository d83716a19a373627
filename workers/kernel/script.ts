/**
 * A script acts on the world from outside at virtual times that it names itself: users who send transactions, faults of a
 * scenario. It is part of the run: the same seed and scenario make it act alike, so its actions are not recorded.
 */
import type { NodeId, Plain } from './role.ts'
import type { KernelFault, KernelTrace } from './trace.ts'

export type ScriptAction =
  | {
      readonly kind: 'input'
      readonly node: NodeId
      readonly type: string
      readonly payload: { readonly [key: string]: Plain }
    }
  | { readonly kind: 'fault'; readonly fault: KernelFault }

/** `Role.query` of a node. */
export type ScriptQuery = (node: NodeId, method: string, params: Plain) => Promise<Plain>

export interface Script {
  /** When it wants to act next; null when it is done. Not in the past. */
  nextMs(): number | null
  /**
   * Acts at `timeMs`, between two windows. It may query nodes: at that moment their state is the same in every host.
   * It must decide by what it observed and queried alone.
   */
  wake(timeMs: number, query: ScriptQuery): Promise<readonly ScriptAction[]>
  /** Sees the trace, in its order. */
  observe(event: KernelTrace): void
  /** An input of its own was refused. For people who debug it: no decision may depend on it. */
  refused(type: string, error: Error): void
  snapshot(): unknown
  restore(snapshot: unknown): void
}

/** Source of a script's inputs and faults. */
export const SCRIPT_SOURCE: NodeId = '@script'
/** Ids of a script's inputs begin here, so that recorded inputs keep theirs. */
export const SCRIPT_INPUT_ID = 2 ** 32

/** A script that does nothing. */
export function createIdleScript(): Script {
  return {
    nextMs: () => null,
    wake: async () => [],
    observe: () => undefined,
    refused: () => undefined,
    snapshot: () => null,
    restore: () => undefined,
  }
}

/** A world between two windows as bytes, from which the same build goes on, in this tab or another, as if nothing had been. */
import { takeNextTimes } from './conductorFaults.ts'
import {
  type ConductorSnapshot,
  type ConductorState,
  type Item,
  restoreConductor,
  runJob,
  snapshotConductor,
} from './conductorState.ts'
import { decodeGraph, encodeGraph, GraphError } from './graph.ts'

export interface SavedConductor {
  /** Clock, queues, chance, inputs and script. */
  readonly conductor: Uint8Array
  /** The roles of each host, in the order of the hosts. */
  readonly hosts: readonly Uint8Array[]
}

type Job = Extract<Item, { kind: 'job' }>
/** A job without its outcome, which no bytes can hold: it is pure and begins again. */
type SavedItem = Exclude<Item, Job> | Omit<Job, 'outcome'>
type SavedSnapshot = Omit<ConductorSnapshot, 'items'> & { readonly items: readonly SavedItem[] }

/** `checkpoint` is one of all hosts, taken now. Rejects with `GraphError` if a role's state cannot be written. */
export async function saveConductor(
  state: ConductorState,
  checkpoint: number,
): Promise<SavedConductor> {
  const snapshot = snapshotConductor(state)
  const saved: SavedSnapshot = { ...snapshot, items: snapshot.items.map(withoutOutcome) }
  const hosts = await Promise.all(state.hosts.map((host) => host.exportCheckpoint(checkpoint)))
  return { conductor: encodeGraph(saved), hosts }
}

/** Brings hosts that have no nodes yet, and the conductor, to the saved moment. Rejects with `GraphError`. */
export async function restoreSaved(state: ConductorState, saved: SavedConductor): Promise<void> {
  if (saved.hosts.length !== state.hosts.length) {
    throw new GraphError(
      `The state has ${saved.hosts.length} hosts, expected ${state.hosts.length}.`,
    )
  }
  const snapshot = decodeGraph(saved.conductor) as SavedSnapshot
  const times = await Promise.all(
    state.hosts.map(async (host, index) => {
      await host.importCheckpoint(IMPORTED, saved.hosts[index] as Uint8Array)
      const nextTimes = await host.rollback(IMPORTED)
      await host.discard(IMPORTED)
      return nextTimes
    }),
  )
  const items = snapshot.items.map(
    (item): Item =>
      item.kind === 'job' ? { ...item, outcome: runJob(state, item.job, item.input) } : item,
  )
  restoreConductor(state, { ...snapshot, items })
  takeNextTimes(state, times.flat())
}

/** No checkpoint that the conductor counts has this number. */
const IMPORTED = 0

function withoutOutcome(item: Item): SavedItem {
  if (item.kind !== 'job') return item
  const { outcome: _outcome, ...kept } = item
  return kept
}

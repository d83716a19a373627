/** What one opened world consists of, and how it moves. */
import type { Conductor } from '../kernel/conductor.ts'
import type { HashFunction } from '../kernel/hostPort.ts'
import type { Pacer, RunOptions, WallClock } from '../kernel/pacer.ts'
import type { Script } from '../kernel/script.ts'
import type { KernelTrace, RecordedInput } from '../kernel/trace.ts'
import type { Fault } from '../protocol/faults.ts'
import type { ProjectionPatch, StorageView } from '../protocol/projection.ts'
import type {
  ChainName,
  Demand,
  Json,
  Phase,
  PinnedOptions,
  RpcRequest,
  WorldStatus,
} from '../protocol/world.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import type { Answering } from './answering.ts'
import type { Composition } from './composition.ts'
import type { ForkDesk } from './fork/desk.ts'
import type { ForkSource } from './fork/source.ts'
import type { Hosting } from './host.ts'
import { failureText } from './placing.ts'
import type { Projector, ProjectorSnapshot } from './projection.ts'
import type { Subscriptions } from './rpc/subscriptions.ts'
import type { SavedState } from './saveFile.ts'
import type { ShareContent } from './share.ts'

export interface RunningOptions {
  readonly options: PinnedOptions
  readonly buildHash: string
  readonly composition: Composition
  readonly script: Script
  readonly hosting: Hosting
  readonly hash: HashFunction
  readonly clock: WallClock
  readonly inputs: readonly RecordedInput[]
  /** Where to go on from; `inputs` are those that came after. */
  readonly saved?: SavedState
  /** Where a forked world fetches what it lacks. */
  readonly source?: ForkSource
  /** Told of every new input and fault. */
  readonly onInput?: (input: RecordedInput) => void
  /** Recorded inputs were forgotten. */
  readonly onRollback?: () => void
  /** Sees the whole trace, e.g. checkers. */
  readonly onTrace?: (event: KernelTrace) => void
  /** Something changed that observers want to see. */
  readonly onChange: () => void
}

export interface RunningWorld {
  readonly conductor: Conductor
  readonly pacer: Pacer
  readonly subscriptions: Readonly<Record<ChainName, Subscriptions>>
  /** Null of a world that forks no chain. */
  readonly fork: ForkDesk | null
  phase(): Phase
  /** Why the world failed; null while it did not. */
  failure(): unknown
  status(): Promise<WorldStatus>
  setAdvanceOnDemand(on: Demand): void
  /** L1 and L2 blocks so far, of the node that answers for the chain. */
  blocks(chain: ChainName): number
  runUntil(options: RunOptions): Promise<unknown>
  /** Rejects with `InvalidFaultError`, `NodeCrashedError` or `DisputesOffError`. */
  fault(fault: Fault): Promise<void>
  rpc(chain: ChainName, request: RpcRequest): Promise<Json>
  share(): Promise<ShareContent>
  checkpoint(): Promise<number>
  rollback(id: number): Promise<void>
  /** A save file of this moment. */
  save(): Promise<Uint8Array>
  setStorage(view: StorageView): void
  patch(): ProjectionPatch
  projection(): ProjectionPatch
  /** Tells observers how the host runs now. */
  tellPace(): void
  close(): Promise<void>
}

interface Checkpoint {
  readonly projector: ProjectorSnapshot
  readonly answering: Readonly<Record<ChainName, Answering>>
}

export interface RunningState {
  readonly given: RunningOptions
  readonly conductor: Conductor
  readonly pacer: Pacer
  readonly projector: Projector
  readonly checkpoints: Map<number, Checkpoint>
  readonly blocks: { l1: number; l2: number }
  /** Who answers for each chain. */
  readonly answering: Record<ChainName, Answering>
  /** Checkpoint of the world's first moment. */
  genesis: number
  /** Virtual time that somebody gave the next block of a chain; past once that is there. */
  aimedMs: number
  /** Seconds between two blocks that clients ask for (`anvil_setBlockTimestampInterval`). */
  readonly intervals: Partial<Record<ChainName, number>>
  advanceOnDemand: Demand
  failure: unknown
}

export function phaseOf(state: RunningState): Phase {
  if (state.failure !== null) return 'failed'
  return state.pacer.isPlaying() ? 'playing' : 'paused'
}

export async function statusOf(state: RunningState): Promise<WorldStatus> {
  const { conductor, given, pacer } = state
  return {
    phase: phaseOf(state),
    options: given.options,
    buildHash: given.buildHash,
    timeMs: conductor.nowMs(),
    speed: pacer.speed(),
    advanceOnDemand: state.advanceOnDemand,
    events: conductor.events(),
    eventHash: bytesToHex(await conductor.eventHash()),
    nodes: given.composition.placements.flatMap(({ nodes }) => nodes.map(({ id }) => id)),
  }
}

export function tellPace(state: RunningState): void {
  const { conductor, pacer, projector } = state
  const timeMs = conductor.nowMs()
  projector.apply({
    kind: 'pace',
    timeMs,
    phase: phaseOf(state),
    speed: pacer.speed(),
    pace: pacer.pace(),
    failure: state.failure === null ? null : failureText(state.failure),
  })
  state.given.onChange()
}

export async function runUntil(state: RunningState, options: RunOptions): Promise<unknown> {
  try {
    return await state.pacer.runUntil(options)
  } catch (error) {
    state.failure = error
    throw error
  } finally {
    tellPace(state)
  }
}

/** Whether a paused world may move for a client. */
export function movesOnDemand(state: RunningState): boolean {
  const { advanceOnDemand, failure, pacer } = state
  if (advanceOnDemand === false || failure !== null) return false
  return advanceOnDemand === 'always' || !pacer.isPlaying()
}

/** Somebody pressed play, so that time moves at a pace of its own. */
export function isTakenOver({ advanceOnDemand, pacer }: RunningState): boolean {
  return advanceOnDemand !== 'always' && pacer.isPlaying()
}

/** Waits for the reply to an input; a world that stands still moves as far as that takes. */
export async function moveUntilSettled<Result>(
  state: RunningState,
  reply: Promise<Result>,
): Promise<Result> {
  let isSettled = false
  const mark = (): void => {
    isSettled = true
  }
  reply.then(mark, mark)
  const standsStill = state.failure === null && !state.pacer.isPlaying()
  if (standsStill || movesOnDemand(state)) {
    // The reply has its own bound of virtual time; playing takes over when someone presses it.
    await runUntil(state, {
      deadlineMs: Number.POSITIVE_INFINITY,
      isDone: () => isSettled,
      isCancelled: () => isTakenOver(state),
    })
  }
  return reply
}

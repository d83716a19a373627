/**
 * The trace of one game, computed on demand: boundary states are kept for every item, inner states of the item in dispute at a fixed
 * distance. A tampered trace is the machine's with one state replaced; from there on the machine runs honestly, so that its owner can
 * answer every move.
 */
import type { Hex } from '../bytes.ts'
import type { Trace } from './claims.ts'
import { GameRuleError } from './errors.ts'
import { STEP_BITS, splitTraceIndex } from './position.ts'

/** A machine as the game sees it (docs/specs/MACHINE.md, section 2). States are immutable. */
export interface StepMachine<State> {
  /** The rule of the state's phase, without stutter. */
  step(state: State): State
  /** Whether the state begins an item. */
  isBoundary(state: State): boolean
  /** Whether the state is the end of the trace. */
  isFinished(state: State): boolean
  hash(state: State): Hex
  /** Witness of the step with this trace index from `state`. */
  witness(state: State, traceIndex: bigint): Uint8Array
}

/** One replaced state: the one after step `step` of item `item`. */
export interface Tampering<State> {
  readonly item: number
  readonly step: number
  readonly state: State
}

export interface GameProver<State> extends Trace {
  /** Witness of the step with this trace index. */
  witnessAt(traceIndex: bigint): Promise<Uint8Array>
  /** State after the step with this trace index. */
  stateAfter(traceIndex: bigint): State
  /** State before it. */
  stateBefore(traceIndex: bigint): State
}

/** Steps between kept states of an item: a query runs at most this many. */
const CHECKPOINT_DISTANCE = 256
const STEPS_PER_ITEM = 1 << STEP_BITS

/** A boundary state that is known without running the items before it. */
export interface Anchor<State> {
  readonly item: number
  readonly state: () => State
}

export interface ProverInput<State> {
  readonly machine: StepMachine<State>
  /** State before the trace. */
  readonly start: State
  /** Known states of the honest trace, ascending by item. The last may be the end of the trace. */
  readonly anchors?: readonly Anchor<State>[]
  readonly tampering?: Tampering<State> | null
}

export function createProver<State>(input: ProverInput<State>): GameProver<State> {
  const run = openRun(input)
  let inner: ItemStates<State> | null = null
  const stateAt = (index: bigint): State => {
    const { item, step } = splitTraceIndex(index)
    const number = reach(run, item)
    const boundary = boundaryAt(run, number)
    if (step === 0n || isEnd(run, number, boundary)) return boundary
    if (inner?.item !== number) inner = { item: number, checkpoints: [boundary], end: null }
    return innerState(run, inner, Number(step))
  }
  const stateAfter = (traceIndex: bigint) => stateAt(traceIndex + 1n)
  return {
    stateAfter,
    stateBefore: stateAt,
    stateHashAt: async (traceIndex) => run.machine.hash(stateAfter(traceIndex)),
    witnessAt: async (traceIndex) => run.machine.witness(stateAt(traceIndex), traceIndex),
  }
}

interface Run<State> {
  readonly machine: StepMachine<State>
  readonly tampering: Tampering<State> | null
  readonly anchors: readonly Anchor<State>[]
  /** States that begin items, as far as they were asked for. */
  readonly boundaries: Map<number, State>
  /** The greatest item in `boundaries`. */
  highest: number
  /** The item at which the trace ends, once known. */
  end: number | null
}

/** Rationale: behind a lie the honest states say nothing any more. */
function openRun<State>(input: ProverInput<State>): Run<State> {
  const tampering = input.tampering ?? null
  const last = tampering?.item ?? Number.POSITIVE_INFINITY
  return {
    machine: input.machine,
    tampering,
    anchors: (input.anchors ?? []).filter(({ item }) => item <= last),
    boundaries: new Map([[0, input.start]]),
    highest: 0,
    end: null,
  }
}

/** The number of an item, or of the last one: the trace stutters at its end, so every later item is that one. */
function reach<State>(run: Run<State>, item: bigint): number {
  const lastAnchor = run.anchors.at(-1)?.item ?? 0
  const known = run.end ?? Math.max(run.highest, lastAnchor)
  let at = nearest(run, item < BigInt(known) ? Number(item) : known)
  while (BigInt(at) < item) {
    const state = boundaryAt(run, at)
    if (isEnd(run, at, state)) {
      run.end = at
      return at
    }
    at += 1
    keep(run, at, runItem(run, at - 1))
  }
  return at
}

/** Rationale: a trace that is tampered with where the machine stands still goes on for that one step. */
function isEnd<State>({ machine, tampering }: Run<State>, item: number, state: State): boolean {
  return machine.isFinished(state) && tampering?.item !== item
}

/** The greatest item up to `item` whose state is known. */
function nearest<State>(run: Run<State>, item: number): number {
  const anchor = run.anchors.findLast((one) => one.item <= item)
  const least = anchor?.item ?? 0
  let at = Math.min(item, run.highest)
  while (at > least && !run.boundaries.has(at)) at -= 1
  if (run.boundaries.has(at) && at >= least) return at
  if (anchor) keep(run, anchor.item, anchor.state())
  return least
}

function keep<State>(run: Run<State>, item: number, state: State): void {
  run.boundaries.set(item, state)
  run.highest = Math.max(run.highest, item)
}

function boundaryAt<State>(run: Run<State>, item: number): State {
  const state = run.boundaries.get(item)
  if (state === undefined) throw new GameRuleError('NoSuchItem')
  return state
}

function runItem<State>(run: Run<State>, item: number): State {
  let state = boundaryAt(run, item)
  for (let step = 0; step < STEPS_PER_ITEM; step += 1) {
    state = stepOnce(run, item, step, state)
    if (run.machine.isBoundary(state)) return state
  }
  throw new GameRuleError('ItemTooLong')
}

function stepOnce<State>(run: Run<State>, item: number, step: number, state: State): State {
  const { tampering } = run
  if (tampering && tampering.item === item && tampering.step === step) return tampering.state
  return run.machine.step(state)
}

interface ItemStates<State> {
  readonly item: number
  /** States 0, 256, 512 … of the item. */
  readonly checkpoints: State[]
  /** The step count at which the next boundary stands, once known. */
  end: { readonly step: number; readonly state: State } | null
}

function innerState<State>(run: Run<State>, inner: ItemStates<State>, step: number): State {
  if (inner.end && step >= inner.end.step) return inner.end.state
  const from = Math.min(Math.floor(step / CHECKPOINT_DISTANCE), inner.checkpoints.length - 1)
  let state = inner.checkpoints[from]
  if (state === undefined) throw new GameRuleError('NoSuchItem')
  for (let at = from * CHECKPOINT_DISTANCE; at < step; ) {
    state = stepOnce(run, inner.item, at, state)
    at += 1
    if (run.machine.isBoundary(state)) {
      inner.end = { step: at, state }
      return state
    }
    const isNext = at === inner.checkpoints.length * CHECKPOINT_DISTANCE
    if (isNext) inner.checkpoints.push(state)
  }
  return state
}

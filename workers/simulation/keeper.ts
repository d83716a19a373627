/**
 * Keeps the running world in a store: every input at once, the whole state now and then.
 * Rationale: what a client was told must survive a killed tab, so a reply waits until its input is durable; the state alone
 * saves the time of replaying.
 */
import type { WallClock } from '../kernel/pacer.ts'
import type { RecordedInput } from '../kernel/trace.ts'
import type { StorageView } from '../protocol/projection.ts'
import type { WorldStore } from './store.ts'

export interface KeeperOptions {
  readonly store: WorldStore
  readonly clock: WallClock
  /** What replaces whatever the store keeps; null if it keeps this very world already. */
  readonly begin: { readonly file: Uint8Array; readonly inputs: readonly RecordedInput[] } | null
  /** The save file of this moment. */
  readonly save: () => Promise<Uint8Array>
  readonly nowMs: () => number
  /** Counts the blocks of both chains. */
  readonly blocks: () => number
  readonly onChange: (view: StorageView) => void
}

export interface Keeper {
  /** An input was recorded. */
  input(input: RecordedInput): void
  /** Recorded inputs were forgotten: what is kept is replaced. */
  rolledBack(): void
  /**
   * Resolves once everything told so far is durable, or cannot be: the view then says why. The blocks that there are by now are
   * there after a resume, too.
   */
  durable(): Promise<void>
  /** Keeps the whole state of this moment, so that a resume has nothing to replay. */
  save(): Promise<void>
  /** Keeps what is left to keep, and stops. */
  stop(): Promise<void>
}

const MARK_EVERY_MS = 1_000
const SAVE_EVERY_MS = 15_000
/** Saving takes at most one part in so many of the time, however large the world is. */
const SAVE_SHARE = 20

interface State {
  readonly options: KeeperOptions
  /** Everything that the store is asked to do, one after the other. */
  chain: Promise<void>
  waiting: RecordedInput[]
  markedMs: number
  markedBlocks: number
  savedMs: number | null
  nextSaveMs: number
  told: StorageView | null
  isStopped: boolean
  cancel: () => void
}

export function createKeeper(options: KeeperOptions): Keeper {
  const state: State = {
    options,
    chain: Promise.resolve(),
    waiting: [],
    markedMs: -1,
    markedBlocks: 0,
    savedMs: null,
    nextSaveMs: 0,
    told: null,
    isStopped: false,
    cancel: () => undefined,
  }
  const { begin, store } = options
  if (begin !== null) {
    enqueue(state, async () => {
      await store.put(begin.file)
      if (begin.inputs.length > 0) await store.append(begin.inputs)
    })
  }
  state.nextSaveMs = options.clock.nowMs() + SAVE_EVERY_MS
  tickLater(state)
  return {
    input: (input) => {
      state.waiting.push(input)
      if (state.waiting.length === 1) enqueue(state, () => appendWaiting(state))
    },
    rolledBack: () => {
      state.waiting = []
      putState(state)
    },
    durable: () => {
      if (options.blocks() !== state.markedBlocks) mark(state)
      return state.chain
    },
    save: () => {
      putState(state)
      return state.chain
    },
    stop: async () => {
      state.isStopped = true
      state.cancel()
      await state.chain
    },
  }
}

function tickLater(state: State): void {
  state.cancel = state.options.clock.schedule(MARK_EVERY_MS, () => {
    const { nowMs, clock } = state.options
    if (nowMs() !== state.markedMs) {
      mark(state)
      if (clock.nowMs() >= state.nextSaveMs) putState(state)
    }
    if (!state.isStopped) tickLater(state)
  })
}

/** Notes how far the world came. The time is taken when the write begins, so that it never lags behind what was told. */
function mark(state: State): void {
  const { nowMs, blocks, store } = state.options
  state.markedBlocks = blocks()
  enqueue(state, async () => {
    state.markedMs = nowMs()
    await store.mark(state.markedMs)
  })
}

function putState(state: State): void {
  const { clock, save, store, nowMs } = state.options
  state.nextSaveMs = Number.POSITIVE_INFINITY
  enqueue(state, async () => {
    const startMs = clock.nowMs()
    try {
      const file = await save()
      state.savedMs = nowMs()
      await store.put(file)
    } finally {
      const tookMs = clock.nowMs() - startMs
      state.nextSaveMs = clock.nowMs() + Math.max(SAVE_EVERY_MS, SAVE_SHARE * tookMs)
    }
  })
}

/** All inputs that came while the store was busy go into one write. */
async function appendWaiting(state: State): Promise<void> {
  const inputs = state.waiting
  state.waiting = []
  if (inputs.length > 0) await state.options.store.append(inputs)
}

/** A failure is shown, and does not keep later writes from being tried. */
function enqueue(state: State, task: () => Promise<void>): void {
  state.chain = state.chain.then(task).then(
    () => tell(state, null),
    (error: unknown) => tell(state, error instanceof Error ? error.message : String(error)),
  )
}

function tell(state: State, error: string | null): void {
  const view: StorageView = {
    state: error === null ? 'kept' : 'failed',
    savedMs: state.savedMs,
    error,
  }
  const { told } = state
  if (told?.state === view.state && told.savedMs === view.savedMs && told.error === error) return
  state.told = view
  state.options.onChange(view)
}

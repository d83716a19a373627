/**
 * Brings what a request needs of a forked world's source before the request is handed in. Outside of the deterministic core: what comes
 * of it is recorded as cheats, so that a replay asks nobody.
 */
import type { ForkedAccount, ForkPoint, MissingState } from '../../protocol/fork.ts'
import type { ForkView } from '../../protocol/projection.ts'
import type { Json } from '../../protocol/world.ts'
import { RPC_CODE } from '../errors.ts'
import type { CheatCall } from '../loadState.ts'
import { countWith, type ForkCounts, forkStages } from './cheats.ts'
import { ForkAnswerError, ForkNotConnectedError } from './errors.ts'
import type { ForkSource } from './source.ts'

/** The running world, as far as forking needs it. */
export interface ForkPort {
  /** Which state the request still needs, or which of what is listed. */
  missing(
    asked:
      | { readonly method: string; readonly params: readonly Json[] }
      | { readonly touched: readonly Pick<MissingState, 'address' | 'slots'>[] },
    fetched: readonly ForkedAccount[],
  ): Promise<readonly MissingState[]>
  /** Resolves when all of them are in blocks of L2. */
  cheat(calls: readonly CheatCall[]): Promise<void>
  /** What the registry of the newest block says. */
  counts(): Promise<ForkCounts>
  onChange(view: ForkView): void
}

export interface ForkDesk {
  /** Resolves once everything of the source that the request touches is in the world. Rejects with errors of `errors.ts`. */
  prepare(method: string, params: readonly Json[]): Promise<void>
  /** Where to fetch from now on; null: nowhere. */
  connect(source: ForkSource | null): void
  source(): ForkSource | null
  /** The world went elsewhere: it was opened, or rolled back. */
  refresh(): Promise<void>
}

/** Each round runs the request on what is known and fetches what it asked for in vain. */
const ROUNDS_MAX = 256

interface State {
  readonly point: ForkPoint
  readonly port: ForkPort
  source: ForkSource | null
  counts: ForkCounts
  /** What waits to be brought. */
  waiting: ForkedAccount[]
  /** The next bringing; whoever waits joins it. */
  next: Promise<void> | null
  /** The one under way. */
  running: Promise<unknown>
}

export function createForkDesk(point: ForkPoint, port: ForkPort): ForkDesk {
  const state: State = {
    point,
    port,
    source: null,
    counts: { accounts: 0, slots: 0 },
    waiting: [],
    next: null,
    running: Promise.resolve(),
  }
  tell(state)
  return {
    prepare: (method, params) => prepare(state, method, params),
    connect: (source) => {
      state.source = source
      tell(state)
    },
    source: () => state.source,
    refresh: async () => {
      state.counts = await port.counts()
      tell(state)
    },
  }
}

async function prepare(state: State, method: string, params: readonly Json[]): Promise<void> {
  const { port } = state
  let fetched: readonly ForkedAccount[] = []
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const missing = await port.missing({ method, params }, fetched)
    if (missing.length === 0) {
      if (fetched.length > 0) await bring(state, fetched)
      return
    }
    fetched = merge(fetched, await sourceOf(state, missing).fetch(missing))
  }
  throw new ForkAnswerError(
    state.point.host,
    `cannot give all that ${method} needs: after ${ROUNDS_MAX} rounds it still asks for more.`,
  )
}

function sourceOf({ source, point }: State, [first]: readonly MissingState[]): ForkSource {
  if (source !== null) return source
  throw new ForkNotConnectedError(
    `${first?.address ?? ''} was not brought from the fork's source, which is not connected.`,
    {
      metaMessages: [
        `The world was forked from ${point.host} (chain ${point.chainId}) at block ${point.blockNumber}.`,
        'Give the URL of such a node again: --fork-url, or Connect the source in the page.',
      ],
      code: RPC_CODE.unavailable,
    },
  )
}

/** Everything that comes while one bringing is under way goes into the next. */
function bring(state: State, fetched: readonly ForkedAccount[]): Promise<void> {
  state.waiting.push(...fetched)
  state.next ??= state.running.then(() => {
    const brought = merge([], state.waiting)
    state.waiting = []
    state.next = null
    const work = bringAll(state, brought)
    state.running = work.catch(() => undefined)
    return work
  })
  return state.next
}

/** Rationale: while it was fetched, a transaction may have made such an account here. */
async function bringAll(state: State, brought: readonly ForkedAccount[]): Promise<void> {
  const { port, point } = state
  const touched = brought.map(({ address, slots }) => ({
    address,
    slots: slots.map(({ slot }) => slot),
  }))
  const missing = new Map(
    (await port.missing({ touched }, [])).map((item) => [item.address, item] as const),
  )
  const still = brought.flatMap(({ address, account, slots }): ForkedAccount[] => {
    const item = missing.get(address)
    if (item === undefined) return []
    const kept = slots.filter(({ slot }) => item.slots.includes(slot))
    return [{ address, account: item.isAccountMissing ? account : null, slots: kept }]
  })
  if (still.length === 0) return
  const counts = countWith(await port.counts(), still)
  for (const stage of forkStages(point, still, counts)) await port.cheat(stage)
  state.counts = counts
  tell(state)
}

/** One entry an account, with all slots of both. */
function merge(
  known: readonly ForkedAccount[],
  added: readonly ForkedAccount[],
): readonly ForkedAccount[] {
  const merged = new Map(known.map((account) => [account.address, account]))
  for (const { address, account, slots } of added) {
    const before = merged.get(address)
    const all = new Map(
      [...(before?.slots ?? []), ...slots].map(({ slot, value }) => [slot, value]),
    )
    merged.set(address, {
      address,
      account: before?.account ?? account,
      slots: [...all].map(([slot, value]) => ({ slot, value })),
    })
  }
  return [...merged.values()]
}

function tell({ point, counts, source, port }: State): void {
  port.onChange({ ...point, ...counts, isConnected: source !== null })
}

/** What the engine remembers between two turns, and what is read off it. */
import { BaseError } from '../kernel/errors.ts'
import type { FeedEntry, PersonaPatch, PersonaProjection } from '../protocol/persona.ts'
import type { Json } from '../protocol/world.ts'
import type { CampaignRecord } from './book.ts'
import type { ReadRpc } from './chainPort.ts'
import type { Known } from './known.ts'
import { type Carriage, loadView } from './loadView.ts'
import { createOutbox, type Nonces } from './outbox.ts'
import type { Population } from './population.ts'
import type { BookReader } from './reader.ts'
import type { RelayState } from './relay.ts'
import type { SetupState } from './setup.ts'
import type { Stage } from './stage.ts'
import type { PersonaDigests } from './typedData.ts'
import { type RowSetting, relativeTrust, toSeconds } from './views.ts'

/** Called before `open`, or for something that is not there. */
export class PersonaError extends BaseError {
  override name = 'PersonaError'
}

/** A transaction that somebody waits for, in virtual time. */
export interface Wait {
  readonly hash: string
  readonly deadlineMs: number
  settle(outcome: Settlement): void
}

export type Settlement =
  /** In a block; with what a paymaster paid for it, if one did. */
  | { readonly kind: 'done'; readonly sponsoredWei: bigint | null }
  | { readonly kind: 'reverted' }
  /** In a block, but nothing of it was recorded. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'late' }

export interface EngineState {
  readonly read: ReadRpc
  readonly send: (raw: string) => Promise<Json>
  readonly listeners: Set<(patch: PersonaPatch) => void>
  reader: BookReader
  /** How many times the chain was read from its start. */
  readings: number
  readonly known: Known
  population: Population | null
  digests: PersonaDigests | null
  chainId: number
  challengeSeconds: number
  timeMs: number
  nonces: Nonces
  setup: SetupState
  relay: RelayState
  carriage: Carriage
  feed: readonly FeedEntry[]
  /** Proposals by transaction that were challenged or made final: once is enough. */
  handled: Set<string>
  failure: string | null
  /** Commands whose receipt is awaited. */
  waits: readonly Wait[]
  projection: PersonaProjection | null
  queue: Promise<unknown>
}

/** Throws `PersonaError` before `open`. */
export function stageOf(state: EngineState): Stage {
  const head = state.reader.head()
  if (state.population === null || state.digests === null || head === null) {
    throw new PersonaError('No people yet: call open() first.')
  }
  return {
    timeMs: state.timeMs,
    read: state.read,
    book: state.reader.book(),
    head,
    outbox: createOutbox(state.read, state.chainId, state.nonces),
    digests: state.digests,
    population: state.population,
  }
}

/** On their way to the node at a time: its answer to one is not awaited before the next. */
const IN_FLIGHT = 64

/** Sends what a stage queued, in order. A refused transaction makes the nonces count anew. */
export async function flush(state: EngineState, { outbox }: Stage): Promise<void> {
  state.nonces = outbox.nonces()
  const queued = outbox.take()
  try {
    for (let from = 0; from < queued.length; from += IN_FLIGHT) {
      const part = queued.slice(from, from + IN_FLIGHT)
      await Promise.all(part.map(({ raw }) => state.send(raw)))
    }
  } catch (error) {
    state.nonces = {}
    throw error
  }
}

export function settingOf(
  state: EngineState,
  campaign: string | null,
  timeMs?: number,
): RowSetting {
  const book = state.reader.book()
  const { population } = state
  if (population === null) throw new PersonaError('No people yet: call open() first.')
  const found: CampaignRecord | null =
    campaign === null ? null : (book.campaigns.get(Number(campaign)) ?? null)
  const time = timeMs === undefined ? (state.reader.head()?.timestamp ?? 0) : toSeconds(timeMs)
  return {
    book,
    population,
    people: state.known.people(book, population),
    campaign: found,
    time,
    trust: (timeMs === undefined ? state.known.trust : relativeTrust)(book, found, time),
  }
}

export function loadOf(state: EngineState) {
  return loadView({
    book: state.reader.book(),
    relay: state.relay,
    carriage: state.carriage,
    timeMs: state.timeMs,
    headSeconds: state.reader.head()?.timestamp ?? 0,
  })
}

/**
 * What a node knows of L1: the inbox and the games, folded from heads. A reorg goes back to the block where the replacement attaches
 * and folds again, so that nothing that was thrown out remains.
 */
import { type Entry, hashEntry } from '../batch/entry.ts'
import { bytesToHex, equalBytes, type Hex } from '../bytes.ts'
import type { GameClaim } from '../game/claims.ts'
import {
  type L1Addresses,
  type L1Event,
  type LogRecord,
  type PostedHeader,
  readL1Event,
} from './events.ts'

export interface InboxEntry {
  readonly index: bigint
  readonly entry: Entry
  /** keccak256(abi.encode(Entry)). */
  readonly hash: Hex
  /** `null` for entries that the committee did not post. */
  readonly header: PostedHeader | null
  readonly commitment: Uint8Array
  readonly poster: Hex | null
  readonly transactionHash: Hex | null
}

export type GameOutcome = 'inProgress' | 'defenderWins' | 'challengerWins'

export interface GameView {
  readonly address: Hex
  readonly index: bigint
  readonly rootClaim: Hex
  readonly entryIndex: bigint
  readonly parent: Hex | null
  /** State before the trace, and the entry at whose end it stands. */
  readonly startRoot: Hex
  readonly startEntry: bigint
  readonly proposer: Hex
  readonly createdAt: bigint
  readonly claims: readonly GameClaim[]
  readonly outcome: GameOutcome
  /** `IDisputeGame.Distribution`; 0 while undecided. */
  readonly distribution: number
  /** L1 time of resolution; 0 before. */
  readonly resolvedAt: bigint
  readonly isFinal: boolean
  readonly isBlacklisted: boolean
  /** Bonds credited by resolved claims, by recipient. */
  readonly credits: ReadonlyMap<Hex, bigint>
  readonly claimed: ReadonlySet<Hex>
  /** The last step that was proven on L1. */
  readonly step: ProvenStep | null
  readonly transactionHash: Hex
}

export interface ProvenStep {
  readonly claimIndex: number
  readonly attack: boolean
  readonly traceIndex: bigint
}

export interface Anchor {
  readonly root: Hex
  readonly entryIndex: bigint
}

/** Contents of the L1 contracts after one block. Immutable. */
export interface L1Contents {
  readonly entries: readonly InboxEntry[]
  readonly messages: readonly Uint8Array[]
  readonly games: ReadonlyMap<Hex, GameView>
  readonly anchor: Anchor
}

export interface ViewBlock {
  readonly number: bigint
  readonly hash: Uint8Array
  readonly timestamp: bigint
  readonly contents: L1Contents
}

export interface L1View {
  readonly addresses: L1Addresses
  readonly genesis: L1Contents
  /** Blocks that a reorg may still throw out and the newest final one, ascending. */
  readonly blocks: readonly ViewBlock[]
}

export interface ViewHead {
  readonly number: bigint
  readonly hash: Uint8Array
  readonly parentHash: Uint8Array
  readonly timestamp: bigint
  readonly finalizedNumber: bigint
  readonly logs: readonly LogRecord[]
}

export interface ViewUpdate {
  readonly view: L1View
  /** Events of this block, in order. */
  readonly events: readonly L1Event[]
  /** How many blocks were thrown out before it. */
  readonly orphaned: number
}

/** A node's view before the first head. `entryZero` and `anchor` are those of the L1 genesis. */
export function openView(addresses: L1Addresses, entryZero: Entry, anchor: Anchor): L1View {
  const first: InboxEntry = {
    index: 0n,
    entry: entryZero,
    hash: bytesToHex(hashEntry(entryZero)),
    header: null,
    commitment: new Uint8Array(0),
    poster: null,
    transactionHash: null,
  }
  const genesis = { entries: [first], messages: [], games: new Map(), anchor }
  return { addresses, genesis, blocks: [] }
}

/** Contents after the newest block. */
export function latest(view: L1View): L1Contents {
  return view.blocks.at(-1)?.contents ?? view.genesis
}

/** Number of the first block after genesis, with which every view begins. */
export const FIRST_BLOCK = 1n

/**
 * Folds the next head; `null` if it attaches to no block that the view knows: the caller subscribes again from `FIRST_BLOCK`.
 * A head that is known already, or that is not due yet, changes nothing.
 */
export function foldHead(view: L1View, head: ViewHead): ViewUpdate | null {
  const isKnown = view.blocks.some((block) => equalBytes(block.hash, head.hash))
  if (isKnown || isUntimely(view, head)) return { view, events: [], orphaned: 0 }
  const parentAt = view.blocks.findLastIndex((block) => equalBytes(block.hash, head.parentHash))
  if (parentAt < 0 && view.blocks.length > 0) return null
  const kept = view.blocks.slice(0, parentAt + 1)
  const before = kept.at(-1)?.contents ?? view.genesis
  const { contents, events } = foldLogs(before, head, view.addresses)
  const { number, hash, timestamp } = head
  const blocks = [...dropFinal(kept, head.finalizedNumber), { number, hash, timestamp, contents }]
  return { view: { ...view, blocks }, events, orphaned: view.blocks.length - kept.length }
}

/**
 * A head of the final past, which a replay tells again, or one that overtakes the replay with which an empty view begins.
 * Rationale: a node that restarts hears the newest head before the replay that it asks for. A view that began with that head
 * would attach nothing of the past, ask for it again, and so on without end.
 */
function isUntimely({ blocks }: L1View, head: ViewHead): boolean {
  const [oldest] = blocks
  return oldest === undefined ? head.number !== FIRST_BLOCK : head.number < oldest.number
}

function dropFinal(blocks: readonly ViewBlock[], finalizedNumber: bigint): readonly ViewBlock[] {
  const newestFinal = blocks.findLastIndex((block) => block.number <= finalizedNumber)
  return newestFinal <= 0 ? blocks : blocks.slice(newestFinal)
}

function foldLogs(
  before: L1Contents,
  head: ViewHead,
  addresses: L1Addresses,
): { readonly contents: L1Contents; readonly events: readonly L1Event[] } {
  const events: L1Event[] = []
  let contents = before
  const early = gamesCreatedIn(head.logs, addresses)
  for (const log of head.logs) {
    const known = contents
    const isGame = (address: Hex) => known.games.has(address) || early.has(address)
    const event = readL1Event(log, addresses, isGame)
    if (!event) continue
    events.push(event)
    contents = applyEvent(contents, event, head.timestamp)
  }
  return { contents, events }
}

/** Rationale: a game's root claim is logged by the game itself before the factory logs the game's creation. */
function gamesCreatedIn(logs: readonly LogRecord[], addresses: L1Addresses): ReadonlySet<Hex> {
  const games = new Set<Hex>()
  for (const log of logs) {
    if (!equalBytes(log.address, addresses.factory)) continue
    const event = readL1Event(log, addresses, () => false)
    if (event?.kind === 'gameCreated') games.add(event.game)
  }
  return games
}

function applyEvent(contents: L1Contents, event: L1Event, timestamp: bigint): L1Contents {
  switch (event.kind) {
    case 'messageQueued':
      return { ...contents, messages: [...contents.messages, event.raw] }
    case 'entryAppended':
      return { ...contents, entries: [...contents.entries, appendedEntry(event)] }
    case 'entryExpired':
      return { ...contents, entries: contents.entries.map((old) => expireIfSame(old, event)) }
    case 'rootFinalized': {
      const isNewer = event.entryIndex > contents.anchor.entryIndex
      const anchor = { root: event.root, entryIndex: event.entryIndex }
      const marked = withGame(contents, event.game, (game) => ({ ...game, isFinal: true }))
      return isNewer ? { ...marked, anchor } : marked
    }
    case 'gameCreated':
      return {
        ...contents,
        games: new Map(contents.games).set(event.game, created(contents, event, timestamp)),
      }
    default:
      return withGame(contents, event.game, (game) => applyGameEvent(game, event, timestamp))
  }
}

type EventOf<Kind extends L1Event['kind']> = Extract<L1Event, { kind: Kind }>

function appendedEntry(event: EventOf<'entryAppended'>): InboxEntry {
  return {
    index: event.index,
    entry: event.entry,
    hash: bytesToHex(hashEntry(event.entry)),
    header: event.commitment.length > 0 ? event.header : null,
    commitment: event.commitment,
    poster: event.poster,
    transactionHash: event.transactionHash,
  }
}

function expireIfSame(old: InboxEntry, event: EventOf<'entryExpired'>): InboxEntry {
  if (old.index !== event.index) return old
  return { ...old, entry: event.entry, hash: bytesToHex(hashEntry(event.entry)) }
}

function withGame(
  contents: L1Contents,
  address: Hex,
  change: (game: GameView) => GameView,
): L1Contents {
  const game = contents.games.get(address) ?? EMPTY_GAME
  return { ...contents, games: new Map(contents.games).set(address, change({ ...game, address })) }
}

const ZERO = `0x${'00'.repeat(32)}` as const
/** Holds the root claim until the creation is logged. */
const EMPTY_GAME: GameView = {
  address: '0x',
  index: 0n,
  rootClaim: ZERO,
  entryIndex: 0n,
  parent: null,
  startRoot: ZERO,
  startEntry: 0n,
  proposer: '0x',
  createdAt: 0n,
  claims: [],
  outcome: 'inProgress',
  distribution: 0,
  resolvedAt: 0n,
  isFinal: false,
  isBlacklisted: false,
  credits: new Map(),
  claimed: new Set(),
  step: null,
  transactionHash: '0x',
}

function created(contents: L1Contents, event: EventOf<'gameCreated'>, timestamp: bigint): GameView {
  const parent = event.parent === null ? null : contents.games.get(event.parent)
  const start = parent ? { root: parent.rootClaim, entryIndex: parent.entryIndex } : contents.anchor
  return {
    ...(contents.games.get(event.game) ?? EMPTY_GAME),
    address: event.game,
    index: event.index,
    rootClaim: event.rootClaim,
    entryIndex: event.entryIndex,
    parent: event.parent,
    startRoot: start.root,
    startEntry: start.entryIndex,
    proposer: event.proposer,
    createdAt: timestamp,
    transactionHash: event.transactionHash,
  }
}

function applyGameEvent(
  game: GameView,
  event: EventOf<
    'moved' | 'stepped' | 'claimResolved' | 'resolved' | 'creditClaimed' | 'gameBlacklisted'
  >,
  timestamp: bigint,
): GameView {
  switch (event.kind) {
    case 'moved':
      return { ...game, claims: [...game.claims, movedClaim(event)] }
    case 'stepped': {
      const { claimIndex, attack, traceIndex, claimant } = event
      const countered = withClaim(game, claimIndex, { counteredBy: claimant })
      return { ...countered, step: { claimIndex, attack, traceIndex } }
    }
    case 'claimResolved': {
      const credits = new Map(game.credits)
      credits.set(event.recipient, (credits.get(event.recipient) ?? 0n) + event.bondWei)
      const counteredBy = event.countered ? event.recipient : null
      return { ...withClaim(game, event.claimIndex, { counteredBy, resolved: true }), credits }
    }
    case 'resolved':
      return {
        ...game,
        outcome: event.defenderWins ? 'defenderWins' : 'challengerWins',
        distribution: event.distribution,
        resolvedAt: timestamp,
      }
    case 'creditClaimed':
      return { ...game, claimed: new Set(game.claimed).add(event.recipient) }
    case 'gameBlacklisted':
      return { ...game, isBlacklisted: true }
  }
}

function movedClaim(event: EventOf<'moved'>): GameClaim {
  return {
    index: event.claimIndex,
    parentIndex: event.parentIndex,
    position: event.position,
    value: event.value,
    claimant: event.claimant,
    bondWei: event.bondWei,
    clock: { durationSeconds: event.clockDuration, timestamp: event.clockTimestamp },
    counteredBy: null,
    resolved: false,
  }
}

function withClaim(game: GameView, index: number, change: Partial<GameClaim>): GameView {
  return {
    ...game,
    claims: game.claims.map((claim) => (claim.index === index ? { ...claim, ...change } : claim)),
  }
}

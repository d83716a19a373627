/** Logs of the L1 contracts as typed facts. */
import { decodeEventLog } from 'viem'
import type { Entry } from '../batch/entry.ts'
import { bytesToHex, type Hex, hexToBytes } from '../bytes.ts'
import { anchorAbi, factoryAbi, gameAbi, inboxAbi } from './abi.ts'

export interface L1Addresses {
  readonly inbox: Uint8Array
  readonly factory: Uint8Array
  readonly anchorRegistry: Uint8Array
}

/** Structurally `L1Log` of the protocol. */
export interface LogRecord {
  readonly address: Uint8Array
  readonly topics: readonly Uint8Array[]
  readonly data: Uint8Array
  readonly transactionHash: Uint8Array
}

/** Header of a batch as the inbox's event shows it. */
export interface PostedHeader {
  readonly versionedHash: Uint8Array
  readonly firstView: bigint
  readonly lastView: bigint
}

type Fact<Kind extends string, Fields> = Fields & {
  readonly kind: Kind
  readonly transactionHash: Hex
}

export type L1Event =
  | Fact<'messageQueued', { readonly index: bigint; readonly raw: Uint8Array }>
  | Fact<
      'entryAppended',
      {
        readonly index: bigint
        readonly entry: Entry
        readonly header: PostedHeader
        readonly commitment: Uint8Array
        readonly poster: Hex
      }
    >
  | Fact<'entryExpired', { readonly index: bigint; readonly entry: Entry }>
  | Fact<
      'gameCreated',
      {
        readonly game: Hex
        readonly index: bigint
        readonly rootClaim: Hex
        readonly entryIndex: bigint
        /** `null` for the anchor. */
        readonly parent: Hex | null
        readonly proposer: Hex
        readonly bondWei: bigint
      }
    >
  | Fact<
      'moved',
      {
        readonly game: Hex
        readonly claimIndex: number
        /** `null` for the root claim. */
        readonly parentIndex: number | null
        readonly claimant: Hex
        readonly position: bigint
        readonly value: Hex
        readonly attack: boolean
        readonly bondWei: bigint
        readonly clockDuration: bigint
        readonly clockTimestamp: bigint
      }
    >
  | Fact<
      'stepped',
      {
        readonly game: Hex
        readonly claimIndex: number
        readonly claimant: Hex
        readonly attack: boolean
        readonly traceIndex: bigint
      }
    >
  | Fact<
      'claimResolved',
      {
        readonly game: Hex
        readonly claimIndex: number
        readonly countered: boolean
        readonly recipient: Hex
        readonly bondWei: bigint
      }
    >
  | Fact<
      'resolved',
      { readonly game: Hex; readonly defenderWins: boolean; readonly distribution: number }
    >
  | Fact<
      'creditClaimed',
      { readonly game: Hex; readonly recipient: Hex; readonly amountWei: bigint }
    >
  | Fact<'rootFinalized', { readonly game: Hex; readonly entryIndex: bigint; readonly root: Hex }>
  | Fact<'gameBlacklisted', { readonly game: Hex }>

const ROOT_PARENT = 2n ** 32n - 1n
/** `IDisputeGame.Status.DefenderWins`. */
const DEFENDER_WINS = 2

/**
 * Reads one log; `null` for logs of other contracts and other events. Whether an address is a game is the caller's to know: a log of
 * the shape of a game's event counts as one only if the factory created its sender.
 */
export function readL1Event(
  log: LogRecord,
  addresses: L1Addresses,
  isGame: (address: Hex) => boolean,
): L1Event | null {
  const address = bytesToHex(log.address)
  if (address === bytesToHex(addresses.inbox)) return readInboxEvent(log)
  if (address === bytesToHex(addresses.factory)) return readFactoryEvent(log)
  if (address === bytesToHex(addresses.anchorRegistry)) return readAnchorEvent(log)
  return isGame(address) ? readGameEvent(log, address) : null
}

interface WireLog {
  readonly topics: [Hex, ...Hex[]]
  readonly data: Hex
}

function toWire(log: LogRecord): WireLog | null {
  const [first, ...rest] = log.topics.map(bytesToHex)
  return first === undefined ? null : { topics: [first, ...rest], data: bytesToHex(log.data) }
}

function readInboxEvent(log: LogRecord): L1Event | null {
  const wire = toWire(log)
  const transactionHash = bytesToHex(log.transactionHash)
  const event = wire && attempt(() => decodeEventLog({ abi: inboxAbi, ...wire }))
  switch (event?.eventName) {
    case 'MessageQueued':
      return {
        kind: 'messageQueued',
        transactionHash,
        index: event.args.index,
        raw: hexToBytes(event.args.raw),
      }
    case 'EntryAppended': {
      const { header } = event.args
      return {
        kind: 'entryAppended',
        transactionHash,
        index: event.args.index,
        entry: toEntry(event.args.entry),
        header: {
          versionedHash: hexToBytes(header.versionedHash),
          firstView: header.firstView,
          lastView: header.lastView,
        },
        commitment: hexToBytes(event.args.commitment),
        poster: lower(event.args.poster),
      }
    }
    case 'EntryExpired':
      return {
        kind: 'entryExpired',
        transactionHash,
        index: event.args.index,
        entry: toEntry(event.args.entry),
      }
    default:
      return null
  }
}

interface WireEntry {
  readonly kind: number
  readonly cellsRoot: Hex
  readonly payloadLength: bigint
  readonly inboxCount: bigint
  readonly originNumber: bigint
  readonly originHash: Hex
  readonly originTimestamp: bigint
  readonly originBaseFee: bigint
  readonly originPrevrandao: Hex
  readonly postedAt: bigint
}

function toEntry(wire: WireEntry): Entry {
  return {
    ...wire,
    cellsRoot: hexToBytes(wire.cellsRoot),
    originHash: hexToBytes(wire.originHash),
    originPrevrandao: hexToBytes(wire.originPrevrandao),
  }
}

function readFactoryEvent(log: LogRecord): L1Event | null {
  const wire = toWire(log)
  const event = wire && attempt(() => decodeEventLog({ abi: factoryAbi, ...wire }))
  if (event?.eventName !== 'GameCreated') return null
  const { args } = event
  const isAnchor = /^0x0*$/.test(args.parent)
  return {
    kind: 'gameCreated',
    transactionHash: bytesToHex(log.transactionHash),
    game: lower(args.game),
    index: args.index,
    rootClaim: args.rootClaim,
    entryIndex: args.entryIndex,
    parent: isAnchor ? null : lower(args.parent),
    proposer: lower(args.proposer),
    bondWei: args.bond,
  }
}

function readAnchorEvent(log: LogRecord): L1Event | null {
  const wire = toWire(log)
  const transactionHash = bytesToHex(log.transactionHash)
  const event = wire && attempt(() => decodeEventLog({ abi: anchorAbi, ...wire }))
  switch (event?.eventName) {
    case 'RootFinalized':
      return {
        kind: 'rootFinalized',
        transactionHash,
        game: lower(event.args.game),
        entryIndex: event.args.entryIndex,
        root: event.args.root,
      }
    case 'GameBlacklisted':
      return { kind: 'gameBlacklisted', transactionHash, game: lower(event.args.game) }
    default:
      return null
  }
}

function readGameEvent(log: LogRecord, game: Hex): L1Event | null {
  const wire = toWire(log)
  const transactionHash = bytesToHex(log.transactionHash)
  const event = wire && attempt(() => decodeEventLog({ abi: gameAbi, ...wire }))
  switch (event?.eventName) {
    case 'Moved': {
      const { args } = event
      return {
        kind: 'moved',
        transactionHash,
        game,
        claimIndex: Number(args.claimIndex),
        parentIndex: args.parentIndex === ROOT_PARENT ? null : Number(args.parentIndex),
        claimant: lower(args.claimant),
        position: args.position,
        value: args.value,
        attack: args.isAttack,
        bondWei: args.bond,
        clockDuration: args.clockDuration,
        clockTimestamp: args.clockTimestamp,
      }
    }
    case 'Stepped':
      return {
        kind: 'stepped',
        transactionHash,
        game,
        claimIndex: Number(event.args.claimIndex),
        claimant: lower(event.args.claimant),
        attack: event.args.isAttack,
        traceIndex: event.args.traceIndex,
      }
    case 'ClaimResolved':
      return {
        kind: 'claimResolved',
        transactionHash,
        game,
        claimIndex: Number(event.args.claimIndex),
        countered: event.args.countered,
        recipient: lower(event.args.recipient),
        bondWei: event.args.bond,
      }
    case 'Resolved':
      return {
        kind: 'resolved',
        transactionHash,
        game,
        defenderWins: event.args.status === DEFENDER_WINS,
        distribution: event.args.distribution,
      }
    case 'CreditClaimed':
      return {
        kind: 'creditClaimed',
        transactionHash,
        game,
        recipient: lower(event.args.recipient),
        amountWei: event.args.amount,
      }
    default:
      return null
  }
}

/** Rationale: viem gives checksummed addresses; here addresses are keys and compare as lower case. */
function lower(address: string): Hex {
  return address.toLowerCase() as Hex
}

/** The decoder throws on events that the ABI does not list; to us they are no events. */
function attempt<T>(decode: () => T): T | null {
  try {
    return decode()
  } catch {
    return null
  }
}

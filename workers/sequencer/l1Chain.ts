/** What the committee follows of L1: the inbox's messages and entries, who was slashed, and headers for origins. */
import { decodeEventLog, parseAbi } from 'viem'
import { assert } from '../kernel/errors.ts'
import type { L1Head, L1Log, L1Origin } from '../protocol/messages.ts'
import { hashEntry } from '../rollup/batch/entry.ts'
import { bytesToHex, equalBytes, ZERO_ADDRESS } from '../rollup/bytes.ts'
import { type L1Event, readL1Event } from '../rollup/l1/events.ts'
import type { SequencerContracts } from './config.ts'
import { type FormRules, inboxMessageGas } from './transactions.ts'

export const registryAbi = parseAbi([
  'event MemberSlashed(uint256 indexed index, address indexed reporter, uint64 viewNumber, uint256 amount, uint256 reporterReward)',
])

export interface QueuedMessage {
  readonly blockNumber: bigint
  /** L2 gas that it may use. */
  readonly gas: bigint
}

export interface PostedEntry {
  readonly index: bigint
  /** `entryHash(index)`. */
  readonly hash: Uint8Array
  readonly kind: number
  readonly inboxCount: bigint
  readonly originNumber: bigint
  /** 0 for entries that the committee did not post. */
  readonly lastView: bigint
  readonly blockNumber: bigint
}

export interface Slashing {
  readonly culprit: number
  readonly amountWei: bigint
  readonly transactionHash: string
}

/** Contents after one L1 block. Lists are never changed in place. */
export interface L1Contents {
  readonly messages: readonly QueuedMessage[]
  readonly entries: readonly PostedEntry[]
  readonly slashed: readonly Slashing[]
}

export interface L1Block extends L1Origin {
  readonly headerRlp: Uint8Array
  readonly contents: L1Contents
}

export interface L1Chain {
  /** Ascending; those that a reorg may throw out, and as many as origins and gaps need. Empty before the first head. */
  readonly blocks: readonly L1Block[]
  readonly genesis: L1Contents
}

/** What one head added, for reports. */
export interface L1News {
  readonly entries: readonly (PostedEntry & {
    readonly payloadLength: bigint
    readonly poster: string
    readonly transactionHash: string
  })[]
  readonly expired: readonly { readonly index: bigint; readonly transactionHash: string }[]
  readonly slashed: readonly Slashing[]
}

export interface L1Update {
  readonly chain: L1Chain
  readonly news: L1News
}

/** Blocks that stay known: as old as an origin can be that the inbox still takes. */
const BLOCKS_KEPT = 256

export function openL1Chain(genesisEntryHash: Uint8Array, genesisOriginNumber: bigint): L1Chain {
  const first: PostedEntry = {
    index: 0n,
    hash: genesisEntryHash,
    kind: 2,
    inboxCount: 0n,
    originNumber: genesisOriginNumber,
    lastView: 0n,
    blockNumber: 0n,
  }
  return { blocks: [], genesis: { messages: [], entries: [first], slashed: [] } }
}

export function latestBlock(chain: L1Chain): L1Block | undefined {
  return chain.blocks.at(-1)
}

export function latestContents(chain: L1Chain): L1Contents {
  return chain.blocks.at(-1)?.contents ?? chain.genesis
}

export function blockNumbered(chain: L1Chain, number: bigint): L1Block | undefined {
  return chain.blocks.find((block) => block.number === number)
}

/** The last entry that the inbox has. There is always one: entry 0. */
export function lastEntry(contents: L1Contents): PostedEntry {
  const entry = contents.entries.at(-1)
  assert(entry !== undefined, 'the inbox has entry 0 from its deployment on')
  return entry
}

/** View up to which the committee's order is on L1. */
export function postedView(contents: L1Contents): bigint {
  return contents.entries.findLast((entry) => entry.lastView > 0n)?.lastView ?? 0n
}

/** Messages in blocks up to `blockNumber`. */
export function messagesUpTo(contents: L1Contents, blockNumber: bigint): bigint {
  const index = contents.messages.findIndex((message) => message.blockNumber > blockNumber)
  return BigInt(index < 0 ? contents.messages.length : index)
}

/** Folds the next head. `null` if it attaches to nothing known; a known head changes nothing. */
export function foldL1Head(
  chain: L1Chain,
  head: L1Head,
  contracts: SequencerContracts,
  rules: FormRules,
): L1Update | null {
  if (chain.blocks.some((block) => equalBytes(block.hash, head.hash))) {
    return { chain, news: NO_NEWS }
  }
  const parentAt = chain.blocks.findLastIndex((block) => equalBytes(block.hash, head.parentHash))
  if (parentAt < 0 && chain.blocks.length > 0) return null
  const kept = chain.blocks.slice(0, parentAt + 1)
  const before = kept.at(-1)?.contents ?? chain.genesis
  const { contents, news } = foldLogs(before, head, contracts, rules)
  const { number, hash, timestamp, baseFee, prevrandao, headerRlp } = head
  const block = { number, hash, timestamp, baseFee, prevrandao, headerRlp, contents }
  return { chain: { ...chain, blocks: [...kept, block].slice(-BLOCKS_KEPT) }, news }
}

const NO_NEWS: L1News = { entries: [], expired: [], slashed: [] }

function foldLogs(
  before: L1Contents,
  head: L1Head,
  contracts: SequencerContracts,
  rules: FormRules,
): { readonly contents: L1Contents; readonly news: L1News } {
  let contents = before
  let news = NO_NEWS
  const addresses = { inbox: contracts.inbox, factory: ZERO_ADDRESS, anchorRegistry: ZERO_ADDRESS }
  for (const log of head.logs) {
    if (equalBytes(log.address, contracts.inbox)) {
      const event = readL1Event(log, addresses, () => false)
      if (event === null) continue
      contents = applyInboxEvent(contents, event, head.number, rules)
      news = addInboxNews(news, event, contents)
    } else if (equalBytes(log.address, contracts.sequencerRegistry)) {
      const slashing = readSlashing(log)
      if (slashing === null) continue
      contents = { ...contents, slashed: [...contents.slashed, slashing] }
      news = { ...news, slashed: [...news.slashed, slashing] }
    }
  }
  return { contents, news }
}

function applyInboxEvent(
  contents: L1Contents,
  event: L1Event,
  blockNumber: bigint,
  rules: FormRules,
): L1Contents {
  switch (event.kind) {
    case 'messageQueued': {
      const message = { blockNumber, gas: inboxMessageGas(event.raw, rules) }
      return { ...contents, messages: [...contents.messages, message] }
    }
    case 'entryAppended': {
      const isBatch = event.commitment.length > 0
      const entry: PostedEntry = {
        index: event.index,
        hash: hashEntry(event.entry),
        kind: event.entry.kind,
        inboxCount: event.entry.inboxCount,
        originNumber: event.entry.originNumber,
        lastView: isBatch ? event.header.lastView : 0n,
        blockNumber,
      }
      return { ...contents, entries: [...contents.entries, entry] }
    }
    case 'entryExpired': {
      const { index, entry } = event
      const expire = (old: PostedEntry) =>
        old.index === index ? { ...old, kind: entry.kind, hash: hashEntry(entry) } : old
      return { ...contents, entries: contents.entries.map(expire) }
    }
    default:
      return contents
  }
}

function addInboxNews(news: L1News, event: L1Event, contents: L1Contents): L1News {
  switch (event.kind) {
    case 'entryAppended': {
      const entry = lastEntry(contents)
      const { payloadLength } = event.entry
      const appended = {
        ...entry,
        payloadLength,
        poster: event.poster,
        transactionHash: event.transactionHash,
      }
      return { ...news, entries: [...news.entries, appended] }
    }
    case 'entryExpired': {
      const { index, transactionHash } = event
      return { ...news, expired: [...news.expired, { index, transactionHash }] }
    }
    default:
      return news
  }
}

function readSlashing(log: L1Log): Slashing | null {
  const [first, ...rest] = log.topics.map(bytesToHex)
  if (first === undefined) return null
  try {
    const { args } = decodeEventLog({
      abi: registryAbi,
      topics: [first, ...rest],
      data: bytesToHex(log.data),
    })
    return {
      culprit: Number(args.index),
      amountWei: args.amount,
      transactionHash: bytesToHex(log.transactionHash),
    }
  } catch {
    // Another event of the registry.
    return null
  }
}

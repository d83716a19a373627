/** BATCH_OPEN, BLOCK_START, SYSTEM, TX_NEXT and BLOCK_END: how entries become blocks. */
import { effectiveInboxCount, effectiveTimestamp } from '../../batch/clamps.ts'
import {
  ENTRY_BATCH,
  ENTRY_DEPOSIT_ONLY,
  type Entry,
  encodeEntry,
  hashEntry,
} from '../../batch/entry.ts'
import {
  BLOCK_HEADER_SIZE,
  PAYLOAD_SIZE_MAX,
  TRANSACTION_LENGTH_SIZE,
} from '../../batch/geometry.ts'
import { firstBlockOffset, readBlockHeader, readTransaction } from '../../batch/reader.ts'
import { concatBytes, hexToBytes, ZERO_HASH } from '../../bytes.ts'
import { keccak256, keccakText } from '../../keccak.ts'
import { l2HeaderRlp, nextBaseFee } from '../../l2Header.ts'
import { trieRoot } from '../../trie/trie.ts'
import { byteString } from '../byteString.ts'
import { takeCells } from '../cells.ts'
import { type Draft, takeBlob, takeString } from '../draft.ts'
import { CLEAN_BLOOM, NO_TX, wordsOf } from '../hash.ts'
import { ringProof, ringWith } from '../ring.ts'
import { PHASE, SOURCE, SYSTEM_KIND } from '../types.ts'

/** Caller of system calls (EIP-4788). */
export const SYSTEM_ADDRESS = hexToBytes('0xfffffffffffffffffffffffffffffffffffffffe')
export const HISTORY_ADDRESS = hexToBytes('0x0000F90827F1C53a10cb7A02335B175320002935')
export const BEACON_ROOTS_ADDRESS = hexToBytes('0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02')
export const L1_BLOCK_ADDRESS = hexToBytes('0x4200000000000000000000000000000000000015')
/** Gas of a system call. */
export const SYSTEM_GAS = 1_000_000

const SET_L1_BLOCK = keccakText('setL1Block(uint64,uint64,uint256,bytes32,bytes32)').subarray(0, 4)
const SYSTEM_CALLS_FIRST_BLOCK = 3
const SYSTEM_CALLS = 2
const PAYLOAD_LENGTH_MAX = BigInt(PAYLOAD_SIZE_MAX)

export function batchOpen(draft: Draft): void {
  const { block, context } = draft
  const entry = context.source.entry(block.batchIndex)
  takeBlob(draft, encodeEntry(entry))
  if (entry.kind !== ENTRY_BATCH && entry.kind !== ENTRY_DEPOSIT_ONLY) {
    draft.block = { ...block, batchIndex: block.batchIndex + 1n }
    return
  }
  draft.block = { ...block, entryHash: hashEntry(entry), cursor: 0, blockIndex: 0 }
  draft.phase = PHASE.BLOCK_START
}

interface StatedBlock {
  readonly timestamp: bigint
  readonly inboxCount: bigint
  readonly transactionCount: number
  readonly cursor: number
}

export function blockStart(draft: Draft): void {
  const entry = takeEntry(draft)
  const stated = statedBlock(draft, entry)
  const { block } = draft
  if (stated === null) {
    draft.block = {
      ...block,
      batchIndex: block.batchIndex + 1n,
      entryHash: ZERO_HASH,
      cursor: 0,
      blockIndex: 0,
    }
    draft.phase = PHASE.BATCH_OPEN
    return
  }
  const inboxTarget = effectiveInboxCount({
    parent: block.inboxCount,
    stated: stated.inboxCount,
    entry: entry.inboxCount,
  })
  draft.block = {
    ...block,
    cursor: stated.cursor,
    transactionsLeft: stated.transactionCount,
    baseFee: nextBaseFee(block),
    inboxTarget: inboxTarget > block.inboxCount ? inboxTarget : block.inboxCount,
    timestamp: effectiveTimestamp({
      parent: block.timestamp,
      stated: stated.timestamp,
      originTimestamp: entry.originTimestamp,
    }),
    number: block.number + 1n,
    prevrandao: entry.originPrevrandao,
    gasUsed: 0n,
    transactionCount: 0,
    transactionsHash: ZERO_HASH,
    receiptsHash: ZERO_HASH,
    bloom: CLEAN_BLOOM,
    systemStage: 0,
  }
  draft.phase = PHASE.SYSTEM
}

/** The next block as the entry states it; null closes the entry. */
function statedBlock(draft: Draft, entry: Entry): StatedBlock | null {
  const { block } = draft
  if (entry.kind === ENTRY_DEPOSIT_ONLY) {
    if (block.blockIndex > 0) return null
    const { originTimestamp: timestamp, inboxCount } = entry
    return { timestamp, inboxCount, transactionCount: 0, cursor: 0 }
  }
  const payload = readPayload(draft, entry)
  const start = Math.max(block.cursor, 1)
  const end = Math.min(payload.length, start + BLOCK_HEADER_SIZE)
  if (end > block.cursor) takeCells(draft, entry, block.cursor, end)
  if (block.cursor === 0 && firstBlockOffset(payload) === null) return null
  const header = readBlockHeader(payload, start)
  return header === null ? null : { ...header, cursor: header.nextOffset }
}

export function system(draft: Draft): void {
  const { block } = draft
  const last = block.blockIndex === 0 ? SYSTEM_CALLS_FIRST_BLOCK : SYSTEM_CALLS
  if (block.systemStage === last) {
    draft.block = { ...block, systemStage: 0 }
    draft.phase = PHASE.TX_NEXT
    return
  }
  const entry = takeEntry(draft)
  const call = systemCall(block.systemStage, entry, block.parentHash)
  draft.tx = {
    ...NO_TX,
    source: SOURCE.SYSTEM,
    kind: SYSTEM_KIND,
    origin: SYSTEM_ADDRESS,
    to: call.to,
    gasLimit: SYSTEM_GAS,
    gas: SYSTEM_GAS,
    data: byteString(call.data),
    committed: draft.world.state,
  }
  draft.block = { ...block, systemStage: block.systemStage + 1 }
  draft.phase = PHASE.TX_CALL
}

export interface SystemCallContent {
  readonly to: Uint8Array
  readonly data: Uint8Array
}

/** The system call of a stage: 0 EIP-2935, 1 EIP-4788, 2 the L1 block (first block of an entry). */
export function systemCall(stage: number, entry: Entry, parentHash: Uint8Array): SystemCallContent {
  if (stage === 0) return { to: HISTORY_ADDRESS, data: parentHash }
  if (stage === 1) return { to: BEACON_ROOTS_ADDRESS, data: entry.originHash }
  const words = wordsOf([
    entry.originNumber,
    entry.originTimestamp,
    entry.originBaseFee,
    entry.originHash,
    entry.originPrevrandao,
  ])
  return { to: L1_BLOCK_ADDRESS, data: concatBytes(SET_L1_BLOCK, words) }
}

export function txNext(draft: Draft): void {
  const { block, context } = draft
  if (block.inboxCount < block.inboxTarget) {
    const raw = context.source.message(block.inboxCount)
    draft.tx = { ...NO_TX, hash: keccak256(raw), source: SOURCE.INBOX, raw }
    draft.block = { ...block, inboxCount: block.inboxCount + 1n }
    draft.phase = PHASE.TX_START
  } else if (block.transactionsLeft > 0) nextOfPayload(draft)
  else draft.phase = PHASE.BLOCK_END
}

function nextOfPayload(draft: Draft): void {
  const entry = takeEntry(draft)
  const { block } = draft
  const { cursor } = block
  const payload = readPayload(draft, entry)
  const reading = readTransaction(payload, cursor)
  if (reading === null) {
    const end = cursor + TRANSACTION_LENGTH_SIZE
    if (end <= payload.length) takeCells(draft, entry, cursor, end)
    draft.block = { ...block, transactionsLeft: 0, cursor: payload.length }
    draft.phase = PHASE.BLOCK_END
    return
  }
  takeCells(draft, entry, cursor, reading.nextOffset)
  const raw = reading.bytes.slice()
  draft.tx = { ...NO_TX, hash: keccak256(raw), source: SOURCE.PAYLOAD, raw }
  draft.block = {
    ...block,
    cursor: reading.nextOffset,
    transactionsLeft: block.transactionsLeft - 1,
  }
  draft.phase = PHASE.TX_START
}

export function blockEnd(draft: Draft): void {
  const entry = takeEntry(draft)
  const { block } = draft
  const logsBloom = takeString(draft, block.bloom)
  const header = l2HeaderRlp({
    parentHash: block.parentHash,
    coinbase: block.coinbase,
    stateRoot: trieRoot(draft.world.state.accounts),
    transactionsRoot: block.transactionsHash,
    receiptsRoot: block.receiptsHash,
    logsBloom,
    number: block.number,
    gasLimit: block.gasLimit,
    gasUsed: block.gasUsed,
    timestamp: block.timestamp,
    prevrandao: block.prevrandao,
    baseFee: block.baseFee,
    parentBeaconBlockRoot: entry.originHash,
  })
  const hash = keccak256(header)
  draft.parts?.ranges.push(ringProof(block.ring, block.number))
  draft.block = {
    ...block,
    ring: ringWith(block.ring, block.number, hash),
    parentHash: hash,
    blockIndex: block.blockIndex + 1,
    inboxTarget: 0n,
    transactionsLeft: 0,
    transactionCount: 0,
    transactionsHash: ZERO_HASH,
    receiptsHash: ZERO_HASH,
    bloom: CLEAN_BLOOM,
  }
  draft.phase = PHASE.BLOCK_START
}

function takeEntry(draft: Draft): Entry {
  const entry = draft.context.source.entry(draft.block.batchIndex)
  takeBlob(draft, encodeEntry(entry))
  return entry
}

function readPayload(draft: Draft, entry: Entry): Uint8Array {
  const length = entry.payloadLength < PAYLOAD_LENGTH_MAX ? entry.payloadLength : PAYLOAD_LENGTH_MAX
  return draft.context.source.payload(draft.block.batchIndex).subarray(0, Number(length))
}

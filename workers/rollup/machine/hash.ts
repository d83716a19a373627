/** Hashes of records and states (docs/specs/MACHINE.md, section 1). */
import { ZERO_HASH } from '../bytes.ts'
import { keccak256, keccakText } from '../keccak.ts'
import { ZERO_BLOOM } from '../l2Header.ts'
import { trieRoot } from '../trie/trie.ts'
import { EMPTY_WORLD } from '../trie/world.ts'
import { type ByteString, byteString, EMPTY_CODE, EMPTY_STRING, stringHash } from './byteString.ts'
import { EMPTY_MEMORY, memoryRoot } from './memory.ts'
import { ringRoot } from './ring.ts'
import { scratchRoot } from './scratch.ts'
import { stackHash, stackLength } from './stack.ts'
import type { BlockRecord, Frame, ItemChain, MachineState, TxRecord, World } from './types.ts'
import { writeWord } from './words.ts'

type Field = bigint | number | boolean | Uint8Array

const TAG_STATE = keccakText('trex.machine.state.1')
const TAG_BLOCK = keccakText('trex.machine.block.1')
const TAG_TX = keccakText('trex.machine.tx.1')
const TAG_WORLD = keccakText('trex.machine.world.1')
const TAG_FRAME = keccakText('trex.machine.frame.1')

const FRAME_FIELDS = 22

/** 32 zero-length bloom bytes are never hashed twice: every clean world shares this one. */
export const CLEAN_BLOOM: ByteString = byteString(ZERO_BLOOM)

/** Each field as one word; addresses are left-padded. */
export function wordsOf(fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(32 * fields.length)
  let offset = 0
  for (const field of fields) {
    if (field instanceof Uint8Array) bytes.set(field, offset + 32 - field.length)
    else if (typeof field === 'bigint') writeWord(bytes, offset, field)
    else writeWord(bytes, offset, BigInt(field))
    offset += 32
  }
  return bytes
}

export function blockWords(block: BlockRecord): Uint8Array {
  return wordsOf([
    block.chainId,
    block.coinbase,
    block.gasLimit,
    block.batchIndex,
    block.entryHash,
    block.cursor,
    block.blockIndex,
    block.inboxCount,
    block.inboxTarget,
    block.transactionsLeft,
    block.systemStage,
    block.number,
    block.timestamp,
    block.prevrandao,
    block.baseFee,
    block.parentHash,
    ringRoot(block.ring),
    block.gasUsed,
    block.transactionCount,
    block.transactionsHash,
    block.receiptsHash,
    stringHash(block.bloom),
  ])
}

export function txWords(tx: TxRecord): Uint8Array {
  return wordsOf([
    tx.hash,
    tx.source,
    tx.kind,
    tx.origin,
    tx.to,
    tx.isCreate,
    tx.gasPrice,
    tx.gasLimit,
    tx.gas,
    tx.floorGas,
    tx.value,
    tx.data === null ? ZERO_HASH : stringHash(tx.data),
    tx.data === null ? 0 : tx.data.bytes.length,
    chainHash(tx.access),
    chainHash(tx.authorizations),
    tx.committed === null ? ZERO_HASH : trieRoot(tx.committed.accounts),
    tx.status,
    tx.gasLeft,
    tx.gasUsed,
  ])
}

export function worldWords(world: World): Uint8Array {
  return wordsOf([
    trieRoot(world.state.accounts),
    scratchRoot(world.scratch),
    world.refund,
    world.logHash,
    stringHash(world.bloom),
    chainHash(world.destructs),
  ])
}

export function frameWords(frame: Frame | null): Uint8Array {
  if (frame === null) return new Uint8Array(32 * FRAME_FIELDS)
  return wordsOf([
    frame.depth,
    frame.kind,
    frame.isStatic,
    frame.self,
    frame.codeAddress,
    frame.caller,
    frame.value,
    frame.code.hash,
    stringHash(frame.input),
    frame.input.bytes.length,
    frame.gas,
    frame.pc,
    stackHash(frame.stack),
    stackLength(frame.stack),
    memoryRoot(frame.memory),
    frame.memoryWords,
    stringHash(frame.returnData),
    frame.returnData.bytes.length,
    frame.outOffset,
    frame.outLength,
    frame.parent === null ? ZERO_HASH : frameHash(frame.parent),
    frame.revertWorld === null ? ZERO_HASH : worldHash(frame.revertWorld),
  ])
}

const frameHashes = new WeakMap<Frame, Uint8Array>()
const worldHashes = new WeakMap<World, Uint8Array>()

/** Cached: parents are hashed again and again. */
export function frameHash(frame: Frame): Uint8Array {
  // Frames may be nested 1,024 deep, so hash from the outermost one that is not cached.
  const pending: Frame[] = []
  let next: Frame | null = frame
  while (next !== null && !frameHashes.has(next)) {
    pending.push(next)
    next = next.parent
  }
  for (const item of pending.reverse()) frameHashes.set(item, tagged(TAG_FRAME, frameWords(item)))
  return frameHashes.get(frame) ?? ZERO_HASH
}

export function worldHash(world: World): Uint8Array {
  const known = worldHashes.get(world)
  if (known !== undefined) return known
  const hash = tagged(TAG_WORLD, worldWords(world))
  worldHashes.set(world, hash)
  return hash
}

export interface RecordHashes {
  readonly block: Uint8Array
  readonly tx: Uint8Array
  readonly world: Uint8Array
  readonly frame: Uint8Array
}

export function recordHashes(state: MachineState): RecordHashes {
  return {
    block: tagged(TAG_BLOCK, blockWords(state.block)),
    tx: tagged(TAG_TX, txWords(state.tx)),
    world: worldHash(state.world),
    frame: state.frame === null ? NO_FRAME_HASH : frameHash(state.frame),
  }
}

/** What a claim commits to. */
export function stateHash(state: MachineState): Uint8Array {
  const hashes = recordHashes(state)
  return keccak256(
    wordsOf([TAG_STATE, state.phase, hashes.block, hashes.tx, hashes.world, hashes.frame]),
  )
}

export function chainHash(chain: ItemChain | null): Uint8Array {
  if (chain === null) return ZERO_HASH
  const pending: ItemChain[] = []
  let next: ItemChain | null = chain
  while (next !== null && next.hash === null) {
    pending.push(next)
    next = next.below
  }
  let hash = next?.hash ?? ZERO_HASH
  for (const item of pending.reverse()) {
    hash = keccak256(wordsOf([hash, ...item.words]))
    item.hash = hash
  }
  return hash
}

export const ZERO_ADDRESS_20: Uint8Array = new Uint8Array(20)

/** The Tx record of phases without a transaction: all words zero. */
export const NO_TX: TxRecord = {
  hash: ZERO_HASH,
  source: 0,
  kind: 0,
  origin: ZERO_ADDRESS_20,
  to: ZERO_ADDRESS_20,
  isCreate: false,
  gasPrice: 0n,
  gasLimit: 0,
  gas: 0,
  floorGas: 0,
  value: 0n,
  data: null,
  access: null,
  authorizations: null,
  committed: null,
  status: 0,
  gasLeft: 0,
  gasUsed: 0,
  raw: null,
}

const NO_FRAME_HASH = tagged(TAG_FRAME, frameWords(null))

export const CLEAN_WORLD: World = {
  state: EMPTY_WORLD,
  scratch: null,
  refund: 0,
  logHash: ZERO_HASH,
  bloom: CLEAN_BLOOM,
  destructs: null,
}

/** A frame's fields that begin empty. */
export const FRESH_FRAME = {
  pc: 0,
  stack: null,
  memory: EMPTY_MEMORY,
  memoryWords: 0,
  returnData: EMPTY_STRING,
  input: EMPTY_STRING,
  code: EMPTY_CODE,
  outOffset: 0,
  outLength: 0,
  parent: null,
  revertWorld: null,
  isStatic: false,
} as const

function tagged(tag: Uint8Array, words: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(32 + words.length)
  bytes.set(tag)
  bytes.set(words, 32)
  return keccak256(bytes)
}

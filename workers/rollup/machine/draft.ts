/**
 * One step under way. Rules change the draft and take what they read through the functions here, which write it into the witness
 * when one is asked for; `taking` and `running` are one code, so that a witness holds exactly what the step takes.
 */

import { equalBytes } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { trieGet, trieProof, trieSibling } from '../trie/trie.ts'
import {
  type Account,
  EMPTY_ACCOUNT,
  getCode,
  putSlot,
  setAccount,
  type WorldState,
} from '../trie/world.ts'
import { type ByteString, type Code, EMPTY_CODE, isEmptyHash, stringHash } from './byteString.ts'
import { MachineError } from './errors.ts'
import { memoryProof, readMemory, writeMemory } from './memory.ts'
import type { Parts } from './parts.ts'
import { isPrecompile } from './precompileAddress.ts'
import { SCRATCH, scratchGet, scratchKey, scratchProof, scratchSet } from './scratch.ts'
import { push, stackHash } from './stack.ts'
import type {
  BlockRecord,
  Frame,
  MachineContext,
  MachineState,
  Phase,
  TxRecord,
  World,
} from './types.ts'
import { wordToBytes } from './words.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export type OpenFrame = Mutable<Frame>

export interface Draft {
  readonly context: MachineContext
  readonly before: MachineState
  /** Null where no witness is wanted. */
  readonly parts: Parts | null
  phase: Phase
  block: BlockRecord
  tx: TxRecord
  world: World
  frame: Frame | null
}

export function openDraft(
  before: MachineState,
  context: MachineContext,
  parts: Parts | null,
): Draft {
  const { phase, block, tx, world, frame } = before
  return { context, before, parts, phase, block, tx, world, frame }
}

/** The running frame, as a copy that the step may change. */
export function openFrame(draft: Draft): OpenFrame {
  if (draft.frame === null) throw new MachineError(`Phase ${draft.phase} needs a frame.`)
  const frame = { ...draft.frame }
  draft.frame = frame
  return frame
}

export function takeBlob(draft: Draft, bytes: Uint8Array): void {
  draft.parts?.blobs.push(bytes)
}

/** A byte string that a record holds by hash. */
export function takeString(draft: Draft, value: ByteString): Uint8Array {
  draft.parts?.blobs.push(value.bytes)
  return value.bytes
}

/** `code(h)` of the spec: taken unless empty. */
export function takeCode(draft: Draft, state: WorldState, codeHash: Uint8Array): Code {
  if (isEmptyHash(codeHash)) return EMPTY_CODE
  const bytes = getCode(state, codeHash)
  if (bytes === undefined) throw new MachineError('The world lacks the code of an account.')
  draft.parts?.blobs.push(bytes)
  return { bytes, hash: codeHash }
}

export function takeWords(draft: Draft, words: readonly (bigint | Uint8Array)[]): void {
  if (draft.parts === null) return
  for (const word of words) {
    draft.parts.words.push(word instanceof Uint8Array ? word : wordToBytes(word))
  }
}

/** An account as it was read, and which proof read it, so that a write can complete the proof. */
export interface TakenAccount {
  readonly address: Uint8Array
  readonly key: Uint8Array
  readonly account: Account
  readonly proof: Uint8Array[] | null
}

/** Reads an account of `state`; a missing one is the empty account. */
export function takeAccount(draft: Draft, state: WorldState, address: Uint8Array): TakenAccount {
  const key = keccak256(address)
  const account = trieGet(state.accounts, key) ?? EMPTY_ACCOUNT
  let proof: Uint8Array[] | null = null
  if (draft.parts !== null) {
    proof = trieProof(state.accounts, key)
    draft.parts.trie.push(proof)
  }
  return { address, key, account, proof }
}

/** Replaces an account that was taken under the current state root; an empty one is deleted (EIP-161). */
export function writeAccount(draft: Draft, taken: TakenAccount, account: Account): void {
  const { world } = draft
  if (isEmptyAccount(account)) {
    const sibling = taken.proof === null ? null : trieSibling(world.state.accounts, taken.key)
    if (sibling !== null) taken.proof?.push(sibling)
    draft.world = { ...world, state: setAccount(world.state, taken.address, undefined) }
    return
  }
  draft.world = { ...world, state: setAccount(world.state, taken.address, account) }
}

export function isEmptyAccount(account: Account): boolean {
  return account.balance === 0n && account.nonce === 0n && isEmptyHash(account.codeHash)
}

/** `credit(a, v)` of the spec. */
export function credit(draft: Draft, address: Uint8Array, amount: bigint): void {
  if (amount === 0n) return
  const taken = takeAccount(draft, draft.world.state, address)
  writeAccount(draft, taken, { ...taken.account, balance: addWei(taken.account.balance, amount) })
}

const WEI_MASK = (1n << 256n) - 1n

/** Balances are words; supply is far below 2^256, yet the rule is total. */
export function addWei(balance: bigint, amount: bigint): bigint {
  return (balance + amount) & WEI_MASK
}

export interface TakenSlot {
  readonly slot: Uint8Array
  readonly key: Uint8Array
  readonly value: bigint
  readonly proof: Uint8Array[] | null
}

/** Reads a storage slot of an account. */
export function takeSlot(draft: Draft, account: Account, slot: bigint): TakenSlot {
  const bytes = wordToBytes(slot)
  const key = keccak256(bytes)
  let proof: Uint8Array[] | null = null
  if (draft.parts !== null) {
    proof = trieProof(account.storage, key)
    draft.parts.trie.push(proof)
  }
  return { slot: bytes, key, value: trieGet(account.storage, key) ?? 0n, proof }
}

/** Writes a taken slot, then its taken account. */
export function writeSlot(draft: Draft, taken: TakenAccount, slot: TakenSlot, value: bigint): void {
  const { storage } = taken.account
  if (value === 0n && slot.proof !== null) {
    const sibling = trieSibling(storage, slot.key)
    if (sibling !== null) slot.proof.push(sibling)
  }
  writeAccount(draft, taken, { ...taken.account, storage: putSlot(storage, slot.slot, value) })
}

export function takeScratch(draft: Draft, kind: number, address: Uint8Array, slot: bigint): bigint {
  return takeScratchKey(draft, scratchKey(kind, address, slot))
}

/** Reads the word and sets it at once. */
export function setScratch(draft: Draft, key: Uint8Array, value: bigint): bigint {
  const old = takeScratchKey(draft, key)
  if (old !== value) {
    draft.world = { ...draft.world, scratch: scratchSet(draft.world.scratch, key, value) }
  }
  return old
}

function takeScratchKey(draft: Draft, key: Uint8Array): bigint {
  const { scratch } = draft.world
  draft.parts?.scratch.push(scratchProof(scratch, key))
  return scratchGet(scratch, key)
}

/** `warm(a)` of the spec: whether it was warm; it is afterwards. */
export function warm(draft: Draft, address: Uint8Array): boolean {
  if (
    isPrecompile(address) ||
    equalBytes(address, draft.tx.to) ||
    equalBytes(address, draft.tx.origin) ||
    equalBytes(address, draft.block.coinbase)
  ) {
    return true
  }
  return setScratch(draft, scratchKey(SCRATCH.WARM_ADDRESS, address, 0n), 1n) === 1n
}

/** Reads memory of the running frame. */
export function takeMemory(
  draft: Draft,
  frame: OpenFrame,
  offset: number,
  length: number,
): Uint8Array {
  if (length === 0) return new Uint8Array(0)
  draft.parts?.ranges.push(memoryProof(frame.memory, offset, length))
  return readMemory(frame.memory, offset, length)
}

/** Writes memory of the running frame. */
export function putMemory(draft: Draft, frame: OpenFrame, offset: number, bytes: Uint8Array): void {
  if (bytes.length === 0) return
  draft.parts?.ranges.push(memoryProof(frame.memory, offset, bytes.length))
  frame.memory = writeMemory(frame.memory, offset, bytes)
}

export function pushWord(frame: OpenFrame, value: bigint): void {
  frame.stack = push(frame.stack, value)
}

/** Pops are in `values`, top first; the hash below them ends the words that the witness gets. */
export function takePops(draft: Draft, frame: OpenFrame, values: readonly bigint[]): void {
  if (draft.parts === null || values.length === 0) return
  takeWords(draft, values)
  draft.parts.words.push(stackHash(frame.stack))
}

export function hashOf(value: ByteString): Uint8Array {
  return stringHash(value)
}

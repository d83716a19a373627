/**
 * Changes above an immutable `WorldState`, with an undo log: a frame of the EVM is a mark in it, so that a checkpoint costs
 * nothing. `flushJournal` folds what changed into the tries in one pass.
 */
import { assert } from '../../kernel/errors.ts'
import { bigintToMinimalBytes, bytesToBigint, EMPTY_BYTES, equalBytes } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { type Trie, trieDelete, trieGet, triePut } from '../../rollup/trie/trie.ts'
import {
  type Account,
  EMPTY_CODE_HASH,
  EMPTY_STORAGE,
  getCode,
  putCode,
  type WorldState,
} from '../../rollup/trie/world.ts'

/** An account without its storage. */
export interface AccountValues {
  readonly nonce: bigint
  readonly balance: bigint
  readonly codeHash: Uint8Array
}

export const NO_ACCOUNT: AccountValues = { nonce: 0n, balance: 0n, codeHash: EMPTY_CODE_HASH }

export interface Slots {
  base: Trie<bigint>
  /** Values as the EVM hands them over: without leading zeros. Reads are remembered here as well. */
  readonly values: Map<string, Uint8Array>
  /** Slots (32 bytes) that may differ from `base`. */
  readonly dirty: Map<string, Uint8Array>
}

/** What was hashed, by `keyOf` its keccak256. */
export type Preimages = Map<string, Uint8Array>

export interface Entry {
  readonly address: Uint8Array
  /** Undefined: no such account. */
  values: AccountValues | undefined
  /** keccak256 of the address, the key in the trie. */
  readonly hash: Uint8Array
  storage: Slots
}

export interface Journal {
  world: WorldState
  readonly entries: Map<string, Entry>
  readonly dirty: Set<Entry>
  readonly codes: Map<string, Uint8Array>
  readonly undoLog: (() => void)[]
  readonly marks: number[]
  /** Values at the start of the transaction, of slots that were written in it. */
  readonly originals: Map<Slots, Map<string, Uint8Array>>
  /** Gathers the addresses and slots that are flushed. */
  readonly preimages: Preimages | undefined
}

export function createJournal(world: WorldState, preimages?: Preimages): Journal {
  return {
    world,
    preimages,
    entries: new Map(),
    dirty: new Set(),
    codes: new Map(),
    undoLog: [],
    marks: [],
    originals: new Map(),
  }
}

export function entryOf(journal: Journal, address: Uint8Array): Entry {
  const key = keyOf(address)
  const known = journal.entries.get(key)
  if (known !== undefined) return known
  const hash = keccak256(address)
  const account = trieGet(journal.world.accounts, hash)
  const storage = slotsOn(account?.storage ?? EMPTY_STORAGE)
  const entry = { address: address.slice(), values: account, hash, storage }
  journal.entries.set(key, entry)
  return entry
}

export function writeValues(
  journal: Journal,
  entry: Entry,
  values: AccountValues | undefined,
): void {
  const previous = entry.values
  journal.undoLog.push(() => {
    entry.values = previous
  })
  entry.values = values
  journal.dirty.add(entry)
}

export function readSlot(slots: Slots, slot: Uint8Array): Uint8Array {
  const key = keyOf(slot)
  const known = slots.values.get(key)
  if (known !== undefined) return known
  const value = slots.base.root === null ? undefined : trieGet(slots.base, keccak256(slot))
  const bytes = value === undefined ? EMPTY_BYTES : bigintToMinimalBytes(value)
  slots.values.set(key, bytes)
  return bytes
}

/** `value` without leading zeros. */
export function writeSlot(
  journal: Journal,
  entry: Entry,
  slot: Uint8Array,
  value: Uint8Array,
): void {
  const slots = entry.storage
  const key = keyOf(slot)
  const previous = readSlot(slots, slot)
  rememberOriginal(journal, slots, key, previous)
  journal.undoLog.push(() => {
    slots.values.set(key, previous)
  })
  slots.values.set(key, value)
  if (!slots.dirty.has(key)) slots.dirty.set(key, slot.slice())
  journal.dirty.add(entry)
}

/** The slot's value when the transaction began. */
export function originalSlot(journal: Journal, entry: Entry, slot: Uint8Array): Uint8Array {
  const original = journal.originals.get(entry.storage)?.get(keyOf(slot))
  return original ?? readSlot(entry.storage, slot)
}

/** Empties an account's storage. */
export function clearSlots(journal: Journal, entry: Entry): void {
  const previous = entry.storage
  if (previous.base.root === null && previous.dirty.size === 0) return
  journal.undoLog.push(() => {
    entry.storage = previous
  })
  entry.storage = slotsOn(EMPTY_STORAGE)
  journal.dirty.add(entry)
}

export function writeCode(journal: Journal, entry: Entry, code: Uint8Array): void {
  const codeHash = code.length === 0 ? EMPTY_CODE_HASH : keccak256(code)
  if (code.length > 0) journal.codes.set(keyOf(codeHash), code)
  writeValues(journal, entry, { ...(entry.values ?? NO_ACCOUNT), codeHash })
}

export function codeOf(journal: Journal, values: AccountValues | undefined): Uint8Array {
  if (values === undefined || equalBytes(values.codeHash, EMPTY_CODE_HASH)) return EMPTY_BYTES
  const key = keyOf(values.codeHash)
  const known = journal.codes.get(key)
  if (known !== undefined) return known
  const code = getCode(journal.world, values.codeHash)
  assert(code !== undefined, 'An account names code that the state does not hold.')
  journal.codes.set(key, code)
  return code
}

export function checkpointJournal(journal: Journal): void {
  journal.marks.push(journal.undoLog.length)
}

export function commitJournal(journal: Journal): void {
  journal.marks.pop()
  if (journal.marks.length === 0) journal.undoLog.length = 0
}

export function revertJournal(journal: Journal): void {
  const mark = journal.marks.pop() ?? 0
  for (let index = journal.undoLog.length - 1; index >= mark; index -= 1) journal.undoLog[index]?.()
  journal.undoLog.length = mark
}

/** The immutable state with all changes so far. Only outside of any checkpoint. */
export function flushJournal(journal: Journal): WorldState {
  assert(journal.marks.length === 0, 'State is flushed only outside of any checkpoint.')
  for (const entry of journal.dirty) flushEntry(journal, entry)
  journal.dirty.clear()
  journal.undoLog.length = 0
  return journal.world
}

function flushEntry(journal: Journal, entry: Entry): void {
  const { address, values, hash, storage } = entry
  const { world, preimages } = journal
  preimages?.set(keyOf(hash), address)
  foldSlots(storage, preimages)
  if (values === undefined) {
    journal.world = { ...world, accounts: trieDelete(world.accounts, hash) }
    return
  }
  const { nonce, balance, codeHash } = values
  const account: Account = { nonce, balance, codeHash, storage: storage.base }
  const before = trieGet(world.accounts, hash)
  if (before !== undefined && isSameAccount(before, account)) return
  const accounts = triePut(world.accounts, hash, account)
  const hasNewCode = before === undefined || !equalBytes(before.codeHash, codeHash)
  const next = { ...world, accounts }
  journal.world = hasNewCode ? putCode(next, codeOf(journal, values)) : next
}

function foldSlots(slots: Slots, preimages: Preimages | undefined): void {
  for (const [key, slot] of slots.dirty) {
    const value = slots.values.get(key) ?? EMPTY_BYTES
    const hash = keccak256(slot)
    preimages?.set(keyOf(hash), slot)
    slots.base =
      value.length === 0
        ? trieDelete(slots.base, hash)
        : triePut(slots.base, hash, bytesToBigint(value))
  }
  slots.dirty.clear()
}

function isSameAccount(before: Account, after: Account): boolean {
  return (
    before.nonce === after.nonce &&
    before.balance === after.balance &&
    before.storage === after.storage &&
    equalBytes(before.codeHash, after.codeHash)
  )
}

function rememberOriginal(journal: Journal, slots: Slots, key: string, value: Uint8Array): void {
  let known = journal.originals.get(slots)
  if (known === undefined) {
    known = new Map()
    journal.originals.set(slots, known)
  }
  if (!known.has(key)) known.set(key, value)
}

function slotsOn(base: Trie<bigint>): Slots {
  return { base, values: new Map(), dirty: new Map() }
}

/** Bytes as a string of the same length, one character for each: the cheapest key of a Map. */
export function keyOf(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[])
}

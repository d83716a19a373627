/**
 * The state of an Ethereum chain as one immutable value: accounts, their storage, and code by hash.
 * Keeping a reference to a `WorldState` is a snapshot of the chain.
 */
import { keccak256 } from '../keccak.ts'
import { rlpBytes, rlpInteger, rlpList } from './rlp.ts'
import {
  emptyTrie,
  type Trie,
  type TrieCodec,
  trieDelete,
  trieGet,
  trieProof,
  triePut,
  trieRoot,
} from './trie.ts'

export interface Account {
  readonly nonce: bigint
  /** In wei. */
  readonly balance: bigint
  readonly codeHash: Uint8Array
  readonly storage: Trie<bigint>
}

export interface WorldState {
  /** By keccak256(address). */
  readonly accounts: Trie<Account>
  /** By code hash. It only grows, and no root covers it: the hashes in the accounts do. */
  readonly codes: Trie<Uint8Array>
}

/** keccak256 of no bytes: the code hash of an account without code. */
export const EMPTY_CODE_HASH: Uint8Array = keccak256(new Uint8Array(0))

const storageCodec: TrieCodec<bigint> = { encode: rlpInteger }
const accountCodec: TrieCodec<Account> = { encode: encodeAccount }
const codeCodec: TrieCodec<Uint8Array> = { encode: (code) => code }

/** What a state holds that is code, for those who write states down. */
export const WORLD_CODECS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['storageCodec', storageCodec],
  ['accountCodec', accountCodec],
  ['codeCodec', codeCodec],
])

export const EMPTY_STORAGE: Trie<bigint> = emptyTrie(storageCodec)
export const EMPTY_ACCOUNT: Account = {
  nonce: 0n,
  balance: 0n,
  codeHash: EMPTY_CODE_HASH,
  storage: EMPTY_STORAGE,
}
export const EMPTY_WORLD: WorldState = {
  accounts: emptyTrie(accountCodec),
  codes: emptyTrie(codeCodec),
}

/** RLP of an account: [nonce, balance, storage root, code hash]. */
export function encodeAccount(account: Account): Uint8Array {
  return rlpList([
    rlpInteger(account.nonce),
    rlpInteger(account.balance),
    rlpBytes(trieRoot(account.storage)),
    rlpBytes(account.codeHash),
  ])
}

/** The account of a 20-byte address, or undefined. */
export function getAccount(world: WorldState, address: Uint8Array): Account | undefined {
  return trieGet(world.accounts, keccak256(address))
}

/** The world with `account` at `address`; undefined deletes it. Emptiness (EIP-161) is the caller's to judge. */
export function setAccount(
  world: WorldState,
  address: Uint8Array,
  account: Account | undefined,
): WorldState {
  const key = keccak256(address)
  const accounts =
    account === undefined ? trieDelete(world.accounts, key) : triePut(world.accounts, key, account)
  return accounts === world.accounts ? world : { ...world, accounts }
}

/** The word in a storage slot (32-byte key); zero where nothing is stored. */
export function getStorage(world: WorldState, address: Uint8Array, slot: Uint8Array): bigint {
  const account = getAccount(world, address)
  return account === undefined ? 0n : (trieGet(account.storage, keccak256(slot)) ?? 0n)
}

/** The world with `value` in a storage slot; zero clears it. A missing account is created empty. */
export function setStorage(
  world: WorldState,
  address: Uint8Array,
  slot: Uint8Array,
  value: bigint,
): WorldState {
  const account = getAccount(world, address) ?? EMPTY_ACCOUNT
  const storage = putSlot(account.storage, slot, value)
  return storage === account.storage ? world : setAccount(world, address, { ...account, storage })
}

/** A storage trie with `value` in a slot (32-byte key); zero clears it. */
export function putSlot(storage: Trie<bigint>, slot: Uint8Array, value: bigint): Trie<bigint> {
  const key = keccak256(slot)
  return value === 0n ? trieDelete(storage, key) : triePut(storage, key, value)
}

/** The code with this hash; empty for the empty hash, undefined if the world never held it. */
export function getCode(world: WorldState, codeHash: Uint8Array): Uint8Array | undefined {
  const code = trieGet(world.codes, codeHash)
  if (code !== undefined) return code
  return codeHash.every((byte, i) => byte === EMPTY_CODE_HASH[i]) ? new Uint8Array(0) : undefined
}

/** The world that knows `code` by its hash. */
export function putCode(world: WorldState, code: Uint8Array): WorldState {
  if (code.length === 0) return world
  const codes = triePut(world.codes, keccak256(code), code)
  return codes === world.codes ? world : { ...world, codes }
}

/** The state root. */
export function worldRoot(world: WorldState): Uint8Array {
  return trieRoot(world.accounts)
}

/** Proof of an account against the state root, as `eth_getProof` gives it. */
export function accountProof(world: WorldState, address: Uint8Array): Uint8Array[] {
  return trieProof(world.accounts, keccak256(address))
}

/** Proof of a storage slot against the account's storage root; empty for an account without storage. */
export function storageProof(
  world: WorldState,
  address: Uint8Array,
  slot: Uint8Array,
): Uint8Array[] {
  const account = getAccount(world, address)
  return account === undefined ? [] : trieProof(account.storage, keccak256(slot))
}

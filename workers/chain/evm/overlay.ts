/** The journal of changes as @ethereumjs/vm wants its state manager. */
import type { StateManagerInterface } from '@ethereumjs/common'
import { Account as EvmAccount } from '@ethereumjs/util'
import { assert } from '../../kernel/errors.ts'
import { trimLeft } from '../../rollup/bytes.ts'
import { EMPTY_TRIE_ROOT } from '../../rollup/trie/trie.ts'
import { EMPTY_WORLD, type WorldState } from '../../rollup/trie/world.ts'
import {
  type AccountValues,
  checkpointJournal,
  clearSlots,
  codeOf,
  commitJournal,
  createJournal,
  type Entry,
  entryOf,
  flushJournal,
  NO_ACCOUNT,
  originalSlot,
  type Preimages,
  readSlot,
  revertJournal,
  writeCode,
  writeSlot,
  writeValues,
} from './journal.ts'

export interface Overlay extends StateManagerInterface {
  /** Forgets everything and continues from `world`. */
  open(world: WorldState): void
  /** The immutable state with all changes so far. Only outside of any checkpoint. */
  flush(): WorldState
  /** Account as it is now; undefined where there is none. */
  account(address: Uint8Array): AccountValues | undefined
  /** A slot (32 bytes) as it is now, without leading zeros. */
  slot(address: Uint8Array, slot: Uint8Array): Uint8Array
  /** Code as it is now; empty where there is none. */
  code(address: Uint8Array): Uint8Array
  /** Tells from now on which accounts and slots are asked for, whatever becomes of them; null ends that. */
  watch(touch: Touch | null): void
}

/** An account, or one of its slots (32 bytes), was asked for. */
export type Touch = (address: Uint8Array, slot?: Uint8Array) => void

/** Any root but the empty one: the EVM asks of it only whether storage is empty (EIP-7610). */
const SOME_STORAGE_ROOT = new Uint8Array(32).fill(0xff)

/** A state for one EVM, which works on it alone. `preimages` gathers the addresses and slots that are flushed. */
export function createOverlay(preimages?: Preimages): Overlay {
  let journal = createJournal(EMPTY_WORLD, preimages)
  let touch: Touch | null = null
  const entryAt = (address: Uint8Array, slot?: Uint8Array): Entry => {
    touch?.(address, slot)
    return entryOf(journal, address)
  }
  return {
    open(world) {
      journal = createJournal(world, preimages)
    },
    flush: () => flushJournal(journal),
    account: (address) => entryAt(address).values,
    slot: (address, slot) => readSlot(entryAt(address, slot).storage, slot),
    code: (address) => codeOf(journal, entryAt(address).values),
    watch(next) {
      touch = next
    },
    getAccount: async (address) => toEvmAccount(entryAt(address.bytes)),
    async putAccount(address, account) {
      writeValues(journal, entryAt(address.bytes), toValues(account))
    },
    async deleteAccount(address) {
      const entry = entryAt(address.bytes)
      writeValues(journal, entry, undefined)
      clearSlots(journal, entry)
    },
    async modifyAccountFields(address, fields) {
      const entry = entryAt(address.bytes)
      const { nonce, balance, codeHash } = entry.values ?? NO_ACCOUNT
      writeValues(journal, entry, {
        nonce: fields.nonce ?? nonce,
        balance: fields.balance ?? balance,
        codeHash: fields.codeHash ?? codeHash,
      })
    },
    putCode: async (address, code) => writeCode(journal, entryAt(address.bytes), code),
    getCode: async (address) => codeOf(journal, entryAt(address.bytes).values),
    getCodeSize: async (address) => codeOf(journal, entryAt(address.bytes).values).length,
    getStorage: async (address, slot) => readSlot(entryAt(address.bytes, slot).storage, slot),
    async putStorage(address, slot, value) {
      writeSlot(journal, entryAt(address.bytes, slot), slot, trimLeft(value))
    },
    clearStorage: async (address) => clearSlots(journal, entryAt(address.bytes)),
    checkpoint: async () => checkpointJournal(journal),
    commit: async () => commitJournal(journal),
    revert: async () => revertJournal(journal),
    originalStorageCache: {
      get: async (address, slot) => originalSlot(journal, entryAt(address.bytes, slot), slot),
      clear: () => journal.originals.clear(),
    },
    // The EVM puts it into receipts before Byzantium, which are made anew from `flush` (history/importChain.ts).
    getStateRoot: async () => EMPTY_TRIE_ROOT,
    setStateRoot: () => unsupported('setStateRoot'),
    hasStateRoot: () => unsupported('hasStateRoot'),
    clearCaches() {},
    shallowCopy: () => unsupported('shallowCopy'),
  }
}

function toEvmAccount(entry: Entry): EvmAccount | undefined {
  const { values, storage } = entry
  if (values === undefined) return undefined
  const root = storage.base.root === null ? EMPTY_TRIE_ROOT : SOME_STORAGE_ROOT
  return new EvmAccount(values.nonce, values.balance, root, values.codeHash)
}

function toValues(account: EvmAccount | undefined): AccountValues | undefined {
  if (account === undefined) return undefined
  return { nonce: account.nonce, balance: account.balance, codeHash: account.codeHash }
}

function unsupported(method: string): never {
  assert(false, `The EVM asked the state for ${method}, which only blocks have.`)
}

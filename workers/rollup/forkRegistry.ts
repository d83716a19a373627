/**
 * Where a forked world notes on its own L2 what it has brought of the source's state, so that a replay, a save or a snapshot knows it
 * without anybody's memory. The slots of one account that no key controls; cheats write them (docs/specs/CHEATS.md).
 */
import { concatBytes, hexToBytes, word } from './bytes.ts'
import { keccak256 } from './keccak.ts'
import { getStorage, type WorldState } from './trie/world.ts'

export const FORK_REGISTRY: Uint8Array = hexToBytes('0x420000000000000000000000000000000000f04c')

/** Slots with a meaning of their own. */
export const REGISTRY_SLOT = {
  /** How many accounts were brought. */
  accounts: word(0n),
  /** How many slots were brought. */
  slots: word(1n),
  /** Hash of the fork's block. */
  blockHash: word(2n),
} as const

/** What the mark of an account says; 0 of one that was not brought. */
export const MARK = { withStorage: 1n, withoutStorage: 2n } as const

/** The registry's slot for an account, or for one of its slots: keccak256 of its 20, or 52, bytes. */
export function markSlot(address: Uint8Array, slot?: Uint8Array): Uint8Array {
  return keccak256(slot === undefined ? address : concatBytes(address, slot))
}

/** What the registry says of an account, or of one of its slots. */
export function markOf(world: WorldState, address: Uint8Array, slot?: Uint8Array): bigint {
  return getStorage(world, FORK_REGISTRY, markSlot(address, slot))
}

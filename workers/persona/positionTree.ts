/** Merkle trees with one leaf per passport, as `EpochRewards` verifies them (section 7): positions matter, leaves beyond the last are zero words. */
import { InvalidArgumentError } from '../kernel/errors.ts'
import { concatBytes, word, ZERO_HASH } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'

export interface PositionTree {
  /** 32 bytes. */
  readonly root: Uint8Array
  /** The siblings of a passport's leaf, from the bottom. Throws `InvalidArgumentError` for a passport that has none. */
  proof(passport: number): readonly Uint8Array[]
}

/** Of the leaves of passports 1, 2, …; at least one. Throws `InvalidArgumentError` on none. */
export function createPositionTree(leaves: readonly Uint8Array[]): PositionTree {
  if (leaves.length === 0) throw new InvalidArgumentError('A tree needs at least one leaf.')
  const levels: (readonly Uint8Array[])[] = [leaves]
  let empty = ZERO_HASH
  for (let level = leaves; level.length > 1; ) {
    const above: Uint8Array[] = []
    for (let at = 0; at < level.length; at += 2) {
      above.push(keccak256(concatBytes(level[at] as Uint8Array, level[at + 1] ?? empty)))
    }
    empty = keccak256(concatBytes(empty, empty))
    levels.push(above)
    level = above
  }
  return {
    root: levels.at(-1)?.[0] as Uint8Array,
    proof: (passport) => {
      let at = passport - 1
      if (leaves[at] === undefined) {
        throw new InvalidArgumentError(
          `Passport must be from 1 to ${leaves.length}, is ${passport}.`,
        )
      }
      const siblings: Uint8Array[] = []
      let absent = ZERO_HASH
      for (const level of levels.slice(0, -1)) {
        siblings.push(level[at ^ 1] ?? absent)
        absent = keccak256(concatBytes(absent, absent))
        at >>= 1
      }
      return siblings
    },
  }
}

/** Leaf of ABI words: hashed twice, so that no inner node can pass for one. */
export function wordsLeaf(values: readonly bigint[]): Uint8Array {
  return keccak256(keccak256(concatBytes(...values.map((value) => word(value)))))
}

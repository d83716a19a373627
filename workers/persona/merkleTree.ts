/**
 * Merkle trees as OpenZeppelin's `StandardMerkleTree` makes them and `MerkleProof.sol` verifies them: leaves are hashed twice and sorted,
 * pairs are hashed in order of size. Ours for its speed alone: ten thousand rows in the WebAssembly hasher. The tests hold it
 * against the library.
 */
import { InvalidArgumentError } from '../kernel/errors.ts'
import { compareBytes, concatBytes } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'

export interface MerkleTree {
  /** 32 bytes. */
  readonly root: Uint8Array
  /** Siblings from the row's leaf upwards, for the row with that index in the list that the tree was made of. */
  proof(index: number): readonly Uint8Array[]
}

/** Of the ABI encodings of rows, at least one. Throws `InvalidArgumentError` on an empty list. */
export function createMerkleTree(rows: readonly Uint8Array[]): MerkleTree {
  if (rows.length === 0) throw new InvalidArgumentError('A Merkle tree needs at least one row.')
  const leaves = rows
    .map((row, index) => ({ hash: rowLeaf(row), index }))
    .sort((left, right) => compareBytes(left.hash, right.hash))
  const size = 2 * leaves.length - 1
  // Node 0 is the root, 2i + 1 and 2i + 2 are below i; leaves stand at the end, the least hash last.
  const nodes = new Array<Uint8Array>(size)
  const places = new Array<number>(leaves.length)
  for (const [order, { hash, index }] of leaves.entries()) {
    nodes[size - 1 - order] = hash
    places[index] = size - 1 - order
  }
  for (let at = size - 1 - leaves.length; at >= 0; at -= 1) {
    nodes[at] = hashPair(nodes[2 * at + 1] as Uint8Array, nodes[2 * at + 2] as Uint8Array)
  }
  return {
    root: nodes[0] as Uint8Array,
    proof: (index) => {
      const place = places[index]
      if (place === undefined) {
        throw new InvalidArgumentError(`Row must be from 0 to ${rows.length - 1}, is ${index}.`)
      }
      const siblings: Uint8Array[] = []
      for (let at = place; at > 0; at = (at - 1) >> 1) {
        siblings.push(nodes[at % 2 === 0 ? at - 1 : at + 1] as Uint8Array)
      }
      return siblings
    },
  }
}

/** Leaf of a row: hashed twice, so that no inner node can pass for one. */
export function rowLeaf(row: Uint8Array): Uint8Array {
  return keccak256(keccak256(row))
}

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  return keccak256(
    compareBytes(left, right) < 0 ? concatBytes(left, right) : concatBytes(right, left),
  )
}

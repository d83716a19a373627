/**
 * Nodes of the Merkle-Patricia trie (Yellow Paper, appendix D). They never change, except that a node's reference
 * is computed when it is first asked for and then kept.
 *
 * Keys of one trie must be prefix-free (fixed length, or RLP integers), so that no branch ever holds a value.
 */
import { keccak256 } from '../keccak.ts'
import { rlpBytes, rlpList } from './rlp.ts'

/** How leaf values are encoded when their node is hashed. */
export interface TrieCodec<V> {
  /** The leaf's value as the trie stores it: the RLP of an account, of an integer, … */
  encode(value: V): Uint8Array
}

export interface Leaf<V> {
  readonly kind: 'leaf'
  /** The whole key; the leaf's path is what follows its first `depth` nibbles. */
  readonly key: Uint8Array
  readonly depth: number
  readonly value: V
  reference: Uint8Array | null
}

export interface Extension<V> {
  readonly kind: 'extension'
  /** Some key below this node: its nibbles [depth, depth + length) are the node's path. */
  readonly key: Uint8Array
  readonly depth: number
  readonly length: number
  readonly child: Branch<V>
  reference: Uint8Array | null
}

export interface Branch<V> {
  readonly kind: 'branch'
  readonly depth: number
  readonly children: readonly (TrieNode<V> | null)[]
  reference: Uint8Array | null
}

export type TrieNode<V> = Leaf<V> | Extension<V> | Branch<V>

/** Nibble `index` of a key, the high half of each byte first. */
export function nibbleAt(key: Uint8Array, index: number): number {
  const byte = key[index >> 1] ?? 0
  return (index & 1) === 0 ? byte >> 4 : byte & 15
}

/** First nibble in [from, to) where two keys differ, or `to`. */
export function firstDifference(a: Uint8Array, b: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (nibbleAt(a, i) !== nibbleAt(b, i)) return i
  return to
}

/** How a parent names the node: its RLP if shorter than 32 bytes, else the RLP of its hash (33 bytes). */
export function nodeReference<V>(node: TrieNode<V>, codec: TrieCodec<V>): Uint8Array {
  if (node.reference !== null) return node.reference
  node.reference = referenceTo(encodeNode(node, codec))
  return node.reference
}

function referenceTo(encoded: Uint8Array): Uint8Array {
  if (encoded.length < 32) return encoded
  const reference = new Uint8Array(33)
  reference[0] = 0xa0
  reference.set(keccak256(encoded), 1)
  return reference
}

/** RLP of a node. */
export function encodeNode<V>(node: TrieNode<V>, codec: TrieCodec<V>): Uint8Array {
  switch (node.kind) {
    case 'leaf': {
      const path = hexPrefix(node.key, node.depth, node.key.length * 2, true)
      return rlpList([rlpBytes(path), rlpBytes(codec.encode(node.value))])
    }
    case 'extension': {
      const path = hexPrefix(node.key, node.depth, node.depth + node.length, false)
      return rlpList([rlpBytes(path), nodeReference(node.child, codec)])
    }
    case 'branch': {
      return encodeBranch(node.children, codec)
    }
  }
}

/** In one pass over one buffer, because branches are most of what is hashed. */
function encodeBranch<V>(
  children: readonly (TrieNode<V> | null)[],
  codec: TrieCodec<V>,
): Uint8Array {
  let size = 17
  for (const child of children) if (child !== null) size += nodeReference(child, codec).length - 1
  const headerSize = size < 56 ? 1 : size < 256 ? 2 : 3
  const result = new Uint8Array(headerSize + size)
  result[0] = headerSize === 1 ? 0xc0 + size : 0xf6 + headerSize
  if (headerSize > 1) result[headerSize - 1] = size & 0xff
  if (headerSize > 2) result[1] = size >> 8
  let position = headerSize
  for (const child of children) {
    if (child === null) result[position++] = 0x80
    else {
      const reference = nodeReference(child, codec)
      result.set(reference, position)
      position += reference.length
    }
  }
  result[position] = 0x80
  return result
}

/** Hex-prefix encoding of the nibbles [from, to) of a key (Yellow Paper, appendix C). */
export function hexPrefix(key: Uint8Array, from: number, to: number, isLeaf: boolean): Uint8Array {
  const count = to - from
  const isOdd = (count & 1) === 1
  const result = new Uint8Array((count >> 1) + 1)
  result[0] = (isLeaf ? 0x20 : 0) | (isOdd ? 0x10 | nibbleAt(key, from) : 0)
  let position = 1
  for (let i = isOdd ? from + 1 : from; i < to; i += 2) {
    result[position++] = (nibbleAt(key, i) << 4) | nibbleAt(key, i + 1)
  }
  return result
}

/**
 * What a transaction remembers and forgets at its end: warm addresses and slots, transient storage, created contracts. A sparse
 * Merkle tree of depth 256 (`SparseMerkle.sol`), held as an immutable crit-bit tree whose nodes are hashed at most once.
 */
import { ZERO_HASH } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { joinNodes } from './binaryTree.ts'
import { writeWord } from './words.ts'

export const SCRATCH = { WARM_ADDRESS: 1, WARM_SLOT: 2, TRANSIENT: 3, CREATED: 4 } as const

interface Leaf {
  readonly key: Uint8Array
  readonly value: bigint
  /** Hash of the subtree of height `liftedTo` that holds this leaf alone. */
  lifted: Uint8Array | null
  liftedTo: number
}

interface Branch {
  /** Height of the children: bit `height` of the key decides between them. */
  readonly height: number
  readonly left: Node
  readonly right: Node
  lifted: Uint8Array | null
  liftedTo: number
}

type Node = Leaf | Branch

/** Null is the empty tree. */
export type Scratch = Node | null

export interface ScratchProof {
  readonly value: Uint8Array
  readonly bitmap: bigint
  readonly siblings: readonly Uint8Array[]
}

/** keccak256(abi.encode(kind, address, slot)). */
export function scratchKey(kind: number, address: Uint8Array, slot: bigint): Uint8Array {
  const words = new Uint8Array(96)
  words[31] = kind
  words.set(address, 44)
  writeWord(words, 64, slot)
  return keccak256(words)
}

export function scratchGet(scratch: Scratch, key: Uint8Array): bigint {
  let node = scratch
  while (node !== null && 'height' in node) node = bitAt(key, node.height) ? node.right : node.left
  return node !== null && sameKey(node.key, key) ? node.value : 0n
}

/** Sets the word at `key`; zero removes it. */
export function scratchSet(scratch: Scratch, key: Uint8Array, value: bigint): Scratch {
  if (value === 0n) return remove(scratch, key)
  const leaf: Leaf = { key, value, lifted: null, liftedTo: -1 }
  if (scratch === null) return leaf
  let closest: Node = scratch
  while ('height' in closest) closest = bitAt(key, closest.height) ? closest.right : closest.left
  const difference = highestDifference(closest.key, key)
  if (difference === -1 && closest.value === value) return scratch
  return insert(scratch, leaf, difference)
}

/** The root; 0 for the empty tree. */
export function scratchRoot(scratch: Scratch): Uint8Array {
  return scratch === null ? ZERO_HASH : hashAt(scratch, 256)
}

export function scratchProof(scratch: Scratch, key: Uint8Array): ScratchProof {
  // Heights of the siblings grow towards the root; the walk meets them from the root down.
  const found: { readonly height: number; readonly hash: Uint8Array }[] = []
  let node = scratch
  while (node !== null && 'height' in node) {
    const difference = highestDifference(anyKey(node), key)
    if (difference > node.height) break
    const isRight = bitAt(key, node.height)
    found.push({ height: node.height, hash: hashAt(isRight ? node.left : node.right, node.height) })
    node = isRight ? node.right : node.left
  }
  let value = ZERO_HASH
  if (node !== null) {
    const difference = highestDifference(anyKey(node), key)
    if (difference >= 0) found.push({ height: difference, hash: hashAt(node, difference) })
    else if ('value' in node) value = leafBytes(node)
  }
  found.reverse()
  let bitmap = 0n
  for (const { height } of found) bitmap |= 1n << BigInt(height)
  return { value, bitmap, siblings: found.map(({ hash }) => hash) }
}

function insert(node: Node, leaf: Leaf, difference: number): Node {
  if ('height' in node && node.height > difference) {
    return bitAt(leaf.key, node.height)
      ? branch(node.height, node.left, insert(node.right, leaf, difference))
      : branch(node.height, insert(node.left, leaf, difference), node.right)
  }
  if (difference === -1) return leaf
  return bitAt(leaf.key, difference)
    ? branch(difference, node, leaf)
    : branch(difference, leaf, node)
}

function remove(node: Scratch, key: Uint8Array): Scratch {
  if (node === null) return null
  if (!('height' in node)) return sameKey(node.key, key) ? null : node
  if (bitAt(key, node.height)) {
    const right = remove(node.right, key)
    if (right === node.right) return node
    return right === null ? node.left : branch(node.height, node.left, right)
  }
  const left = remove(node.left, key)
  if (left === node.left) return node
  return left === null ? node.right : branch(node.height, left, node.right)
}

function branch(height: number, left: Node, right: Node): Branch {
  return { height, left, right, lifted: null, liftedTo: -1 }
}

/** Hash of the subtree of `height` in which `node` stands alone; a leaf is of height 0, a branch of its children's + 1. */
function hashAt(node: Node, height: number): Uint8Array {
  if (node.lifted !== null && node.liftedTo === height) return node.lifted
  let hash: Uint8Array
  let level: number
  if ('height' in node) {
    hash = joinNodes(hashAt(node.left, node.height), hashAt(node.right, node.height))
    level = node.height + 1
  } else {
    hash = leafBytes(node)
    level = 0
  }
  const key = anyKey(node)
  for (; level < height; level++) {
    hash = bitAt(key, level) ? joinNodes(ZERO_HASH, hash) : joinNodes(hash, ZERO_HASH)
  }
  node.lifted = hash
  node.liftedTo = height
  return hash
}

function leafBytes(leaf: Leaf): Uint8Array {
  const bytes = new Uint8Array(32)
  writeWord(bytes, 0, leaf.value)
  return bytes
}

function anyKey(node: Node): Uint8Array {
  let current = node
  while ('height' in current) current = current.left
  return current.key
}

/** Bit `height` of the key, 0 being the least significant. */
function bitAt(key: Uint8Array, height: number): boolean {
  return (((key[31 - (height >> 3)] ?? 0) >> (height & 7)) & 1) === 1
}

/** The highest bit in which the keys differ; -1 if they are equal. */
function highestDifference(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < 32; i++) {
    const difference = (a[i] ?? 0) ^ (b[i] ?? 0)
    if (difference !== 0) return 8 * (31 - i) + 31 - Math.clz32(difference)
  }
  return -1
}

function sameKey(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || highestDifference(a, b) === -1
}

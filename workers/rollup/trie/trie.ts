/**
 * Ethereum's Merkle-Patricia trie as an immutable value: every edit returns a new trie that shares all untouched nodes with
 * the old one, so that keeping a reference is a snapshot. Node hashes are computed on demand, each at most once.
 */
import { keccak256 } from '../keccak.ts'
import {
  type Branch,
  type Extension,
  encodeNode,
  firstDifference,
  type Leaf,
  nibbleAt,
  type TrieCodec,
  type TrieNode,
} from './node.ts'

export type { TrieCodec } from './node.ts'

export interface Trie<V> {
  readonly codec: TrieCodec<V>
  readonly root: TrieNode<V> | null
}

/** keccak256(0x80): the root of a trie without entries. */
export const EMPTY_TRIE_ROOT: Uint8Array = keccak256(new Uint8Array([0x80]))

/** A trie without entries, whose leaf values `codec` encodes. */
export function emptyTrie<V>(codec: TrieCodec<V>): Trie<V> {
  return { codec, root: null }
}

/** The value at `key`, or undefined. Keys are raw: hash them first where the trie is a secure one. */
export function trieGet<V>(trie: Trie<V>, key: Uint8Array): V | undefined {
  const leaf = closestLeaf(trie.root, key)
  return leaf !== null && equalKeys(leaf.key, key) ? leaf.value : undefined
}

/** The trie with `value` at `key`; the same trie if that value (by identity) is there already. */
export function triePut<V>(trie: Trie<V>, key: Uint8Array, value: V): Trie<V> {
  const root = trie.root === null ? leafAt(key, 0, value) : put(trie.root, key, value, 0)
  return root === trie.root ? trie : { codec: trie.codec, root }
}

/** The trie without `key`; the same trie if it has no such key. */
export function trieDelete<V>(trie: Trie<V>, key: Uint8Array): Trie<V> {
  if (trie.root === null) return trie
  const root = remove(trie.root, key, 0)
  return root === trie.root ? trie : { codec: trie.codec, root }
}

/** The 32-byte root hash. */
export function trieRoot<V>(trie: Trie<V>): Uint8Array {
  const { root, codec } = trie
  if (root === null) return EMPTY_TRIE_ROOT
  // A reference of 33 bytes is 0xa0 and the hash; a shorter one is the node itself, which a root hashes all the same.
  if (root.reference?.length === 33) return root.reference.subarray(1)
  const encoded = encodeNode(root, codec)
  const hash = keccak256(encoded)
  if (encoded.length >= 32) {
    const reference = new Uint8Array(33)
    reference[0] = 0xa0
    reference.set(hash, 1)
    root.reference = reference
  }
  return hash
}

/**
 * The RLP nodes from the root towards `key`, as `eth_getProof` gives them: nodes shorter than 32 bytes stand inside their
 * parent and are left out. It proves the key's value or its absence. An empty trie has the empty proof.
 */
export function trieProof<V>(trie: Trie<V>, key: Uint8Array): Uint8Array[] {
  const nodes: Uint8Array[] = []
  let node: TrieNode<V> | null = trie.root
  while (node !== null) {
    const encoded = encodeNode(node, trie.codec)
    if (nodes.length === 0 || encoded.length >= 32) nodes.push(encoded)
    node = next(node, key)
  }
  return nodes
}

/**
 * What a proof of `key` lacks in order to delete it: if the branch above the leaf keeps only one other child, that child
 * merges with what stands above, so its RLP is needed. Null if no branch collapses or if the sibling is inside its parent.
 */
export function trieSibling<V>(trie: Trie<V>, key: Uint8Array): Uint8Array | null {
  let parent: Branch<V> | null = null
  let node: TrieNode<V> | null = trie.root
  while (node !== null && node.kind !== 'leaf') {
    if (node.kind === 'branch') parent = node
    node = next(node, key)
  }
  if (node === null || parent === null || !equalKeys(node.key, key)) return null
  const others = parent.children.filter((child) => child !== null && child !== node)
  const sibling = others[0]
  if (others.length !== 1 || sibling === undefined || sibling === null) return null
  const encoded = encodeNode(sibling, trie.codec)
  return encoded.length < 32 ? null : encoded
}

/** All entries in the order of their keys. */
export function* trieEntries<V>(trie: Trie<V>): Generator<readonly [key: Uint8Array, value: V]> {
  if (trie.root !== null) yield* entriesBelow(trie.root)
}

function* entriesBelow<V>(node: TrieNode<V>): Generator<readonly [Uint8Array, V]> {
  if (node.kind === 'leaf') yield [node.key, node.value]
  else if (node.kind === 'extension') yield* entriesBelow(node.child)
  else for (const child of node.children) if (child !== null) yield* entriesBelow(child)
}

function closestLeaf<V>(root: TrieNode<V> | null, key: Uint8Array): Leaf<V> | null {
  let node = root
  while (node !== null && node.kind !== 'leaf') {
    // An extension's path need not be compared here: the leaf's whole key is compared by the caller.
    node = node.kind === 'branch' ? (node.children[nibbleAt(key, node.depth)] ?? null) : node.child
  }
  return node
}

/** The node below `node` on the way to `key`, or null where the way ends. */
function next<V>(node: TrieNode<V>, key: Uint8Array): TrieNode<V> | null {
  switch (node.kind) {
    case 'leaf':
      return null
    case 'extension': {
      const end = node.depth + node.length
      return firstDifference(node.key, key, node.depth, end) === end ? node.child : null
    }
    case 'branch':
      return node.children[nibbleAt(key, node.depth)] ?? null
  }
}

function put<V>(node: TrieNode<V>, key: Uint8Array, value: V, depth: number): TrieNode<V> {
  if (node.kind === 'branch') {
    const index = nibbleAt(key, depth)
    const child = node.children[index] ?? null
    const updated =
      child === null ? leafAt(key, depth + 1, value) : put(child, key, value, depth + 1)
    return updated === child ? node : withChild(node, index, updated)
  }
  if (node.kind === 'extension') return putIntoExtension(node, key, value)
  if (equalKeys(node.key, key)) return node.value === value ? node : leafAt(key, depth, value)
  const split = firstDifference(node.key, key, depth, node.key.length * 2)
  const children = noChildren<V>()
  children[nibbleAt(node.key, split)] = leafAt(node.key, split + 1, node.value)
  children[nibbleAt(key, split)] = leafAt(key, split + 1, value)
  return extensionTo(key, depth, branchAt(split, children))
}

function putIntoExtension<V>(node: Extension<V>, key: Uint8Array, value: V): TrieNode<V> {
  const { depth } = node
  const end = depth + node.length
  const split = firstDifference(node.key, key, depth, end)
  if (split === end) {
    const child = put(node.child, key, value, end)
    // Adding below a branch leaves a branch.
    if (child === node.child || child.kind !== 'branch') return node
    return { ...node, child, reference: null }
  }
  const children = noChildren<V>()
  children[nibbleAt(node.key, split)] = extensionTo(node.key, split + 1, node.child)
  children[nibbleAt(key, split)] = leafAt(key, split + 1, value)
  return extensionTo(key, depth, branchAt(split, children))
}

function remove<V>(node: TrieNode<V>, key: Uint8Array, depth: number): TrieNode<V> | null {
  if (node.kind === 'leaf') return equalKeys(node.key, key) ? null : node
  if (node.kind === 'extension') {
    const end = depth + node.length
    if (firstDifference(node.key, key, depth, end) !== end) return node
    const child = remove(node.child, key, end)
    return child === node.child || child === null ? node : joinAbove(key, depth, child)
  }
  const index = nibbleAt(key, depth)
  const child = node.children[index] ?? null
  if (child === null) return node
  const updated = remove(child, key, depth + 1)
  if (updated === child) return node
  if (updated !== null) return withChild(node, index, updated)
  const others = node.children.filter((other) => other !== null && other !== child)
  const only = others[0]
  if (others.length > 1 || only === undefined || only === null) return withChild(node, index, null)
  return joinAbove(anyKey(only), depth, only)
}

/** The node that stands at `depth` when nothing but nibbles of `key` lie between it and `child`. */
function joinAbove<V>(key: Uint8Array, depth: number, child: TrieNode<V>): TrieNode<V> {
  if (child.kind === 'leaf') return leafAt(child.key, depth, child.value)
  if (child.kind === 'branch') return extensionTo(key, depth, child)
  return extensionTo(child.key, depth, child.child)
}

function anyKey<V>(node: TrieNode<V>): Uint8Array {
  let current = node
  while (current.kind === 'branch') {
    const child = current.children.find((candidate) => candidate !== null)
    if (child === undefined || child === null) return new Uint8Array(0)
    current = child
  }
  return current.key
}

function extensionTo<V>(key: Uint8Array, depth: number, child: Branch<V>): TrieNode<V> {
  const length = child.depth - depth
  if (length === 0) return child
  return { kind: 'extension', key, depth, length, child, reference: null }
}

function leafAt<V>(key: Uint8Array, depth: number, value: V): Leaf<V> {
  return { kind: 'leaf', key, depth, value, reference: null }
}

function branchAt<V>(depth: number, children: readonly (TrieNode<V> | null)[]): Branch<V> {
  return { kind: 'branch', depth, children, reference: null }
}

function noChildren<V>(): (TrieNode<V> | null)[] {
  const none = null
  return [
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
    none,
  ]
}

function withChild<V>(node: Branch<V>, index: number, child: TrieNode<V> | null): Branch<V> {
  const children = node.children.slice()
  children[index] = child
  return branchAt(node.depth, children)
}

function equalKeys(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

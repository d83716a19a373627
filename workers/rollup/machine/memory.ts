/**
 * Memory as an immutable tree of 1 KiB chunks. It is as high as what was written needs; its hash is that of the binary keccak
 * tree of depth 17 over words, each node hashed at most once.
 */
import { joinNodes, type RangeProof, rangeSiblings, zeroTree } from './binaryTree.ts'

interface Chunk {
  readonly bytes: Uint8Array
  hash: Uint8Array | null
}

interface Branch {
  readonly left: Node | null
  readonly right: Node | null
  hash: Uint8Array | null
}

type Node = Chunk | Branch

export interface Memory {
  /** Null: nothing but zeros. */
  readonly root: Node | null
  /** Levels of branches above the chunks. */
  readonly height: number
}

export const MEMORY_DEPTH = 17
/** Bytes that the tree has room for; gas never pays for more. */
export const MEMORY_SIZE_MAX = 32 * 2 ** MEMORY_DEPTH
const CHUNK_SIZE = 1024
const CHUNK_LEVEL = 5

export const EMPTY_MEMORY: Memory = { root: null, height: 0 }

export function readMemory(memory: Memory, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    const at = offset + done
    const within = at % CHUNK_SIZE
    const size = Math.min(CHUNK_SIZE - within, length - done)
    const chunk = chunkAt(memory, Math.floor(at / CHUNK_SIZE))
    if (chunk !== null) bytes.set(chunk.bytes.subarray(within, within + size), done)
    done += size
  }
  return bytes
}

export function writeMemory(memory: Memory, offset: number, bytes: Uint8Array): Memory {
  let result = memory
  let done = 0
  while (done < bytes.length) {
    const at = offset + done
    const within = at % CHUNK_SIZE
    const size = Math.min(CHUNK_SIZE - within, bytes.length - done)
    result = writeChunk(
      result,
      Math.floor(at / CHUNK_SIZE),
      within,
      bytes.subarray(done, done + size),
    )
    done += size
  }
  return result
}

export function memoryRoot(memory: Memory): Uint8Array {
  return lifted(nodeHash(memory.root, memory.height), CHUNK_LEVEL + memory.height, MEMORY_DEPTH)
}

/** Proof of the words that hold `length` > 0 bytes from `offset` on. */
export function memoryProof(memory: Memory, offset: number, length: number): RangeProof {
  const first = Math.floor(offset / 32)
  const last = Math.floor((offset + length - 1) / 32)
  const leaves: Uint8Array[] = []
  for (let i = first; i <= last; i++) leaves.push(readMemory(memory, 32 * i, 32))
  const siblings = rangeSiblings(MEMORY_DEPTH, first, last, (level, index) =>
    subtreeHash(memory, level, index),
  )
  return { leaves, siblings }
}

function subtreeHash(memory: Memory, level: number, index: number): Uint8Array {
  if (level < CHUNK_LEVEL) {
    const bytes = readMemory(memory, index * 32 * 2 ** level, 32 * 2 ** level)
    return hashBytes(bytes, 0, level)
  }
  const top = CHUNK_LEVEL + memory.height
  if (level >= top) {
    return index === 0 ? lifted(nodeHash(memory.root, memory.height), top, level) : zeroTree(level)
  }
  let node = index < 2 ** (top - level) ? memory.root : null
  for (let above = top - level - 1; above >= 0 && node !== null; above--) {
    if ('bytes' in node) return zeroTree(level)
    node = (index >> above) & 1 ? node.right : node.left
  }
  return nodeHash(node, level - CHUNK_LEVEL)
}

function nodeHash(node: Node | null, height: number): Uint8Array {
  if (node === null) return zeroTree(CHUNK_LEVEL + height)
  node.hash ??=
    'bytes' in node
      ? hashBytes(node.bytes, 0, CHUNK_LEVEL)
      : joinNodes(nodeHash(node.left, height - 1), nodeHash(node.right, height - 1))
  return node.hash
}

function hashBytes(bytes: Uint8Array, offset: number, level: number): Uint8Array {
  if (level === 0) return bytes.slice(offset, offset + 32)
  const half = 16 * 2 ** level
  return joinNodes(hashBytes(bytes, offset, level - 1), hashBytes(bytes, offset + half, level - 1))
}

/** The hash of the leftmost node at level `to` above the leftmost node `hash` at level `from`, all else being zero. */
function lifted(hash: Uint8Array, from: number, to: number): Uint8Array {
  let result = hash
  for (let level = from; level < to; level++) result = joinNodes(result, zeroTree(level))
  return result
}

function chunkAt(memory: Memory, index: number): Chunk | null {
  if (index >= 2 ** memory.height) return null
  let node = memory.root
  for (let level = memory.height - 1; level >= 0; level--) {
    if (node === null || 'bytes' in node) return null
    node = (index >> level) & 1 ? node.right : node.left
  }
  return node !== null && 'bytes' in node ? node : null
}

function writeChunk(memory: Memory, index: number, within: number, bytes: Uint8Array): Memory {
  let { root, height } = memory
  while (index >= 2 ** height) {
    root = root === null ? null : { left: root, right: null, hash: null }
    height += 1
  }
  return { root: put(root, height, { index, within, bytes }), height }
}

interface Patch {
  readonly index: number
  readonly within: number
  readonly bytes: Uint8Array
}

function put(node: Node | null, height: number, patch: Patch): Node {
  if (height === 0) {
    const bytes = node !== null && 'bytes' in node ? node.bytes.slice() : new Uint8Array(CHUNK_SIZE)
    bytes.set(patch.bytes, patch.within)
    return { bytes, hash: null }
  }
  const left = node !== null && 'left' in node ? node.left : null
  const right = node !== null && 'left' in node ? node.right : null
  return (patch.index >> (height - 1)) & 1
    ? { left, right: put(right, height - 1, patch), hash: null }
    : { left: put(left, height - 1, patch), right, hash: null }
}

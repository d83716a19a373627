/** Proofs of a trie that is not at hand, as other nodes give them by `eth_getProof` (EIP-1186). */
import { BaseError } from '../../kernel/errors.ts'
import { equalBytes } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { decodeRlp } from '../transaction/rlp.ts'
import { nibbleAt } from './node.ts'
import { type RlpItem, rlpEncode } from './rlp.ts'
import { EMPTY_TRIE_ROOT } from './trie.ts'

/** Nodes that do not lead from the root to the key. */
export class TrieProofError extends BaseError {
  override name = 'TrieProofError'
}

/** A node, or its hash; an empty byte string where there is none. */
type Reference = RlpItem

const HASH_BYTES = 32
const BRANCH_ITEMS = 17

/**
 * What the trie with this root holds at a raw key (hash it first where the trie is a secure one): the value as it is stored, or null.
 * `nodes` are RLP, from the root down; nodes shorter than 32 bytes may stand in their parent alone. Throws `TrieProofError` unless
 * every node is the one that its parent names.
 */
export function provenValue(
  root: Uint8Array,
  key: Uint8Array,
  nodes: readonly Uint8Array[],
): Uint8Array | null {
  if (nodes.length === 0 && equalBytes(root, EMPTY_TRIE_ROOT)) return null
  let used = 0
  const resolve = (reference: Reference): RlpItem => {
    const next = nodes[used]
    if (reference instanceof Uint8Array) {
      if (next === undefined) throw new TrieProofError(`The proof ends after ${used} nodes.`)
      if (!equalBytes(keccak256(next), reference)) {
        throw new TrieProofError(
          `Node ${used} of the proof has another hash than its parent names.`,
        )
      }
      used += 1
      return decode(next, used - 1)
    }
    if (next !== undefined && equalBytes(next, rlpEncode(reference))) used += 1
    return reference
  }
  let node = resolve(root)
  let depth = 0
  let value: Uint8Array | null = null
  for (;;) {
    const step = descend(node, key, depth)
    if (step.kind === 'end') {
      value = step.value
      break
    }
    node = resolve(step.reference)
    depth = step.depth
  }
  if (used === nodes.length) return value
  throw new TrieProofError(
    `${nodes.length - used} nodes of the proof are not on the way to the key.`,
  )
}

type Step =
  | { readonly kind: 'end'; readonly value: Uint8Array | null }
  | { readonly kind: 'down'; readonly reference: Reference; readonly depth: number }

const ABSENT: Step = { kind: 'end', value: null }

function descend(node: RlpItem, key: Uint8Array, depth: number): Step {
  if (node instanceof Uint8Array) {
    if (node.length === 0) return ABSENT
    throw malformed()
  }
  if (node.length === BRANCH_ITEMS) {
    // Keys of one trie have one length, so that no branch holds a value.
    if (depth >= key.length * 2) throw malformed()
    return toChild(node[nibbleAt(key, depth)], depth + 1)
  }
  const [path, rest] = node
  if (node.length !== 2 || !(path instanceof Uint8Array) || path.length === 0) throw malformed()
  const { isLeaf, end } = follow(path, key, depth)
  if (end === null) return ABSENT
  if (!isLeaf) return toChild(rest, end)
  if (!(rest instanceof Uint8Array)) throw malformed()
  return { kind: 'end', value: rest }
}

function toChild(reference: Reference | undefined, depth: number): Step {
  if (reference === undefined) throw malformed()
  if (!(reference instanceof Uint8Array)) return { kind: 'down', reference, depth }
  if (reference.length === 0) return ABSENT
  if (reference.length !== HASH_BYTES) throw malformed()
  return { kind: 'down', reference, depth }
}

/** Follows a hex-prefixed path (Yellow Paper, appendix C); `end` is null where the key leaves it. */
function follow(
  path: Uint8Array,
  key: Uint8Array,
  depth: number,
): { readonly isLeaf: boolean; readonly end: number | null } {
  const flags = nibbleAt(path, 0)
  if (flags > 3) throw malformed()
  const isLeaf = flags >= 2
  let at = depth
  for (let index = (flags & 1) === 1 ? 1 : 2; index < path.length * 2; index += 1) {
    if (at >= key.length * 2 || nibbleAt(path, index) !== nibbleAt(key, at)) {
      return { isLeaf, end: null }
    }
    at += 1
  }
  return { isLeaf, end: isLeaf && at !== key.length * 2 ? null : at }
}

function decode(bytes: Uint8Array, index: number): RlpItem {
  try {
    return decodeRlp(bytes)
  } catch (cause) {
    throw new TrieProofError(`Node ${index} of the proof is no RLP.`, { cause })
  }
}

function malformed(): TrieProofError {
  return new TrieProofError('A node of the proof is neither branch, extension nor leaf.')
}

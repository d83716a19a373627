/** What an edit of a trie meets: how the way to its key ends, which nodes on it are inline, and what a deletion collapses. */
import {
  type Branch,
  encodeNode,
  firstDifference,
  nibbleAt,
  type TrieNode,
} from '../../workers/rollup/trie/node.ts'
import type { Trie } from '../../workers/rollup/trie/trie.ts'

type Node = TrieNode<bigint>

const KINDS = ['leaf', 'extension', 'branch'] as const

/** All of them; a fuzzer that misses one is worth less than it says. */
export const TRIE_SHAPES: readonly string[] = [
  ...['insert', 'delete'].flatMap((edit) =>
    ['empty trie', 'found', 'no child', 'another leaf', 'extension that differs'].map(
      (end) => `${edit}: ${end}`,
    ),
  ),
  ...KINDS.map((kind) => `inline ${kind} on the way`),
  ...KINDS.flatMap((kind) => [`collapse into ${kind}`, `collapse into ${kind} below an extension`]),
  ...KINDS.map((kind) => `collapse into inline ${kind}`),
  'delete: last key',
]

export function shapesOf(
  trie: Trie<bigint>,
  key: Uint8Array,
  isDeletion: boolean,
): readonly string[] {
  const isInline = (node: Node): boolean => encodeNode(node, trie.codec).length < 32
  const way = wayTo(trie.root, key)
  const end = endOf(way, key)
  const inline = way
    .slice(1)
    .filter(isInline)
    .map(({ kind }) => `inline ${kind} on the way`)
  const shapes = [`${isDeletion ? 'delete' : 'insert'}: ${end}`, ...inline]
  if (isDeletion && end === 'found') shapes.push(...collapseOf(way, isInline))
  return [...new Set(shapes)]
}

/** The nodes from the root towards a key. */
function wayTo(root: Node | null, key: Uint8Array): readonly Node[] {
  const way: Node[] = []
  for (let node = root; node !== null; ) {
    way.push(node)
    if (node.kind === 'branch') node = node.children[nibbleAt(key, node.depth)] ?? null
    else if (node.kind === 'extension' && follows(node, key)) node = node.child
    else node = null
  }
  return way
}

function follows(node: Exclude<Node, Branch<bigint>>, key: Uint8Array): boolean {
  const end = node.kind === 'leaf' ? 64 : node.depth + node.length
  return firstDifference(node.key, key, node.depth, end) === end
}

function endOf(way: readonly Node[], key: Uint8Array): string {
  const last = way.at(-1)
  if (last === undefined) return 'empty trie'
  if (last.kind === 'branch') return 'no child'
  if (last.kind === 'extension') return 'extension that differs'
  return follows(last, key) ? 'found' : 'another leaf'
}

/** What a deletion of the way's leaf leaves of the branch above it. */
function collapseOf(way: readonly Node[], isInline: (node: Node) => boolean): readonly string[] {
  const [above, branch, leaf] = [way.at(-3), way.at(-2), way.at(-1)]
  if (branch?.kind !== 'branch') return ['delete: last key']
  const others = branch.children.filter((child) => child !== null && child !== leaf)
  const [only] = others
  if (only === undefined || only === null || others.length > 1) return []
  const shapes = [`collapse into ${only.kind}`]
  if (above?.kind === 'extension') shapes.push(`collapse into ${only.kind} below an extension`)
  if (isInline(only)) shapes.push(`collapse into inline ${only.kind}`)
  return shapes
}

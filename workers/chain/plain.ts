/**
 * A chain as data that can be cloned, stored and sent: the codecs of its tries, which are functions, are left out. Tries share
 * their nodes as before, so that a hundred states of a chain cost little more than one.
 */
import type { TrieNode } from '../rollup/trie/node.ts'
import type { Trie, TrieCodec } from '../rollup/trie/trie.ts'
import { type Account, EMPTY_STORAGE, EMPTY_WORLD, type WorldState } from '../rollup/trie/world.ts'
import { keyOf } from './evm/journal.ts'
import type { ChainCapture } from './store.ts'
import type { Block, HeadTag } from './types.ts'

type PlainTrie<V> = TrieNode<V> | null
type PlainAccount = Omit<Account, 'storage'> & { readonly storage: PlainTrie<bigint> }

interface PlainBlock extends Omit<Block, 'world' | 'worlds'> {
  readonly accounts: PlainTrie<PlainAccount>
  readonly codes: PlainTrie<Uint8Array>
}

/** Structured-cloneable; it shares nothing that changes with the chain. */
export interface PlainChain {
  readonly version: 1
  readonly blocks: readonly PlainBlock[]
  /** Positions in `blocks` of the canonical ones, ascending. */
  readonly canonical: readonly number[]
  readonly head: number
  readonly tags: Readonly<Record<HeadTag, number>>
}

/** The chain as data. `Block.worlds` are not kept. */
export function captureToPlain(capture: ChainCapture): PlainChain {
  const blocks = [...capture.blocks.values()]
  const positions = new Map(blocks.map((block, index) => [block, index] as const))
  const at = (block: Block): number => positions.get(block) ?? 0
  const toAccount = ({ storage, ...values }: Account): PlainAccount => ({
    ...values,
    storage: storage.root,
  })
  const nodes: NodeMemo<Account, PlainAccount> = new Map()
  return {
    version: 1,
    blocks: blocks.map(({ world, worlds: _, ...block }) => ({
      ...block,
      accounts: mapNode(world.accounts.root, toAccount, nodes),
      codes: world.codes.root,
    })),
    canonical: [...capture.canonical.values()].map(at).sort((left, right) => left - right),
    head: at(capture.head),
    tags: {
      safe: at(capture.tags.safe),
      settled: at(capture.tags.settled),
      finalized: at(capture.tags.finalized),
    },
  }
}

/** The inverse of `captureToPlain`. */
export function plainToCapture(plain: PlainChain): ChainCapture {
  const storages = new Map<TrieNode<bigint>, Trie<bigint>>()
  const toStorage = (root: PlainTrie<bigint>): Trie<bigint> => {
    if (root === null) return EMPTY_STORAGE
    const known = storages.get(root) ?? withCodec(EMPTY_STORAGE.codec, root)
    storages.set(root, known)
    return known
  }
  const toAccount = (account: PlainAccount): Account => ({
    ...account,
    storage: toStorage(account.storage),
  })
  const nodes: NodeMemo<PlainAccount, Account> = new Map()
  const blocks = plain.blocks.map(({ accounts, codes, ...block }): Block => {
    const root = mapNode(accounts, toAccount, nodes)
    const world: WorldState = {
      accounts: withCodec(EMPTY_WORLD.accounts.codec, root),
      codes: withCodec(EMPTY_WORLD.codes.codec, codes),
    }
    return { ...block, world, worlds: [] }
  })
  const at = (position: number): Block => blocks[position] as Block
  const canonical = plain.canonical.map(at)
  return {
    blocks: new Map(blocks.map((block) => [keyOf(block.hash), block])),
    canonical: new Map(canonical.map((block) => [block.header.number, block])),
    locations: new Map(
      canonical.flatMap((block) =>
        block.transactions.map(({ hash }, index) => [keyOf(hash), { block, index }] as const),
      ),
    ),
    head: at(plain.head),
    tags: {
      safe: at(plain.tags.safe),
      settled: at(plain.tags.settled),
      finalized: at(plain.tags.finalized),
    },
    preimages: null,
  }
}

type NodeMemo<From, To> = Map<TrieNode<From>, TrieNode<To>>

function withCodec<V>(codec: TrieCodec<V>, root: TrieNode<V> | null): Trie<V> {
  return { codec, root }
}

/** The same nodes with other values; their hashes stay, and a node that was seen before stays one node. */
function mapNode<From, To>(
  node: TrieNode<From> | null,
  change: (value: From) => To,
  memo: NodeMemo<From, To>,
): TrieNode<To> | null {
  if (node === null) return null
  const known = memo.get(node)
  if (known !== undefined) return known
  const mapped = changeNode(node, change, memo)
  memo.set(node, mapped)
  return mapped
}

function changeNode<From, To>(
  node: TrieNode<From>,
  change: (value: From) => To,
  memo: NodeMemo<From, To>,
): TrieNode<To> {
  switch (node.kind) {
    case 'leaf':
      return { ...node, value: change(node.value) }
    case 'extension': {
      const child = mapNode(node.child, change, memo)
      return { ...node, child: child as Extract<TrieNode<To>, { kind: 'branch' }> }
    }
    case 'branch':
      return { ...node, children: node.children.map((child) => mapNode(child, change, memo)) }
  }
}

/** Blocks by hash and by height, heads, and where transactions stand. */
import { assert } from '../kernel/errors.ts'
import { keyOf, type Preimages } from './evm/journal.ts'
import type { Block, BlockId, HeadTag } from './types.ts'

export interface TransactionLocation {
  readonly block: Block
  readonly index: number
}

export interface StoreOptions {
  readonly historyBlocksMax: number
  /** Addresses and slots by their hashes; those of other branches do no harm. */
  readonly preimages?: Preimages
}

export interface Store extends StoreOptions {
  readonly genesis: Block
  blocks: Map<string, Block>
  canonical: Map<bigint, Block>
  locations: Map<string, TransactionLocation>
  head: Block
  tags: Record<HeadTag, Block>
}

/** A chain at one moment. It shares nothing that changes, but for preimages, which only become more. */
export interface ChainCapture {
  readonly blocks: ReadonlyMap<string, Block>
  readonly canonical: ReadonlyMap<bigint, Block>
  readonly locations: ReadonlyMap<string, TransactionLocation>
  readonly head: Block
  readonly tags: Readonly<Record<HeadTag, Block>>
  readonly preimages: Preimages | null
}

export function createStore(genesis: Block, options: StoreOptions): Store {
  return {
    ...options,
    genesis,
    blocks: new Map([[keyOf(genesis.hash), genesis]]),
    canonical: new Map([[genesis.header.number, genesis]]),
    locations: new Map(),
    head: genesis,
    tags: { safe: genesis, settled: genesis, finalized: genesis },
  }
}

export function blockOf(store: Store, id: BlockId): Block | undefined {
  if (id instanceof Uint8Array) return store.blocks.get(keyOf(id))
  if (typeof id === 'bigint') return store.canonical.get(id)
  switch (id) {
    case 'earliest':
      return store.genesis
    case 'latest':
    case 'pending':
    case 'unsafe':
      return store.head
    default:
      return store.tags[id]
  }
}

/** Where a transaction stands on the canonical chain. */
export function locate(store: Store, hash: Uint8Array): TransactionLocation | undefined {
  const location = store.locations.get(keyOf(hash))
  if (location === undefined) return undefined
  return store.canonical.get(location.block.header.number) === location.block ? location : undefined
}

/** Stores a block and makes it the head. */
export function addBlock(store: Store, block: Block): void {
  const key = keyOf(block.hash)
  const known = store.blocks.get(key)
  if (known === undefined) store.blocks.set(key, block)
  makeHead(store, known ?? block)
  forgetOld(store)
}

/** Makes a stored block the head and what lies below it canonical. */
export function makeHead(store: Store, head: Block): void {
  for (let height = store.head.header.number; height > head.header.number; height -= 1n) {
    store.canonical.delete(height)
  }
  let block: Block | undefined = head
  while (block !== undefined && store.canonical.get(block.header.number) !== block) {
    makeCanonical(store, block)
    block = store.blocks.get(keyOf(block.header.parentHash))
  }
  store.head = head
  for (const tag of Object.keys(store.tags) as HeadTag[]) {
    store.tags[tag] = canonicalAncestor(store, store.tags[tag])
  }
}

export function moveTag(store: Store, tag: HeadTag, block: Block): void {
  assert(store.canonical.get(block.header.number) === block, 'A head must be canonical.')
  store.tags[tag] = block
}

export function captureStore(store: Store): ChainCapture {
  return {
    blocks: new Map(store.blocks),
    canonical: new Map(store.canonical),
    locations: new Map(store.locations),
    head: store.head,
    tags: { ...store.tags },
    preimages: store.preimages ?? null,
  }
}

export function reinstateStore(store: Store, capture: ChainCapture): void {
  store.blocks = new Map(capture.blocks)
  store.canonical = new Map(capture.canonical)
  store.locations = new Map(capture.locations)
  store.head = capture.head
  store.tags = { ...capture.tags }
  const { preimages } = store
  if (capture.preimages === preimages) return
  for (const [hash, preimage] of capture.preimages ?? []) preimages?.set(hash, preimage)
}

function makeCanonical(store: Store, block: Block): void {
  store.canonical.set(block.header.number, block)
  block.transactions.forEach(({ hash }, index) => {
    store.locations.set(keyOf(hash), { block, index })
  })
}

function canonicalAncestor(store: Store, from: Block): Block {
  let block: Block | undefined = from
  while (block !== undefined && store.canonical.get(block.header.number) !== block) {
    block = store.blocks.get(keyOf(block.header.parentHash))
  }
  return block ?? store.genesis
}

/** Drops blocks below the history, on every branch. Genesis stays. */
function forgetOld(store: Store): void {
  const oldest = store.head.header.number - BigInt(store.historyBlocksMax)
  for (const [key, block] of store.blocks) {
    // Blocks are kept in the order of their arrival, so that the first young one ends the search.
    if (block.header.number === store.genesis.header.number) continue
    if (block.header.number > oldest) return
    store.blocks.delete(key)
    if (store.canonical.get(block.header.number) === block)
      store.canonical.delete(block.header.number)
    for (const { hash } of block.transactions) {
      if (store.locations.get(keyOf(hash))?.block === block) store.locations.delete(keyOf(hash))
    }
  }
}

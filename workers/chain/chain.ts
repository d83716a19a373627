/** One EVM chain: blocks, state by block, heads. L1 and L2 are two of them. */
import { BaseError } from '../kernel/errors.ts'
import type { WorldState } from '../rollup/trie/world.ts'
import type { Block, BlockId, BlockRequest, ChainConfig, HeadTag } from './types.ts'

export interface Chain {
  readonly config: ChainConfig
  readonly genesis: Block
  /** The newest block (L2: `unsafe`). */
  head(): Block
  /** A block by tag, canonical height, or hash (canonical or not). */
  block(id: BlockId): Block | undefined
  /** State after a block. Throws `UnknownBlockError`. */
  stateAt(id: BlockId): WorldState
  /** Executes a block on its parent and changes nothing: neither head nor store. */
  execute(request: BlockRequest): Promise<Block>
  /** Stores an executed block and makes it the head. Its parent must be stored. */
  append(block: Block): void
  /** `execute`, then `append`. */
  buildBlock(request: BlockRequest): Promise<Block>
  /** Makes a stored block the head: a reorg, or a step back to an ancestor. Heads above it walk back with it. */
  setHead(hash: Uint8Array): void
  /** Moves one of the lower heads to a canonical block. */
  setTag(tag: HeadTag, hash: Uint8Array): void
  /** By reference, for this process. */
  capture(): ChainCapture
  /** The inverse of `capture`. */
  reinstate(capture: ChainCapture): void
}

/** A chain at one moment. Immutable; costs nothing. */
export interface ChainCapture {
  readonly blocks: ReadonlyMap<string, Block>
  readonly canonical: ReadonlyMap<bigint, Block>
  readonly head: Block
  readonly tags: Readonly<Record<HeadTag, Block>>
}

/** A block that the chain does not hold. */
export class UnknownBlockError extends BaseError {
  override name = 'UnknownBlockError'
}

/** Builds a chain from its genesis; loads the WebAssembly hasher and curve. */
export async function createChain(config: ChainConfig): Promise<Chain> {
  throw new UnknownBlockError(`Not built yet: ${config.kind}.`)
}

/** One EVM chain: blocks, state by block, heads. L1 and L2 are two of them. */
import { assert, BaseError } from '../kernel/errors.ts'
import { type Patience, STEPS } from '../kernel/patience.ts'
import { bytesToHex, equalBytes } from '../rollup/bytes.ts'
import { initKeccak, keccak256 } from '../rollup/keccak.ts'
import { initSecp256k1 } from '../rollup/secp256k1.ts'
import type { WorldState } from '../rollup/trie/world.ts'
import { createExecutor, type Executor, type ExecutorOptions } from './evm/executor.ts'
import { keyOf, type Preimages } from './evm/journal.ts'
import { executeBlock } from './execute.ts'
import { createPool, type Pool } from './executorPool.ts'
import { type Fork, type ForkPoint, forkAt } from './forks.ts'
import { buildGenesis } from './genesis.ts'
import {
  addBlock,
  blockOf,
  type ChainCapture,
  captureStore,
  createStore,
  locate,
  makeHead,
  moveTag,
  reinstateStore,
  type TransactionLocation,
} from './store.ts'
import type { Block, BlockId, BlockRequest, ChainConfig, Genesis, HeadTag } from './types.ts'

export interface Chain {
  readonly config: ChainConfig
  readonly genesis: Block
  /** The newest block (L2: `unsafe`). */
  head(): Block
  /** A block by tag, canonical height, or hash (canonical or not). */
  block(id: BlockId): Block | undefined
  /** Whether the block lies on the way from genesis to the head. */
  isCanonical(block: Block): boolean
  /** State after a block. Throws `UnknownBlockError`. */
  stateAt(id: BlockId): WorldState
  /** The address or slot with this keccak256, if a block of this chain changed it and the chain keeps preimages. */
  preimage(hash: Uint8Array): Uint8Array | undefined
  /** Where a transaction stands on the canonical chain. */
  transaction(hash: Uint8Array): TransactionLocation | undefined
  /** Executes a block on its parent and changes nothing: neither head nor store. */
  execute(request: BlockRequest): Promise<Block>
  /** Stores an executed block and makes it the head. Its parent must be stored. */
  append(block: Block): void
  /** `execute`, then `append`. */
  buildBlock(request: BlockRequest): Promise<Block>
  /** Makes a stored block the head: a reorg, or a step back to an ancestor. Lower heads off its branch walk back. */
  setHead(hash: Uint8Array): void
  /** Moves one of the lower heads to a canonical block. */
  setTag(tag: HeadTag, hash: Uint8Array): void
  /**
   * Lends an EVM by the rules of a block with this height and time, which nobody else uses until `work` is done. For calls and
   * traces; `patience` ends those that take too long.
   */
  withExecutor<Result>(
    at: ForkPoint,
    work: (executor: Executor) => Promise<Result>,
    patience?: Patience,
  ): Promise<Result>
  /** By reference, for this process. */
  capture(): ChainCapture
  /** The inverse of `capture`. */
  reinstate(capture: ChainCapture): void
}

/** A block that the chain does not hold. */
export class UnknownBlockError extends BaseError {
  override name = 'UnknownBlockError'
}

const HISTORY_BLOCKS_MAX = 16_384
/** EVMs that are kept for the next use. */
const IDLE_EXECUTORS_MAX = 4
/** Impatient users at once: each lets the others run, and a thousand of them would leave none a turn. */
const PATIENT_EXECUTORS_MAX = 8
const HASHES_MAX = 256n

/** Builds a chain from its genesis; loads the WebAssembly hasher and curve. */
export async function createChain(
  config: ChainConfig,
  genesis: Block = buildGenesis(config.kind, config.genesis),
): Promise<Chain> {
  await Promise.all([initKeccak(), initSecp256k1()])
  const store = createStore(genesis, {
    historyBlocksMax: config.historyBlocksMax ?? HISTORY_BLOCKS_MAX,
    ...(config.keepsPreimages === true ? { preimages: preimagesOf(config.genesis) } : {}),
  })
  const pools = createPools(config, store.preimages)
  const withExecutor = <Result>(
    at: ForkPoint,
    work: (executor: Executor) => Promise<Result>,
    patience?: Patience,
  ): Promise<Result> => {
    const { pool, patientPool } = pools(at)
    if (patience === undefined) return pool.use(work)
    return patientPool.use(async (executor) => {
      executor.patience = patience
      await patience.tick(STEPS)
      return work(executor)
    })
  }

  function required(id: BlockId): Block {
    const block = blockOf(store, id)
    if (block !== undefined) return block
    const name = id instanceof Uint8Array ? bytesToHex(id) : String(id)
    throw new UnknownBlockError(`The chain holds no block ${name}.`, {
      metaMessages: [`Its head is block ${store.head.header.number}.`],
      code: -32001,
    })
  }

  const execute = (request: BlockRequest): Promise<Block> => {
    const parent = request.parentHash === undefined ? store.head : required(request.parentHash)
    const hashOf = (number: bigint): Uint8Array => ancestor(chain, parent, number).hash
    const { timestamp } = request.environment
    return withExecutor({ number: parent.header.number + 1n, timestamp }, (executor) =>
      executeBlock(executor, { config, parent, request, hashOf }),
    )
  }
  const append = (block: Block): void => {
    required(block.header.parentHash)
    addBlock(store, block)
  }
  const chain: Chain = {
    config,
    genesis,
    head: () => store.head,
    block: (id) => blockOf(store, id),
    isCanonical(block) {
      const canonical = blockOf(store, block.header.number)
      return canonical !== undefined && equalBytes(canonical.hash, block.hash)
    },
    stateAt: (id) => required(id).world,
    preimage: (hash) => store.preimages?.get(keyOf(hash)),
    transaction: (hash) => locate(store, hash),
    execute,
    append,
    async buildBlock(request) {
      const block = await execute(request)
      append(block)
      return block
    },
    setHead: (hash) => makeHead(store, required(hash)),
    setTag: (tag, hash) => moveTag(store, tag, required(hash)),
    withExecutor,
    capture: () => captureStore(store),
    reinstate: (capture) => reinstateStore(store, capture),
  }
  return chain
}

/** Addresses and slots of the first state. */
function preimagesOf({ accounts }: Genesis): Preimages {
  const keys = accounts.flatMap(({ address, storage }) => [
    address,
    ...storage.map(({ slot }) => slot),
  ])
  return new Map(keys.map((key) => [keyOf(keccak256(key)), key]))
}

interface Pools {
  readonly pool: Pool<Executor>
  readonly patientPool: Pool<Executor>
}

/** EVMs by fork, those apart that watch how long they take: blocks shall not pay for it. */
function createPools(
  { kind, chainId, forks, codeLimits }: ChainConfig,
  preimages: Preimages | undefined,
): (at: ForkPoint) => Pools {
  const byFork = new Map<Fork, Pools>()
  return (at) => {
    const fork = forkAt(forks, at)
    const create = (options: ExecutorOptions) => () =>
      createExecutor(kind, chainId, { fork, codeLimits, ...options })
    const pools = byFork.get(fork) ?? {
      pool: createPool(create({ preimages }), { idleMax: IDLE_EXECUTORS_MAX }),
      patientPool: createPool(create({ isPatient: true }), {
        idleMax: IDLE_EXECUTORS_MAX,
        busyMax: PATIENT_EXECUTORS_MAX,
      }),
    }
    byFork.set(fork, pools)
    return pools
  }
}

/** The same chain for somebody who does not wait for ever. */
export function withPatience(chain: Chain, patience: Patience | undefined): Chain {
  if (patience === undefined) return chain
  return { ...chain, withExecutor: (at, work) => chain.withExecutor(at, work, patience) }
}

/** The block's ancestor at a height within the last 256. */
export function ancestor(chain: Chain, block: Block, number: bigint): Block {
  assert(block.header.number - number < HASHES_MAX, 'Only 256 ancestors are visible.')
  let current = block
  while (current.header.number > number) {
    const parent = chain.block(current.header.parentHash)
    assert(parent !== undefined, 'Every stored block has a stored parent.')
    current = parent
  }
  return current
}

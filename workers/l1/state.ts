/** Everything that the L1 node knows, and what it looks like to observers and snapshots. */
import type { Chain } from '../chain/chain.ts'
import { worldReader } from '../chain/check.ts'
import type { Mempool, MempoolCapture } from '../chain/pool/mempool.ts'
import type { PoolContext } from '../chain/pool/rules.ts'
import type { BlobSidecar } from '../chain/pool/sidecar.ts'
import { type CheatDesk, digestDesk } from '../chain/rpc/cheats.ts'
import type { ChainCapture } from '../chain/store.ts'
import { canonicalEncode } from '../kernel/canonical.ts'
import type { NodeId, RoleContext } from '../kernel/role.ts'
import { concatBytes, utf8ToBytes } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { nextBaseFee } from '../rollup/l2Header.ts'
import type { Parameters } from '../rollup/parameters.ts'
import type { EventNames } from './events.ts'

export interface L1State {
  readonly context: RoleContext
  readonly parameters: Parameters
  readonly chain: Chain
  readonly pool: Mempool
  readonly eventNames: EventNames
  /** In order of subscription. */
  subscribers: readonly NodeId[]
  /** Blobs by transaction hash (0x), the newest last; a reorg needs them again. */
  sidecars: ReadonlyMap<string, BlobSidecar>
  cheats: CheatDesk
  /** Receives tips. */
  coinbase: Uint8Array
  nextBlock: NextBlock
}

/** What a devnet's user fixed of the next block; null: as it comes. */
export interface NextBlock {
  readonly baseFee: bigint | null
  readonly gasLimit: bigint | null
  readonly prevrandao: Uint8Array | null
}

export const NEXT_BLOCK: NextBlock = { baseFee: null, gasLimit: null, prevrandao: null }

export interface L1Snapshot {
  readonly chain: ChainCapture
  readonly pool: MempoolCapture
  readonly subscribers: readonly NodeId[]
  readonly sidecars: ReadonlyMap<string, BlobSidecar>
  readonly cheats: CheatDesk
  readonly coinbase: Uint8Array
  readonly nextBlock: NextBlock
}

export function snapshotL1(state: L1State): L1Snapshot {
  const { chain, pool, ...rest } = state
  const { subscribers, sidecars, cheats, coinbase, nextBlock } = rest
  const kept = { subscribers, sidecars, cheats, coinbase, nextBlock }
  return { chain: chain.capture(), pool: pool.capture(), ...kept }
}

export function restoreL1(state: L1State, snapshot: L1Snapshot): void {
  state.chain.reinstate(snapshot.chain)
  state.pool.reinstate(snapshot.pool)
  state.subscribers = snapshot.subscribers
  state.sidecars = snapshot.sidecars
  state.cheats = snapshot.cheats
  state.coinbase = snapshot.coinbase
  state.nextBlock = snapshot.nextBlock
}

/** 32 bytes over head, finality, waiting transactions and subscribers; the head's hash covers the chain. */
export function digestL1(state: L1State): Uint8Array {
  const { chain, pool, subscribers } = state
  const waiting = pool.capture().transactions.map(({ transaction }) => transaction.hash)
  return keccak256(
    concatBytes(
      chain.head().hash,
      chain.block('finalized')?.hash ?? chain.genesis.hash,
      keccak256(concatBytes(...waiting)),
      utf8ToBytes(subscribers.join('\n')),
      canonicalEncode({ ...state.nextBlock, cheats: digestDesk(state.cheats) }),
    ),
  )
}

/** What the pool judges transactions by now. */
export function poolContext(state: L1State): PoolContext {
  const head = state.chain.head()
  return {
    reader: worldReader(head.world),
    gasLimit: head.header.gasLimit,
    baseFee: state.nextBlock.baseFee ?? nextBaseFee(head.header),
  }
}

/** Which rules hold when: one fork for the chains of the devnet, a schedule for a chain that is imported. */
import { type BlobSchedule, OSAKA_BLOBS } from '../rollup/header.ts'
import { type GasPrices, OSAKA_PRICES } from '../rollup/transaction/gas.ts'

/** Where a block stands, as far as forks ask. */
export interface ForkPoint {
  readonly number: bigint
  /** Unix seconds. */
  readonly timestamp: bigint
}

export interface Fork {
  /** As in the configuration of a genesis file, e.g. `bpo1`. */
  readonly name: string
  /** The hardfork of @ethereumjs/common whose opcodes and precompiles hold. */
  readonly hardfork: string
  readonly prices: GasPrices
  readonly blobs: BlobSchedule
  readonly startsAt: { readonly block: bigint } | { readonly timestamp: bigint }
}

/** Ascending. */
export type ForkSchedule = readonly Fork[]

export const OSAKA: Fork = {
  name: 'osaka',
  hardfork: 'osaka',
  prices: OSAKA_PRICES,
  blobs: OSAKA_BLOBS,
  startsAt: { timestamp: 0n },
}

/** The last fork that has begun. */
export function forkAt(schedule: ForkSchedule | undefined, point: ForkPoint): Fork {
  return schedule?.findLast((fork) => hasBegun(fork, point)) ?? schedule?.[0] ?? OSAKA
}

export function hasBegun({ startsAt }: Fork, { number, timestamp }: ForkPoint): boolean {
  return 'block' in startsAt ? startsAt.block <= number : startsAt.timestamp <= timestamp
}

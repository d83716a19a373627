/** Deterministic pseudo-random numbers: integers only, so every engine draws the same sequence. */
export interface Rng {
  /** Uniform integer in [0, 2^32). */
  nextUint32(): number
  /** Uniform integer in [0, bound), 1 ≤ bound ≤ 2^32, without modulo bias. */
  nextBelow(bound: number): number
  /** `size` uniform bytes. */
  nextBytes(size: number): Uint8Array
  /** The generator's state, for snapshots. */
  state(): readonly number[]
}

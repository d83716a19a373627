/** Stake-weighted quorums and bitmaps of signers (docs/specs/DIGESTS.md). Bit i is member i in registration order. */

/** ⌊2W/3⌋ + 1 of the total weight W. */
export function quorumWeight(weights: readonly bigint[]): bigint {
  return (2n * totalWeight(weights)) / 3n + 1n
}

export function totalWeight(weights: readonly bigint[]): bigint {
  return weights.reduce((sum, weight) => sum + weight, 0n)
}

/** Weight of the members whose bit is set. */
export function signersWeight(signers: number, weights: readonly bigint[]): bigint {
  return totalWeight(signersOf(signers, weights.length).map((index) => weights[index] ?? 0n))
}

/** Indices below `count` whose bit is set, ascending. */
export function signersOf(signers: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index).filter((index) =>
    hasSigner(signers, index),
  )
}

export function hasSigner(signers: number, index: number): boolean {
  return ((signers >>> index) & 1) === 1
}

/** The bitmap of these indices, each below 31. */
export function signersBitmap(indices: readonly number[]): number {
  return indices.reduce((bitmap, index) => bitmap | (1 << index), 0)
}

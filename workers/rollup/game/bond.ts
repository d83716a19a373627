/**
 * Bond of a claim by its depth: the base grows by 9.493 % per level, so that the deeper and dearer moves of a dispute are paid for in
 * advance. Same integer arithmetic as `DisputeGame.requiredBond` (solady's `rpow`, which rounds each product to the nearest).
 */
const WAD = 10n ** 18n
const GROWTH_WAD = 1_094_930_000_000_000_000n

/** Gas of a move at 200 gwei, as Optimism's fault dispute game assumes it: 0.08 ETH. */
export const BASE_BOND_WEI = 400_000n * 200n * 10n ** 9n

/** In wei; `depth` is at least 0. */
export function bondAtDepth(depth: number, baseBondWei: bigint = BASE_BOND_WEI): bigint {
  return (baseBondWei * powerWad(GROWTH_WAD, depth)) / WAD
}

function powerWad(base: bigint, exponent: number): bigint {
  let square = base
  let result = (exponent & 1) === 1 ? base : WAD
  for (let rest = exponent >> 1; rest > 0; rest >>= 1) {
    square = roundedProduct(square, square)
    if ((rest & 1) === 1) result = roundedProduct(result, square)
  }
  return result
}

function roundedProduct(left: bigint, right: bigint): bigint {
  return (left * right + WAD / 2n) / WAD
}

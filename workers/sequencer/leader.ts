/** Who leads a view: weighted round robin as CometBFT rotates proposers, as a pure function of the view. */

/** Views after which the rotation repeats are bounded, whatever the weights. */
const CYCLE_MAX = 1_024n

/**
 * The members' order within one cycle: each appears in proportion to its weight, spread evenly. Members of weight 0
 * (slashed) do not appear. Weights are scaled down where a cycle would exceed its bound.
 */
export function leaderSchedule(weights: readonly bigint[]): readonly number[] {
  const shares = scaledWeights(weights)
  const total = shares.reduce((sum, share) => sum + share, 0n)
  const priorities = shares.map(() => 0n)
  const schedule: number[] = []
  for (let turn = 0n; turn < total; turn++) {
    shares.forEach((share, index) => {
      priorities[index] = (priorities[index] ?? 0n) + share
    })
    const leader = indexOfGreatest(priorities, shares)
    priorities[leader] = (priorities[leader] ?? 0n) - total
    schedule.push(leader)
  }
  return schedule
}

/** The leader of `view`; member 0 if nobody has weight. */
export function leaderOf(view: bigint, schedule: readonly number[]): number {
  return schedule[Number(view % BigInt(schedule.length || 1))] ?? 0
}

/** The greatest priority among members with weight; the lowest index among equals. */
function indexOfGreatest(priorities: readonly bigint[], shares: readonly bigint[]): number {
  let greatest = -1
  priorities.forEach((priority, index) => {
    if (shares[index] === 0n) return
    if (greatest < 0 || priority > (priorities[greatest] ?? 0n)) greatest = index
  })
  return greatest
}

function scaledWeights(weights: readonly bigint[]): readonly bigint[] {
  const divisor = weights.reduce(greatestCommonDivisor, 0n)
  if (divisor === 0n) return weights
  const reduced = weights.map((weight) => weight / divisor)
  const total = reduced.reduce((sum, weight) => sum + weight, 0n)
  if (total <= CYCLE_MAX) return reduced
  return reduced.map((weight) => {
    const scaled = (weight * CYCLE_MAX) / total
    return weight > 0n && scaled === 0n ? 1n : scaled
  })
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left, right]
  while (b > 0n) [a, b] = [b, a % b]
  return a
}

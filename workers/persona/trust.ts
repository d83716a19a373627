/**
 * EigenTrust (Kamvar, Schlosser, Garcia-Molina, 2003) as `EpochRewards` recomputes it (section 6): trust starts from the points of badges
 * and flows along social actions; half of it starts anew in each round. A ring that praises itself only passes round what
 * comes in from outside.
 */
import { InvalidArgumentError } from '../kernel/errors.ts'
import { ONE } from './fixed.ts'

export interface TrustInput {
  /** By passport − 1: points at the epoch's last second. */
  readonly points: readonly bigint[]
  /** By passport − 1: the passports that stand in its chain of in-edges, in order. */
  readonly sources: readonly (readonly number[])[]
  /** By passport − 1: all social actions that it did, also those that found no room in a chain. */
  readonly sent: readonly number[]
  readonly rounds: number
}

/** Trust by passport − 1 after 0, 1, …, `rounds` rounds. Throws `InvalidArgumentError` for a source that is no passport. */
export function trustRounds(input: TrustInput): readonly (readonly bigint[])[] {
  const { points, rounds } = input
  const inflows = points.map((_, index) => inflowsOf(input, index))
  const start = points.map((one) => one * ONE)
  const all: (readonly bigint[])[] = [start]
  let trust: readonly bigint[] = start
  for (let round = 0; round < rounds; round += 1) {
    const before = trust
    trust = start.map((own, index) => {
      let sum = own
      for (const { from, times, sent } of inflows[index] ?? []) {
        sum += ((before[from] as bigint) * times) / sent
      }
      return sum / 2n
    })
    all.push(trust)
  }
  return all
}

interface Inflow {
  /** Index, not number, of the source. */
  readonly from: number
  readonly times: bigint
  readonly sent: bigint
}

function inflowsOf({ points, sources, sent }: TrustInput, index: number): readonly Inflow[] {
  const times = new Map<number, number>()
  for (const source of sources[index] ?? []) times.set(source, (times.get(source) ?? 0) + 1)
  return [...times].map(([source, count]) => {
    const from = source - 1
    const total = sent[from] ?? 0
    if (points[from] === undefined || total < count) {
      throw new InvalidArgumentError(
        `Passport ${source} stands ${count} times in the chain of ${index + 1}, but did ${total} social actions.`,
      )
    }
    return { from, times: BigInt(count), sent: BigInt(total) }
  })
}

/** Which epoch of a campaign asks for something. */
import type { EpochView } from '../../../workers/protocol/persona.ts'

type Standing = Pick<EpochView, 'epoch' | 'status'>

/** The epoch whose root the contract takes next: the first that is over and has none; undefined where there is none. */
export function dueEpoch(epochs: readonly Standing[]): number | undefined {
  return lastOfEach(epochs).find(({ status }) => status === 'closed' || status === 'removed')?.epoch
}

/** The one in its window, so that nobody loses sight of it when the next is over; else the one that is due, the last that is paid, the one that runs. */
export function mostUrgent(epochs: readonly Standing[]): number | undefined {
  const all = lastOfEach(epochs)
  const pending = all.find(({ status }) => status === 'pending')
  const final = all.findLast(({ status }) => status === 'final')
  return pending?.epoch ?? dueEpoch(epochs) ?? final?.epoch ?? all.at(-1)?.epoch
}

/** A root that was removed may be followed by another of the same epoch. */
function lastOfEach(epochs: readonly Standing[]): readonly Standing[] {
  return [...new Map(epochs.map((one) => [one.epoch, one])).values()].sort(
    (left, right) => left.epoch - right.epoch,
  )
}

import type { HeadName } from '../../../workers/protocol/reports.ts'
import { useWorld } from '../../store/world.ts'

/** Virtual milliseconds at which a block reached a head, or is due to; nothing where nobody can know. */
export type Times = Readonly<Partial<Record<HeadName, number>>>

export function useTimes(number: bigint | null): Times {
  const l2 = useWorld((world) => world.l2)
  const batches = useWorld((world) => world.batches)
  const roots = useWorld((world) => world.roots)
  if (number === null) return {}
  const block = l2.blocks.find((entry) => entry.number === number)
  const span = l2.spans.find(
    ({ firstNumber, counts }) =>
      number >= firstNumber && number < firstNumber + BigInt(counts.length),
  )
  const index = block?.batchIndex ?? span?.batchIndex
  const batch = batches.find((entry) => entry.index === index)
  const root = roots.find(({ entryIndex, status }) => entryIndex === index && status !== 'rejected')
  return {
    ...(block === undefined ? {} : { unsafe: block.timeMs }),
    ...(batch?.postedMs == null ? {} : { safe: batch.postedMs }),
    ...(batch?.settlesMs == null ? {} : { settled: batch.settlesMs }),
    // A disputed root waits for its verdict, and nobody knows when that is.
    ...(root === undefined || root.status === 'disputed' ? {} : { finalized: root.deadlineMs }),
  }
}

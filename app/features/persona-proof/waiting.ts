/** Why a proof waits, and for how long: a block of L2 on its way under a final root. */
import type { Projection, RootView } from '../../../workers/protocol/projection.ts'

type Parameters = Projection['run']['parameters']

export interface Waiting {
  /** What has to happen next, as a sentence without its end. */
  readonly text: string
  /** Virtual milliseconds until a root over the block is final, about; null where nobody can say. */
  readonly leftMs: number | null
  /** Whether `leftMs` is the most that it takes, not an estimate. */
  readonly isMost: boolean
}

/** Slots of L1 for the transactions in between: post, propose, resolve, finalize. */
const SLOTS = 4

/** How far block `number` is from a final root over it. */
export function waitingOf(
  number: bigint,
  { l2, roots, run, clock }: Pick<Projection, 'l2' | 'roots' | 'run' | 'clock'>,
): Waiting {
  const { parameters } = run
  if (l2.heads.safe.number < number) {
    return {
      text: `the batch with block ${number} is not on L1 yet`,
      leftMs: parameters.batchIntervalMs + parameters.proposalIntervalMs + windowMs(parameters),
      isMost: true,
    }
  }
  const root = coveringRoot(number, l2.spans, roots)
  switch (root?.status) {
    case undefined:
      return {
        text: `the executor has not proposed a root over block ${number} yet`,
        leftMs: parameters.proposalIntervalMs + windowMs(parameters),
        isMost: true,
      }
    case 'disputed':
      return {
        text: 'the root over it is disputed; L1 decides first',
        leftMs: null,
        isMost: false,
      }
    case 'finalized':
      return { text: 'a root over it has just become final', leftMs: 0, isMost: false }
    default: {
      const finalMs = (root?.deadlineMs ?? 0) + afterWindowMs(parameters)
      return {
        text: 'the root over it stands in its dispute window',
        leftMs: Math.max(0, finalMs - clock.timeMs),
        isMost: false,
      }
    }
  }
}

/** The oldest root over the block that may still become final. */
function coveringRoot(
  number: bigint,
  spans: Projection['l2']['spans'],
  roots: readonly RootView[],
): RootView | undefined {
  const span = spans.findLast(({ firstNumber }) => firstNumber <= number)
  if (span === undefined) return undefined
  return roots
    .filter(({ status, entryIndex }) => status !== 'rejected' && entryIndex >= span.batchIndex)
    .sort((left, right) => Number(left.entryIndex - right.entryIndex))[0]
}

function windowMs(parameters: Parameters): number {
  return parameters.disputeWindowSeconds * 1_000 + afterWindowMs(parameters)
}

function afterWindowMs({ airGapSeconds, l1SlotMs }: Parameters): number {
  return airGapSeconds * 1_000 + SLOTS * l1SlotMs
}

import type {
  DisputeView,
  FraudView,
  Projection,
  RootView,
} from '../../../workers/protocol/projection.ts'
import { decisiveStep, stepName } from '../../store/verdict.ts'
import { formatEther, nodeTitle, plural } from '../../ui/format.ts'
import { mainLine } from '../dispute/scene.ts'
import { type Stage, type Told, tell } from './told.ts'

export interface Case {
  readonly fraud: FraudView
  readonly stages: readonly Stage[]
  readonly game: string | null
  readonly disputed: boolean
  /** Nobody refuted the false root in time. */
  readonly stands: boolean
}

/** The story of the newest lie about the state, told as far as it went. Null if nobody lied. */
export function readCase({ frauds, roots, disputes }: Projection): Case | null {
  const fraud = frauds.findLast(
    ({ fraud: name }) => name.startsWith('fraud-') || name === 'false-challenge',
  )
  if (fraud === undefined) return null
  const root = roots.find(({ game }) => game === fraud.game)
  const dispute = disputes.find(({ game }) => game === fraud.game)
  const told =
    fraud.fraud === 'false-challenge'
      ? attackStages(fraud, dispute)
      : fraudStages(fraud, root, dispute)
  return {
    fraud,
    stages: tell(told),
    game: fraud.game,
    disputed: dispute !== undefined,
    stands: isStanding(fraud, root),
  }
}

function fraudStages(
  fraud: FraudView,
  root: RootView | undefined,
  dispute: DisputeView | undefined,
): readonly Told[] {
  const { step } = fraud
  const what = step === null ? '' : step.opcode || step.phase
  return [
    {
      title: `${nodeTitle(fraud.node)} lies`,
      text:
        step === null
          ? 'It waits for a transaction in which it can.'
          : `It falsified ${what} in L2 block ${step.blockNumber}.`,
      done: fraud.actedMs !== null,
    },
    {
      title: 'A false root stands on L1',
      text:
        root === undefined
          ? 'It comes with the next proposal, once the batch has settled.'
          : `Batch ${root.entryIndex}, with a bond of ${formatEther(root.bondWei)}.`,
      done: root !== undefined || dispute !== undefined,
    },
    ...(isStanding(fraud, root) ? [standingStage] : refutedStages(fraud, dispute)),
  ]
}

function isStanding(fraud: FraudView, root: RootView | undefined): boolean {
  const isOver = root?.status === 'defended' || root?.status === 'finalized'
  return isOver && fraud.fraud !== 'false-challenge'
}

const standingStage: Told = {
  title: 'The lie stands',
  text: 'Nobody refuted the root while its window was open: withdrawals can be paid by it.',
  done: true,
}

function refutedStages(fraud: FraudView, dispute: DisputeView | undefined): readonly Told[] {
  return [
    ...disputeStages(
      dispute,
      'The challenger objects',
      'It recomputes the batch from L1 and the data nodes.',
    ),
    {
      title: 'The root is removed',
      text: fraud.over
        ? 'The bonds went to the challenger, and honest roots go on.'
        : 'When the clocks have run out, the bonds go to the challenger.',
      done: fraud.over,
    },
  ]
}

function attackStages(fraud: FraudView, dispute: DisputeView | undefined): readonly Told[] {
  return [
    {
      title: `${nodeTitle(fraud.node)} lies`,
      text:
        dispute === undefined
          ? 'It attacks the next honest root.'
          : `It attacks the honest root of batch ${dispute.entryIndex}.`,
      done: dispute !== undefined,
    },
    ...disputeStages(dispute, 'The executor defends', 'It answers every move with the true state.'),
    {
      title: 'The root stands',
      text: 'The bonds of the false challenge go to the executor.',
      done: fraud.over,
    },
  ]
}

function disputeStages(
  dispute: DisputeView | undefined,
  title: string,
  waiting: string,
): readonly Told[] {
  const step = dispute === undefined ? undefined : decisiveStep(dispute)
  return [
    {
      title,
      text: dispute === undefined ? waiting : movesText(dispute),
      done: step !== undefined,
    },
    {
      title: 'L1 executes the one step',
      text:
        step === undefined
          ? 'At the bottom of the game a single step of the EVM is left.'
          : `${stepName(step)}: the claim was ${step.succeeded ? 'false' : 'right'}.`,
      done: step !== undefined,
    },
  ]
}

/** Moves under other names branch off, and so does what answers them: they halve nothing. */
function movesText(dispute: DisputeView): string {
  const halving = mainLine(dispute).length - 1
  const beside = dispute.claims.length - 1 - halving
  const moves = `${plural(halving, 'move')}, each halves the disagreement`
  return beside === 0 ? `${moves}.` : `${moves}; ${plural(beside, 'other')} beside them.`
}

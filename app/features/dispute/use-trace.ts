import { useEffect, useState } from 'react'
import type { StepView } from '../../../workers/protocol/projection.ts'
import type {
  DecisiveStepDetails,
  DisputeTrace,
  ItemSteps,
} from '../../../workers/protocol/queries.ts'
import { errorText, useSession } from '../shell/session-context.ts'
import { askPlayers, type Known, toKnown } from './ask-players.ts'

const asking = { state: 'asking' } as const

/** Keeps the answer to a question; a new key asks again, while the old answer stays on screen. */
function useAnswer<T>(key: string, ask: () => Promise<Known<T>>): Known<T> {
  const [known, setKnown] = useState<Known<T>>(asking)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the question is another.
  useEffect(() => {
    let current = true
    ask().then(
      (answer) => {
        if (current) setKnown(answer)
      },
      (error: unknown) => {
        if (current) setKnown({ state: 'refused', reasons: [errorText(error)] })
      },
    )
    return () => {
      current = false
    }
  }, [key])
  return known
}

/** Items of the trace, and which claims are true; asked again with every move. */
export function useTrace(game: string, claims: number): Known<DisputeTrace> {
  const { world } = useSession()
  return useAnswer(`${game}:${claims}`, async () => {
    const { answers, reasons } = await askPlayers(world, 'disputeTrace', { game })
    // A node that restarts knows fewer items for a while.
    const best = answers.reduce<DisputeTrace | undefined>(
      (most, next) => (most && most.truths.length >= next.truths.length ? most : next),
      undefined,
    )
    return toKnown(best, reasons)
  })
}

export const stepsShown = 12

/** Steps of an item around those in dispute; null while more than one item is. */
export function useItemSteps(
  game: string,
  place: { readonly item: number; readonly first: number } | null,
): Known<ItemSteps> {
  const { world } = useSession()
  const key = place === null ? '' : `${game}:${place.item}:${place.first}`
  return useAnswer(key, async () => {
    if (place === null) return asking
    const params = { game, ...place, count: stepsShown }
    const { answers, reasons } = await askPlayers(world, 'itemSteps', params)
    return toKnown(answers[0], reasons)
  })
}

/** States around the step that decides. Only the liar knows what its claim hashes, so its answer is preferred. */
export function useDecisiveStep(
  game: string,
  step: StepView | undefined,
): Known<DecisiveStepDetails> {
  const { world } = useSession()
  return useAnswer(`${game}:${step?.transactionHash}`, async () => {
    if (step === undefined) return asking
    const { claimIndex, attack, succeeded } = step
    const params = { game, refused: succeeded ? null : { claimIndex, attack } }
    const { answers, reasons } = await askPlayers(world, 'decisiveStep', params)
    return toKnown(answers.find(({ claimed }) => claimed.length > 0) ?? answers[0], reasons)
  })
}

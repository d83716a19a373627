/** The campaign that the builder edits; it outlives the view. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type {
  CampaignDraft,
  ConditionDraft,
  PreviewView,
} from '../../../workers/protocol/persona.ts'

/** What is wrong with a draft, field by field. */
export type Problems = PreviewView['problems']

const demo = 10n ** 18n

/** The litepaper's campaign; where it is silent, the numbers are ours. */
export const litepaperDraft: CampaignDraft = {
  name: 'Governance season',
  conditions: [
    { name: 'governanceVotes', dimension: 'interests', valuation: 'binary', weight: 0.5, full: 1 },
    { name: 'liquidityUsd', dimension: 'assets', valuation: 'scaled', weight: 0.3, full: 1_000 },
    {
      name: 'followers',
      dimension: 'social',
      valuation: 'logarithmic',
      weight: 0.2,
      full: 100_000,
    },
  ],
  actionWeights: { microReward: 1, gameMove: 1, social: 2 },
  formula: 'trusted',
  budget: 10_000n * demo,
  epochBudget: 2_000n * demo,
  epochSeconds: 60,
}

const store = createStore<{ readonly draft: CampaignDraft }>(() => ({ draft: litepaperDraft }))

export const useDraft = (): CampaignDraft => useStore(store, ({ draft }) => draft)
export const currentDraft = (): CampaignDraft => store.getState().draft
export const setDraft = (draft: CampaignDraft): void => store.setState({ draft })

export function changeDraft(change: Partial<CampaignDraft>): void {
  setDraft({ ...currentDraft(), ...change })
}

export function changeCondition(index: number, change: Partial<ConditionDraft>): void {
  const { conditions } = currentDraft()
  changeDraft({
    conditions: conditions.map((condition, at) =>
      at === index ? { ...condition, ...change } : condition,
    ),
  })
}

/** A key that names every field; bigints do not serialize by themselves. */
export function draftKey(draft: CampaignDraft): string {
  return JSON.stringify(draft, (_name, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
}

/** Whole tokens from and to wei, as the form has them. */
export const toTokens = (wei: bigint): number => Number(wei / demo)
export const fromTokens = (tokens: number): bigint =>
  BigInt(Math.max(0, Math.floor(Number.isFinite(tokens) ? tokens : 0))) * demo

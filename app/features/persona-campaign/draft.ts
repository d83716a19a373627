/** The campaign that the builder edits; it outlives the view. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { LITEPAPER_DRAFT } from '../../../workers/protocol/litepaperDraft.ts'
import type {
  CampaignDraft,
  ConditionDraft,
  PreviewView,
} from '../../../workers/protocol/persona.ts'

/** What is wrong with a draft, field by field. */
export type Problems = PreviewView['problems']

const demo = 10n ** 18n

const store = createStore<{ readonly draft: CampaignDraft }>(() => ({ draft: LITEPAPER_DRAFT }))

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

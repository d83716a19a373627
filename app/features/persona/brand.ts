/**
 * What a partner types about itself. It stays on this device: the chain, and so every link and saved run, gets a neutral name
 * unless the partner chooses otherwise.
 */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

export interface Brand {
  readonly project: string
  readonly campaign: string
  /** A picture as a data URL; null without one. */
  readonly logo: string | null
  /** Whether the campaign's name goes onto the chain, and with it into links. */
  readonly isPublic: boolean
}

const storageKey = 'persona-brand'
export const freshBrand: Brand = {
  project: 'T-Rex',
  campaign: 'Governance season',
  logo: null,
  isPublic: false,
}

const store = createStore<Brand>(() => ({ ...freshBrand, ...readStored() }))

export const useBrand = (): Brand => useStore(store)
export const currentBrand = (): Brand => store.getState()

export function setBrand(change: Partial<Brand>): void {
  store.setState(change)
  try {
    localStorage.setItem(storageKey, JSON.stringify(store.getState()))
  } catch {
    // Private windows may refuse storage; the names then last as long as the page.
  }
}

/** What the chain is told: the name where that was chosen, else a number. */
export function nameOnChain({ campaign, isPublic }: Brand, number: number): string {
  return isPublic ? campaign.trim() : `Campaign ${number}`
}

const neutral = /^Campaign \d+$/

/** What the page calls a campaign: the partner's own name, unless the chain has one that somebody chose. */
export function campaignTitle({ campaign }: Pick<Brand, 'campaign'>, onChain: string): string {
  return neutral.test(onChain) && campaign.trim() !== '' ? campaign : onChain
}

function readStored(): Partial<Brand> {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Brand>
  } catch {
    return {}
  }
}

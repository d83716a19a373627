import type { CampaignDraft } from './persona.ts'

const DEMO = 10n ** 18n

/** The litepaper's campaign: governance 0.5, liquidity 0.3, reach 0.2. Where it is silent, the numbers are ours. */
export const LITEPAPER_DRAFT: CampaignDraft = {
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
  budget: 10_000n * DEMO,
  epochBudget: 2_000n * DEMO,
  epochSeconds: 60,
}

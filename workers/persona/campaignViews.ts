/** Campaigns for people: previews of drafts, tasks without scores. */
import { LITEPAPER_DRAFT } from '../protocol/litepaperDraft.ts'
import type { CampaignDraft, CampaignView, PreviewView, TaskView } from '../protocol/persona.ts'
import type { Book, CampaignRecord } from './book.ts'
import { draftCriteria, draftProblems } from './campaigns.ts'
import { ONE, toNumber } from './fixed.ts'
import { badgeValue } from './moment.ts'
import { type Criterion, valuate } from './score.ts'

/** The litepaper's Alice, and two who differ in followers alone. */
const EXAMPLES = [
  { name: 'Alice', followers: 10_000n },
  { name: 'Alice with 1,000 followers', followers: 1_000n },
  { name: 'Alice with 100,000 followers', followers: 100_000n },
] as const
const ALICE: Readonly<Record<string, bigint>> = { governanceVotes: 1n, liquidityUsd: 400n }

/** What examples would score, and what is wrong with the draft; nothing is sent. */
export function previewOf(book: Book, draft: CampaignDraft): PreviewView {
  const problems = draftProblems(draft, book)
  if (problems.length > 0) return { problems, examples: [] }
  const criteria = draftCriteria(draft, book)
  const examples = EXAMPLES.map(({ name, followers }) => {
    const values: Readonly<Record<string, bigint>> = { ...ALICE, followers }
    const conditions = criteria.map((criterion, index) => {
      const badge = draft.conditions[index]?.name ?? ''
      return scored(criterion, badge, values[badge] ?? 0n)
    })
    const score = conditions.reduce((sum, { exact }) => sum + exact, 0n)
    return {
      name,
      conditions: conditions.map(({ exact: _exact, ...view }) => view),
      score: toNumber(score),
    }
  })
  return { problems, examples }
}

function scored(criterion: Criterion, name: string, worth: bigint) {
  const value = valuate(criterion, worth)
  const exact = (criterion.weight * value) / ONE
  return {
    name,
    weight: toNumber(criterion.weight),
    value: toNumber(value),
    contribution: toNumber(exact),
    exact,
  }
}

const HINTS: Readonly<Record<string, string>> = {
  governanceVotes: 'Vote on a proposal and let the chain observer attest it.',
  liquidityUsd: 'Provide liquidity; the badge fades in half a year.',
  followers: 'Show your followers to the TLS witness; it hides your account.',
  region: 'Show where you live to the TLS witness.',
  quizzes: 'Pass a quiz of the academy.',
  interests: 'Tell the academy what you care about.',
  vouches: 'Ask people of your circle to vouch for you.',
}

/** What a user sees: things to do, never a score. */
export function taskViews(
  book: Book,
  { terms }: CampaignRecord,
  passport: number,
  time: number,
): readonly TaskView[] {
  const record = book.passports[passport - 1]
  return terms.criteria.map(({ kind }) => {
    const name = book.kinds[kind]?.name ?? `kind ${kind}`
    const done = record !== undefined && badgeValue(book, record, kind, time) > 0n
    return { name, hint: HINTS[name] ?? 'Earn the badge.', done }
  })
}

export function campaignView(book: Book, campaign: CampaignRecord, epoch: number): CampaignView {
  const { terms, created } = campaign
  const [microReward = 0, gameMove = 0, social = 0] = terms.actionWeights
  return {
    id: String(campaign.campaign),
    draft: {
      name: terms.name,
      conditions: terms.criteria.map(({ kind, valuation, weight, maximum }) => {
        const name = book.kinds[kind]?.name ?? `kind ${kind}`
        const known = LITEPAPER_DRAFT.conditions.find((condition) => condition.name === name)
        return {
          name,
          dimension: known?.dimension ?? 'knowledge',
          valuation,
          weight: toNumber(weight),
          full: Number(maximum),
        }
      }),
      actionWeights: { microReward, gameMove, social },
      formula: terms.formula,
      budget: campaign.fundedWei,
      epochBudget: terms.epochBudget,
      epochSeconds: terms.epochSeconds,
    },
    fundedWei: campaign.fundedWei,
    paidWei: campaign.claims.reduce((sum, { amount }) => sum + amount, 0n),
    epoch,
    actions: campaign.actions,
    transactionHash: created.transactionHash,
  }
}

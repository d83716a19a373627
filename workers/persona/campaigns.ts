/** Campaigns from drafts: what can be wrong with one, its terms on chain, its transactions. */
import { encodeFunctionData, type Hex, parseAbi } from 'viem'
import { abi as campaignsAbi } from '../../contracts/generated/ICampaigns.ts'
import type { CampaignDraft, ConditionDraft } from '../protocol/persona.ts'
import { PROJECT } from './accounts.ts'
import { CAMPAIGNS, DEMO_TOKEN } from './addresses.ts'
import { type Book, VALUATION_MODES } from './book.ts'
import { ONE } from './fixed.ts'
import { REWARD_FORMULAS } from './formulas.ts'
import type { Criterion } from './score.ts'
import type { Stage } from './stage.ts'

const EPOCHS = 1_000_000
const ROUNDS = 8
/** How often an action of a kind counts for one passport in one epoch. */
const ACTION_CAP = 1_000
const WEIGHT_MAX = 65_535
const MAXIMUM_MAX = 2 ** 53 - 1

export interface DraftProblem {
  readonly field: string
  readonly text: string
}

/** Empty when the draft can be a campaign. */
export function draftProblems(draft: CampaignDraft, book: Book): readonly DraftProblem[] {
  const problems: DraftProblem[] = []
  const refuse = (field: string, text: string) => problems.push({ field, text })
  if (draft.name.trim() === '') refuse('name', 'A campaign needs a name.')
  if (draft.conditions.length === 0)
    refuse('conditions', 'A campaign needs at least one condition.')
  for (const [index, condition] of draft.conditions.entries()) {
    for (const { field, text } of conditionProblems(condition, book))
      refuse(`conditions.${index}.${field}`, text)
  }
  const sum = draft.conditions.reduce((total, { weight }) => total + Math.round(weight * 10_000), 0)
  if (draft.conditions.length > 0 && sum !== 10_000) {
    refuse('conditions', `The weights sum to ${sum / 10_000}, not to 1.`)
  }
  for (const [kind, weight] of Object.entries(draft.actionWeights)) {
    if (!isWhole(weight, 0, WEIGHT_MAX)) {
      refuse(
        `actionWeights.${kind}`,
        `An action's weight is a whole number from 0 to ${WEIGHT_MAX}.`,
      )
    }
  }
  if (!isWhole(draft.epochSeconds, 10, 31_536_000)) {
    refuse('epochSeconds', 'An epoch lasts from 10 seconds to a year.')
  }
  if (draft.epochBudget <= 0n || draft.epochBudget > draft.budget) {
    refuse('epochBudget', 'An epoch pays more than nothing and at most the budget.')
  }
  return problems
}

function conditionProblems(condition: ConditionDraft, book: Book): readonly DraftProblem[] {
  const problems: DraftProblem[] = []
  if (!book.kinds.some(({ name }) => name === condition.name)) {
    problems.push({ field: 'name', text: `There is no badge "${condition.name}".` })
  }
  if (!(condition.weight > 0 && condition.weight <= 1)) {
    problems.push({ field: 'weight', text: 'A weight is above 0 and at most 1.' })
  }
  const least = condition.valuation === 'logarithmic' ? 2 : 1
  if (!isWhole(condition.full, least, MAXIMUM_MAX)) {
    problems.push({ field: 'full', text: `The full value is a whole number of at least ${least}.` })
  }
  return problems
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}

/** Conditions as the chain will have them. The draft must have no problems. */
export function draftCriteria(draft: CampaignDraft, book: Book): readonly Criterion[] {
  return draft.conditions.map(({ name, valuation, weight, full }) => ({
    kind: book.kinds.find((kind) => kind.name === name)?.kind ?? 0,
    valuation,
    weight: (BigInt(Math.round(weight * 10_000)) * ONE) / 10_000n,
    maximum: BigInt(full),
  }))
}

const tokenAbi = parseAbi(['function approve(address spender, uint256 amount) returns (bool)'])

/** Creates the campaign and funds it. `campaign` is the number that it will have. Returns the hash of its creation. */
export async function sendCampaign(
  stage: Stage,
  draft: CampaignDraft,
  campaign: number,
  start: number,
): Promise<Hex> {
  const { actionWeights } = draft
  const lanes = [
    actionWeights.microReward,
    actionWeights.gameMove,
    actionWeights.social,
    0,
    0,
    0,
    0,
    0,
  ]
  const terms = {
    name: draft.name,
    token: DEMO_TOKEN,
    start: BigInt(start),
    epochSeconds: draft.epochSeconds,
    epochCount: EPOCHS,
    epochBudget: draft.epochBudget,
    formula: REWARD_FORMULAS[draft.formula].address,
    trustIterations: ROUNDS,
    actionWeights: lanes,
    actionCaps: lanes.map((weight) => (weight === 0 ? 0 : ACTION_CAP)),
    criteria: draftCriteria(draft, stage.book).map(({ kind, valuation, weight, maximum }) => ({
      kind,
      mode: VALUATION_MODES.indexOf(valuation),
      weight: Number(weight),
      maximum,
    })),
  }
  const { outbox } = stage
  const create = encodeFunctionData({
    abi: campaignsAbi,
    functionName: 'create',
    args: [terms as never],
  })
  const hash = await outbox.send(PROJECT, { to: CAMPAIGNS, data: create, gas: 1_500_000n })
  const approve = encodeFunctionData({
    abi: tokenAbi,
    functionName: 'approve',
    args: [CAMPAIGNS, draft.budget],
  })
  await outbox.send(PROJECT, { to: DEMO_TOKEN, data: approve, gas: 100_000n })
  const fund = encodeFunctionData({
    abi: campaignsAbi,
    functionName: 'fund',
    args: [BigInt(campaign), draft.budget],
  })
  await outbox.send(PROJECT, { to: CAMPAIGNS, data: fund, gas: 200_000n })
  return hash
}

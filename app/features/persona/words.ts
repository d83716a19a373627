/** How the engine's names are said to people. */
import { BADGE_TITLES } from '../../../workers/protocol/badgeTitles.ts'
import type {
  ActionKind,
  ArchetypeName,
  DimensionName,
  FormulaName,
  ValidatorKind,
  Valuation,
} from '../../../workers/protocol/persona.ts'
import { formatCount } from '../../ui/format.ts'

export const dimensionTitles: Readonly<Record<DimensionName, string>> = {
  demographics: 'Demographics',
  assets: 'Assets',
  social: 'Social',
  interests: 'Interests',
  knowledge: 'Knowledge',
}

export const archetypeTitles: Readonly<Record<ArchetypeName, string>> = {
  governor: 'Governor',
  provider: 'Liquidity provider',
  creator: 'Creator',
  player: 'Player',
  newcomer: 'Newcomer',
}

export const actionTitles: Readonly<Record<ActionKind, string>> = {
  microReward: 'Micro-reward',
  gameMove: 'In-game move',
  social: 'Social action',
}

export const validatorTitles: Readonly<Record<ValidatorKind, string>> = {
  onchain: 'Chain observer',
  zktls: 'TLS witness',
  ecosystem: 'Academy',
  social: 'Circle',
}

interface BadgeWords {
  readonly title: string
  readonly dimension: DimensionName
  readonly validator: ValidatorKind
  /** What its value counts. */
  readonly unit: string
}

/** Badges that genesis knows; the names are the chain's. */
export const badgeWords: Readonly<Record<string, BadgeWords>> = {
  governanceVotes: {
    title: BADGE_TITLES.governanceVotes,
    dimension: 'interests',
    validator: 'onchain',
    unit: 'votes',
  },
  liquidityUsd: {
    title: BADGE_TITLES.liquidityUsd,
    dimension: 'assets',
    validator: 'onchain',
    unit: '$',
  },
  followers: {
    title: BADGE_TITLES.followers,
    dimension: 'social',
    validator: 'zktls',
    unit: 'followers',
  },
  region: {
    title: BADGE_TITLES.region,
    dimension: 'demographics',
    validator: 'zktls',
    unit: 'region',
  },
  quizzes: {
    title: BADGE_TITLES.quizzes,
    dimension: 'knowledge',
    validator: 'ecosystem',
    unit: 'quizzes',
  },
  interests: {
    title: BADGE_TITLES.interests,
    dimension: 'interests',
    validator: 'ecosystem',
    unit: 'topics',
  },
  vouches: {
    title: BADGE_TITLES.vouches,
    dimension: 'social',
    validator: 'social',
    unit: 'vouches',
  },
}

/** Title of a badge or of a kind of action. */
export function signalTitle(name: string): string {
  return badgeWords[name]?.title ?? actionTitles[name as ActionKind] ?? name
}

export const valuationWords: Readonly<Record<Valuation, readonly [string, string]>> = {
  binary: ['Has it or not', '1 if there is any, else 0'],
  scaled: ['In proportion', 'value ÷ full value, at most 1'],
  logarithmic: ['By magnitude', 'log(value) ÷ log(full value), at most 1'],
}

export const formulaWords: Readonly<Record<FormulaName, readonly [string, string]>> = {
  trusted: [
    'Engagement × match × trust',
    'Rings of Sybils that only praise each other earn little.',
  ],
  plain: ['Engagement × match', 'Whoever acts most earns most, Sybils too.'],
  squareRoot: ['√engagement × match × trust', 'The thousandth action counts less than the first.'],
}

const demo = 10n ** 18n

/** Wei of the demonstration's token as DEMO with at most `digits` decimals. */
export function formatDemo(wei: bigint, digits = 2): string {
  const scale = 10n ** BigInt(digits)
  const rounded = (wei * scale + demo / 2n) / demo
  const fraction = (rounded % scale).toString().padStart(digits, '0').replace(/0+$/, '')
  const whole = formatCount(rounded / scale)
  return `${fraction === '' ? whole : `${whole}.${fraction}`} DEMO`
}

/** 0.7812 → 0.78. */
export const formatScore = (score: number, digits = 2): string => score.toFixed(digits)

/** 0.1234 → 12.3 %. */
export const formatShare = (share: number): string => `${(share * 100).toFixed(1)} %`

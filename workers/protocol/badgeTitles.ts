/** What people read for the badges that genesis knows; the keys are the chain's names. */
export const BADGE_TITLES = {
  governanceVotes: 'Governance votes',
  liquidityUsd: 'Liquidity',
  followers: 'Followers',
  region: 'Region',
  quizzes: 'Quizzes',
  interests: 'Interests',
  vouches: 'Vouches',
} as const satisfies Readonly<Record<string, string>>

/** The chain's name itself where it is not one of genesis. */
export const badgeTitle = (name: string): string =>
  BADGE_TITLES[name as keyof typeof BADGE_TITLES] ?? name

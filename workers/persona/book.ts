/**
 * What L2 recorded of Personas, as plain data. `ledger.ts` fills it from logs; everything else reads it. Nothing is ever taken away, so that
 * any past second can be asked for. Times are Unix seconds. Maps are changed in place: thousands of logs a minute go in.
 */
import type { ValidatorKind, Valuation } from '../protocol/persona.ts'
import { ACTION_LANES, type RewardTerms } from './rewards.ts'
import type { Criterion } from './score.ts'

/** Where a fact stands on the chain: anyone can look it up. */
export interface Source {
  readonly address: string
  readonly event: string
  readonly blockNumber: number
  readonly timestamp: number
  readonly transactionHash: string
  readonly logIndex: number
}

export interface WalletRecord {
  readonly address: string
  readonly linked: Source
  unlinked: Source | null
}

export interface BadgeRecord {
  readonly uid: string
  readonly kind: number
  /** Lower case. */
  readonly validator: string
  readonly value: bigint
  /** Zero if it does not expire. */
  readonly expiresAt: number
  readonly issued: Source
  revoked: Source | null
}

export interface PassportRecord {
  readonly passport: number
  readonly owner: string
  readonly minted: Source
  readonly wallets: WalletRecord[]
  /** By kind of badge; the last one is current. */
  readonly badges: Map<number, BadgeRecord[]>
  /** Actions by kind and hour of the Unix clock. */
  readonly activity: Map<number, Map<number, number>>
  /** Last few logs of its actions. */
  readonly recentActions: { readonly source: Source; readonly counts: readonly number[] }[]
  /** Oldest first. */
  readonly sessions: SessionRecord[]
  actions: number
}

export interface BadgeKindRecord {
  readonly kind: number
  readonly schema: string
  readonly name: string
  readonly validatorKind: ValidatorKind
  readonly points: number
  readonly lifetimeSeconds: number
  readonly decaySeconds: number
}

export interface ValidatorRecord {
  readonly address: string
  readonly name: string
  readonly kind: ValidatorKind
  readonly status: number
  /** Zero: never. */
  readonly listedAt: number
  readonly revokedAt: number
}

export interface CampaignTerms extends RewardTerms {
  readonly name: string
  readonly token: string
  readonly start: number
  readonly epochSeconds: number
  readonly epochCount: number
  readonly criteria: readonly Criterion[]
}

/** Actions of one campaign in one epoch. */
export interface EpochActions {
  /** By passport: counts of the eight kinds. */
  readonly counts: Map<number, number[]>
  /** By target: who stands in its chain, in order. */
  readonly sources: Map<number, number[]>
  actions: number
}

/** How often one Persona's social actions stand in another's chain, over all epochs. */
export interface PairRecord {
  readonly source: number
  readonly target: number
  count: number
  /** Start of the first epoch in which they met. */
  readonly seconds: number
}

export interface ProposalRecord {
  readonly epoch: number
  readonly proposer: string
  readonly rewardsRoot: string
  readonly total: bigint
  readonly trustRoots: readonly string[]
  /** By passport − 1, as the proposer published them; not checked by the contract. */
  readonly amounts: readonly bigint[]
  readonly proposed: Source
  removed: {
    readonly source: Source
    readonly challenger: string
    readonly fault: number
    readonly passport: number
    readonly slashedWei: bigint
  } | null
  finalized: { readonly source: Source; readonly allocated: bigint } | null
}

export interface ClaimRecord {
  readonly passport: number
  readonly amount: bigint
  readonly source: Source
}

export interface CampaignRecord {
  readonly campaign: number
  readonly owner: string
  readonly terms: CampaignTerms
  readonly created: Source
  readonly epochs: Map<number, EpochActions>
  readonly proposals: ProposalRecord[]
  readonly claims: ClaimRecord[]
  /** Sum of its claims by passport. */
  readonly claimedWei: Map<number, bigint>
  /** The last session for it of each passport. */
  readonly sessions: Map<number, SessionRecord>
  /** Passports whose last session is revoked. */
  readonly silent: Set<number>
  /** By both passports: see `addEdge`. */
  readonly pairs: Map<number, PairRecord>
  /** Actions by kind, eight of them. */
  readonly byKind: number[]
  fundedWei: bigint
  actions: number
}

/** A relayed batch as the chain counted it. */
export interface BatchRecord {
  readonly campaign: number
  readonly epoch: number
  readonly actions: number
  readonly groups: number
  readonly refused: number
  readonly bytes: number
  readonly source: Source
}

export interface SessionRecord {
  readonly session: number
  readonly passport: number
  readonly key: string
  readonly campaign: number
  readonly allowance: number
  readonly expiry: number
  /** Actions that it did so far. */
  used: number
  /** When its owner revoked it: from then on the chain refuses what it signs. */
  revoked: Source | null
}

export interface Book {
  /** By passport − 1. */
  readonly passports: PassportRecord[]
  /** By kind. */
  readonly kinds: BadgeKindRecord[]
  readonly validators: Map<string, ValidatorRecord>
  readonly campaigns: Map<number, CampaignRecord>
  readonly sessions: Map<number, SessionRecord>
  readonly batches: BatchRecord[]
  /** Passport by wallet, lower case, as of now. */
  readonly wallets: Map<string, number>
  /** Badges that were issued, those that are current no more left out. */
  badges: number
  /** Grows with every passport, badge and validator that came or went: what was computed from them before is stale. */
  version: number
}

export function createBook(): Book {
  return {
    passports: [],
    kinds: [],
    validators: new Map(),
    campaigns: new Map(),
    sessions: new Map(),
    batches: [],
    wallets: new Map(),
    badges: 0,
    version: 0,
  }
}

export const VALUATION_MODES: readonly Valuation[] = ['binary', 'scaled', 'logarithmic']

/** A campaign of which nothing more is known than that it was created. */
export function createCampaignRecord(
  known: Pick<CampaignRecord, 'campaign' | 'owner' | 'terms' | 'created'>,
): CampaignRecord {
  return {
    ...known,
    epochs: new Map(),
    proposals: [],
    claims: [],
    claimedWei: new Map(),
    sessions: new Map(),
    silent: new Set(),
    pairs: new Map(),
    byKind: new Array<number>(ACTION_LANES).fill(0),
    fundedWei: 0n,
    actions: 0,
  }
}

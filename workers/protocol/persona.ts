/**
 * Personas as observers see them, and what a project can do with them. The engine (`workers/persona`) lives in a worker of its own and
 * is a client of the world like any other: it reads L2's logs and sends signed transactions over JSON-RPC. All of it crosses ports
 * as plain data.
 *
 * Scores, weights and shares are numbers from 0 to 1, for display: the exact 18-decimal values stay in the engine and on the chain.
 * Amounts of the reward token are `bigint` with 18 decimals, times virtual milliseconds since L1's genesis, hashes and
 * addresses 0x-strings. A section of the projection keeps its identity as long as nothing in it changed.
 */

export const DIMENSIONS = ['demographics', 'assets', 'social', 'interests', 'knowledge'] as const
/** The litepaper's five dimensions of a Persona. */
export type DimensionName = (typeof DIMENSIONS)[number]

export const ARCHETYPES = ['governor', 'provider', 'creator', 'player', 'newcomer'] as const
export type ArchetypeName = (typeof ARCHETYPES)[number]

export const ACTION_KINDS = ['microReward', 'gameMove', 'social'] as const
export type ActionKind = (typeof ACTION_KINDS)[number]

export const VALIDATOR_KINDS = ['onchain', 'zktls', 'ecosystem', 'social'] as const
/** Issuers of badges; no validators of the rollup. `zktls` is a stand-in: a signer, no proof of a TLS session. */
export type ValidatorKind = (typeof VALIDATOR_KINDS)[number]

export const VALUATIONS = ['binary', 'scaled', 'logarithmic'] as const
/** How a condition values what a Persona shows: has it or not; share of `full`; `log(value) / log(full)`. */
export type Valuation = (typeof VALUATIONS)[number]

export const FORMULAS = ['trusted', 'plain', 'squareRoot'] as const
/** How shares of an epoch's reward are made: contracts on L2, which anyone may add to. The litepaper is silent; they are ours. */
export type FormulaName = (typeof FORMULAS)[number]

/** What a campaign asks of a Persona. The weights of a campaign sum to 1. */
export interface ConditionDraft {
  readonly name: string
  readonly dimension: DimensionName
  readonly valuation: Valuation
  /** More than 0, up to 1, at most four decimals. */
  readonly weight: number
  /** Whole units for which `scaled` and `logarithmic` come to 1; 1 for `binary`. */
  readonly full: number
}

/** What the campaign builder edits. Names and numbers of a partner stay on this device: the chain gets the numbers alone. */
export interface CampaignDraft {
  readonly name: string
  readonly conditions: readonly ConditionDraft[]
  /** Per kind, more than 0: how much one action of it counts. */
  readonly actionWeights: Readonly<Record<ActionKind, number>>
  readonly formula: FormulaName
  /** Funded with so much of the demonstration's token, of which each epoch pays `epochBudget` at the most. */
  readonly budget: bigint
  readonly epochBudget: bigint
  readonly epochSeconds: number
}

export interface PersonaOptions {
  readonly seed: number
  /** 200 … 10,000. */
  readonly personas: number
  /** 0 … 900. */
  readonly sybilPermille: number
}

/** The sections that changed since the last one. The first patch holds all of them. */
export type PersonaPatch = Partial<PersonaProjection>

export interface PersonaProjection {
  readonly setup: SetupView
  readonly campaigns: readonly CampaignView[]
  readonly load: LoadView
  readonly epochs: readonly EpochView[]
  readonly distribution: DistributionView
  /** Last 64 things that happened on chain, newest first. */
  readonly feed: readonly FeedEntry[]
}

/** How far the people of the demonstration are on chain. */
export interface SetupView {
  readonly stage: 'idle' | 'preparing' | 'ready' | 'failed'
  /** What it does now, in words. */
  readonly step: string
  readonly personas: number
  readonly sybils: number
  readonly passports: number
  readonly badges: number
  /** L2 block up to which logs were read. */
  readonly blockNumber: bigint
  /** How many times the chain was read from its start: grows when the world was taken back, so that nobody believes what was read before. */
  readonly readings: number
  /** Why it failed; null while it did not. */
  readonly failure: string | null
}

export interface CampaignView {
  readonly id: string
  readonly draft: CampaignDraft
  readonly fundedWei: bigint
  readonly paidWei: bigint
  readonly epoch: number
  readonly actions: number
  readonly transactionHash: string
}

/** Everything here is measured on real blocks and batches; `null` before there is something to measure. */
export interface LoadView {
  /** Asked for, per virtual second; 0 while the generator rests. */
  readonly targetPerSecond: number
  readonly signed: number
  readonly relayed: number
  /** Actions whose log stands in a block. */
  readonly included: number
  readonly refused: number
  /** Actions that were due and that nobody signed: their Personas' sessions are revoked, or are of a key of somebody else. */
  readonly withheld: number
  /** Personas of the last campaign whose sessions are revoked. */
  readonly silent: number
  /** Included per virtual second, over the last ten. */
  readonly perSecond: number
  readonly byKind: Readonly<Record<ActionKind, number>>
  /** Actions that wait for the relay batch to close, and how many close it. */
  readonly open: number
  readonly closesAt: number
  readonly l2GasPerAction: number | null
  /** Over everything that is on L1, and in the rollup's batch with the most actions; null until one is posted. */
  readonly onL1: { readonly all: CarriageCost; readonly fullest: CarriageCost } | null
  /** Relay batches, last 24, oldest first. */
  readonly batches: readonly ActionBatchView[]
}

/** What L1 takes for actions. Whatever else a batch of the rollup carries is counted in: its actions share all of it. */
export interface CarriageCost {
  readonly actions: number
  readonly bytesPerAction: number
  readonly l1GasPerAction: number
}

/** Actions that were relayed together, and the rollup batch that carried them to L1. */
export interface ActionBatchView {
  readonly number: number
  readonly actions: number
  readonly transactions: number
  readonly closedMs: number
  /** Null until all of its transactions are in a block. */
  readonly lastBlock: bigint | null
  readonly l2Gas: bigint
  /** Index of the entry in L1's inbox; null until posted. */
  readonly entryIndex: bigint | null
  /** Bytes of the entry's payload per action in it, and L1 gas per action; null until posted. */
  readonly bytesPerAction: number | null
  readonly l1GasPerAction: number | null
  /** Blob hash or transaction on L1 that carries it. */
  readonly l1TransactionHash: string | null
}

/** `open`: the epoch runs; `closed`: it is over and nothing is proposed; `removed`: a challenge took the root down. */
export type RewardRootStatus = 'open' | 'closed' | 'pending' | 'removed' | 'final'

/**
 * One root that was proposed for an epoch of a campaign, or an epoch without one. The challenge here is an application's, on L2:
 * storing a wrong root is a valid transaction.
 */
export interface EpochView {
  readonly campaign: string
  readonly epoch: number
  readonly status: RewardRootStatus
  readonly startMs: number
  readonly endMs: number
  readonly root: string | null
  /** What this engine computes from chain data. */
  readonly expectedRoot: string | null
  readonly publisher: string | null
  /** What the publisher lost; zero while it did not. */
  readonly slashedWei: bigint
  readonly publishedMs: number | null
  /** End of the time in which a wrong root can be challenged. */
  readonly finalMs: number | null
  readonly challenge: RewardChallengeView | null
  readonly payouts: PayoutsView
}

/** The row that a watcher named and that the contract recomputed. */
export interface RewardChallengeView {
  readonly watcher: string
  readonly passport: number
  /** Which rule the row breaks, as the contract names it. */
  readonly rule: string
  readonly claimed: bigint
  readonly recomputed: bigint
  readonly transactionHash: string
}

/** Both ways of paying the same epoch, so that the difference shows. */
export interface PayoutsView {
  readonly withTrust: PayoutSummary
  readonly withoutTrust: PayoutSummary
}

export interface PayoutSummary {
  readonly total: bigint
  readonly paidPersonas: number
  readonly sybilShare: number
  readonly byArchetype: Readonly<Record<ArchetypeName, bigint>>
}

/** Scores of all Personas for one campaign, as the project sees them. */
export interface DistributionView {
  readonly campaign: string | null
  /** Personas per twentieth of the score, from 0…0.05 to 0.95…1; Sybils apart. */
  readonly honest: readonly number[]
  readonly sybils: readonly number[]
  readonly average: number
}

export interface FeedEntry {
  readonly timeMs: number
  readonly kind:
    | 'passport'
    | 'link'
    | 'badge'
    | 'validator'
    | 'campaign'
    | 'actions'
    | 'epoch'
    | 'challenge'
    | 'claim'
  readonly text: string
  readonly transactionHash: string
  readonly blockNumber: bigint
}

/** One signal with where it comes from: anyone can look the log up. */
export interface SignalView {
  readonly dimension: DimensionName
  readonly name: string
  /** When it was new, and now. */
  readonly weight: number
  readonly weightNow: number
  readonly timeMs: number
  readonly provenance: Provenance
}

export interface Provenance {
  readonly contract: string
  readonly event: string
  readonly blockNumber: bigint
  readonly logIndex: number
  readonly transactionHash: string
}

export interface PersonaRow {
  readonly passport: number
  readonly name: string
  readonly archetype: ArchetypeName | null
  readonly isSybil: boolean
  readonly score: number
  readonly trust: number
  readonly points: number
  readonly actions: number
  readonly earnedWei: bigint
}

export interface PersonaDetails extends PersonaRow {
  readonly owner: string
  readonly wallets: readonly WalletView[]
  readonly radar: Readonly<Record<DimensionName, number>>
  readonly signals: readonly SignalView[]
  readonly badges: readonly BadgeView[]
  readonly conditions: readonly ConditionScore[]
  readonly rexy: RexyView
  /** Proven and not yet taken, by campaign. */
  readonly claimableWei: bigint
  readonly claimedWei: bigint
}

export interface WalletView {
  readonly address: string
  readonly linked: boolean
  readonly timeMs: number
  readonly transactionHash: string
}

export interface BadgeView {
  readonly uid: string
  readonly name: string
  readonly kind: ValidatorKind
  readonly validator: string
  readonly level: number
  readonly points: number
  readonly issuedMs: number
  readonly expiresMs: number | null
  readonly state: 'valid' | 'expired' | 'revoked'
  readonly transactionHash: string
}

/** For the project's eyes: one condition of the matching score. */
export interface ConditionScore {
  readonly name: string
  readonly weight: number
  readonly value: number
  readonly contribution: number
}

/** For the user's eyes: what to do, never a score. */
export interface TaskView {
  readonly name: string
  readonly hint: string
  readonly done: boolean
}

/** An avatar driven by badges; traits are small integers for the painter. Our design, not the litepaper's. */
export interface RexyView {
  readonly hue: number
  readonly stage: 'egg' | 'hatchling' | 'young' | 'grown'
  /** Binary logarithm of its points, rounded down. */
  readonly level: number
  /** One along the back for each badge that is worth anything now, 0 to 8. */
  readonly spikes: number
  /** Kinds of validators that vouch for it now. */
  readonly marks: readonly ValidatorKind[]
  /** 32-bit number for details that mean nothing. */
  readonly pattern: number
}

/**
 * The Value Graph at a moment, in flat arrays that cross ports without copies: thousands of nodes at sixty frames a second. Node
 * ids are stable, so that a layout survives a change; nodes come in the order in which the chain met them.
 */
export interface GraphView {
  readonly timeMs: number
  readonly nodes: number
  /** 0 validator, 1 badge schema, 2 persona, 3 Sybil persona. */
  readonly kinds: Uint8Array
  /** Passport of a persona, otherwise the index in `names`. */
  readonly ids: Uint32Array
  /** Rank by trust, 0 … 1 relative to the greatest persona. */
  readonly trust: Float32Array
  readonly names: readonly string[]
  /** Pairs of node indices. */
  readonly edges: Uint32Array
  /** Weight of each edge now, and virtual time in seconds when it was new. */
  readonly weights: Float32Array
  readonly times: Float32Array
  /** Rounds of EigenTrust behind the ranks. */
  readonly rounds: number
}

/** What the playable screens and the tour do. Every command is an ordinary signed transaction; it resolves once its receipt is there. */
export type PersonaCommand =
  | { readonly kind: 'createCampaign'; readonly draft: CampaignDraft }
  | {
      readonly kind: 'act'
      readonly passport: number
      readonly action: ActionKind
      /** Whom a social action is about; somebody when left out. */
      readonly target?: number
      /** Where a move goes, one step: 0 north, 1 east, 2 south, 3 west; east when left out. */
      readonly direction?: number
    }
  | { readonly kind: 'linkWallet'; readonly passport: number; readonly wallet: number }
  | { readonly kind: 'unlinkWallet'; readonly passport: number; readonly address: string }
  | {
      readonly kind: 'issueBadge'
      readonly passport: number
      readonly validator: ValidatorKind
      /** Name of the kind of badge; a second badge of a kind upgrades the first. */
      readonly badge: string
      readonly value: number
    }
  | { readonly kind: 'revokeBadge'; readonly uid: string }
  | { readonly kind: 'revokeValidator'; readonly validator: ValidatorKind }
  /** `inflate`: the publisher lies about that passport's row; the watcher will find it. */
  | { readonly kind: 'publishRewards'; readonly campaign: string; readonly inflate?: number }
  | { readonly kind: 'claim'; readonly campaign: string; readonly passport: number }

export interface CommandResult {
  /** A sentence on what came of it. */
  readonly text: string
  readonly transactionHash: string
  readonly gas: GasPayer
  /** What the paymaster paid for a sponsored command, as EntryPoint logged it; null for others. */
  readonly sponsoredWei: bigint | null
}

/**
 * Who pays for a command: a paymaster, for the user operation of an owner without ether (ERC-4337, EIP-7702); the relayer, for what a
 * session key or an issuer signed; the sender itself.
 */
export type GasPayer = 'sponsored' | 'relayed' | 'own'

/** What the report export prints; `measured` and `simulated` say where a figure comes from. */
export interface CampaignReport {
  readonly campaign: CampaignView
  readonly epochs: readonly EpochView[]
  readonly personas: readonly PersonaRow[]
  readonly figures: readonly {
    readonly name: string
    readonly value: string
    readonly source: 'measured' | 'simulated' | 'assumed'
  }[]
}

/** What the engine's worker exposes. */
export interface PersonaWorker {
  /** Gives the engine a port to the world, before anything else. */
  connect(port: object): Promise<PersonaApi>
}

/** The engine in its worker. Rejections carry a typed error's name, as those of `World` do. */
export interface PersonaApi {
  /** Names the people. They come onto the chain with the calls of `advance`; `setup` tells how far it is. */
  open(options: PersonaOptions): Promise<void>
  /** The world was opened anew or went back in time: reads the chain again from its start. */
  forget(): Promise<void>
  /** Virtual time has come to `timeMs`: reads new blocks and sends the actions that are due. */
  advance(timeMs: number): Promise<void>
  /** Actions per virtual second, 0 … 1,000. */
  setLoad(actionsPerSecond: number): Promise<void>
  perform(command: PersonaCommand): Promise<CommandResult>
  subscribe(listener: (patch: PersonaPatch) => void): Promise<() => void>

  /** Whether a draft can be a campaign, and what Alice and two like her would score; nothing is sent. */
  preview(draft: CampaignDraft): Promise<PreviewView>
  personas(query: PersonaQuery): Promise<{
    readonly total: number
    readonly rows: readonly PersonaRow[]
  }>
  /** At a time of the past when given: time travel. Null if there is no such passport. */
  persona(
    passport: number,
    campaign: string | null,
    timeMs?: number,
  ): Promise<PersonaDetails | null>
  tasks(passport: number, campaign: string): Promise<readonly TaskView[]>
  graph(timeMs?: number): Promise<GraphView>
  report(campaign: string): Promise<CampaignReport>
}

export interface PersonaQuery {
  readonly campaign: string | null
  readonly from: number
  /** 1 … 200. */
  readonly count: number
  readonly order: 'score' | 'trust' | 'earned' | 'actions' | 'passport'
  /** Part of a name, or a passport's number. */
  readonly search?: string
  /** Ranks as of this virtual time, past or to come, with what is on chain now; the engine's own when left out. */
  readonly timeMs?: number
}

export interface PreviewView {
  /** What is wrong with the draft, field by field; empty when it can be created. */
  readonly problems: readonly { readonly field: string; readonly text: string }[]
  readonly examples: readonly {
    readonly name: string
    readonly conditions: readonly ConditionScore[]
    readonly score: number
  }[]
}

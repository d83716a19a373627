/**
 * Every number that the rules of the rollup depend on, by preset. Contracts are deployed with the same numbers.
 * Times are virtual. Windows that L1 contracts measure in seconds are whole seconds.
 */
import {
  CODE_LIMITS,
  type CodeLimits,
  type CodeSizeLimit,
  ETHEREUM_CODE_LIMITS,
} from './codeLimits.ts'

export type PresetName = 'classroom' | 'demo' | 'mainnet-like' | 'arbitrum-one'

export interface Parameters extends CodeLimits {
  readonly preset: PresetName
  readonly l1ChainId: number
  readonly l2ChainId: number
  readonly l1SlotMs: number
  readonly l1FinalitySlots: number
  readonly sequencerCount: number
  readonly dataNodeCount: number
  /** Nodes that must sign a data availability certificate: 12 of 16, 3 of 4. */
  readonly dataQuorum: number
  readonly l2BlockMs: number
  readonly l2BlockGasLimit: number
  /** A devnet: cheats (docs/specs/CHEATS.md) are valid. The verifier's contracts have it as an immutable. */
  readonly allowsCheats: boolean
  readonly batchIntervalMs: number
  readonly proposalIntervalMs: number
  readonly dataChallengeWindowSeconds: number
  readonly disputeWindowSeconds: number
  readonly gameClockSeconds: number
  readonly gameClockExtensionSeconds: number
  readonly airGapSeconds: number
  /** Inbox ladder, in L1 blocks: a batch must include / anyone may force / deposit-only blocks. */
  readonly inboxMustIncludeBlocks: number
  readonly inboxForceBlocks: number
  readonly inboxDepositOnlyBlocks: number
  readonly epochBlocks: number
  readonly evidenceLifeBlocks: number
  readonly unbondingBlocks: number
}

const shared = {
  l1ChainId: 7_331_001,
  l2ChainId: 7_331_002,
  l2BlockGasLimit: 60_000_000,
  allowsCheats: true,
  ...ETHEREUM_CODE_LIMITS,
} as const

/** Ethereum's slots, and the clocks and windows of OP mainnet. */
const mainnetLike: Parameters = {
  ...shared,
  preset: 'mainnet-like',
  l1SlotMs: 12_000,
  l1FinalitySlots: 64,
  sequencerCount: 7,
  dataNodeCount: 16,
  dataQuorum: 12,
  l2BlockMs: 2_000,
  batchIntervalMs: 600_000,
  proposalIntervalMs: 3_600_000,
  dataChallengeWindowSeconds: 86_400,
  disputeWindowSeconds: 604_800,
  gameClockSeconds: 302_400,
  gameClockExtensionSeconds: 10_800,
  airGapSeconds: 302_400,
  inboxMustIncludeBlocks: 300,
  inboxForceBlocks: 1_800,
  inboxDepositOnlyBlocks: 3_600,
  epochBlocks: 225,
  evidenceLifeBlocks: 50_400,
  unbondingBlocks: 57_600,
}

export const PRESETS: Readonly<Record<PresetName, Parameters>> = {
  classroom: {
    ...shared,
    preset: 'classroom',
    l1SlotMs: 1_000,
    l1FinalitySlots: 8,
    sequencerCount: 4,
    dataNodeCount: 4,
    dataQuorum: 3,
    l2BlockMs: 1_000,
    batchIntervalMs: 8_000,
    proposalIntervalMs: 12_000,
    dataChallengeWindowSeconds: 4,
    disputeWindowSeconds: 42,
    gameClockSeconds: 36,
    gameClockExtensionSeconds: 3,
    airGapSeconds: 6,
    inboxMustIncludeBlocks: 10,
    inboxForceBlocks: 30,
    inboxDepositOnlyBlocks: 60,
    epochBlocks: 32,
    evidenceLifeBlocks: 64,
    unbondingBlocks: 96,
  },
  demo: {
    ...shared,
    preset: 'demo',
    l1SlotMs: 2_000,
    l1FinalitySlots: 16,
    sequencerCount: 7,
    dataNodeCount: 16,
    dataQuorum: 12,
    l2BlockMs: 500,
    batchIntervalMs: 20_000,
    proposalIntervalMs: 40_000,
    dataChallengeWindowSeconds: 40,
    disputeWindowSeconds: 180,
    gameClockSeconds: 120,
    gameClockExtensionSeconds: 6,
    airGapSeconds: 12,
    inboxMustIncludeBlocks: 10,
    inboxForceBlocks: 30,
    inboxDepositOnlyBlocks: 60,
    epochBlocks: 32,
    evidenceLifeBlocks: 64,
    unbondingBlocks: 96,
  },
  'mainnet-like': mainnetLike,
  /** 45,818 L1 blocks to dispute in and 200 more; two days in which a guardian may still step in (BoLD's grace period). */
  'arbitrum-one': {
    ...mainnetLike,
    preset: 'arbitrum-one',
    disputeWindowSeconds: 46_018 * 12,
    gameClockSeconds: 45_818 * 12,
    airGapSeconds: 172_800,
  },
}

/**
 * Chess clocks of the dispute game, in seconds, by preset; OP mainnet's are those of `mainnet-like`. Arbitrum One's own game knows no
 * extension: it has OP mainnet's here.
 */
export const GAME_CLOCKS = {
  classroom: clocksOf(PRESETS.classroom),
  demo: clocksOf(PRESETS.demo),
  'op-mainnet': clocksOf(PRESETS['mainnet-like']),
  'arbitrum-one': clocksOf(PRESETS['arbitrum-one']),
} as const

function clocksOf({ gameClockSeconds, gameClockExtensionSeconds }: Parameters) {
  return {
    maxClockSeconds: BigInt(gameClockSeconds),
    extensionSeconds: BigInt(gameClockExtensionSeconds),
  }
}

/** What a world's options say about its rules. */
export type RuleOptions = {
  readonly preset: PresetName
  /** Bytes of a contract's code on L2. Default: Ethereum's 24,576. */
  readonly codeSizeLimit?: CodeSizeLimit
}

export function parametersOf({ preset, codeSizeLimit = 24_576 }: RuleOptions): Parameters {
  return { ...PRESETS[preset], ...CODE_LIMITS[codeSizeLimit] }
}

/** The well-known test mnemonic; its first ten accounts are funded on both chains. */
export const TEST_MNEMONIC = 'test test test test test test test test test test test junk'
/** Unix time of L1's genesis block, and of virtual time 0: 2026-01-01T00:00:00Z. */
export const GENESIS_TIMESTAMP = 1_767_225_600

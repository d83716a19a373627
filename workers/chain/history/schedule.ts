/** Forks by height and time, from the configuration of a genesis file as geth writes it. */
import { type BlobSchedule, OSAKA_BLOBS } from '../../rollup/header.ts'
import { type GasPrices, OSAKA_PRICES } from '../../rollup/transaction/gas.ts'
import type { Fork, ForkSchedule } from '../forks.ts'
import { InvalidChainFileError } from './errors.ts'

export interface GenesisConfig {
  readonly chainId: number
  readonly depositContractAddress?: string
  readonly blobSchedule?: {
    readonly [fork: string]: {
      readonly target: number
      readonly max: number
      readonly baseFeeUpdateFraction: number
    }
  }
  readonly [key: string]: unknown
}

const FRONTIER_PRICES: GasPrices = {
  byteTokens: 17,
  tokenFloor: 0n,
  initcodeWord: 0n,
  refundQuotient: 2n,
}
const ISTANBUL_PRICES = { ...FRONTIER_PRICES, byteTokens: 4 }
const LONDON_PRICES = { ...ISTANBUL_PRICES, refundQuotient: 5n }
const SHANGHAI_PRICES = { ...LONDON_PRICES, initcodeWord: 2n }

interface Known {
  /** Field of the configuration without its ending `Block` or `Time`. */
  readonly name: string
  readonly hardfork: string
  readonly prices: GasPrices
}

/** Ascending. Difficulty bombs alone change no rule, but a fork id counts them. */
const BY_HEIGHT: readonly Known[] = [
  { name: 'homestead', hardfork: 'homestead', prices: FRONTIER_PRICES },
  { name: 'eip150', hardfork: 'tangerineWhistle', prices: FRONTIER_PRICES },
  { name: 'eip155', hardfork: 'tangerineWhistle', prices: FRONTIER_PRICES },
  { name: 'eip158', hardfork: 'spuriousDragon', prices: FRONTIER_PRICES },
  { name: 'byzantium', hardfork: 'byzantium', prices: FRONTIER_PRICES },
  { name: 'constantinople', hardfork: 'constantinople', prices: FRONTIER_PRICES },
  { name: 'petersburg', hardfork: 'petersburg', prices: FRONTIER_PRICES },
  { name: 'istanbul', hardfork: 'istanbul', prices: ISTANBUL_PRICES },
  { name: 'muirGlacier', hardfork: 'muirGlacier', prices: ISTANBUL_PRICES },
  { name: 'berlin', hardfork: 'berlin', prices: ISTANBUL_PRICES },
  { name: 'london', hardfork: 'london', prices: LONDON_PRICES },
  { name: 'arrowGlacier', hardfork: 'arrowGlacier', prices: LONDON_PRICES },
  { name: 'grayGlacier', hardfork: 'grayGlacier', prices: LONDON_PRICES },
]

const BY_TIME: readonly Known[] = [
  { name: 'shanghai', hardfork: 'shanghai', prices: SHANGHAI_PRICES },
  { name: 'cancun', hardfork: 'cancun', prices: SHANGHAI_PRICES },
  { name: 'prague', hardfork: 'prague', prices: OSAKA_PRICES },
  { name: 'osaka', hardfork: 'osaka', prices: OSAKA_PRICES },
  ...['bpo1', 'bpo2', 'bpo3', 'bpo4', 'bpo5'].map((name) => ({
    name,
    hardfork: 'osaka',
    prices: OSAKA_PRICES,
  })),
]

const FRONTIER: Fork = {
  name: 'frontier',
  hardfork: 'chainstart',
  prices: FRONTIER_PRICES,
  blobs: OSAKA_BLOBS,
  startsAt: { block: 0n },
}

/** The name of the fork with which proof of stake began. */
const MERGE = 'paris'

/**
 * `mergeHeight`: the first block without difficulty; undefined where the chain has none.
 * Throws `InvalidChainFileError` naming the field.
 */
export function readSchedule(config: GenesisConfig, mergeHeight: bigint | undefined): ForkSchedule {
  const forks: Fork[] = [FRONTIER]
  for (const known of BY_HEIGHT) {
    const block = readStart(config, `${known.name}Block`)
    if (block !== undefined) forks.push({ ...known, blobs: OSAKA_BLOBS, startsAt: { block } })
  }
  const merge = readStart(config, 'mergeNetsplitBlock') ?? mergeHeight
  if (merge !== undefined) {
    const known = { name: MERGE, hardfork: MERGE, prices: LONDON_PRICES, blobs: OSAKA_BLOBS }
    forks.push({ ...known, startsAt: { block: merge } })
  }
  for (const known of BY_TIME) {
    const timestamp = readStart(config, `${known.name}Time`)
    if (timestamp === undefined) continue
    const blobs = readBlobs(config, known.name, forks.at(-1)?.blobs ?? OSAKA_BLOBS)
    forks.push({ ...known, blobs, startsAt: { timestamp } })
  }
  if (readStart(config, 'amsterdamTime') !== undefined) {
    throw new InvalidChainFileError('config.amsterdamTime: the forks end with Osaka and BPO5.')
  }
  return forks
}

function readStart(config: GenesisConfig, field: string): bigint | undefined {
  const value = config[field]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  throw new InvalidChainFileError(`config.${field} must be an integer of at least 0.`)
}

function readBlobs(config: GenesisConfig, name: string, before: BlobSchedule): BlobSchedule {
  const given = config.blobSchedule?.[name]
  const isBounded =
    before.isBounded && name !== 'shanghai' && name !== 'cancun' && name !== 'prague'
  const bounded = isBounded || name === 'osaka'
  if (given === undefined) return { ...before, isBounded: bounded }
  const { target, max, baseFeeUpdateFraction } = given
  for (const [field, value] of Object.entries({ target, max, baseFeeUpdateFraction })) {
    if (Number.isSafeInteger(value) && value > 0) continue
    throw new InvalidChainFileError(
      `config.blobSchedule.${name}.${field} must be an integer above 0.`,
    )
  }
  return {
    target: BigInt(target),
    max: BigInt(max),
    updateFraction: BigInt(baseFeeUpdateFraction),
    isBounded: bounded,
  }
}

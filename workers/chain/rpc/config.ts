/** What the node is and by which rules it runs: `eth_config` (EIP-7910), `eth_capabilities`. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import type { Chain } from '../chain.ts'
import { BEACON_ROOTS_ADDRESS, HISTORY_ADDRESS, REQUEST_CONTRACTS } from '../execute.ts'
import { type Fork, forkAt, hasBegun, OSAKA } from '../forks.ts'
import type { MethodTable } from './backend.ts'
import { quantity } from './format.ts'

export const configMethods: MethodTable = {
  async eth_config({ chain }) {
    const { header } = chain.head()
    const schedule = chain.config.forks ?? [OSAKA]
    const current = forkAt(chain.config.forks, header)
    const later = schedule.filter((fork) => !hasBegun(fork, header))
    const [next] = later
    const last = later.at(-1)
    return {
      current: await describeFork(chain, current),
      next: next === undefined ? null : await describeFork(chain, next),
      last: last === undefined ? null : await describeFork(chain, last),
    }
  },
  eth_capabilities({ chain }) {
    const { header, hash } = chain.head()
    const whole = { disabled: false, oldestBlock: quantity(oldest(chain)) }
    const head = { number: quantity(header.number), hash: bytesToHex(hash) }
    return {
      head,
      state: whole,
      tx: whole,
      logs: whole,
      receipts: whole,
      blocks: whole,
      stateproofs: whole,
    }
  },
}

/** History keeps a window of blocks. */
function oldest(chain: Chain): bigint {
  const height = chain.head().header.number
  const kept = BigInt(chain.config.historyBlocksMax ?? 16_384)
  return height > kept ? height - kept + 1n : chain.genesis.header.number
}

/** EIP-7910's names, by address. */
const PRECOMPILES: Readonly<Record<string, string>> = {
  '01': 'ECREC',
  '02': 'SHA256',
  '03': 'RIPEMD160',
  '04': 'ID',
  '05': 'MODEXP',
  '06': 'BN254_ADD',
  '07': 'BN254_MUL',
  '08': 'BN254_PAIRING',
  '09': 'BLAKE2F',
  '0a': 'KZG_POINT_EVALUATION',
  '0b': 'BLS12_G1ADD',
  '0c': 'BLS12_G1MSM',
  '0d': 'BLS12_G2ADD',
  '0e': 'BLS12_G2MSM',
  '0f': 'BLS12_PAIRING_CHECK',
  '10': 'BLS12_MAP_FP_TO_G1',
  '11': 'BLS12_MAP_FP2_TO_G2',
  '0100': 'P256VERIFY',
}

async function describeFork(chain: Chain, fork: Fork): Promise<Json> {
  const { startsAt, blobs } = fork
  const point =
    'block' in startsAt
      ? { number: startsAt.block, timestamp: 0n }
      : { number: chain.head().header.number, timestamp: startsAt.timestamp }
  const active = await chain.withExecutor(point, async ({ evm }) => new Set(evm.precompiles.keys()))
  const precompiles = Object.entries(PRECOMPILES)
    .map(([end, name]) => [name, end.padStart(40, '0')] as const)
    .filter(([, address]) => active.has(address))
    .map(([name, address]) => [name, `0x${address}`] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  return {
    activationTime: 'timestamp' in startsAt ? Number(startsAt.timestamp) : 0,
    blobSchedule: {
      target: Number(blobs.target),
      max: Number(blobs.max),
      baseFeeUpdateFraction: Number(blobs.updateFraction),
    },
    chainId: quantity(chain.config.chainId),
    forkId: forkId(chain, point),
    precompiles: Object.fromEntries(precompiles),
    systemContracts: systemContracts(chain, fork),
  }
}

function systemContracts({ config }: Chain, { hardfork }: Fork): Json {
  const hasRequests = hardfork === 'prague' || hardfork === 'osaka'
  if (hardfork !== 'cancun' && !hasRequests) return {}
  const beaconRoots = { BEACON_ROOTS_ADDRESS: bytesToHex(BEACON_ROOTS_ADDRESS) }
  if (!hasRequests) return beaconRoots
  const history = { HISTORY_STORAGE_ADDRESS: bytesToHex(HISTORY_ADDRESS) }
  // L2 has no validators.
  if (config.kind === 'l2') return { ...beaconRoots, ...history }
  const [withdrawals, consolidations] = REQUEST_CONTRACTS
  return {
    ...beaconRoots,
    CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS: bytesToHex(consolidations.address),
    ...(config.depositContract === undefined
      ? {}
      : { DEPOSIT_CONTRACT_ADDRESS: bytesToHex(config.depositContract) }),
    ...history,
    WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS: bytesToHex(withdrawals.address),
  }
}

/** EIP-2124 and EIP-6122: a checksum of the genesis and of every fork that has begun after it. */
function forkId(
  chain: Chain,
  point: { readonly number: bigint; readonly timestamp: bigint },
): string {
  const genesis = chain.genesis.header
  const starts = (chain.config.forks ?? []).filter((fork) => hasBegun(fork, point))
  const heights = starts.flatMap(({ startsAt }) => ('block' in startsAt ? [startsAt.block] : []))
  const times = starts.flatMap(({ startsAt }) =>
    'timestamp' in startsAt ? [startsAt.timestamp] : [],
  )
  const counted = [
    ...[...new Set(heights)].filter((height) => height > 0n),
    ...[...new Set(times)].filter((time) => time > genesis.timestamp),
  ]
  let checksum = crc32(0, chain.genesis.hash)
  for (const start of counted) checksum = crc32(checksum, eightBytes(start))
  return `0x${checksum.toString(16).padStart(8, '0')}`
}

function eightBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

/** IEEE 802.3, continued from `checksum`. */
function crc32(checksum: number, bytes: Uint8Array): number {
  let crc = ~checksum >>> 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0)
  }
  return ~crc >>> 0
}

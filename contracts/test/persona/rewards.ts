/** Rewards of an epoch computed from docs/specs/PERSONA.md, sections 5 to 7, with chain reads as the only input. For the tests alone. */
import { concatHex, encodeAbiParameters, type Hex, keccak256, numberToHex } from 'viem'
import { EPOCH_BUDGET, EPOCH_SECONDS, ONE, type Persona } from './persona.ts'

export interface Row {
  readonly passport: bigint
  readonly engagement: bigint
  readonly pms: bigint
  readonly trust: bigint
  readonly prefix: bigint
  readonly amount: bigint
  readonly cumulative: bigint
}

export interface Epoch {
  readonly epoch: bigint
  readonly rows: readonly Row[]
  readonly total: bigint
  /** By round, then by passport − 1. */
  readonly trust: readonly (readonly bigint[])[]
}

interface EpochInput {
  readonly persona: Persona
  readonly campaign: bigint
  readonly start: bigint
  readonly epoch: bigint
  /** Sources of each passport's social actions, in order. */
  readonly sources: ReadonlyMap<bigint, readonly bigint[]>
  readonly before?: Epoch
}

const ZERO: Hex = `0x${'00'.repeat(32)}`
const ROUNDS = 3

export async function computeEpoch(input: EpochInput): Promise<Epoch> {
  const { persona, campaign, start, epoch } = input
  const { chain, contracts } = persona
  const time = start + (epoch + 1n) * BigInt(EPOCH_SECONDS) - 1n
  const count = await chain.read<bigint>(contracts.passport, 'supplyAt', [time])
  const trust = await computeTrust(input, time, count)
  const inputs: { engagement: bigint; pms: bigint }[] = []
  for (let passport = 1n; passport <= count; passport++) {
    const counts = await countsOf(input, passport)
    const pms = await chain.read<bigint>(contracts.campaigns, 'pmsAt', [campaign, passport, time])
    const lane = (kind: bigint) => (counts >> (32n * kind)) & 0xffffffffn
    inputs.push({
      engagement: capped(lane(0n)) + 2n * capped(lane(1n)) + 3n * capped(lane(2n)),
      pms,
    })
  }
  const last = trust.at(-1) ?? []
  const shares = inputs.map(({ engagement, pms }, i) => engagement * pms * (last[i] ?? 0n))
  const total = shares.reduce((sum, share) => sum + share, 0n)
  let prefix = 0n
  const rows = inputs.map(({ engagement, pms }, i) => {
    const share = shares[i] ?? 0n
    prefix += share
    const amount = total === 0n ? 0n : (EPOCH_BUDGET * share) / total
    const cumulative = amount + (input.before?.rows[i]?.cumulative ?? 0n)
    return {
      passport: BigInt(i + 1),
      engagement,
      pms,
      trust: last[i] ?? 0n,
      prefix,
      amount,
      cumulative,
    }
  })
  return { epoch, rows, total, trust }
}

const capped = (count: bigint): bigint => (count < 50n ? count : 50n)

function countsOf({ persona, campaign, epoch }: EpochInput, passport: bigint): Promise<bigint> {
  const args = [campaign, epoch, passport]
  return persona.chain.read<bigint>(persona.contracts.engagements, 'countsOf', args)
}

async function computeTrust(input: EpochInput, time: bigint, count: bigint): Promise<bigint[][]> {
  const { persona, sources } = input
  const start: bigint[] = []
  const given: bigint[] = []
  for (let passport = 1n; passport <= count; passport++) {
    const args = [passport, time]
    start.push(
      (await persona.chain.read<bigint>(persona.contracts.points, 'balanceAt', args)) * ONE,
    )
    given.push(((await countsOf(input, passport)) >> 64n) & 0xffffffffn)
  }
  const rounds = [start]
  for (let round = 0; round < ROUNDS; round++) {
    const from = rounds[round] ?? []
    rounds.push(start.map((own, i) => (receivedBy(BigInt(i + 1), from, given, sources) + own) / 2n))
  }
  return rounds
}

function receivedBy(
  target: bigint,
  from: readonly bigint[],
  given: readonly bigint[],
  sources: EpochInput['sources'],
): bigint {
  const times = new Map<bigint, bigint>()
  for (const source of sources.get(target) ?? []) times.set(source, (times.get(source) ?? 0n) + 1n)
  return [...times].reduce((sum, [source, edges]) => {
    const at = Number(source - 1n)
    return sum + ((from[at] ?? 0n) * edges) / (given[at] ?? 1n)
  }, 0n)
}

const uint = { type: 'uint256' } as const
const twice = (encoded: Hex): Hex => keccak256(keccak256(encoded))

export function rowLeaf(row: Row): Hex {
  const { passport, engagement, pms, trust, prefix, amount, cumulative } = row
  const values = [passport, engagement, pms, trust, prefix, amount, cumulative]
  return twice(
    encodeAbiParameters(
      values.map(() => uint),
      values,
    ),
  )
}

const trustLeaf = (passport: bigint, trust: bigint): Hex =>
  twice(encodeAbiParameters([uint, uint], [passport, trust]))

interface Tree {
  readonly root: Hex
  readonly proof: (index: number) => readonly Hex[]
  /** Siblings for leaves at ascending indices, as `TrustSet` wants them. */
  readonly siblings: (indices: readonly number[]) => readonly Hex[]
}

/** Levels from the bottom; leaves beyond the last are zero words. */
export function treeOf(leaves: readonly Hex[]): Tree {
  const depth = Math.ceil(Math.log2(leaves.length))
  const bottom = Array.from({ length: 2 ** depth }, (_, i) => leaves[i] ?? ZERO)
  const levels = [bottom]
  for (let level = bottom; level.length > 1; ) {
    const below = level
    level = Array.from({ length: below.length / 2 }, (_, i) =>
      keccak256(concatHex([below[2 * i] ?? ZERO, below[2 * i + 1] ?? ZERO])),
    )
    levels.push(level)
  }
  const node = (level: number, index: number): Hex => levels[level]?.[index] ?? ZERO
  const siblings = (indices: readonly number[]): Hex[] => {
    let current = [...new Set(indices)]
    const found: Hex[] = []
    for (let level = 0; level < depth; level++) {
      const known = new Set(current)
      for (const index of current) if (!known.has(index ^ 1)) found.push(node(level, index ^ 1))
      current = [...new Set(current.map((index) => index >> 1))]
    }
    return found
  }
  const proof = (index: number): Hex[] =>
    Array.from({ length: depth }, (_, level) => node(level, (index >> level) ^ 1))
  return { root: node(depth, 0), proof, siblings }
}

export const rowTree = ({ rows }: Epoch): Tree => treeOf(rows.map(rowLeaf))
export const trustTrees = ({ trust }: Epoch): Tree[] =>
  trust.map((round) => treeOf(round.map((value, i) => trustLeaf(BigInt(i + 1), value))))

export const amountsOf = ({ rows }: Epoch): Hex =>
  concatHex(rows.map(({ amount }) => numberToHex(amount, { size: 12 })))

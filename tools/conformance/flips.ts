/**
 * Bits of every byte of a witness changed, for each declared pair of a kind of step and an outcome: the contracts must revert, or say what
 * the mirror says.
 */
import { bytesToHex } from '../../workers/rollup/bytes.ts'
import { stateHash } from '../../workers/rollup/machine/hash.ts'
import { step, witness } from '../../workers/rollup/machine/step.ts'
import { type AnvilJudge, flipBits } from './anvilJudge.ts'
import { batchEntries, batchMessages } from './batches.ts'
import { deployFamily, encodeStep, type Family, WITNESS_OFFSET } from './family.ts'
import { steppingPairs } from './pairs.ts'
import { type ProgramStep, stepOfEach } from './programs.ts'
import type { Failure } from './tally.ts'

export interface FlipReport {
  /** Steps, one of each pair, whose witness was changed. */
  readonly steps: number
  /** Bytes of their witnesses. */
  readonly bytes: number
  /** Changed witnesses: one for each of so many bits of each byte. */
  readonly tried: number
  readonly reverted: number
  /** Accepted with the mirror's result: what was changed is not read. */
  readonly unchanged: number
  /** Accepted with another result; must be 0. */
  readonly accepted: number
  /** Tried, by kind of step. */
  readonly byKind: Readonly<Record<string, number>>
  readonly failures: readonly Failure[]
}

interface FlipOptions {
  /** Of n parts of the steps the i-th, i from 1. */
  readonly shard: readonly [i: number, n: number]
  /** Bits of each byte that are changed, from the lowest. */
  readonly bits: number
  readonly onProgress?: (line: string) => void
}

/** Changes in one call. */
const CHUNK = 1_024

export async function runFlips(judge: AnvilJudge, options: FlipOptions): Promise<FlipReport> {
  const family = await deployFamily(batchEntries, batchMessages, { judge })
  const [i, n] = options.shard
  const steps = stepsOfPairs().filter((_, index) => index % n === i - 1)
  const counts = { steps: 0, bytes: 0, tried: 0, reverted: 0, unchanged: 0, accepted: 0 }
  const byKind: Record<string, number> = {}
  const failures: Failure[] = []
  for (const one of steps) {
    const { bytes, reverted, unchanged, accepted } = await flipStep(judge, family, one, options)
    const tried = reverted + unchanged + accepted.length
    const kind = one.pair.slice(0, one.pair.indexOf(':'))
    byKind[kind] = (byKind[kind] ?? 0) + tried
    counts.steps++
    counts.bytes += bytes
    counts.tried += tried
    counts.reverted += reverted
    counts.unchanged += unchanged
    counts.accepted += accepted.length
    for (const what of accepted)
      failures.push({ where: 'flips', step: counts.steps, pair: one.pair, what })
    options.onProgress?.(
      `${counts.steps}/${steps.length} ${one.pair}: ${counts.tried} tried, ${counts.accepted} accepted`,
    )
  }
  return { ...counts, byKind, failures }
}

function stepsOfPairs(): readonly ProgramStep[] {
  const pairs = steppingPairs()
  const found = stepOfEach(pairs)
  return pairs.flatMap((pair) => found.get(pair) ?? [])
}

async function flipStep(
  judge: AnvilJudge,
  { inbox, verifier }: Family,
  { before, context, traceIndex, pair }: ProgramStep,
  { bits }: FlipOptions,
) {
  const bytes = witness(before, context)
  const preState = bytesToHex(stateHash(before))
  const honest = bytesToHex(stateHash(step(before, context)))
  const data = encodeStep(inbox, { preState, bytes, endEntry: context.endEntry, traceIndex })
  const total = { bytes: 0, reverted: 0, unchanged: 0, accepted: [] as string[] }
  const width = Math.floor(CHUNK / bits)
  for (let at = 0; at < bytes.length; at += width) {
    const count = Math.min(width, bytes.length - at)
    const from = WITNESS_OFFSET + at
    const flips = await flipBits(judge, verifier, { data, honest, from, count, bits })
    total.bytes += count
    total.reverted += flips.reverted
    total.unchanged += flips.unchanged
    for (const place of flips.accepted)
      total.accepted.push(
        `bit ${place % 8} of byte ${Math.floor(place / 8) - WITNESS_OFFSET} of ${pair}`,
      )
  }
  return total
}

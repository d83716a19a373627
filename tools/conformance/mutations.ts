/**
 * Witnesses with something changed: the contracts must revert, or say what the mirror says. So one pre-state never has two post-states. Changed are
 * single bytes, whole words (zero, or another word of the witness) and the length.
 */
import { bytesToHex } from 'viem'
import { createRng, type Rng } from '../../workers/kernel/rng.ts'
import { stateHash } from '../../workers/rollup/machine/hash.ts'
import { step, witness } from '../../workers/rollup/machine/step.ts'
import { check, type Family } from './family.ts'
import { steppingPairs } from './pairs.ts'
import { type ProgramStep, stepOfEach } from './programs.ts'
import type { Failure } from './tally.ts'

export interface MutationReport {
  readonly seed: number
  readonly tried: number
  readonly reverted: number
  /** Accepted with the mirror's result: what was changed is not read. */
  readonly unchanged: number
  /** Accepted with another result; must be 0. */
  readonly accepted: number
  readonly byKind: Readonly<Record<string, number>>
  readonly failures: readonly Failure[]
}

interface MutationOptions {
  readonly perKind: number
  readonly seed: number
  readonly onProgress?: (line: string) => void
}

/** Of each kind of step so many changed witnesses, its outcomes taking turns. */
export async function runMutations(
  family: Family,
  { perKind, seed, onProgress }: MutationOptions,
): Promise<MutationReport> {
  const rng = createRng(seed)
  const counts = { tried: 0, reverted: 0, unchanged: 0, accepted: 0 }
  const byKind: Record<string, number> = {}
  const failures: Failure[] = []
  for (const [kind, steps] of stepsByKind()) {
    for (let i = 0; i < perKind; i++) {
      const one = steps[i % steps.length] as ProgramStep
      const { what, outcome } = await tryMutation(family, one, rng)
      counts.tried++
      counts[outcome]++
      byKind[kind] = (byKind[kind] ?? 0) + 1
      if (outcome === 'accepted')
        failures.push({ where: 'mutation', step: i, pair: one.pair, what })
    }
    onProgress?.(`${kind}: ${counts.tried} mutations tried, ${counts.accepted} accepted`)
  }
  return { seed, ...counts, byKind, failures }
}

function stepsByKind(): ReadonlyMap<string, readonly ProgramStep[]> {
  const kinds = new Map<string, ProgramStep[]>()
  const pairs = steppingPairs()
  const steps = stepOfEach(pairs)
  for (const pair of pairs) {
    const one = steps.get(pair)
    if (one === undefined) continue
    const kind = pair.slice(0, pair.indexOf(':'))
    kinds.set(kind, [...(kinds.get(kind) ?? []), one])
  }
  return kinds
}

interface Tried {
  readonly what: string
  readonly outcome: 'reverted' | 'unchanged' | 'accepted'
}

async function tryMutation(
  family: Family,
  { before, context }: ProgramStep,
  rng: Rng,
): Promise<Tried> {
  const bytes = witness(before, context)
  const { what, changed } = mutate(bytes, rng)
  const preState = bytesToHex(stateHash(before))
  const { result, error } = await check(family, preState, changed, context.endEntry)
  if (error !== undefined) return { what, outcome: 'reverted' }
  const isSame = result === bytesToHex(stateHash(step(before, context)))
  return { what, outcome: isSame ? 'unchanged' : 'accepted' }
}

/** The records of the state; what follows are the parts, where changes are worth more. */
const STATE_SIZE = 70 * 32

function mutate(
  bytes: Uint8Array,
  rng: Rng,
): { readonly what: string; readonly changed: Uint8Array } {
  const changed = bytes.slice()
  const from = rng.nextBelow(4) === 0 ? 0 : STATE_SIZE
  const at = from + rng.nextBelow(bytes.length - from)
  const word = at - (at % 32)
  switch (rng.nextBelow(6)) {
    case 0: {
      const other = 32 * rng.nextBelow(bytes.length >> 5)
      changed.set(bytes.subarray(other, other + 32), word)
      return { what: `word at ${word} := word at ${other}`, changed }
    }
    case 1:
      changed.fill(0, word, word + 32)
      return { what: `word at ${word} := 0`, changed }
    case 2:
      return { what: `cut at ${at}`, changed: changed.slice(0, at) }
    default: {
      const mask = 1 + rng.nextBelow(255)
      changed[at] = (changed[at] ?? 0) ^ mask
      return { what: `byte at ${at} ^ ${mask}`, changed }
    }
  }
}

/** A dispute as a play: its beats in order, and what stands on the table at one of them. Pure: all of it is in the projection. */
import type {
  ClaimView,
  DisputeView,
  PartyView,
  StepView,
} from '../../../workers/protocol/projection.ts'
import { decisiveStep } from '../../store/verdict.ts'
import { decidedInterval, type Interval, intervalAfter } from './trace.ts'

export type Beat =
  | { readonly kind: 'claim'; readonly claim: ClaimView }
  | { readonly kind: 'step'; readonly step: StepView }
  | { readonly kind: 'verdict' }

/** The root claim, every move, the one step, the verdict: as far as the game has come. */
export function beatsOf(
  dispute: DisputeView,
  claims: readonly ClaimView[] = dispute.claims,
): readonly Beat[] {
  const step = decisiveStep(dispute)
  return [
    ...claims.map((claim): Beat => ({ kind: 'claim', claim })),
    ...(step === undefined ? [] : [{ kind: 'step', step } as const]),
    ...(dispute.status === 'running' ? [] : [{ kind: 'verdict' } as const]),
  ]
}

/** From the root claim to a claim, along what each answers. */
export function pathTo(claims: readonly ClaimView[], index: number): readonly ClaimView[] {
  const byIndex = new Map(claims.map((claim) => [claim.index, claim]))
  const path: ClaimView[] = []
  let claim = byIndex.get(index)
  while (claim !== undefined && path.length < claims.length) {
    path.push(claim)
    claim = byIndex.get(claim.parentIndex)
  }
  return path.toReversed()
}

/**
 * The line that decides: down to the claim that L1 judged, or the deepest so far on which nobody plays under another name. What
 * aliases claim, and what answers them, branches off from it.
 */
export function mainLine(dispute: DisputeView): readonly ClaimView[] {
  const { claims, parties } = dispute
  const judged = decisiveStep(dispute)?.claimIndex
  if (judged !== undefined) return pathTo(claims, judged)
  const aliases = new Set(parties.filter(({ alias }) => alias > 0).map(({ address }) => address))
  const isOn = new Map<number, boolean>()
  let deepest = 0
  let depth = 0
  for (const { index, parentIndex, claimant, depth: at } of claims) {
    const isOnLine = !aliases.has(claimant) && (isOn.get(parentIndex) ?? parentIndex < 0)
    isOn.set(index, isOnLine)
    if (!isOnLine || at < depth) continue
    deepest = index
    depth = at
  }
  return pathTo(claims, deepest)
}

export interface PartyScene {
  readonly party: PartyView
  /** Used of the chess clock when it was last stamped. */
  readonly usedSeconds: number
  /** Since when it runs, virtual ms; null if it stands. */
  readonly runsSinceMs: number | null
  readonly bondedWei: bigint
  readonly wonWei: bigint
  readonly moves: number
  readonly gasUsed: bigint
}

export interface Scene {
  readonly beat: Beat
  readonly timeMs: number
  readonly path: readonly ClaimView[]
  readonly interval: Interval
  readonly parties: readonly PartyScene[]
}

export function sceneAt(dispute: DisputeView, beat: Beat): Scene {
  const step = decisiveStep(dispute)
  const lastIndex = mainLine(dispute).at(-1)?.index ?? 0
  const index = beat.kind === 'claim' ? beat.claim.index : lastIndex
  const path = pathTo(dispute.claims, index)
  const leaf = path.at(-1)
  const isDecided = beat.kind !== 'claim' && step !== undefined && leaf !== undefined
  const timeMs = timeOf(dispute, beat)
  const table = { dispute, beat, path, timeMs, step }
  return {
    beat,
    timeMs,
    path,
    interval: isDecided ? decidedInterval(leaf, step.attack) : intervalAfter(path),
    parties: dispute.parties.flatMap((party) => partyScene(table, party)),
  }
}

function timeOf(dispute: DisputeView, beat: Beat): number {
  if (beat.kind === 'claim') return beat.claim.timeMs
  return beat.kind === 'step' ? beat.step.timeMs : (dispute.resolvedMs ?? dispute.openedMs)
}

interface Table {
  readonly dispute: DisputeView
  readonly beat: Beat
  readonly path: readonly ClaimView[]
  readonly timeMs: number
  readonly step: StepView | undefined
}

/** Nothing for a party that has not moved yet. */
function partyScene({ dispute, beat, path, timeMs, step }: Table, party: PartyView): PartyScene[] {
  const newest = beat.kind === 'claim' ? beat.claim.index : Number.POSITIVE_INFINITY
  const made = dispute.claims.filter((claim) => isBy(claim, party) && claim.index <= newest)
  if (made.length === 0) return []
  const tried = dispute.steps.filter(
    (step) => beat.kind !== 'claim' && isStepOf(dispute, step, party),
  )
  const own = path.findLast((claim) => claim.side === party.side)
  const last = path.at(-1)
  return [
    {
      party,
      usedSeconds: own?.clockSeconds ?? 0,
      runsSinceMs: last === undefined ? null : runsSince({ beat, timeMs, step }, { own, last }),
      bondedWei: made.reduce((sum, { bondWei }) => sum + bondWei, 0n),
      wonWei: beat.kind === 'verdict' ? party.wonWei : 0n,
      moves: made.length,
      gasUsed: [...made, ...tried].reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    },
  ]
}

/** A step against a claim is made by the other side. */
function isStepOf(dispute: DisputeView, step: StepView, party: PartyView): boolean {
  const leaf = dispute.claims.find(({ index }) => index === step.claimIndex)
  return leaf !== undefined && leaf.side !== party.side
}

export function isBy(claim: ClaimView, party: PartyView): boolean {
  return claim.claimant === party.address
}

/**
 * A side's clock runs from the other side's claim on. Behind the one step, and where the game ended without one, that of the side
 * runs on which could not answer: until its time is over it may still try otherwise, and L1 waits for that.
 */
function runsSince(
  { beat, timeMs, step }: Pick<Table, 'beat' | 'timeMs' | 'step'>,
  { own, last }: { readonly own: ClaimView | undefined; readonly last: ClaimView },
): number | null {
  const isLast = own === last
  if (beat.kind === 'claim') return isLast ? null : timeMs
  const isBeaten = step?.succeeded === true ? isLast : !isLast
  return isBeaten ? last.timeMs : null
}

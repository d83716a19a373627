/**
 * Letting much time pass (docs/decisions/0027): the world lives through what is under way, then its clock leaps to where the next
 * game could be lost by time, lives through that, and so on. L1 slots of a leap stay empty.
 */
import type { Conductor } from '../kernel/conductor.ts'
import { L1_NODE } from '../protocol/nodes.ts'
import type { DisputeView, Projection, RootView } from '../protocol/projection.ts'
import type { ChainName } from '../protocol/world.ts'
import type { Parameters } from '../rollup/parameters.ts'

export interface LeapPort {
  readonly conductor: Pick<Conductor, 'nowMs' | 'fault' | 'isAlive' | 'post'>
  readonly parameters: Parameters
  projection(): Projection
  /** Runs everything until then. */
  runUntil(timeMs: number): Promise<unknown>
}

/** L1 wakes so much earlier than all others, so that they find a head of now. */
const L1_EARLY_MS = 1_000
/** L1 slots in which everybody answers what there is to answer. */
const SETTLE_SLOTS = 2
const SETTLE_MS = 3_000
/** A dispute in which nobody moved for so many slots waits for a clock. */
const QUIET_SLOTS = 8
/** Stretches that are lived through while something is under way, before the clock leaps all the same up to the next deadline. */
const BUSY_MAX = 400

/** Passes time up to `targetMs`: as if everything had been run, but for the slots and blocks that nobody needed. */
export async function passTime(port: LeapPort, targetMs: number): Promise<void> {
  const { conductor, parameters } = port
  const settleMs = SETTLE_SLOTS * parameters.l1SlotMs + SETTLE_MS
  let busy = 0
  while (targetMs - conductor.nowMs() > 3 * settleMs) {
    await port.runUntil(conductor.nowMs() + settleMs)
    const nowMs = conductor.nowMs()
    if (isUnderWay(port, nowMs) && busy < BUSY_MAX) {
      busy += 1
      continue
    }
    const deadlineMs = nextDeadlineMs(port.projection(), parameters, nowMs)
    const landingMs = Math.min(targetMs, deadlineMs) - settleMs
    if (landingMs - nowMs > settleMs) {
      await leapTo(port, landingMs)
      await port.runUntil(landingMs)
    } else {
      // The deadline is near: it is lived through.
      await port.runUntil(Math.min(targetMs, deadlineMs + settleMs))
    }
  }
  await port.runUntil(targetMs)
}

/**
 * Gives the chain's next block this time: L1 exactly, L2 the first of its slots that is not before. The world stops short of it.
 * Rationale: a slot that is due meanwhile stays empty, and L1's timer fires at the time that is wanted.
 */
export async function aimNextBlock(
  port: LeapPort,
  chain: ChainName,
  wantedMs: number,
): Promise<void> {
  const { conductor, parameters } = port
  const { l1SlotMs, l2BlockMs } = parameters
  const stepMs = chain === 'l1' ? l1SlotMs : l2BlockMs
  const atMs = chain === 'l1' ? wantedMs : Math.ceil(wantedMs / l2BlockMs) * l2BlockMs
  if (atMs - stepMs > conductor.nowMs()) await passTime(port, atMs - stepMs)
  const nextSlotMs = (Math.floor(conductor.nowMs() / l1SlotMs) + 1) * l1SlotMs
  if (chain === 'l2') await leapTo(port, atMs)
  else if (nextSlotMs <= atMs) await leapTo(port, atMs + L1_EARLY_MS)
  else {
    await port.runUntil(atMs)
    await conductor.post(L1_NODE, 'mine', {})
  }
}

/** Nobody but L1 acts before `toMs`; takes effect when the world moves next. */
function leapTo({ conductor }: LeapPort, toMs: number): Promise<void> {
  const early = [{ node: L1_NODE, byMs: L1_EARLY_MS }]
  return conductor.fault({ kind: 'leap', toMs, early })
}

/** Whether somebody honest has yet to look at a root, or a dispute moves on. */
function isUnderWay({ projection, parameters, conductor }: LeapPort, nowMs: number): boolean {
  const { roots, disputes, nodes } = projection()
  const sinceMs = nowMs - QUIET_SLOTS * parameters.l1SlotMs
  const challengers = Object.values(nodes).filter(
    ({ id, role }) => role === 'challenger' && conductor.isAlive(id),
  )
  const isUnread = roots.some(
    (root) =>
      root.status === 'proposed' &&
      nowMs < root.proposedMs + 1_000 * parameters.gameClockSeconds &&
      challengers.some(({ id }) => !root.checks.some(({ node }) => node === id)),
  )
  return isUnread || disputes.some((dispute) => lastMoveMs(dispute) > sinceMs)
}

function lastMoveMs({ status, claims, steps }: DisputeView): number {
  if (status !== 'running') return 0
  return Math.max(0, ...claims.map(({ timeMs }) => timeMs), ...steps.map(({ timeMs }) => timeMs))
}

/** When the first game could be lost by time: a clock that runs out, or the end of a root's time to be attacked. */
function nextDeadlineMs(projection: Projection, parameters: Parameters, nowMs: number): number {
  const clockMs = 1_000 * parameters.gameClockSeconds
  const clocks = projection.disputes
    .filter(({ status }) => status === 'running')
    .flatMap(({ claims }) => openClaims(claims))
    .map(({ claim, usedSeconds }) => claim.timeMs + clockMs - 1_000 * usedSeconds)
  const attacks = projection.roots
    .filter(({ status, checks }) => status === 'proposed' && !isAgreedOn(checks))
    .map(({ proposedMs }) => proposedMs + clockMs)
  return Math.min(...[...clocks, ...attacks].filter((timeMs) => timeMs > nowMs))
}

function isAgreedOn(checks: RootView['checks']): boolean {
  return checks.length > 0 && checks.every(({ agrees }) => agrees)
}

/** Claims that nobody has answered, and what the side that may answer has used of its clock: its last claim says so, the parent. */
function openClaims(claims: DisputeView['claims']) {
  const answered = new Set(claims.map(({ parentIndex }) => parentIndex))
  const used = new Map(claims.map(({ index, clockSeconds }) => [index, clockSeconds]))
  return claims
    .filter(({ index }) => !answered.has(index))
    .map((claim) => ({ claim, usedSeconds: used.get(claim.parentIndex) ?? 0 }))
}

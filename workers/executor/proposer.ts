/** Output roots: honest ones, and the lies of a corrupted executor. */
import { encodeFunctionData } from 'viem'
import { type Hex, hexToBytes } from '../rollup/bytes.ts'
import { bondAtDepth } from '../rollup/game/bond.ts'
import { GAS } from '../rollup/game/player.ts'
import { factoryAbi } from '../rollup/l1/abi.ts'
import type { SendRequest } from '../rollup/l1/sender.ts'
import { type GameView, latest } from '../rollup/l1/view.ts'
import { placeOf } from '../rollup/machine/describe.ts'
import type { StateFraudName } from '../rollup/machine/frauds.ts'
import { traceAnchors } from '../rollup/node/anchors.ts'
import { isLive, sendCalls } from '../rollup/node/core.ts'
import { expectedRoot, type Stance, traceSource } from '../rollup/node/disputes.ts'
import { chooseFraud, type FoundFraud } from '../rollup/node/fraud.ts'
import { type Base, bestBase, lastSettledEntry } from '../rollup/node/roots.ts'
import { l2Machine } from '../rollup/node/traces.ts'
import { beginPlay } from './aliases.ts'
import {
  change,
  charge,
  type ExecutorFraudName,
  type ExecutorNode,
  PLAYS,
  type Play,
  type ProposedLie,
  report,
  type StoredLie,
} from './node.ts'
import { DISPUTE_PRICE_MS } from './prices.ts'

export const LIES_KEY = 'lies'
const ZERO_ADDRESS_HEX = `0x${'00'.repeat(20)}` as const

/** Proposes the newest settled entry, if a proposal is due and nothing speaks against it. */
export function proposeIfDue(node: ExecutorNode): void {
  if (!node.fields.isProposalDue || !isLive(node.core) || isBusy(node)) return
  const contents = latest(node.core.fields.view)
  const window = BigInt(node.parameters.dataChallengeWindowSeconds)
  const settled = lastSettledEntry(contents, node.core.fields.l1Seconds, window)
  const verified = BigInt(node.core.fields.ledger.verified.length) - 1n
  const entryIndex = settled < verified ? settled : verified
  const rootOf = (index: bigint) => expectedRoot(node, index)
  const base = bestBase(contents, rootOf)
  const honest = entryIndex > base.entryIndex ? rootOf(entryIndex) : null
  if (honest === null || !isOurTurn(node, base)) return
  const lies = liesInstead(node, base, entryIndex)
  const roots = lies.length === 0 ? [honest] : lies
  change(node, { isProposalDue: false })
  sendCalls(
    node.core,
    roots.map((root) => createCall(node, root, entryIndex, base.game)),
  )
}

/** Proposal intervals that a standby waits for each executor before it. */
const PATIENCE_INTERVALS = 2

/**
 * Rationale: proposing is permissionless, and two bonds for one root are one too many. An entry that has been settled for so long
 * without a good root says that whoever should have proposed is down, or lies.
 */
function isOurTurn(node: ExecutorNode, base: Base): boolean {
  const { rank, parameters } = node
  const { view, l1Seconds } = node.core.fields
  const waiting = latest(view).entries[Number(base.entryIndex) + 1]
  if (rank === 0) return true
  if (!waiting) return false
  const patienceSeconds =
    parameters.dataChallengeWindowSeconds +
    (rank * PATIENCE_INTERVALS * parameters.proposalIntervalMs) / 1_000
  return waiting.entry.postedAt + BigInt(Math.ceil(patienceSeconds)) <= l1Seconds
}

/** Rationale: one proposal at a time, and none while a lie of its own is disputed: an honest root beside it would give it away. */
function isBusy(node: ExecutorNode): boolean {
  const { courier, view } = node.core.fields
  const isSending = courier.sender.transactions.some(
    (sent) => sent.includedAt === null && sent.label.startsWith(PROPOSE),
  )
  if (isSending) return true
  return [...latest(view).games.values()].some(
    (game) => game.outcome === 'inProgress' && stanceOf(node, game).kind === 'lying',
  )
}

const PROPOSE = 'propose:'

function createCall(
  node: ExecutorNode,
  root: Hex,
  entryIndex: bigint,
  parent: GameView | null,
): SendRequest {
  const args = [root, entryIndex, parent?.address ?? ZERO_ADDRESS_HEX] as const
  return {
    label: `${PROPOSE}${root}:${node.core.fields.courier.sender.height}`,
    to: node.core.fields.view.addresses.factory,
    data: hexToBytes(encodeFunctionData({ abi: factoryAbi, functionName: 'create', args })),
    valueWei: bondAtDepth(0),
    gasLimit: GAS.create,
  }
}

/** The roots of the first armed fraud that fits the trace; none to stay honest. */
function liesInstead(node: ExecutorNode, base: Base, entryIndex: bigint): readonly Hex[] {
  for (const name of node.fields.armed) {
    const play = PLAYS.find((known) => known === name) ?? null
    const frauds = name === play ? PLAYED_LIES : [name as StateFraudName]
    const found = findLies(node, { play, frauds, base, entryIndex })
    if (found.length === 0) continue
    const lies = [...node.fields.lies, ...found.map(({ lie }) => lie)]
    change(node, { lies, armed: node.fields.armed.filter((armed) => armed !== name) })
    persistLies(node)
    if (play !== null) beginPlay(node, play)
    for (const one of found) reportLie(node, name, one)
    return found.map(({ lie }) => lie.rootClaim)
  }
  return []
}

/** Who plays with a lie needs any; the last fits every block. */
const PLAYED_LIES: readonly StateFraudName[] = ['fraud-sstore', 'fraud-fee', 'fraud-timestamp']

interface LieSearch {
  readonly play: Play | null
  readonly frauds: readonly StateFraudName[]
  readonly base: Base
  readonly entryIndex: bigint
}

interface FoundLie {
  readonly lie: ProposedLie
  readonly step: FoundFraud
}

/** The first that fits, or all where several are told at once. */
function findLies(
  node: ExecutorNode,
  { play, frauds, base, entryIndex }: LieSearch,
): readonly FoundLie[] {
  const lies: FoundLie[] = []
  for (const fraud of frauds) {
    const span = { fraud, startEntry: base.entryIndex, entryIndex }
    const step = findLie(node, span)
    if (!step) continue
    const rootClaim = l2Machine(traceSource(node.core), entryIndex).hash(step.end)
    lies.push({ lie: { ...span, play, rootClaim, tampering: step.tampering }, step })
    if (play !== 'fraud-several') return lies
  }
  return lies
}

type LieSpan = Pick<ProposedLie, 'fraud' | 'startEntry' | 'entryIndex'>

/** The same lie for the same span, whenever it is asked for: also after a restart. */
export function findLie(node: ExecutorNode, lie: LieSpan): FoundFraud | null {
  charge(node, DISPUTE_PRICE_MS)
  const { startEntry, entryIndex: lastEntry } = lie
  const source = traceSource(node.core)
  return chooseFraud({
    machine: l2Machine(source, lastEntry),
    anchors: traceAnchors(node.boundaries, source, { startEntry, lastEntry }),
    fraud: lie.fraud,
    thief: hexToBytes(node.player.account),
  })
}

function reportLie(node: ExecutorNode, fraud: ExecutorFraudName, { lie, step }: FoundLie): void {
  const machine = l2Machine(traceSource(node.core), lie.entryIndex)
  report(node, 'fraud.injected', {
    node: node.id,
    fraud,
    step: placeOf(step.before, step.traceIndex),
    honest: machine.hash(step.honest),
    claimed: machine.hash(step.tampering.state),
    root: lie.rootClaim,
  })
}

function persistLies(node: ExecutorNode): void {
  const value: readonly StoredLie[] = [
    ...node.fields.forgotten,
    ...node.fields.lies.map(({ tampering: _, ...stored }) => stored),
  ]
  node.core.effects.push({ kind: 'persist', key: LIES_KEY, value })
}

/** Finds the lies from before a crash again, once the entries that they are about are derived. */
export function recoverLies(node: ExecutorNode): void {
  const verified = BigInt(node.core.fields.ledger.verified.length)
  const ready = node.fields.forgotten.filter((lie) => lie.entryIndex < verified)
  for (const stored of ready) {
    const found = findLie(node, stored)
    const forgotten = node.fields.forgotten.filter((lie) => lie !== stored)
    const lies = found
      ? [...node.fields.lies, { ...stored, tampering: found.tampering }]
      : node.fields.lies
    change(node, { forgotten, lies })
  }
}

/** The executor defends the roots that it proposed, right or wrong, and keeps out of other games. */
export function stanceOf(node: ExecutorNode, game: GameView): Stance {
  const isForgotten = node.fields.forgotten.some((lie) => lie.rootClaim === game.rootClaim)
  if (game.proposer !== node.player.account || isForgotten) return { kind: 'absent' }
  const lie = node.fields.lies.find(
    (one) => one.rootClaim === game.rootClaim && one.startEntry === game.startEntry,
  )
  if (!lie) return { kind: 'honest' }
  if (lie.play === 'fraud-stall') return { kind: 'absent' }
  return { kind: 'lying', tampering: lie.tampering, end: lie.rootClaim }
}

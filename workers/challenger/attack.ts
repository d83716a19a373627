/** What the challenger believes about each game, and the false challenge of a corrupted one. */

import { hexToBytes } from '../rollup/bytes.ts'
import { type GameView, latest } from '../rollup/l1/view.ts'
import type { StateFraudName } from '../rollup/machine/frauds.ts'
import { traceAnchors } from '../rollup/node/anchors.ts'
import { isLive } from '../rollup/node/core.ts'
import { expectedRoot, type Stance, traceSource } from '../rollup/node/disputes.ts'
import { chooseFraud } from '../rollup/node/fraud.ts'
import { l2Machine } from '../rollup/node/traces.ts'
import { type ChallengerNode, change, charge, type FalseChallenge, report } from './node.ts'

export const FALSE_CHALLENGES_KEY = 'falseChallenges'
/** Virtual CPU price of running the machine for one answer in a game, in ms. */
export const DISPUTE_PRICE_MS = 40

/** Lies for a false challenge, the first that fits: every entry with a block has a transaction or a system call. */
const LIES: readonly StateFraudName[] = [
  'fraud-sstore',
  'fraud-arithmetic',
  'fraud-fee',
  'fraud-deposit',
]

/** Compares every new root with the challenger's own, once, and reports what it finds. */
export function checkRoots(node: ChallengerNode): void {
  for (const game of latest(node.core.fields.view).games.values()) {
    if (node.fields.checked.has(game.address)) continue
    const expected = expectedRoot(node, game.entryIndex)
    if (expected === null) continue
    const agrees = game.rootClaim === expected
    change(node, { checked: new Set(node.fields.checked).add(game.address) })
    reportProposal(node, game, agrees)
    report(node, 'root.checked', { node: node.id, game: game.address, expected, agrees })
  }
}

function reportProposal(node: ChallengerNode, game: GameView, honest: boolean): void {
  report(node, 'root.proposed', {
    game: game.address,
    entryIndex: game.entryIndex,
    claim: game.rootClaim,
    parent: game.parent ?? '',
    proposer: game.proposer,
    bondWei: game.claims[0]?.bondWei ?? 0n,
    honest,
    deadline: game.createdAt + node.player.rules.disputeWindowSeconds,
    transactionHash: game.transactionHash,
  })
}

/** Turns an armed false challenge against the newest honest root that nobody disputes yet. */
export function attackIfArmed(node: ChallengerNode): void {
  if (!node.fields.isArmed || !isLive(node.core)) return
  const running = [...latest(node.core.fields.view).games.values()].filter(
    (game) => game.outcome === 'inProgress' && game.claims.length === 1,
  )
  const target = running.findLast((game) => game.rootClaim === expectedRoot(node, game.entryIndex))
  const challenge = target && findChallenge(node, target)
  if (!challenge) return
  addChallenge(node, challenge)
  change(node, { isArmed: false })
  persist(node)
}

/** Finds the lies from before a crash again, once the entries that they are about are derived. */
export function recoverChallenges(node: ChallengerNode): void {
  for (const address of node.fields.forgotten) {
    const game = latest(node.core.fields.view).games.get(address)
    if (!game || expectedRoot(node, game.entryIndex) === null) continue
    const challenge = findChallenge(node, game)
    change(node, { forgotten: node.fields.forgotten.filter((other) => other !== address) })
    if (challenge) addChallenge(node, challenge)
  }
}

function addChallenge(node: ChallengerNode, challenge: FalseChallenge): void {
  change(node, { falseChallenges: [...node.fields.falseChallenges, challenge] })
}

function persist(node: ChallengerNode): void {
  const games = node.fields.falseChallenges.map(({ game }) => game)
  const value = [...node.fields.forgotten, ...games]
  node.core.effects.push({ kind: 'persist', key: FALSE_CHALLENGES_KEY, value })
}

function findChallenge(node: ChallengerNode, game: GameView): FalseChallenge | null {
  charge(node, DISPUTE_PRICE_MS)
  const { startEntry, entryIndex: lastEntry } = game
  const source = traceSource(node.core)
  const machine = l2Machine(source, lastEntry)
  const anchors = traceAnchors(node.boundaries, source, { startEntry, lastEntry })
  const thief = hexToBytes(node.player.account)
  for (const fraud of LIES) {
    const found = chooseFraud({ machine, anchors, fraud, thief })
    if (!found) continue
    return { game: game.address, tampering: found.tampering, end: machine.hash(found.end) }
  }
  return null
}

/** The challenger plays every game with the truth, but for those that it attacks with a lie. */
export function stanceOf(node: ChallengerNode, game: GameView): Stance {
  if (node.fields.forgotten.includes(game.address)) return { kind: 'absent' }
  const lie = node.fields.falseChallenges.find((one) => one.game === game.address)
  return lie ? { kind: 'lying', tampering: lie.tampering, end: lie.end } : { kind: 'honest' }
}

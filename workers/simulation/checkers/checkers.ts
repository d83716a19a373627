/** The invariants of every run, by the names of the scenario report. */
import type { ChainFacts, Checker, Evidence } from './evidence.ts'

/**
 * Rationale: ETH is created by deposits alone and destroyed by base fees alone; everything else moves it.
 */
export const supplyConserved: Checker = ({ l1, l2 }) => [
  ...conservation('L1', l1),
  ...conservation('L2', l2),
]

function conservation(name: string, chain: ChainFacts): string[] {
  let expected = chain.genesisTotalWei
  for (const { burnedWei, deposits } of chain.blocks) {
    expected -= burnedWei
    for (const { mintWei } of deposits) expected += mintWei
  }
  if (expected === chain.totalWei) return []
  return [`${name} holds ${chain.totalWei} wei in all, ${expected} by its blocks.`]
}

/** Rationale: what exists on L2 or is on its way back must be in escrow on L1. */
export const bridgeSolvent: Checker = ({ bridge, l2 }) => {
  const { genesisBalanceWei, balanceWei, receivedWei, paidWei, withdrawnWei } = bridge
  const broken: string[] = []
  const booked = genesisBalanceWei + receivedWei - paidWei
  if (balanceWei !== booked)
    broken.push(`The bridge holds ${balanceWei} wei, ${booked} by its events.`)
  if (paidWei > withdrawnWei)
    broken.push(`The bridge paid ${paidWei} wei, only ${withdrawnWei} left L2.`)
  // What was withdrawn still counts in L2's total: the message passer keeps it.
  const owed = l2.totalWei - paidWei
  if (balanceWei < owed) broken.push(`The bridge holds ${balanceWei} wei and owes ${owed}.`)
  return broken
}

/** Rationale: Simplex finalizes one block a view, and never skips a finalized view. */
export const prefixAgreement: Checker = ({ certificates }) => {
  const broken: string[] = []
  const finalized = new Map<bigint, string>()
  for (const { view, kind, hash, node } of certificates) {
    if (kind !== 'finalize') continue
    const known = finalized.get(view)
    if (known !== undefined && known !== hash) {
      broken.push(`View ${view} was finalized as ${known} and, by ${node}, as ${hash}.`)
    }
    finalized.set(view, known ?? hash)
  }
  for (const { view, kind } of certificates) {
    if (kind === 'nullify' && finalized.has(view))
      broken.push(`View ${view} was finalized and nullified.`)
  }
  return [...new Set(broken)]
}

/** Rationale: whoever derives L2 from L1 and DA alone must get the blocks that clients were shown. */
export const derivedEqualsUnsafe: Checker = ({ derived, unsafe, safeNumber }) => {
  const broken: string[] = []
  for (const [node, blocks] of derived) {
    for (const [number, hash] of blocks) {
      const shown = unsafe.get(number)
      if (number > safeNumber || shown === undefined || shown === hash) continue
      broken.push(`Block ${number} is ${shown} to clients, ${hash} as ${node} derived it.`)
    }
  }
  return broken
}

/** Rationale: an honest party that plays every move in time loses nothing. */
export const honestBondKept: Checker = ({ games, honestAccounts }) =>
  games.flatMap(({ game, honest, status, claims }) => {
    const broken: string[] = []
    if (honest && status === 'challengerWins') broken.push(`The honest root ${game} fell.`)
    for (const { index, claimant, winner } of claims) {
      if (winner === null || winner === claimant || !honestAccounts.has(claimant)) continue
      broken.push(
        `Claim ${index} of game ${game} cost the honest ${claimant} its bond, won by ${winner}.`,
      )
    }
    return broken
  })

/** Rationale: as long as one honest challenger watches, no false root outlives its window. */
export const falseRootsFall: Checker = ({ games }) =>
  games
    .filter(({ honest, status }) => !honest && status === 'defenderWins')
    .map(({ game }) => `The false root ${game} stood: nobody objected in time.`)

/** Rationale: a message of the inbox is consumed once, in order, as L1 queued it; reorgs included. */
export const noDepositTwice: Checker = ({ l2, bridge }) => {
  const broken: string[] = []
  const executed = l2.blocks.flatMap((block) => block.deposits)
  for (const [position, { sourceHash, mintWei }] of executed.entries()) {
    const queued = bridge.queued[position]
    if (queued === undefined) broken.push(`Deposit ${sourceHash} was never queued on L1.`)
    else if (queued.sourceHash !== sourceHash) {
      broken.push(`Deposit ${position} is ${sourceHash}, L1 queued ${queued.sourceHash}.`)
    } else if (queued.mintWei !== mintWei) {
      broken.push(`Deposit ${sourceHash} minted ${mintWei} wei, L1 took ${queued.mintWei}.`)
    }
  }
  if (new Set(executed.map(({ sourceHash }) => sourceHash)).size !== executed.length) {
    broken.push('A deposit was executed twice.')
  }
  return broken
}

export const CHECKERS: Readonly<Record<string, Checker>> = {
  supplyConserved,
  bridgeSolvent,
  prefixAgreement,
  derivedEqualsUnsafe,
  honestBondKept,
  falseRootsFall,
  noDepositTwice,
}

export interface Verdict {
  readonly invariants: Readonly<Record<string, boolean>>
  readonly complaints: readonly string[]
}

export function judge(evidence: Evidence): Verdict {
  const invariants: Record<string, boolean> = {}
  const complaints: string[] = []
  for (const [name, checker] of Object.entries(CHECKERS)) {
    const broken = checker(evidence)
    invariants[name] = broken.length === 0
    complaints.push(...broken.slice(0, 5).map((text) => `${name}: ${text}`))
  }
  return { invariants, complaints }
}

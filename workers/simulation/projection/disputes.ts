import type { NodeId } from '../../kernel/role.ts'
import type { ClaimView, DisputeView, PartyView } from '../../protocol/projection.ts'
import type { ReportEvent } from '../../protocol/trace.ts'
import { pushBounded, updateLast } from './window.ts'

const disputesMax = 8

export interface DisputeContext {
  /** Lower-case L1 address → node that moves with it. */
  readonly accounts: Readonly<Record<string, NodeId>>
}

/** A proposal as the dispute's root claim needs it; kept until its game ends. */
export type Proposal = Extract<ReportEvent, { type: 'root.proposed' }>['payload'] & {
  readonly timeMs: number
}

/** Folds games in which somebody moved. A proposal nobody attacks is no dispute. */
export function foldDisputes(
  disputes: readonly DisputeView[],
  event: ReportEvent,
  proposals: ReadonlyMap<string, Proposal>,
  context: DisputeContext,
): readonly DisputeView[] {
  switch (event.type) {
    case 'dispute.move': {
      const proposal = proposals.get(event.payload.game)
      if (event.payload.parentIndex < 0 || proposal === undefined) return disputes
      const opened = open(disputes, proposal, event.timeMs, context)
      return updateGame(opened, proposal.game, (dispute) =>
        addMove(dispute, event.timeMs, event.payload, context),
      )
    }
    case 'dispute.step': {
      const { game, ...step } = event.payload
      return updateGame(disputes, game, (dispute) => {
        if (dispute.steps.some((known) => known.transactionHash === step.transactionHash))
          return dispute
        const claims = step.succeeded ? counter(dispute.claims, step.claimIndex) : dispute.claims
        return {
          ...dispute,
          claims,
          steps: [...dispute.steps, { ...step, timeMs: event.timeMs }],
        }
      })
    }
    case 'dispute.resolved': {
      const { game, ...payout } = event.payload
      return updateGame(disputes, game, (dispute) => addPayout(dispute, payout))
    }
    case 'root.resolved': {
      const { game, status, transactionHash } = event.payload
      return updateGame(disputes, game, (dispute) =>
        dispute.status !== 'running'
          ? dispute
          : {
              ...dispute,
              status,
              resolvedMs: event.timeMs,
              resolvedBy: transactionHash,
            },
      )
    }
    default:
      return disputes
  }
}

function updateGame(
  disputes: readonly DisputeView[],
  game: string,
  change: (dispute: DisputeView) => DisputeView,
): readonly DisputeView[] {
  return updateLast(disputes, (dispute) => dispute.game === game, change)
}

function open(
  disputes: readonly DisputeView[],
  proposal: Proposal,
  timeMs: number,
  context: DisputeContext,
): readonly DisputeView[] {
  if (disputes.some((dispute) => dispute.game === proposal.game)) return disputes
  const root: ClaimView = {
    index: 0,
    parentIndex: -1,
    position: 1n,
    depth: 0,
    claim: proposal.claim,
    claimant: proposal.proposer,
    side: 'defender',
    attack: false,
    bondWei: proposal.bondWei,
    clockSeconds: 0,
    timeMs: proposal.timeMs,
    transactionHash: proposal.transactionHash,
    gasUsed: 0n,
    countered: false,
  }
  const defender = newParty(proposal.proposer, 'defender', { honest: proposal.honest }, context)
  const dispute: DisputeView = {
    game: proposal.game,
    entryIndex: proposal.entryIndex,
    rootClaim: proposal.claim,
    openedMs: timeMs,
    status: 'running',
    resolvedMs: null,
    claims: [root],
    parties: [{ ...defender, moves: 1, bondedWei: proposal.bondWei }],
    steps: [],
    payouts: [],
    resolvedBy: null,
  }
  return pushBounded(disputes, dispute, disputesMax)
}

function newParty(
  address: string,
  side: PartyView['side'],
  { honest, parties = [] }: { readonly honest: boolean; readonly parties?: readonly PartyView[] },
  context: DisputeContext,
): PartyView {
  const node = context.accounts[address.toLowerCase()] ?? null
  const same = node === null ? [] : parties.filter((party) => party.node === node)
  return {
    address,
    side,
    node,
    alias: same.length,
    // Whoever lies under one name is not honest under another, whichever side that takes.
    honest: honest && same.every((party) => party.honest),
    bondedWei: 0n,
    wonWei: 0n,
    moves: 0,
  }
}

type MoveReport = Extract<ReportEvent, { type: 'dispute.move' }>['payload']

function addMove(
  dispute: DisputeView,
  timeMs: number,
  move: MoveReport,
  context: DisputeContext,
): DisputeView {
  if (dispute.claims.some((claim) => claim.index === move.claimIndex)) return dispute
  const { game: _, claimIndex, ...fields } = move
  const parent = dispute.claims.find((claim) => claim.index === move.parentIndex)
  const depth = positionDepth(move.position)
  // Attacks and defences both answer the parent, so the mover always stands on the other side of it.
  const side = parent?.side === 'challenger' ? 'defender' : 'challenger'
  const claim: ClaimView = { ...fields, index: claimIndex, depth, side, timeMs, countered: false }
  const rootHonest = dispute.parties[0]?.honest ?? true
  const known = dispute.parties.some((party) => party.address === move.claimant)
  const honest = side === 'defender' ? rootHonest : !rootHonest
  const parties = known
    ? dispute.parties
    : [
        ...dispute.parties,
        newParty(move.claimant, side, { honest, parties: dispute.parties }, context),
      ]
  return {
    ...dispute,
    claims: [...dispute.claims, claim],
    parties: parties.map((party) => countMove(party, claim)),
  }
}

function countMove(party: PartyView, { claimant, bondWei }: ClaimView): PartyView {
  if (party.address !== claimant) return party
  return { ...party, bondedWei: party.bondedWei + bondWei, moves: party.moves + 1 }
}

type Payout = DisputeView['payouts'][number]

function addPayout(dispute: DisputeView, payout: Payout): DisputeView {
  if (dispute.payouts.some((known) => known.claimIndex === payout.claimIndex)) return dispute
  const claim = dispute.claims.find((entry) => entry.index === payout.claimIndex)
  const lost = claim !== undefined && claim.claimant.toLowerCase() !== payout.winner.toLowerCase()
  return {
    ...dispute,
    claims: lost ? counter(dispute.claims, payout.claimIndex) : dispute.claims,
    payouts: [...dispute.payouts, payout],
    parties: dispute.parties.map((party) =>
      party.address.toLowerCase() === payout.winner.toLowerCase()
        ? { ...party, wonWei: party.wonWei + payout.amountWei }
        : party,
    ),
  }
}

function counter(claims: readonly ClaimView[], index: number): readonly ClaimView[] {
  return updateLast(
    claims,
    (claim) => claim.index === index,
    (claim) => ({ ...claim, countered: true }),
  )
}

/** ⌊log₂ position⌋: the depth of a generalized index. */
export function positionDepth(position: bigint): number {
  return position < 1n ? 0 : position.toString(2).length - 1
}

/** What observers hear of L1's games and entries, from the events that a node folds. Payloads are those of protocol/reports.ts. */
import type { Effect, Plain } from '../../kernel/role.ts'
import { ENTRY_BATCH, ENTRY_DEPOSIT_ONLY } from '../batch/entry.ts'
import { bytesToHex, type Hex } from '../bytes.ts'
import type { PlayerRules } from '../game/player.ts'
import { traceIndex } from '../game/position.ts'
import type { L1Event } from '../l1/events.ts'
import type { SenderOutcome, SenderResult } from '../l1/sender.ts'
import type { L1Contents } from '../l1/view.ts'
import type { StepPlace } from '../machine/describe.ts'

export interface ReportContext {
  readonly l1Number: bigint
  readonly outcomes: readonly SenderOutcome[]
  readonly contents: L1Contents
  readonly rules: PlayerRules
  /** Where the step of a game lies; `null` if the node cannot tell. */
  readonly placeOf: (game: Hex, traceIndex: bigint) => StepPlace | null
}

export function report(type: string, payload: Plain): Effect {
  return { kind: 'report', type, payload }
}

/** Reports of one block's events, in order. Observers fold them by key: several nodes may report the same event. */
export function eventReports(
  events: readonly L1Event[],
  context: ReportContext,
): readonly Effect[] {
  return events.flatMap((event) => eventReport(event, context))
}

function eventReport(event: L1Event, context: ReportContext): readonly Effect[] {
  const { transactionHash } = event
  switch (event.kind) {
    case 'moved':
      return [moveReport(event, context)]
    case 'stepped':
      return stepReport(event, context)
    case 'claimResolved': {
      const { game, claimIndex, recipient: winner, bondWei: amountWei } = event
      return [report('dispute.resolved', { game, claimIndex, winner, amountWei, transactionHash })]
    }
    case 'resolved': {
      const status = event.defenderWins ? 'defenderWins' : 'challengerWins'
      return [report('root.resolved', { game: event.game, status, transactionHash })]
    }
    case 'rootFinalized': {
      const { game, entryIndex } = event
      return [report('root.finalized', { game, entryIndex, transactionHash })]
    }
    default:
      return []
  }
}

type EventOf<Kind extends L1Event['kind']> = Extract<L1Event, { kind: Kind }>

function moveReport(event: EventOf<'moved'>, context: ReportContext): Effect {
  return report('dispute.move', {
    game: event.game,
    claimIndex: event.claimIndex,
    parentIndex: event.parentIndex ?? -1,
    position: event.position,
    claim: event.value,
    claimant: event.claimant,
    attack: event.attack,
    bondWei: event.bondWei,
    clockSeconds: Number(event.clockDuration),
    transactionHash: event.transactionHash,
    gasUsed: gasOf(event.transactionHash, context),
  })
}

function stepReport(event: EventOf<'stepped'>, context: ReportContext): readonly Effect[] {
  const place = context.placeOf(event.game, event.traceIndex)
  if (!place) return []
  const payload = {
    game: event.game,
    claimIndex: event.claimIndex,
    attack: event.attack,
    step: { ...place },
    gasUsed: gasOf(event.transactionHash, context),
    transactionHash: event.transactionHash,
    succeeded: true,
  }
  return [report('dispute.step', payload)]
}

/** A step of ours that L1 executed and refused: it confirmed what it should refute. */
export function failedStepReports(
  results: readonly SenderResult[],
  context: Pick<ReportContext, 'contents' | 'placeOf'>,
): readonly Effect[] {
  return results.flatMap((result) => {
    const [kind, address, index, side] = result.label.split(':')
    const game = context.contents.games.get(address as Hex)
    const leaf = game?.claims[Number(index)]
    if (kind !== 'step' || result.succeeded || !game || !leaf) return []
    const attack = side === 'attack'
    const place = context.placeOf(game.address, traceIndex(leaf.position) + (attack ? 0n : 1n))
    if (!place) return []
    return report('dispute.step', {
      game: game.address,
      claimIndex: leaf.index,
      attack,
      step: { ...place },
      gasUsed: result.gasUsed,
      transactionHash: bytesToHex(result.hash),
      succeeded: false,
    })
  })
}

function gasOf(transactionHash: Hex, context: ReportContext): bigint {
  const outcome = context.outcomes.find((one) => bytesToHex(one.hash) === transactionHash)
  return outcome?.gasUsed ?? 0n
}

/** The inbox's entries; one node reports them. */
export function entryReports(
  events: readonly L1Event[],
  context: Pick<ReportContext, 'l1Number' | 'outcomes'>,
): readonly Effect[] {
  return events.flatMap((event) => {
    if (event.kind !== 'entryAppended') return []
    const { entry, index, poster, transactionHash } = event
    const kinds = { [ENTRY_BATCH]: 'batch', [ENTRY_DEPOSIT_ONLY]: 'depositOnly' } as const
    const outcome = context.outcomes.find((one) => bytesToHex(one.hash) === transactionHash)
    return report('batch.posted', {
      index,
      kind: kinds[entry.kind as 0 | 1] ?? 'expired',
      payloadBytes: Number(entry.payloadLength),
      inboxCount: entry.inboxCount,
      poster,
      transactionHash,
      l1Number: context.l1Number,
      gasUsed: outcome?.gasUsed ?? 0n,
    })
  })
}

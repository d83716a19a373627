/** What happened, in one sentence: for the log, for timelines and for the life of a node. */
import { FRAUDS } from '../../protocol/faults.ts'
import type { LogEntry, RootView } from '../../protocol/projection.ts'
import type { ReportEvent } from '../../protocol/trace.ts'

export type Sentence = Pick<LogEntry, 'tone' | 'track' | 'text' | 'link'>

/** Ether with up to four decimals, exact below that are dropped. */
export function formatEther(wei: bigint): string {
  const whole = wei / 10n ** 18n
  const decimals = (wei % 10n ** 18n).toString().padStart(18, '0').slice(0, 4).replace(/0+$/, '')
  return decimals === '' ? `${whole} ETH` : `${whole}.${decimals} ETH`
}

export function shorten(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`
}

/** What the reporting node did, or null if the report is not about its own doing. */
export function describeAction(event: ReportEvent): string | null {
  switch (event.type) {
    case 'view.started':
      return `entered view ${event.payload.view}, led by sequencer ${event.payload.leader}`
    case 'view.proposed':
      return `proposed ${event.payload.blocks} blocks with ${event.payload.transactions} transactions in view ${event.payload.view}`
    case 'view.voted':
      return `voted to ${event.payload.kind} view ${event.payload.view}`
    case 'view.certified':
      return `saw ${event.payload.signers.toString(2).replaceAll('0', '').length} votes: view ${event.payload.view} ${certified[event.payload.kind]}`
    case 'l1.block':
      return `built block ${event.payload.number} with ${event.payload.transactions} transactions`
    case 'l2.block':
      return `executed block ${event.payload.number}: ${event.payload.transactions} transactions, ${event.payload.gasUsed} gas`
    case 'l2.head':
      return `moved its ${event.payload.head} head to block ${event.payload.number}`
    case 'batch.building':
      return `batch ${event.payload.index}: ${event.payload.stage}`
    case 'da.stored':
      return `stored ${event.payload.columns.length} cells of batch ${event.payload.index}`
    case 'da.refused':
      return `refused batch ${event.payload.index}: ${event.payload.reason}`
    case 'da.sampled':
      return `sampled ${event.payload.columns.length} cells of batch ${event.payload.index}: ${event.payload.available ? 'all there' : 'missing'}`
    case 'root.checked':
      return event.payload.agrees
        ? 'recomputed a root and agrees'
        : 'recomputed a root and disagrees'
    default:
      return describeNotable(event)?.text ?? null
  }
}

const certified = { notarize: 'notarized', nullify: 'skipped', finalize: 'finalized' } as const

/** A false root that outlives its window: nobody objected in time. Null for every other event. */
export function describeStandingLie(
  event: ReportEvent,
  roots: readonly RootView[],
): Sentence | null {
  if (event.type !== 'root.finalized' && event.type !== 'root.resolved') return null
  const { payload } = event
  const root = roots.find(({ game }) => game === payload.game)
  if (root === undefined || root.honest || root.status === 'rejected') return null
  return say(
    'alarm',
    'root',
    event.type === 'root.finalized'
      ? `The false state root of batch ${root.entryIndex} is final: withdrawals can be paid by it`
      : `Nobody refuted the false state root of batch ${root.entryIndex} in time`,
    `/disputes/${root.game}`,
  )
}

/** An entry of the log, or null for what happens all the time. */
export function describeNotable(event: ReportEvent): Sentence | null {
  switch (event.type) {
    case 'l1.reorg':
      return say('fault', 'l1', `L1 replaced its last ${event.payload.depth} blocks`)
    case 'view.certified':
      return event.payload.kind === 'nullify'
        ? say(
            'fault',
            'committee',
            `View ${event.payload.view} skipped: its leader was not heard in time`,
          )
        : null
    case 'sequencer.evidence':
      return say(
        'alarm',
        'committee',
        `Sequencer ${event.payload.culprit} voted twice in view ${event.payload.view}`,
      )
    case 'sequencer.slashed':
      return say(
        'alarm',
        'committee',
        `Sequencer ${event.payload.culprit} slashed ${formatEther(event.payload.amountWei)}`,
      )
    case 'l2.reorg':
      return say(
        'fault',
        'l2',
        `${event.payload.node} derives L2 again from block ${event.payload.toNumber}`,
      )
    case 'deposit.queued':
      return say(
        'info',
        'bridge',
        `Deposit ${event.payload.index} of ${formatEther(event.payload.amountWei)} queued on L1`,
        '/deposits',
      )
    case 'withdrawal.initiated':
      return say(
        'info',
        'bridge',
        `Withdrawal of ${formatEther(event.payload.amountWei)} begun on L2`,
        '/withdrawals',
      )
    case 'withdrawal.proven':
      return say('info', 'bridge', 'Withdrawal proven against a root on L1', '/withdrawals')
    case 'withdrawal.finalized':
      return say(
        event.payload.succeeded ? 'good' : 'fault',
        'bridge',
        `Withdrawal ${event.payload.succeeded ? 'paid out' : 'failed'} on L1`,
        '/withdrawals',
      )
    case 'role.error':
      return say('fault', 'fault', `${event.payload.node}: ${event.payload.error}`)
    default:
      return describeBatchOrRoot(event)
  }
}

function describeBatchOrRoot(event: ReportEvent): Sentence | null {
  switch (event.type) {
    case 'batch.posted': {
      const { index, kind, payloadBytes } = event.payload
      const link = `/batches/${index}`
      if (kind === 'batch')
        return say('info', 'batch', `Batch ${index} posted to L1, ${payloadBytes} bytes`, link)
      return say(
        'fault',
        'batch',
        kind === 'expired'
          ? `Batch ${index} expired: its data was not there`
          : `Batch ${index}: deposits only, without the committee`,
        link,
      )
    }
    case 'batch.settled':
      return say(
        'info',
        'batch',
        `Batch ${event.payload.index} settled: nobody missed its data`,
        `/batches/${event.payload.index}`,
      )
    case 'root.proposed':
      return say(
        event.payload.honest ? 'info' : 'alarm',
        'root',
        `${event.payload.honest ? 'State root' : 'False state root'} of batch ${event.payload.entryIndex} proposed, bond ${formatEther(event.payload.bondWei)}`,
        `/disputes/${event.payload.game}`,
      )
    case 'root.checked':
      return event.payload.agrees
        ? null
        : say(
            'alarm',
            'root',
            `${event.payload.node} disagrees with a proposed root`,
            `/disputes/${event.payload.game}`,
          )
    case 'root.finalized':
      return say(
        'good',
        'root',
        `State root of batch ${event.payload.entryIndex} finalized`,
        `/disputes/${event.payload.game}`,
      )
    case 'root.resolved':
      return event.payload.status === 'challengerWins'
        ? say(
            'good',
            'dispute',
            'False root removed, its bond forfeited',
            `/disputes/${event.payload.game}`,
          )
        : null
    default:
      return describeDispute(event)
  }
}

function describeDispute(event: ReportEvent): Sentence | null {
  switch (event.type) {
    case 'dispute.move': {
      const { game, claimIndex, attack, claimant, parentIndex } = event.payload
      if (parentIndex < 0) return null
      return say(
        'info',
        'dispute',
        `Move ${claimIndex}: ${shorten(claimant)} ${attack ? 'attacks' : 'defends'} claim ${parentIndex}`,
        `/disputes/${game}`,
      )
    }
    case 'dispute.step': {
      const { step, gasUsed, succeeded, game } = event.payload
      const what = step.opcode === '' ? step.phase : step.opcode
      return say(
        succeeded ? 'good' : 'alarm',
        'dispute',
        succeeded
          ? `L1 executed ${what} itself and refuted the claim, ${gasUsed} gas`
          : `L1 executed ${what}: the claim stands`,
        `/disputes/${game}`,
      )
    }
    case 'dispute.resolved':
      return say(
        'good',
        'dispute',
        `${shorten(event.payload.winner)} wins the bond of claim ${event.payload.claimIndex}, ${formatEther(event.payload.amountWei)}`,
        `/disputes/${event.payload.game}`,
      )
    case 'fraud.armed':
      return say(
        'alarm',
        'fault',
        `${event.payload.node} turned dishonest: ${fraudWords(event.payload.fraud)}`,
      )
    case 'fraud.injected': {
      const { node, step } = event.payload
      return say(
        'alarm',
        'fault',
        `${node} falsified ${step.opcode === '' ? step.phase : step.opcode} in L2 block ${step.blockNumber}`,
        `/blocks/${step.blockNumber}`,
      )
    }
    default:
      return null
  }
}

function fraudWords(name: string): string {
  const fraud = FRAUDS.find((entry) => entry.name === name)
  return fraud === undefined ? name : fraud.action.toLowerCase()
}

function say(
  tone: LogEntry['tone'],
  track: LogEntry['track'],
  text: string,
  link: string | null = null,
): Sentence {
  return { tone, track, text, link }
}

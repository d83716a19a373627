/** A member of the sequencer committee: orders transactions by Simplex and posts the order to L1 in batches. Does not execute. */
import { BaseError } from '../kernel/errors.ts'
import type { Effect, Plain, Role, RoleContext, RoleEvent, RoleFactory } from '../kernel/role.ts'
import type { L1Head, Messages, MessageType, VoteKind } from '../protocol/messages.ts'
import { L1_NODE } from '../protocol/nodes.ts'
import { initBls } from '../rollup/bls/engine.ts'
import type { ProveResult } from '../rollup/data/jobs.ts'
import { initKeccak } from '../rollup/keccak.ts'
import { parametersOf } from '../rollup/parameters.ts'
import { initSecp256k1 } from '../rollup/secp256k1.ts'
import { judgeBatchProposals, onBatchProposal } from './batchSigning.ts'
import type { SequencerConfig } from './config.ts'
import { restoreDurable } from './durable.ts'
import { accuse, slashCulprits } from './evidence.ts'
import { SEQUENCER_FAULTS } from './faults.ts'
import { inspect } from './inspect.ts'
import { onDrop, onTransaction } from './intake.ts'
import { onL1Head, resubscribe, SUBSCRIBE_TIMER } from './l1Following.ts'
import { type SequencerNode, send } from './node.ts'
import {
  advancePosting,
  onBatchSignature,
  onProven,
  onReceipt,
  POST_TIMER,
  PROVE_ID,
} from './poster.ts'
import {
  DEADLINE_TIMER,
  FETCH_TIMER,
  LATE_TIMER,
  onBlock,
  onCertificate,
  onDeadline,
  onLateCertificate,
  onPropose,
  onVote,
  PROPOSE_TIMER,
  propose,
  sendViews,
  settle,
} from './simplex.ts'
import { copyState, createState, digestState, type SequencerState } from './state.ts'

/** Builds a member. Loads the WebAssembly that it signs, verifies and hashes with. */
export const createSequencerRole: RoleFactory<SequencerConfig> = async (context, config) => {
  await Promise.all([initBls(), initKeccak(), initSecp256k1()])
  const node = createNode(context, config)
  restoreDurable(node, context.durable)
  return exposeRole(node)
}

function createNode(context: RoleContext, config: SequencerConfig): SequencerNode {
  return {
    id: context.id,
    config,
    parameters: parametersOf(config),
    rng: context.rng,
    state: createState(config),
    nowMs: 0,
    effects: [],
  }
}

function exposeRole(node: SequencerNode): Role {
  return {
    step: async (event) => {
      node.nowMs = event.timeMs
      node.effects = []
      const tip = node.state.tip
      await handle(node, event)
      if (node.state.tip !== tip) await onFinalized(node)
      return node.state.faults.has('silent') ? node.effects.filter(isInward) : node.effects
    },
    digest: () => digestState(node.state),
    snapshot: () => copyState(node.state),
    restore: async (snapshot) => {
      node.state = copyState(snapshot as SequencerState)
    },
    query: async (method) => {
      if (method === 'inspect') return inspect(node)
      throw new UnknownQueryError(`A sequencer knows no query "${method}".`, {
        metaMessages: ['Known: inspect.'],
        code: -32601,
      })
    },
  }
}

function isInward(effect: Effect): boolean {
  return effect.kind !== 'send'
}

/** A longer order may complete a batch, or be what a poster waits for. */
async function onFinalized(node: SequencerNode): Promise<void> {
  await judgeBatchProposals(node)
  advancePosting(node)
}

async function handle(node: SequencerNode, event: RoleEvent): Promise<void> {
  switch (event.kind) {
    case 'start':
      return resubscribe(node)
    case 'message':
      return onMessage(node, event)
    case 'timer':
      return onTimer(node, event)
    case 'job':
      if (event.type.startsWith(PROVE_ID)) {
        const lastView = BigInt(event.type.slice(PROVE_ID.length))
        onProven(node, lastView, event.payload as unknown as ProveResult)
      }
      return
    case 'input':
      return onInput(node, event)
  }
}

/** Handlers by message type; types that are not for members are ignored. */
type Handlers = {
  readonly [T in MessageType]?: (
    node: SequencerNode,
    source: string,
    payload: Messages[T],
  ) => void | Promise<void>
}

const HANDLERS: Handlers = {
  'l1.head': (node, source, head) => (source === L1_NODE ? onHead(node, head) : undefined),
  'order.transaction': (node, _source, { raw }) => onTransaction(node, raw),
  'order.drop': (node, _source, { hashes }) => onDrop(node, hashes),
  'simplex.propose': (node, source, { block, signature }) =>
    onPropose(node, source, block, signature),
  'simplex.vote': onVote,
  'simplex.certificate': (node, _source, content) => onCertificate(node, content),
  'simplex.fetch': (node, source, { view }) => sendViews(node, source, view),
  'simplex.block': (node, _source, { block, kind, certificate }) =>
    onBlock(node, block, kind, certificate),
  'simplex.evidence': (node, _source, { first, second }) => accuse(node, first, second),
  'order.fetch': (node, source, { fromView }) => sendOrder(node, source, fromView),
  'batch.propose': (node, from, { header, commitment }) =>
    onBatchProposal(node, { header, commitment, from }),
  'batch.sign': (node, _source, signed) => onBatchSignature(node, signed),
  'da.receipt': (node, _source, signed) => onReceipt(node, signed),
}

function onMessage(node: SequencerNode, event: RoleEvent): void | Promise<void> {
  type Handler = (node: SequencerNode, source: string, payload: Plain) => void | Promise<void>
  const handler = HANDLERS[event.type as MessageType] as Handler | undefined
  return handler?.(node, event.source, event.payload)
}

async function onHead(node: SequencerNode, head: L1Head): Promise<void> {
  onL1Head(node, head)
  slashCulprits(node)
  settle(node)
  await judgeBatchProposals(node)
  advancePosting(node)
}

/** Finalized views sent in answer to one fetch of an executor. */
const ORDER_VIEWS_MAX = 64

function sendOrder(node: SequencerNode, to: string, fromView: bigint): void {
  const wanted = node.state.order.filter(({ block }) => block.view >= fromView)
  for (const { block, certificate } of wanted.slice(0, ORDER_VIEWS_MAX)) {
    send(node, to, 'order.finalized', { block, certificate })
  }
}

const TIMERS: Readonly<Record<string, (node: SequencerNode) => void>> = {
  [DEADLINE_TIMER]: onDeadline,
  [PROPOSE_TIMER]: propose,
  [FETCH_TIMER]: settle,
  [POST_TIMER]: advancePosting,
  [SUBSCRIBE_TIMER]: resubscribe,
}

function onTimer(node: SequencerNode, event: RoleEvent): void {
  if (event.type.startsWith(LATE_TIMER)) {
    const kind = event.type.slice(LATE_TIMER.length) as VoteKind
    onLateCertificate(node, kind, event.payload as bigint)
  } else {
    TIMERS[event.type]?.(node)
  }
}

function onInput(node: SequencerNode, event: RoleEvent): void {
  const { inputId, fraud } = event.payload as { readonly inputId: number; readonly fraud?: string }
  if (event.type === 'corrupt' && fraud !== undefined && SEQUENCER_FAULTS.includes(fraud)) {
    node.state.faults.add(fraud)
    node.effects.push({ kind: 'report', type: 'fraud.armed', payload: { node: node.id, fraud } })
    node.effects.push({ kind: 'reply', inputId, result: null })
  } else if (event.type === 'heal') {
    node.state.faults.clear()
    node.effects.push({ kind: 'reply', inputId, result: null })
  } else {
    const message = `A sequencer takes no input "${event.type}" ${fraud ?? ''}. Known: corrupt (${SEQUENCER_FAULTS.join(', ')}), heal.`
    node.effects.push({
      kind: 'replyError',
      inputId,
      error: { name: 'UnknownInputError', message, code: -32602 },
    })
  }
}

/** A read that members do not answer. */
export class UnknownQueryError extends BaseError {
  override name = 'UnknownQueryError'
}

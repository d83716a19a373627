/** The executor: executes the committee's order, follows L1, answers JSON-RPC, proposes output roots and defends them. */

import { LATER } from '../chain/rpc/cheats.ts'
import { BaseError, errorToPlain } from '../kernel/errors.ts'
import type { Effect, Plain, Role, RoleEvent, RoleFactory } from '../kernel/role.ts'
import type { Certificate, L1Head, OrderedBlock } from '../protocol/messages.ts'
import { L1_NODE } from '../protocol/nodes.ts'
import type { Json } from '../protocol/world.ts'
import type { ProvenCell } from '../rollup/data/kzg.ts'
import { FIRST_BLOCK } from '../rollup/l1/view.ts'
import {
  FETCH_TIMER,
  followL1,
  isDataJob,
  retryFetchings,
  send,
  sendCalls,
  takeCells,
  takeDataJob,
} from '../rollup/node/core.ts'
import { dueGameCalls } from '../rollup/node/disputes.ts'
import { playAliases, withoutAliases } from './aliases.ts'
import { answerClient, replyToCheats } from './cheats.ts'
import { GOSSIP_INTERVAL_MS, GOSSIP_TIMER, gossipAgain, pruneClients } from './clients.ts'
import { createExecutorNode } from './create.ts'
import { followEntriesOfL1 } from './entries.ts'
import { UnknownInputError } from './errors.ts'
import { reportHead } from './headReports.ts'
import { updateHeads } from './heads.ts'
import type { JsonInput } from './inputs.ts'
import { armFraud } from './inputs.ts'
import {
  change,
  charge,
  digestExecutor,
  type ExecutorNode,
  type ExecutorSnapshot,
  restoreExecutor,
  snapshotExecutor,
} from './node.ts'
import { DISPUTE_PRICE_MS } from './prices.ts'
import { proposeIfDue, recoverLies, stanceOf } from './proposer.ts'
import { queryExecutor } from './queries.ts'
import { extendUnsafe, fetchOrder, takeOrdered } from './unsafe.ts'

/** Config: `ExecutorConfig`. */
export const createExecutorRole: RoleFactory = async (context, config) => {
  const node = await createExecutorNode(context, config)
  return {
    step: (event) => step(node, event),
    digest: () => digestExecutor(node),
    snapshot: () => snapshotExecutor(node),
    restore: async (snapshot) => restoreExecutor(node, snapshot as ExecutorSnapshot),
    query: (method, params, patience) => queryExecutor(node, method, params, patience),
  } satisfies Role
}

const PROPOSE_TIMER = 'propose'
const ORDER_TIMER = 'order'
/** How often the order is asked for when nothing came by itself. */
const ORDER_INTERVAL_MS = 6_000

async function step(node: ExecutorNode, event: RoleEvent): Promise<readonly Effect[]> {
  node.core.effects = []
  node.core.nowMs = event.timeMs
  switch (event.kind) {
    case 'start':
      start(node, event.type === 'restart')
      break
    case 'timer':
      await onTimer(node, event.type)
      break
    case 'message':
      await onMessage(node, event)
      break
    case 'job':
      if (isDataJob(event.type) && takeDataJob(node.core, event.type, event.payload))
        await advance(node)
      break
    case 'input':
      await onInput(node, event)
      break
  }
  return node.core.effects
}

function start(node: ExecutorNode, isRestart: boolean): void {
  send(node.core, L1_NODE, 'l1.subscribe', { fromNumber: FIRST_BLOCK })
  if (isRestart) fetchOrder(node, 1n)
  setTimer(node, PROPOSE_TIMER, node.parameters.proposalIntervalMs)
  setTimer(node, ORDER_TIMER, ORDER_INTERVAL_MS)
  setTimer(node, GOSSIP_TIMER, GOSSIP_INTERVAL_MS)
}

function setTimer(node: ExecutorNode, id: string, delayMs: number): void {
  node.core.effects.push({ kind: 'timer', id, delayMs })
}

async function onTimer(node: ExecutorNode, id: string): Promise<void> {
  switch (id) {
    case PROPOSE_TIMER:
      change(node, { isProposalDue: true })
      setTimer(node, PROPOSE_TIMER, node.parameters.proposalIntervalMs)
      proposeIfDue(node)
      return
    case ORDER_TIMER:
      fetchOrder(node, node.fields.order.tipView + 1n)
      setTimer(node, ORDER_TIMER, ORDER_INTERVAL_MS)
      return
    case GOSSIP_TIMER:
      gossipAgain(node)
      return
    case FETCH_TIMER:
      retryFetchings(node.core)
      return
  }
}

async function onMessage(node: ExecutorNode, event: RoleEvent): Promise<void> {
  switch (event.type) {
    case 'l1.head':
      return onHead(node, event.payload as unknown as L1Head)
    case 'order.finalized': {
      const { block, certificate } = event.payload as unknown as {
        readonly block: OrderedBlock
        readonly certificate: Certificate
      }
      takeOrdered(node, block, certificate)
      await extendUnsafe(node)
      return settle(node)
    }
    case 'da.cells': {
      const answer = event.payload as unknown as {
        readonly index: bigint
        readonly cells: readonly ProvenCell[]
      }
      if (takeCells(node.core, event.source, answer)) await advance(node)
      return
    }
  }
}

async function onHead(node: ExecutorNode, head: L1Head): Promise<void> {
  const news = followL1(node.core, head)
  if (!news) return
  await advance(node)
  reportHead(node, head, news)
  proposeIfDue(node)
  const due = await dueGameCalls({ ...node, stanceOf: (game) => stanceOf(node, game) })
  const calls = withoutAliases(node, due)
  charge(node, calls.filter((call) => call.action !== null).length * DISPUTE_PRICE_MS)
  sendCalls(node.core, calls)
  playAliases(node, head)
}

/** Derives what L1 says, then executes what was ordered beyond it. */
async function advance(node: ExecutorNode): Promise<void> {
  await followEntriesOfL1(node)
  await extendUnsafe(node)
  recoverLies(node)
  forgetOldOrder(node)
  settle(node)
}

function settle(node: ExecutorNode): void {
  const safe = node.fields.heads.safe
  updateHeads(node)
  replyToCheats(node)
  if (node.fields.heads.safe !== safe) pruneClients(node)
}

/** Rationale: an entry whose root is final never changes, so its order is never executed again. */
function forgetOldOrder(node: ExecutorNode): void {
  const { anchor } = node.core.fields.view.blocks.at(0)?.contents ?? node.core.fields.view.genesis
  const first = node.fields.ordered[0]
  if (!first || first.batchIndex > anchor.entryIndex) return
  const ordered = node.fields.ordered.filter((block) => block.batchIndex > anchor.entryIndex)
  change(node, { ordered })
}

async function onInput(node: ExecutorNode, event: RoleEvent): Promise<void> {
  const payload = event.payload as unknown as JsonInput
  const { inputId } = payload
  try {
    const result = await answerInput(node, event.type, payload)
    if (result !== LATER) node.core.effects.push({ kind: 'reply', inputId, result })
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    node.core.effects.push({ kind: 'replyError', inputId, error: errorToPlain(error) })
  }
}

async function answerInput(
  node: ExecutorNode,
  type: string,
  payload: JsonInput,
): Promise<Plain | typeof LATER> {
  switch (type) {
    case 'rpc': {
      const { inputId, method, params } = payload
      return answerClient(node, inputId, String(method), params as readonly Json[])
    }
    case 'corrupt':
      return armFraud(node, payload.inputId, String(payload.fraud))
    case 'heal':
      change(node, { armed: [] })
      return true
    default:
      throw new UnknownInputError(type)
  }
}

/** The challenger: derives L2 again from L1 and the data nodes alone, compares every root, and plays every game. */
import { BaseError, errorToPlain } from '../kernel/errors.ts'
import type { Effect, Plain, Role, RoleEvent, RoleFactory } from '../kernel/role.ts'
import type { L1Head } from '../protocol/messages.ts'
import { L1_NODE } from '../protocol/nodes.ts'
import { bytesToHex, type Hex } from '../rollup/bytes.ts'
import type { ProvenCell } from '../rollup/data/kzg.ts'
import { FIRST_BLOCK, type GameView, latest } from '../rollup/l1/view.ts'
import { placeOf, type StepPlace } from '../rollup/machine/describe.ts'
import {
  FETCH_TIMER,
  followEntries,
  followL1,
  type HeadNews,
  isDataJob,
  retryFetchings,
  send,
  sendCalls,
  takeCells,
  takeDataJob,
} from '../rollup/node/core.ts'
import { queryDispute } from '../rollup/node/disputeQueries.ts'
import { dueGameCalls, expectedRoot, gameProver } from '../rollup/node/disputes.ts'
import { eventReports, failedStepReports } from '../rollup/node/reports.ts'
import {
  attackIfArmed,
  checkRoots,
  DISPUTE_PRICE_MS,
  recoverChallenges,
  stanceOf,
} from './attack.ts'
import { createChallengerNode } from './create.ts'
import { UnknownFraudError, UnknownInputError, UnknownQueryError } from './errors.ts'
import {
  type ChallengerNode,
  type ChallengerSnapshot,
  change,
  charge,
  digestChallenger,
  report,
  restoreChallenger,
  snapshotChallenger,
} from './node.ts'

/** Virtual CPU price of executing one block, in ms. */
const BLOCK_PRICE_MS = 2

/** Config: `ChallengerConfig`. */
export const createChallengerRole: RoleFactory = async (context, config) => {
  const node = await createChallengerNode(context, config)
  return {
    step: (event) => step(node, event),
    digest: () => digestChallenger(node),
    snapshot: () => snapshotChallenger(node),
    restore: async (snapshot) => restoreChallenger(node, snapshot as ChallengerSnapshot),
    query: (method, params) => query(node, method, params),
  } satisfies Role
}

async function step(node: ChallengerNode, event: RoleEvent): Promise<readonly Effect[]> {
  node.core.effects = []
  node.core.nowMs = event.timeMs
  switch (event.kind) {
    case 'start':
      send(node.core, L1_NODE, 'l1.subscribe', { fromNumber: FIRST_BLOCK })
      break
    case 'timer':
      if (event.type === FETCH_TIMER) retryFetchings(node.core)
      break
    case 'message':
      await onMessage(node, event)
      break
    case 'job':
      if (isDataJob(event.type) && takeDataJob(node.core, event.type, event.payload)) {
        await advance(node)
      }
      break
    case 'input':
      onInput(node, event)
      break
  }
  return node.core.effects
}

async function onMessage(node: ChallengerNode, event: RoleEvent): Promise<void> {
  if (event.type === 'l1.head') return onHead(node, event.payload as unknown as L1Head)
  if (event.type !== 'da.cells') return
  const answer = event.payload as unknown as {
    readonly index: bigint
    readonly cells: readonly ProvenCell[]
  }
  if (takeCells(node.core, event.source, answer)) await advance(node)
}

async function onHead(node: ChallengerNode, head: L1Head): Promise<void> {
  const news = followL1(node.core, head)
  if (!news) return
  await advance(node)
  reportHead(node, head, news)
  await play(node)
}

/** Derives what L1 says, and checks the roots that can be checked by it. */
async function advance(node: ChallengerNode): Promise<void> {
  await followEntries(
    node.core,
    () => null,
    (result) => {
      if (result.kind !== 'derived') return
      charge(node, BLOCK_PRICE_MS * result.blocks.length)
      for (const { header, hash } of result.blocks) {
        report(node, 'l2.derived', { node: node.id, number: header.number, hash: bytesToHex(hash) })
      }
    },
  )
  checkRoots(node)
  recoverChallenges(node)
}

async function play(node: ChallengerNode): Promise<void> {
  attackIfArmed(node)
  const calls = await dueGameCalls({ ...node, stanceOf: (game) => stanceOf(node, game) })
  charge(node, calls.filter((call) => call.action !== null).length * DISPUTE_PRICE_MS)
  sendCalls(node.core, calls)
}

function reportHead(node: ChallengerNode, head: L1Head, news: HeadNews): void {
  const context = {
    l1Number: head.number,
    outcomes: head.outcomes,
    contents: latest(node.core.fields.view),
    rules: node.player.rules,
    placeOf: (game: Hex, traceIndex: bigint) => stepPlace(node, game, traceIndex),
  }
  node.core.effects.push(...failedStepReports(news.results, context))
  node.core.effects.push(...eventReports(news.events, context))
}

function stepPlace(node: ChallengerNode, address: Hex, traceIndex: bigint): StepPlace | null {
  const game = latest(node.core.fields.view).games.get(address)
  if (!game || expectedRoot(node, game.entryIndex) === null) return null
  return placeOf(gameProver(node, game, { kind: 'honest' }).stateBefore(traceIndex), traceIndex)
}

function onInput(node: ChallengerNode, event: RoleEvent): void {
  const payload = event.payload as { readonly inputId: number } & { readonly [key: string]: Plain }
  const { inputId, fraud } = payload
  try {
    answerInput(node, event.type, fraud ?? null)
    node.core.effects.push({ kind: 'reply', inputId, result: true })
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    node.core.effects.push({ kind: 'replyError', inputId, error: errorToPlain(error) })
  }
}

function answerInput(node: ChallengerNode, type: string, fraud: Plain): void {
  switch (type) {
    case 'corrupt':
      if (fraud !== 'false-challenge') throw new UnknownFraudError(String(fraud))
      change(node, { isArmed: true })
      report(node, 'fraud.armed', { node: node.id, fraud })
      return
    case 'heal':
      change(node, { isArmed: false })
      return
    default:
      throw new UnknownInputError(type)
  }
}

async function query(node: ChallengerNode, method: string, params: Plain): Promise<Plain> {
  if (method === 'inspect') return inspect(node)
  const dispute = { ...node, stanceOf: (game: GameView) => stanceOf(node, game) }
  const answer = await queryDispute(dispute, method, params)
  if (answer === undefined) throw new UnknownQueryError(method)
  return answer
}

function inspect(node: ChallengerNode): Plain {
  const { ledger, view, courier, fetchings } = node.core.fields
  const contents = latest(view)
  const running = [...contents.games.values()].filter((game) => game.outcome === 'inProgress')
  const rows: readonly (readonly [string, string])[] = [
    ['Derived head', `${ledger.blocks.length}`],
    ['Head hash', bytesToHex(node.chain.head().hash)],
    ['L1 head', `${view.blocks.at(-1)?.number ?? 0n}`],
    ['Entries derived', `${ledger.verified.length - 1}`],
    ['Batches being fetched', `${fetchings.size}`],
    ['Roots checked', `${node.fields.checked.size}`],
    ['Games running', `${running.length}`],
    ['Next L1 nonce', `${courier.sender.nextNonce}`],
    ['Armed', node.fields.isArmed ? 'false-challenge' : 'nothing'],
  ]
  return rows.map(([label, value]) => ({ label, value }))
}

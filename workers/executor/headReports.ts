/** What observers hear from an executor about a new L1 block. */
import type { L1Head } from '../protocol/messages.ts'
import { bytesToHex, type Hex } from '../rollup/bytes.ts'
import type { L1Event } from '../rollup/l1/events.ts'
import { latest } from '../rollup/l1/view.ts'
import { placeOf, type StepPlace } from '../rollup/machine/describe.ts'
import type { HeadNews } from '../rollup/node/core.ts'
import { expectedRoot, gameProver } from '../rollup/node/disputes.ts'
import { entryReports, eventReports, failedStepReports } from '../rollup/node/reports.ts'
import { parseTransaction } from '../rollup/transaction/decode.ts'
import { reportBridge } from './bridgeReports.ts'
import { type ExecutorNode, report } from './node.ts'

export function reportHead(node: ExecutorNode, head: L1Head, news: HeadNews): void {
  reportBridge(node, head)
  const contents = latest(node.core.fields.view)
  const context = {
    l1Number: head.number,
    outcomes: head.outcomes,
    contents,
    rules: node.player.rules,
    placeOf: (game: Hex, traceIndex: bigint) => stepPlace(node, game, traceIndex),
  }
  for (const event of news.events) {
    if (event.kind === 'messageQueued') reportDeposit(node, event)
    if (event.kind === 'gameCreated') reportProposal(node, event)
  }
  node.core.effects.push(...failedStepReports(news.results, context))
  node.core.effects.push(
    ...entryReports(news.events, context),
    ...eventReports(news.events, context),
  )
}

function stepPlace(node: ExecutorNode, address: Hex, traceIndex: bigint): StepPlace | null {
  const game = latest(node.core.fields.view).games.get(address)
  if (!game || expectedRoot(node, game.entryIndex) === null) return null
  return placeOf(gameProver(node, game, { kind: 'honest' }).stateBefore(traceIndex), traceIndex)
}

function reportProposal(
  node: ExecutorNode,
  event: Extract<L1Event, { kind: 'gameCreated' }>,
): void {
  const expected = expectedRoot(node, event.entryIndex)
  const game = latest(node.core.fields.view).games.get(event.game)
  if (expected === null || !game) return
  report(node, 'root.proposed', {
    game: event.game,
    entryIndex: event.entryIndex,
    claim: event.rootClaim,
    parent: event.parent ?? '',
    proposer: event.proposer,
    bondWei: event.bondWei,
    honest: event.rootClaim === expected,
    deadline: game.createdAt + node.player.rules.disputeWindowSeconds,
    transactionHash: event.transactionHash,
  })
}

function reportDeposit(
  node: ExecutorNode,
  event: Extract<L1Event, { kind: 'messageQueued' }>,
): void {
  const deposit = depositOf(event.raw, node.parameters.l2ChainId)
  if (!deposit) return
  report(node, 'deposit.queued', {
    index: event.index,
    from: bytesToHex(deposit.from),
    to: deposit.to ? bytesToHex(deposit.to) : '',
    amountWei: deposit.mint,
    transactionHash: event.transactionHash,
  })
}

function depositOf(raw: Uint8Array, chainId: number) {
  if (raw[0] !== 0x7e) return null
  const transaction = parseTransaction(raw, { chainId })
  return transaction.kind === 'deposit' ? transaction : null
}

/** The member's own L1 account: transactions are numbered, sent, and sent again by the shared sender. */
import type { L1Head } from '../protocol/messages.ts'
import { L1_NODE } from '../protocol/nodes.ts'
import { equalBytes, ZERO_ADDRESS } from '../rollup/bytes.ts'
import {
  followHead,
  isUnderWay,
  type SenderAccount,
  type SenderResult,
  type SendRequest,
  sendTransaction,
} from '../rollup/l1/sender.ts'
import { type SequencerNode, send } from './node.ts'

/** Does nothing while a transaction with the same label is under way. */
export function sendToL1(node: SequencerNode, request: SendRequest): void {
  if (isUnderWay(node.state.sender, request.label)) return
  const sending = sendTransaction(node.state.sender, accountOf(node), request)
  node.state.sender = sending.state
  send(node, L1_NODE, 'l1.sendTransaction', { raw: sending.raw })
}

/** Follows a head: what of ours was included, and what must be sent again. */
export function followSender(node: SequencerNode, head: L1Head): readonly SenderResult[] {
  const account = accountOf(node)
  const update = followHead(node.state.sender, account, head)
  node.state.sender = update.state
  for (const raw of update.resend) send(node, L1_NODE, 'l1.sendTransaction', { raw })
  // A restarted member learns its nonce from the heads that it reads again.
  for (const { from, nonce } of head.outcomes) {
    if (!equalBytes(from, account.address) || nonce < node.state.sender.nextNonce) continue
    node.state.sender = { ...node.state.sender, nextNonce: nonce + 1n }
  }
  return update.results
}

function accountOf(node: SequencerNode): SenderAccount {
  const { committee, index, l1PrivateKey } = node.config
  return {
    chainId: node.parameters.l1ChainId,
    privateKey: l1PrivateKey,
    address: committee[index]?.address ?? ZERO_ADDRESS,
  }
}

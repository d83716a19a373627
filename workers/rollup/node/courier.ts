/** Sends a node's calls to L1 once each: what is under way is not sent again, what failed is tried a bounded number of times. */
import { equalBytes } from '../bytes.ts'
import {
  followHead,
  isUnderWay,
  openSender,
  type SenderAccount,
  type SenderHead,
  type SenderResult,
  type SenderState,
  type SendRequest,
  sendTransaction,
} from '../l1/sender.ts'

export interface Courier {
  readonly account: SenderAccount
  readonly sender: SenderState
  /** Reverts by label. */
  readonly failures: ReadonlyMap<string, number>
}

/** Reverts of one call after which it is given up, unless the call says otherwise. */
export const FAILURES_MAX = 4
/** Calls that wait for inclusion at once; L1's mempool bounds what one account may queue. */
export const UNDER_WAY_MAX = 32

export function openCourier(account: SenderAccount, sender: SenderState = openSender()): Courier {
  return { account, sender, failures: new Map() }
}

/** A call, and how many reverts of it are borne. */
export type Call = SendRequest & { readonly failuresMax?: number }

export interface Dispatch {
  readonly courier: Courier
  /** What to send to L1, in order; empty if there is nothing to do. */
  readonly raws: readonly Uint8Array[]
}

/** Signs the calls that are neither under way nor given up. */
export function dispatchCalls(courier: Courier, calls: readonly Call[]): Dispatch {
  const raws: Uint8Array[] = []
  let { sender } = courier
  for (const call of calls) {
    const waiting = sender.transactions.filter((sent) => sent.includedAt === null).length
    const isGivenUp = (courier.failures.get(call.label) ?? 0) >= (call.failuresMax ?? FAILURES_MAX)
    if (waiting >= UNDER_WAY_MAX || isGivenUp || isUnderWay(sender, call.label)) continue
    const { label, to, data, valueWei, gasLimit } = call
    const sending = sendTransaction(sender, courier.account, {
      label,
      to,
      data,
      valueWei,
      gasLimit,
    })
    sender = sending.state
    raws.push(sending.raw)
  }
  return { courier: { ...courier, sender }, raws }
}

export interface CourierUpdate extends Dispatch {
  readonly results: readonly SenderResult[]
}

/** Follows one head: outcomes, resends, failures. */
export function courierHead(courier: Courier, head: SenderHead): CourierUpdate {
  const { state, results, resend } = followHead(courier.sender, courier.account, head)
  const sender = { ...state, nextNonce: nextNonce(courier, state, head) }
  const failures = new Map(courier.failures)
  for (const result of results) {
    if (!result.succeeded) failures.set(result.label, (failures.get(result.label) ?? 0) + 1)
  }
  return { courier: { ...courier, sender, failures }, raws: resend, results }
}

/** Rationale: a node that lost its storage learns its nonce from the heads that it reads again. */
function nextNonce(courier: Courier, state: SenderState, head: SenderHead): bigint {
  return head.outcomes.reduce((next, outcome) => {
    const isOurs = equalBytes(outcome.from, courier.account.address)
    return isOurs && outcome.nonce >= next ? outcome.nonce + 1n : next
  }, state.nextNonce)
}

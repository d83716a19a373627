/**
 * One account's transactions to L1, as a pure state machine: it numbers them, sends them again with a higher fee when they are not
 * included, and follows reorgs. Whoever uses it feeds every head in order and sends the raw bytes that it returns.
 */
import { equalBytes } from '../bytes.ts'
import { type SignedTransaction, signFeeMarketTransaction } from './transaction.ts'

export interface SenderAccount {
  readonly chainId: number
  readonly privateKey: Uint8Array
  /** 20 bytes. */
  readonly address: Uint8Array
}

export interface SendRequest {
  /** What the transaction is for; the caller's key. One label is under way at most once. */
  readonly label: string
  readonly to: Uint8Array
  readonly data: Uint8Array
  readonly valueWei: bigint
  readonly gasLimit: bigint
}

export interface SentTransaction extends SendRequest {
  readonly nonce: bigint
  readonly maxFeePerGas: bigint
  readonly hash: Uint8Array
  /** L1 height when it was last sent. */
  readonly sentAt: bigint
  readonly attempts: number
  /** L1 height of the block that includes it; `null` while none does. */
  readonly includedAt: bigint | null
}

export interface SenderState {
  readonly nextNonce: bigint
  /** L1 height of the last head, 0 before. */
  readonly height: bigint
  readonly baseFee: bigint
  /** Transactions that are not final, by nonce. */
  readonly transactions: readonly SentTransaction[]
}

/** The outcome of one transaction, as L1 heads carry it; structurally `L1Outcome` of the protocol. */
export interface SenderOutcome {
  readonly hash: Uint8Array
  readonly from: Uint8Array
  readonly nonce: bigint
  readonly succeeded: boolean
  readonly gasUsed: bigint
}

export interface SenderHead {
  readonly number: bigint
  readonly baseFee: bigint
  readonly finalizedNumber: bigint
  readonly outcomes: readonly SenderOutcome[]
}

export interface SenderResult {
  readonly label: string
  readonly hash: Uint8Array
  readonly succeeded: boolean
  readonly gasUsed: bigint
}

/** L1 blocks without inclusion after which a transaction is sent again. */
export const RESEND_AFTER_BLOCKS = 4n
/** Fee raises per transaction; afterwards it is sent again unchanged. */
export const FEE_RAISES_MAX = 12

const PRIORITY_FEE = 1_000_000_000n

export function openSender(nextNonce = 0n): SenderState {
  return { nextNonce, height: 0n, baseFee: PRIORITY_FEE, transactions: [] }
}

export interface Sending {
  readonly state: SenderState
  /** What to send to L1 now. */
  readonly raw: Uint8Array
  readonly hash: Uint8Array
}

/** Numbers and signs a transaction. The caller asks `isUnderWay` first. */
export function sendTransaction(
  state: SenderState,
  account: SenderAccount,
  request: SendRequest,
): Sending {
  const nonce = state.nextNonce
  const maxFeePerGas = 2n * state.baseFee + PRIORITY_FEE
  const { raw, hash } = sign(account, { ...request, nonce, maxFeePerGas })
  const sent: SentTransaction = {
    ...request,
    nonce,
    maxFeePerGas,
    hash,
    sentAt: state.height,
    attempts: 1,
    includedAt: null,
  }
  const transactions = [...state.transactions, sent]
  return { state: { ...state, nextNonce: nonce + 1n, transactions }, raw, hash }
}

/** Whether a transaction with this label waits for inclusion. */
export function isUnderWay(state: SenderState, label: string): boolean {
  return state.transactions.some((sent) => sent.label === label && sent.includedAt === null)
}

export interface SenderUpdate {
  readonly state: SenderState
  /** Our transactions in this block. */
  readonly results: readonly SenderResult[]
  /** What to send to L1 again. */
  readonly resend: readonly Uint8Array[]
}

/**
 * Follows one head.
 * Rationale: a head at height h replaces everything at h and above, so what was included there waits again; L1 may or may not have
 * kept it in its mempool, and a transaction sent twice is included once because of its nonce.
 */
export function followHead(
  state: SenderState,
  account: SenderAccount,
  head: SenderHead,
): SenderUpdate {
  const ours = head.outcomes.filter((outcome) => equalBytes(outcome.from, account.address))
  const results: SenderResult[] = []
  const resend: Uint8Array[] = []
  const transactions: SentTransaction[] = []
  for (const old of state.transactions) {
    const isOrphaned = old.includedAt !== null && old.includedAt >= head.number
    const sent = isOrphaned ? { ...old, includedAt: null, sentAt: head.number } : old
    const outcome = ours.find((candidate) => candidate.nonce === sent.nonce)
    if (outcome) {
      const { hash, succeeded, gasUsed } = outcome
      results.push({ label: sent.label, hash, succeeded, gasUsed })
      transactions.push({ ...sent, hash, includedAt: head.number })
    } else if (sent.includedAt === null) {
      const again = resendIfLate(sent, account, head)
      if (again) resend.push(again.raw)
      transactions.push(again?.sent ?? sent)
    } else if (sent.includedAt > head.finalizedNumber) {
      transactions.push(sent)
    }
  }
  const next = { ...state, height: head.number, baseFee: head.baseFee, transactions }
  return { state: next, results, resend }
}

function resendIfLate(
  sent: SentTransaction,
  account: SenderAccount,
  head: SenderHead,
): { readonly sent: SentTransaction; readonly raw: Uint8Array } | null {
  if (head.number - sent.sentAt < RESEND_AFTER_BLOCKS) return null
  const isRaised = sent.attempts <= FEE_RAISES_MAX
  const raised = (sent.maxFeePerGas * 5n) / 4n + 1n
  const current = 2n * head.baseFee + PRIORITY_FEE
  const maxFeePerGas = !isRaised ? sent.maxFeePerGas : raised > current ? raised : current
  const { raw, hash } = sign(account, { ...sent, maxFeePerGas })
  const attempts = sent.attempts + 1
  return { sent: { ...sent, maxFeePerGas, hash, attempts, sentAt: head.number }, raw }
}

/** Rationale: replacing a transaction in a mempool takes a higher tip as well, so the tip keeps its share of the fee. */
function sign(
  account: SenderAccount,
  request: SendRequest & { readonly nonce: bigint; readonly maxFeePerGas: bigint },
): SignedTransaction {
  return signFeeMarketTransaction(
    {
      chainId: account.chainId,
      nonce: request.nonce,
      maxPriorityFeePerGas: request.maxFeePerGas / 3n,
      maxFeePerGas: request.maxFeePerGas,
      gasLimit: request.gasLimit,
      to: request.to,
      valueWei: request.valueWei,
      data: request.data,
    },
    account.privateKey,
  )
}

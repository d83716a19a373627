import type { Address, Hex } from 'viem'
import { finalizeCall, proveCall, withdrawalHashes } from '../../sdk/withdrawals.ts'
import type { WithdrawalProof } from '../../workers/protocol/withdrawal.ts'
import {
  type Account,
  confirmed,
  contractAddress,
  type Receipt,
  type Rpc,
  type Tell,
} from './wallet-account.ts'

const pollMs = 1_500
/** A withdrawal that is not through after so many looks is left to the visitor: about an hour. */
const looksMax = 2_400
/** A transaction on the way may lose its root to a dispute; more failures than these mean something else. */
const failuresMax = 4

export interface WithdrawalInput {
  readonly world: Rpc
  readonly l1: Account
  /** Logs of the L2 transaction that burnt the money. */
  readonly logs: Receipt['logs']
  /** The world became another: nothing is left to finish. */
  readonly signal: AbortSignal
  readonly tell: Tell
  /** Between two looks, wall milliseconds. */
  readonly pauseMs?: number
}

/**
 * Proves a withdrawal as soon as a root covers it, again against another root if that one falls, and has it paid once its root is
 * final. Runs in the background and tells what came of it; resolves when there is nothing left to do.
 */
export async function finishWithdrawal(input: WithdrawalInput): Promise<void> {
  try {
    const paidBy = await follow(input, withdrawalHash(input.logs))
    if (paidBy !== null) {
      input.tell('info', `The withdrawal is paid on L1, against the final root of game ${paidBy}.`)
    }
  } catch (error) {
    if (!input.signal.aborted) {
      input.tell('error', `The withdrawal was not finished. ${reasonOf(error)}`)
    }
  }
}

function withdrawalHash(logs: Receipt['logs']): Hex {
  const [hash] = withdrawalHashes(logs as never)
  if (hash === undefined) throw new Error('Its L2 transaction logged no message for L1.')
  return hash
}

interface Course {
  /** The root that the withdrawal is proven against. */
  readonly provenBy: Address | null
  readonly failures: number
  readonly isPaid: boolean
}

/** The game by which it was paid; null if the world became another before. */
async function follow(input: WithdrawalInput, hash: Hex): Promise<Address | null> {
  const bridge = await contractAddress(input.world, 'l1Bridge')
  let course: Course = { provenBy: null, failures: 0, isPaid: false }
  for (let look = 0; look < looksMax && !input.signal.aborted; look += 1) {
    const proof = await askForProof(input.world, hash)
    const call = proof && nextCall(proof, course.provenBy, input.l1.address)
    if (call !== null) course = await perform(input, { ...call, to: bridge }, course)
    if (course.isPaid) return course.provenBy
    await new Promise((resolve) => setTimeout(resolve, input.pauseMs ?? pollMs))
  }
  if (input.signal.aborted) return null
  throw new Error(
    'No root that covers it became final within an hour. Its page shows how far it came.',
  )
}

/** Sends one call to the bridge. A call may lose its root on the way: the next look tries again, a few times. */
async function perform(
  { world, l1, tell }: WithdrawalInput,
  { kind, game, to, data }: BridgeCall & { readonly to: Address },
  course: Course,
): Promise<Course> {
  try {
    await confirmed(world, 'l1', await l1.send({ to, data, gas: 5_000_000n }))
  } catch (error) {
    const failures = course.failures + 1
    if (failures >= failuresMax) throw error
    return { ...course, failures }
  }
  const isAgain = kind === 'prove' && course.provenBy !== null
  if (isAgain)
    tell('info', 'The root of the withdrawal’s proof fell. It is proven against another.')
  return { provenBy: game, failures: 0, isPaid: kind === 'finalize' }
}

interface BridgeCall {
  readonly kind: 'prove' | 'finalize'
  readonly game: Address
  readonly data: Hex
}

/** Rationale: the node names the oldest good root that covers the withdrawal; another name means that the last one fell. */
function nextCall(
  proof: WithdrawalProof,
  provenBy: Address | null,
  prover: Address,
): BridgeCall | null {
  const { game } = proof
  if (game !== provenBy) return { kind: 'prove', game, data: proveCall(proof) }
  return proof.final ? { kind: 'finalize', game, data: finalizeCall(proof, prover) } : null
}

/** docs/specs/RPC.md: −32000 says what is missing. */
const notYetCode = -32_000

/** Null as long as no good root covers the withdrawal, or the node that could tell is down; anything else is a failure. */
async function askForProof(world: Rpc, hash: Hex): Promise<WithdrawalProof | null> {
  try {
    const answer = await world.rpc('l2', { method: 'rollup_withdrawalProof', params: [hash] })
    return answer as unknown as WithdrawalProof
  } catch (error) {
    const { code, name } = error as { readonly code?: number; readonly name?: string }
    if (code === notYetCode || name === 'NodeCrashedError') return null
    throw error
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

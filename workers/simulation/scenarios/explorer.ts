/**
 * A user of L2 who does what everyday transfers never do: contracts made by CREATE2, reverts, precompiles, destroyed contracts, and
 * money that is spent twice. Without this traffic, many frauds would have nothing to lie about.
 */

import { encodeFunctionData } from 'viem'
import { abi, bytecode } from '../../../contracts/generated/Exerciser.ts'
import { lazy } from '../../kernel/lazy.ts'
import { bytesToHex, hexToBytes, word } from '../../rollup/bytes.ts'
import { accountKey } from '../../rollup/keys.ts'
import { privateKeyToAddress } from '../../rollup/secp256k1.ts'
import { createAddress } from '../../rollup/transaction/address.ts'
import type { Actor, ActorContext, ActorTurn } from './actor.ts'
import { balanceOf, nextNonce, type Sent, sendCall } from './sending.ts'
import { FUNDER_KEY } from './users.ts'

const ETHER = 10n ** 18n
const TRANSFER_GAS = 21_000n
const EXERCISER_GAS = 1_500_000n
const VISIT_GAS = 600_000n
const ALLOWANCE_WEI = 5n * ETHER
/** Two of these are more than what the spender has. */
const SPENT_TWICE_WEI = 3n * ETHER
const PATIENCE_MS = 2_000

const key = accountKey('explorer')
const address = lazy(() => privateKeyToAddress(key))

interface ExplorerState {
  readonly stage: 'funding' | 'deploying' | 'exploring'
  readonly nextMs: number
  readonly visits: number
  /** 20 bytes, once it was deployed. */
  readonly exerciser: Uint8Array | null
}

type Turn = ActorTurn<ExplorerState>

/** `everyMs`: virtual milliseconds between two visits. */
export function createExplorer({
  firstMs,
  everyMs,
}: {
  firstMs: number
  everyMs: number
}): Actor<ExplorerState> {
  return {
    name: 'explorer',
    initial: { stage: 'funding', nextMs: firstMs, visits: 0, exerciser: null },
    nextMs: ({ nextMs }) => nextMs,
    act: async (state, context) => {
      switch (state.stage) {
        case 'funding':
          return fund(state, context)
        case 'deploying':
          return deploy(state, context)
        case 'exploring':
          return explore(state, context, everyMs)
      }
    },
  }
}

function later(state: ExplorerState, { timeMs }: ActorContext): Turn {
  return { state: { ...state, nextMs: timeMs + PATIENCE_MS }, actions: [] }
}

async function fund(state: ExplorerState, context: ActorContext): Promise<Turn> {
  const sent = await pay(context, address(), 100n * ETHER)
  if (sent === null) return later(state, context)
  const nextMs = context.timeMs + PATIENCE_MS
  return { state: { ...state, stage: 'deploying', nextMs }, actions: [sent.action] }
}

async function deploy(state: ExplorerState, context: ActorContext): Promise<Turn> {
  const nonce = await nextNonce(context, 'l2', key)
  if (nonce === null || (await balanceOf(context, address())) === 0n) return later(state, context)
  const call = { to: null, data: hexToBytes(bytecode), gasLimit: EXERCISER_GAS }
  const { action } = sendCall('l2', context, { key, nonce, call })
  const exerciser = createAddress(address(), nonce)
  const nextMs = context.timeMs + 2 * PATIENCE_MS
  return { state: { ...state, stage: 'exploring', exerciser, nextMs }, actions: [action] }
}

/** A visit, and the fresh money of a spender, who spends what the visit before gave twice. */
async function explore(
  state: ExplorerState,
  context: ActorContext,
  everyMs: number,
): Promise<Turn> {
  const nonce = await nextNonce(context, 'l2', key)
  if (nonce === null) return later(state, context)
  const { visits, exerciser } = state
  const data = encodeFunctionData({ abi, functionName: 'visit', args: [bytesToHex(word(visits))] })
  const visit = { to: exerciser, value: 1n, data: hexToBytes(data), gasLimit: VISIT_GAS }
  const allowance = {
    to: privateKeyToAddress(spenderKey(visits)),
    value: ALLOWANCE_WEI,
    gasLimit: TRANSFER_GAS,
  }
  const sent = [
    sendCall('l2', context, { key, nonce, call: visit }),
    sendCall('l2', context, { key, nonce: nonce + 1n, call: allowance }),
    ...spendTwice(context, visits - 1),
    ...replaceSecond(context, visits - 2),
  ]
  return {
    state: { ...state, visits: visits + 1, nextMs: context.timeMs + everyMs },
    actions: sent.map(({ action }) => action),
  }
}

const spenderKey = (visit: number): Uint8Array => accountKey(`spender-${visit}`)

/** Two transactions of which the committee, which does not execute, orders both: the second cannot be paid, and is skipped. */
function spendTwice(context: ActorContext, visit: number): readonly Sent[] {
  if (visit < 0) return []
  const call = { to: address(), value: SPENT_TWICE_WEI, gasLimit: TRANSFER_GAS }
  return [0n, 1n].map((nonce) => sendCall('l2', context, { key: spenderKey(visit), nonce, call }))
}

/** Replaces the transaction that was skipped, so that it does not wait forever. */
function replaceSecond(context: ActorContext, visit: number): readonly Sent[] {
  if (visit < 0) return []
  const call = { to: address(), value: 0n, gasLimit: TRANSFER_GAS, isUrgent: true }
  return [sendCall('l2', context, { key: spenderKey(visit), nonce: 1n, call })]
}

async function pay(context: ActorContext, to: Uint8Array, value: bigint): Promise<Sent | null> {
  const nonce = await nextNonce(context, 'l2', FUNDER_KEY)
  if (nonce === null) return null
  return sendCall('l2', context, {
    key: FUNDER_KEY,
    nonce,
    call: { to, value, gasLimit: TRANSFER_GAS },
  })
}

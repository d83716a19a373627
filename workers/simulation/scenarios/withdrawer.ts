/** A user who takes ETH back to L1: begins on L2, proves against a root, and is paid once that root is final. */

import { decodeEventLog, encodeFunctionData, type Hex } from 'viem'
import { abi as l1BridgeAbi } from '../../../contracts/generated/IL1Bridge.ts'
import { abi as l2BridgeAbi } from '../../../contracts/generated/IL2Bridge.ts'
import { abi as passerAbi } from '../../../contracts/generated/IL2ToL1MessagePasser.ts'
import { lazy } from '../../kernel/lazy.ts'
import type { ScriptAction } from '../../kernel/script.ts'
import { PREDEPLOYS } from '../../protocol/predeploys.ts'
import { toWithdrawal, type WithdrawalProof } from '../../protocol/withdrawal.ts'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, hexToBytes } from '../../rollup/bytes.ts'
import { TEST_PRIVATE_KEYS } from '../../rollup/keys.ts'
import { privateKeyToAddress } from '../../rollup/secp256k1.ts'
import { type Actor, type ActorContext, type ActorTurn, nextTurnMs } from './actor.ts'
import { nextNonce, sendCall } from './sending.ts'

const AMOUNT_WEI = 10n ** 17n
/** A test account of its own, so that its nonces are nobody else's. */
const key = TEST_PRIVATE_KEYS[7] as Uint8Array
const owner = lazy(() => bytesToHex(privateKeyToAddress(key)))
const L2_BRIDGE = hexToBytes(PREDEPLOYS.l2Bridge)
/** How often it looks whether it can go on. */
const LOOK_MS = 4_000

interface Withdrawal {
  /** Of the transaction on L2. */
  readonly transaction: string
  /** Null until the transaction is in a block. */
  readonly hash: string | null
  /** Transaction on L1 that proves it, and the game that it is proven against. */
  readonly proof: { readonly transaction: string; readonly game: string } | null
}

interface WithdrawerState {
  readonly nextStartMs: number
  readonly nextLookMs: number
  readonly open: readonly Withdrawal[]
}

type Turn = ActorTurn<WithdrawerState>

export function createWithdrawer(
  bridge: string,
  { firstMs, everyMs }: { readonly firstMs: number; readonly everyMs: number },
): Actor<WithdrawerState> {
  return {
    name: 'withdrawer',
    initial: { nextStartMs: firstMs, nextLookMs: firstMs + LOOK_MS, open: [] },
    nextMs: ({ nextStartMs, nextLookMs }) => Math.min(nextStartMs, nextLookMs),
    act: async (state, context) => {
      if (state.nextStartMs <= context.timeMs) {
        const nextStartMs = nextTurnMs(state.nextStartMs, everyMs, context.timeMs)
        const nextLookMs = Math.max(state.nextLookMs, context.timeMs + LOOK_MS)
        return begin({ ...state, nextStartMs, nextLookMs }, context)
      }
      const nextLookMs = nextTurnMs(state.nextLookMs, LOOK_MS, context.timeMs)
      return look({ ...state, nextLookMs }, context, bridge)
    },
  }
}

async function begin(state: WithdrawerState, context: ActorContext): Promise<Turn> {
  const nonce = await nextNonce(context, 'l2', key)
  if (nonce === null) return { state, actions: [] }
  const data = hexToBytes(
    encodeFunctionData({ abi: l2BridgeAbi, functionName: 'withdrawETH', args: [owner()] }),
  )
  const call = { to: L2_BRIDGE, value: AMOUNT_WEI, data, gasLimit: 300_000n }
  const { action, hash } = sendCall('l2', context, { key, nonce, call })
  const begun = { transaction: hash, hash: null, proof: null }
  return { state: { ...state, open: [...state.open, begun] }, actions: [action] }
}

/** One step for one withdrawal at a time: its transactions on L1 need one nonce each. */
async function look(state: WithdrawerState, context: ActorContext, bridge: string): Promise<Turn> {
  for (const withdrawal of state.open) {
    const moved = await advance(withdrawal, context, bridge).catch(() => null)
    if (moved === null) continue
    const open = state.open.flatMap((one) => {
      if (one !== withdrawal) return [one]
      return moved.withdrawal === null ? [] : [moved.withdrawal]
    })
    return { state: { ...state, open }, actions: moved.actions }
  }
  return { state, actions: [] }
}

interface Moved {
  /** Null when it was paid. */
  readonly withdrawal: Withdrawal | null
  readonly actions: readonly ScriptAction[]
}

async function advance(
  withdrawal: Withdrawal,
  context: ActorContext,
  bridge: string,
): Promise<Moved | null> {
  const { hash } = withdrawal
  if (hash === null) return findHash(withdrawal, context)
  const answer = (await context.read('l2', 'rollup_withdrawalProof', [
    hash,
  ])) as unknown as WithdrawalProof | null
  if (answer === null) return null
  if (withdrawal.proof === null) return prove(withdrawal, context, bridge, answer)
  // The root that it was proven against may have fallen; another one serves as well.
  if (answer.game !== withdrawal.proof.game) return prove(withdrawal, context, bridge, answer)
  return answer.final ? claim(context, bridge, answer) : null
}

async function findHash(withdrawal: Withdrawal, context: ActorContext): Promise<Moved | null> {
  const receipt = (await context.read('l2', 'eth_getTransactionReceipt', [
    withdrawal.transaction,
  ])) as { readonly logs: readonly { readonly [key: string]: Json }[] } | null
  const log = receipt?.logs.find(({ address }) => address === PREDEPLOYS.l2ToL1MessagePasser)
  if (log === undefined) return null
  const decoded = decodeEventLog({
    abi: passerAbi,
    eventName: 'MessagePassed',
    data: log.data as Hex,
    topics: log.topics as unknown as [Hex],
  })
  const { withdrawalHash } = decoded.args as unknown as { readonly withdrawalHash: Hex }
  return { withdrawal: { ...withdrawal, hash: withdrawalHash }, actions: [] }
}

async function prove(
  withdrawal: Withdrawal,
  context: ActorContext,
  bridge: string,
  answer: WithdrawalProof,
): Promise<Moved | null> {
  const data = encodeFunctionData({
    abi: l1BridgeAbi,
    functionName: 'proveWithdrawal',
    args: [toWithdrawal(answer), answer.game, answer.proof],
  })
  const sent = await sendToBridge(context, bridge, data)
  if (sent === null) return null
  const proof = { transaction: sent.hash, game: answer.game }
  return { withdrawal: { ...withdrawal, proof }, actions: [sent.action] }
}

async function claim(
  context: ActorContext,
  bridge: string,
  answer: WithdrawalProof,
): Promise<Moved | null> {
  const data = encodeFunctionData({
    abi: l1BridgeAbi,
    functionName: 'finalizeWithdrawal',
    args: [toWithdrawal(answer), owner()],
  })
  const sent = await sendToBridge(context, bridge, data)
  return sent === null ? null : { withdrawal: null, actions: [sent.action] }
}

async function sendToBridge(context: ActorContext, bridge: string, data: Hex) {
  const nonce = await nextNonce(context, 'l1', key)
  if (nonce === null) return null
  const call = { to: hexToBytes(bridge), data: hexToBytes(data), gasLimit: 3_000_000n }
  return sendCall('l1', context, { key, nonce, call })
}

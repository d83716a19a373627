/** Users of L2: some are funded, one issues a token, and all of them transfer ETH and tokens at a steady rate. */

import { encodeDeployData, encodeFunctionData } from 'viem'
import { abi, bytecode } from '../../../contracts/generated/DemoToken.ts'
import { lazy } from '../../kernel/lazy.ts'
import type { ScriptAction } from '../../kernel/script.ts'
import { bytesToHex, hexToBytes } from '../../rollup/bytes.ts'
import { accountKey, TEST_PRIVATE_KEYS } from '../../rollup/keys.ts'
import { privateKeyToAddress } from '../../rollup/secp256k1.ts'
import { createAddress } from '../../rollup/transaction/address.ts'
import type { Actor, ActorContext, ActorTurn } from './actor.ts'
import { balanceOf, nextNonce, sendCall } from './sending.ts'

const ETHER = 10n ** 18n
const USERS = 8
/** The funder is the last test account, so that people who use the first ones do not meet it. */
const FUNDER = 9
const TOKEN_GAS = 1_200_000n
const TRANSFER_GAS = 21_000n
const TOKEN_TRANSFER_GAS = 100_000n

interface UsersState {
  readonly stage: 'funding' | 'issuing' | 'sharing' | 'trading'
  readonly nextMs: number
  /** 20 bytes, once it was issued. */
  readonly token: Uint8Array | null
}

export interface UsersOptions {
  /** Virtual milliseconds between two transactions. */
  readonly everyMs: number
  /** Share of token transfers; the rest are transfers of ETH. */
  readonly tokenPercent: number
}

const userKeys = Array.from({ length: USERS }, (_, index) => accountKey(`user-${index}`))
const userAddresses = lazy(() => userKeys.map(privateKeyToAddress))
/** Gives the users of the scenarios their first ETH. */
export const FUNDER_KEY = TEST_PRIVATE_KEYS[FUNDER] as Uint8Array

/** The token's issuer is user 0; its first transaction creates the token. */
export function createUsers({ everyMs, tokenPercent }: UsersOptions): Actor<UsersState> {
  return {
    name: 'users',
    initial: { stage: 'funding', nextMs: 1_000, token: null },
    nextMs: ({ nextMs }) => nextMs,
    act: async (state, context) => {
      switch (state.stage) {
        case 'funding':
          return fund(state, context)
        case 'issuing':
          return issue(state, context)
        case 'sharing':
          return share(state, context)
        case 'trading':
          return trade(state, context, everyMs, tokenPercent)
      }
    },
  }
}

function later(
  state: UsersState,
  timeMs: number,
  change: Partial<UsersState> = {},
): ActorTurn<UsersState> {
  return { state: { ...state, ...change, nextMs: timeMs }, actions: [] }
}

async function fund(state: UsersState, context: ActorContext): Promise<ActorTurn<UsersState>> {
  const nonce = await nextNonce(context, 'l2', FUNDER_KEY)
  if (nonce === null) return later(state, context.timeMs + 1_000)
  const actions = userAddresses().map(
    (to, index) =>
      sendCall('l2', context, {
        key: FUNDER_KEY,
        nonce: nonce + BigInt(index),
        call: { to, value: 20n * ETHER, gasLimit: TRANSFER_GAS },
      }).action,
  )
  return { state: { ...state, stage: 'issuing', nextMs: context.timeMs + 6_000 }, actions }
}

async function issue(state: UsersState, context: ActorContext): Promise<ActorTurn<UsersState>> {
  const key = userKeys[0] as Uint8Array
  const nonce = await nextNonce(context, 'l2', key)
  const balance = await balanceOf(context, userAddresses()[0] as Uint8Array)
  // Funding may be late: a committee that lost members, an executor that was restarted.
  if (nonce === null || balance === 0n) return later(state, context.timeMs + 2_000)
  const data = hexToBytes(
    encodeDeployData({ abi, bytecode, args: ['Demo', 'DEMO', 1_000_000n * ETHER] }),
  )
  const { action } = sendCall('l2', context, {
    key,
    nonce,
    call: { to: null, data, gasLimit: TOKEN_GAS },
  })
  const token = createAddress(userAddresses()[0] as Uint8Array, nonce)
  return { state: { stage: 'sharing', nextMs: context.timeMs + 5_000, token }, actions: [action] }
}

async function share(state: UsersState, context: ActorContext): Promise<ActorTurn<UsersState>> {
  const key = userKeys[0] as Uint8Array
  const nonce = await nextNonce(context, 'l2', key)
  if (nonce === null) return later(state, context.timeMs + 2_000)
  const actions = userAddresses()
    .slice(1)
    .map((to, index) =>
      tokenTransfer(state, context, {
        key,
        nonce: nonce + BigInt(index),
        to,
        amount: 10_000n * ETHER,
      }),
    )
  return { state: { ...state, stage: 'trading', nextMs: context.timeMs + 5_000 }, actions }
}

async function trade(
  state: UsersState,
  context: ActorContext,
  everyMs: number,
  tokenPercent: number,
): Promise<ActorTurn<UsersState>> {
  const { rng, timeMs } = context
  const key = userKeys[rng.nextBelow(USERS)] as Uint8Array
  const to = userAddresses()[rng.nextBelow(USERS)] as Uint8Array
  const isToken = rng.nextBelow(100) < tokenPercent
  const amount = 1n + BigInt(rng.nextBelow(1_000_000))
  const next = { ...state, nextMs: timeMs + everyMs }
  const nonce = await nextNonce(context, 'l2', key)
  if (nonce === null) return { state: next, actions: [] }
  const action = isToken
    ? tokenTransfer(state, context, { key, nonce, to, amount })
    : sendCall('l2', context, {
        key,
        nonce,
        call: { to, value: amount, gasLimit: TRANSFER_GAS },
      }).action
  return { state: next, actions: [action] }
}

interface TokenTransfer {
  readonly key: Uint8Array
  readonly nonce: bigint
  readonly to: Uint8Array
  readonly amount: bigint
}

function tokenTransfer(
  state: UsersState,
  context: ActorContext,
  { key, nonce, to, amount }: TokenTransfer,
): ScriptAction {
  const recipient = bytesToHex(to)
  const data = hexToBytes(
    encodeFunctionData({ abi, functionName: 'transfer', args: [recipient, amount] }),
  )
  const call = { to: state.token, data, gasLimit: TOKEN_TRANSFER_GAS }
  return sendCall('l2', context, { key, nonce, call }).action
}

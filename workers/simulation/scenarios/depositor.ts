/** A user who deposits ETH on L1. */
import { encodeFunctionData } from 'viem'
import { abi as l1BridgeAbi } from '../../../contracts/generated/IL1Bridge.ts'
import { bytesToHex, hexToBytes } from '../../rollup/bytes.ts'
import { accountKey, TEST_PRIVATE_KEYS } from '../../rollup/keys.ts'
import { privateKeyToAddress } from '../../rollup/secp256k1.ts'
import { type Actor, nextTurnMs } from './actor.ts'
import { nextNonce, sendCall } from './sending.ts'

const ETHER = 10n ** 18n
/** A test account that the first users of a page do not meet. */
const key = TEST_PRIVATE_KEYS[8] as Uint8Array

interface PeriodicState {
  readonly nextMs: number
}

export interface PeriodicOptions {
  readonly firstMs: number
  readonly everyMs: number
}

/** Deposits between 1 and 5 ETH for a user of L2. */
export function createDepositor(
  bridge: string,
  { firstMs, everyMs }: PeriodicOptions,
): Actor<PeriodicState> {
  const recipient = bytesToHex(privateKeyToAddress(accountKey('user-1')))
  return {
    name: 'depositor',
    initial: { nextMs: firstMs },
    nextMs: ({ nextMs }) => nextMs,
    act: async ({ nextMs }, context) => {
      const state = { nextMs: nextTurnMs(nextMs, everyMs, context.timeMs) }
      const value = BigInt(1 + context.rng.nextBelow(5)) * ETHER
      const nonce = await nextNonce(context, 'l1', key)
      if (nonce === null) return { state, actions: [] }
      const data = hexToBytes(
        encodeFunctionData({
          abi: l1BridgeAbi,
          functionName: 'depositETH',
          args: [recipient, 100_000n],
        }),
      )
      const call = { to: hexToBytes(bridge), value, data, gasLimit: 500_000n }
      const { action } = sendCall('l1', context, { key, nonce, call })
      return { state, actions: [action] }
    },
  }
}

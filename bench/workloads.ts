/** The three workloads of the chain bench: signed transactions of 100 senders, and the state that they need. */
import { encodeFunctionData } from 'viem'
import { abi, deployedBytecode } from '../contracts/generated/DemoToken.ts'
import {
  contract,
  funded,
  sign,
  testAccounts,
  testConfig,
} from '../workers/chain/testing/accounts.ts'
import type { ChainConfig, GenesisAccount } from '../workers/chain/types.ts'
import { bytesToHex, concatBytes, hexToBytes, padLeft, word } from '../workers/rollup/bytes.ts'
import { keccak256 } from '../workers/rollup/keccak.ts'
import type { SignedTransaction } from '../workers/rollup/transaction/transaction.ts'
import { MeasurementError } from './figure.ts'

export const SENDERS = 100
const BLOCK_GAS = 10n ** 12n
const TOKEN = `0x${'70'.repeat(20)}`
const COUNTER = `0x${'71'.repeat(20)}`
/** Counts at slot 0 and by caller, and logs: two SSTOREs and an event. */
const COUNTER_CODE = '0x5f546001015f55335460010133555f35335f5fa200'

export interface Workload {
  readonly name: string
  readonly description: string
  readonly data: (index: number) => Uint8Array
  readonly to: (index: number) => Uint8Array
  readonly gasLimit: bigint
  readonly value: bigint
}

const recipient = (index: number): Uint8Array => keccak256(word(index)).slice(12)

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'W1',
    description: 'ETH transfers to fresh accounts',
    data: () => new Uint8Array(),
    to: recipient,
    gasLimit: 21_000n,
    value: 1n,
  },
  {
    name: 'W2',
    description: 'OpenZeppelin ERC-20 transfers to fresh accounts',
    data: (index) => hexToBytes(transferData(bytesToHex(recipient(index)), 1n)),
    to: () => hexToBytes(TOKEN),
    gasLimit: 100_000n,
    value: 0n,
  },
  {
    name: 'W3',
    description: 'two SSTOREs and an event',
    data: (index) => word(index),
    to: () => hexToBytes(COUNTER),
    gasLimit: 100_000n,
    value: 0n,
  },
]

export function transferData(to: `0x${string}`, amount: bigint): `0x${string}` {
  return encodeFunctionData({ abi, functionName: 'transfer', args: [to, amount] })
}

/** Slot of an OpenZeppelin ERC-20's balance: its mapping is at slot 0. */
export function balanceSlot(address: Uint8Array): Uint8Array {
  return keccak256(concatBytes(padLeft(address, 32), word(0)))
}

/** The token with a balance for every sender, the counter, and the senders themselves. */
export function workloadAccounts(): readonly GenesisAccount[] {
  const senders = testAccounts(SENDERS)
  const storage = senders.map(({ address }) => ({ slot: balanceSlot(address), value: 10n ** 18n }))
  return [
    ...senders.map((sender) => funded(sender)),
    { ...contract(TOKEN, deployedBytecode), storage },
    contract(COUNTER, COUNTER_CODE),
  ]
}

export function workloadConfig(): ChainConfig {
  const base = testConfig('l2', workloadAccounts())
  return { ...base, genesis: { ...base.genesis, gasLimit: BLOCK_GAS } }
}

export function transactionsOf(workload: Workload, count: number): readonly SignedTransaction[] {
  const senders = testAccounts(SENDERS)
  return Array.from({ length: count }, (_, index) => {
    const sender = senders[index % SENDERS]
    if (sender === undefined) throw new MeasurementError('There is no sender.')
    const { gasLimit, value } = workload
    const nonce = BigInt(Math.floor(index / SENDERS))
    return sign(sender, {
      nonce,
      to: workload.to(index),
      data: workload.data(index),
      gasLimit,
      value,
    })
  })
}

/**
 * Transactions per second of the chain engine on one core, beside @ethereumjs/vm as it comes.
 * W1: ETH transfers. W2: ERC-20 transfers. W3: two SSTOREs and an event. `npx tsx bench/chain.ts [count]`
 */
import { encodeFunctionData } from 'viem'
import { abi, deployedBytecode } from '../contracts/generated/DemoToken.ts'
import { type Chain, createChain } from '../workers/chain/chain.ts'
import {
  CHAIN_ID,
  contract,
  funded,
  sign,
  testAccounts,
  testConfig,
  testEnvironment,
} from '../workers/chain/testing/accounts.ts'
import { createOracle } from '../workers/chain/testing/oracle.ts'
import type { Block, ChainConfig } from '../workers/chain/types.ts'
import { bytesToHex, concatBytes, hexToBytes, padLeft, word } from '../workers/rollup/bytes.ts'
import { initKeccak, keccak256 } from '../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import { parseTransaction } from '../workers/rollup/transaction/decode.ts'
import type { SignedTransaction } from '../workers/rollup/transaction/transaction.ts'

const SENDERS = 100
const count = Number(process.argv[2] ?? 5_000)
const withOracle = process.argv[3] !== 'fast'

interface Workload {
  readonly name: string
  readonly data: (index: number) => Uint8Array
  readonly to: (index: number) => Uint8Array
  readonly gasLimit: bigint
}

await Promise.all([initKeccak(), initSecp256k1()])
const senders = testAccounts(SENDERS)
const recipient = (index: number): Uint8Array => keccak256(word(index)).slice(12)
const token = contract(`0x${'70'.repeat(20)}`, deployedBytecode)
/** Counts at slot 0 and by caller, and logs. */
const counter = contract(`0x${'71'.repeat(20)}`, '0x5f546001015f55335460010133555f35335f5fa200')

const workloads: readonly Workload[] = [
  { name: 'W1', data: () => new Uint8Array(), to: recipient, gasLimit: 21_000n },
  {
    name: 'W2',
    data: (index) =>
      hexToBytes(
        encodeFunctionData({
          abi,
          functionName: 'transfer',
          args: [bytesToHex(recipient(index)), 1n],
        }),
      ),
    to: () => token.address,
    gasLimit: 100_000n,
  },
  { name: 'W3', data: (index) => word(index), to: () => counter.address, gasLimit: 100_000n },
]

/** The token with a balance for every sender: OpenZeppelin keeps balances in slot 0. */
function config(): ChainConfig {
  const storage = senders.map(({ address }) => ({
    slot: keccak256(concatBytes(padLeft(address, 32), word(0))),
    value: 10n ** 18n,
  }))
  const base = testConfig('l2', [
    ...senders.map((sender) => funded(sender)),
    { ...token, storage },
    counter,
  ])
  return { ...base, genesis: { ...base.genesis, gasLimit: 10n ** 12n } }
}

function transactionsOf(workload: Workload): SignedTransaction[] {
  return Array.from({ length: count }, (_, index) => {
    const sender = senders[index % SENDERS]
    if (sender === undefined) throw new Error('no sender')
    return sign(sender, {
      nonce: BigInt(Math.floor(index / SENDERS)),
      to: workload.to(index),
      data: workload.data(index),
      gasLimit: workload.gasLimit,
      value: workload.name === 'W1' ? 1n : 0n,
    })
  })
}

const perSecond = (milliseconds: number): number => Math.round((1000 * count) / milliseconds)

async function timed<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const started = performance.now()
  const result = await work()
  return [result, performance.now() - started]
}

const environment = (number: number) => ({ ...testEnvironment(number), gasLimit: 10n ** 12n })

async function onePerBlock(
  chain: Chain,
  transactions: readonly SignedTransaction[],
): Promise<void> {
  for (const [index, transaction] of transactions.entries()) {
    await chain.buildBlock({ environment: environment(index + 1), transactions: [transaction] })
  }
}

for (const workload of workloads) {
  const transactions = transactionsOf(workload)
  const raws = transactions.map(({ raw }) => raw)
  const [, parseMs] = await timed(async () =>
    raws.map((raw) => parseTransaction(raw, { chainId: CHAIN_ID })),
  )
  const chain = await createChain(config())
  const [block, blockMs] = await timed(() =>
    chain.buildBlock({ environment: environment(1), transactions }),
  )
  const failed = block.receipts.filter(({ succeeded }) => !succeeded).length
  if (block.receipts.length !== count || failed > 0)
    throw new Error(`${workload.name}: ${failed} failed`)
  const single = await createChain(config())
  const [, singleMs] = await timed(() => onePerBlock(single, transactions))
  const figures = {
    workload: workload.name,
    'one block, senders known': perSecond(blockMs),
    'one block, decoding and recovery included': perSecond(blockMs + parseMs),
    'one block each, senders known': perSecond(singleMs),
    'plain @ethereumjs/vm': withOracle ? await plain(block) : null,
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}

async function plain(block: Block): Promise<number> {
  const part = { ...block, transactions: block.transactions.slice(0, 500) }
  const oracle = await createOracle(config())
  const [, milliseconds] = await timed(() => oracle.run(part))
  return Math.round(500_000 / milliseconds)
}

/** Transactions per second of the chain engine on one core, beside @ethereumjs/vm as it comes and Anvil, in one run. */
import { type Chain, createChain } from '../workers/chain/chain.ts'
import { CHAIN_ID, testEnvironment } from '../workers/chain/testing/accounts.ts'
import { createOracle } from '../workers/chain/testing/oracle.ts'
import type { Block, BlockEnvironment } from '../workers/chain/types.ts'
import { bytesToHex } from '../workers/rollup/bytes.ts'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import { parseTransaction } from '../workers/rollup/transaction/decode.ts'
import type { SignedTransaction } from '../workers/rollup/transaction/transaction.ts'
import { type Peer, startPeer } from './anvil.ts'
import {
  type BenchOptions,
  MeasurementError,
  median,
  type Report,
  type Spent,
  timed,
} from './figure.ts'
import {
  transactionsOf,
  WORKLOADS,
  type Workload,
  workloadAccounts,
  workloadConfig,
} from './workloads.ts'

/** Transactions per engine. The slow ones get fewer: they are slow at any count. */
interface Counts {
  readonly block: number
  readonly plain: number
  readonly single: number
  readonly singlePlain: number
  readonly rounds: number
}

const FULL: Counts = { block: 5_000, plain: 300, single: 500, singlePlain: 100, rounds: 3 }
const QUICK: Counts = { block: 500, plain: 100, single: 100, singlePlain: 30, rounds: 1 }
const WARM_UP = 300

type Engine =
  | 'own'
  | 'ownKnown'
  | 'plain'
  | 'anvil'
  | 'anvilMine'
  | 'singleOwn'
  | 'singlePlain'
  | 'singleAnvil'

/** Transactions per second of wall and of processor time, one sample per round. */
type Samples = Record<Engine, { readonly wall: number[]; readonly cpu: number[] }>

const noSamples = (): { wall: number[]; cpu: number[] } => ({ wall: [], cpu: [] })

export async function measureChain(options: BenchOptions, report: Report): Promise<void> {
  await Promise.all([initKeccak(), initSecp256k1()])
  const counts = options.isQuick ? QUICK : FULL
  for (const workload of WORKLOADS)
    await report.attempt(workload.name, () => measureWorkload(workload, counts, report))
}

async function measureWorkload(workload: Workload, counts: Counts, report: Report): Promise<void> {
  const transactions = transactionsOf(workload, counts.block)
  const samples: Samples = {
    own: noSamples(),
    ownKnown: noSamples(),
    plain: noSamples(),
    anvil: noSamples(),
    anvilMine: noSamples(),
    singleOwn: noSamples(),
    singlePlain: noSamples(),
    singleAnvil: noSamples(),
  }
  await oneBlock(transactions.slice(0, WARM_UP))
  for (let round = 0; round < counts.rounds; round += 1) {
    await sampleOwn(transactions, counts, samples)
    await sampleAnvil(transactions, counts, samples)
    await samplePlain(transactions, counts, samples)
  }
  tell(workload, counts, samples, report)
}

interface Pair {
  readonly title: string
  readonly own: Engine
  readonly peer: Engine
  readonly peerName: string
  readonly note: string
}

function pairsOf(counts: Counts): readonly Pair[] {
  const runBlock = '@ethereumjs/vm runBlock'
  return [
    {
      title: 'beside Anvil',
      own: 'own',
      peer: 'anvil',
      peerName: 'Anvil',
      note: `${counts.block} raw transactions into one block: decoding and recovery here, batched HTTP and evm_mine there`,
    },
    {
      title: 'beside Anvil, senders known',
      own: 'ownKnown',
      peer: 'anvilMine',
      peerName: 'Anvil, evm_mine alone',
      note: 'building the block alone: both have decoded and recovered before',
    },
    {
      title: 'beside @ethereumjs/vm',
      own: 'own',
      peer: 'plain',
      peerName: runBlock,
      note: `decoding and recovery included in both; runBlock with its defaults and ${counts.plain} transactions`,
    },
    {
      title: 'one block each, beside Anvil',
      own: 'singleOwn',
      peer: 'singleAnvil',
      peerName: 'Anvil, eth_sendRawTransactionSync',
      note: `${counts.single} blocks of one transaction, decoding and recovery included`,
    },
    {
      title: 'one block each, beside @ethereumjs/vm',
      own: 'singleOwn',
      peer: 'singlePlain',
      peerName: runBlock,
      note: `decoding and recovery included in both; runBlock with ${counts.singlePlain} blocks`,
    },
  ]
}

function tell(workload: Workload, counts: Counts, samples: Samples, report: Report): void {
  const { name, description } = workload
  for (const { title, own, peer, peerName, note } of pairsOf(counts)) {
    const [ownCpu, peerCpu] = [median(samples[own].cpu), median(samples[peer].cpu)].map(Math.round)
    report.figure({
      name: `chain/${name} ${title}`,
      unit: 'tx/s',
      value: Math.round(median(samples[own].wall)),
      peer: { name: peerName, value: Math.round(median(samples[peer].wall)) },
      note: `${description}; ${note}; median of ${counts.rounds}; per processor second ${ownCpu} beside ${peerCpu}`,
      detail: { perCpuSecond: { own: ownCpu, peer: peerCpu } },
    })
  }
}

const environment = (number: number): BlockEnvironment => ({
  ...testEnvironment(number),
  gasLimit: 10n ** 12n,
})

function sample(samples: Samples, engine: Engine, count: number, spent: readonly Spent[]): void {
  const total = (key: keyof Spent): number => spent.reduce((sum, one) => sum + one[key], 0)
  samples[engine].wall.push((1000 * count) / total('wallMs'))
  samples[engine].cpu.push((1000 * count) / Math.max(1, total('cpuMs')))
}

const decode = (raws: readonly Uint8Array[]) =>
  raws.map((raw) => parseTransaction(raw, { chainId: CHAIN_ID }))

async function oneBlock(
  transactions: readonly SignedTransaction[],
): Promise<[Block, Spent, Spent]> {
  const raws = transactions.map(({ raw }) => Uint8Array.from(raw))
  const chain = await createChain(workloadConfig())
  const [decoded, decoding] = await timed(() => decode(raws))
  const [block, building] = await timed(() =>
    chain.buildBlock({ environment: environment(1), transactions: decoded }),
  )
  assertAll(block, transactions.length)
  return [block, decoding, building]
}

function assertAll({ receipts }: Block, count: number): void {
  const succeeded = receipts.filter((receipt) => receipt.succeeded).length
  if (succeeded !== count) throw new MeasurementError(`${succeeded} of ${count} succeeded.`)
}

async function sampleOwn(
  transactions: readonly SignedTransaction[],
  counts: Counts,
  samples: Samples,
): Promise<void> {
  const [, decoding, building] = await oneBlock(transactions)
  sample(samples, 'own', counts.block, [decoding, building])
  sample(samples, 'ownKnown', counts.block, [building])
  const chain = await createChain(workloadConfig())
  const raws = transactions.slice(0, counts.single).map(({ raw }) => Uint8Array.from(raw))
  const [, spent] = await timed(() => blockEach(chain, raws))
  sample(samples, 'singleOwn', raws.length, [spent])
}

async function blockEach(chain: Chain, raws: readonly Uint8Array[]): Promise<void> {
  for (const [index, raw] of raws.entries()) {
    const transactions = decode([raw])
    assertAll(await chain.buildBlock({ environment: environment(index + 1), transactions }), 1)
  }
}

/** The oracle decodes and recovers while it runs the block: its transactions are made from raw bytes. */
async function samplePlain(
  transactions: readonly SignedTransaction[],
  counts: Counts,
  samples: Samples,
): Promise<void> {
  const part = transactions.slice(0, counts.plain)
  const [block] = await oneBlock(part)
  const oracle = await createOracle(workloadConfig())
  const [, spent] = await timed(() => oracle.run(block))
  sample(samples, 'plain', part.length, [spent])
  const chain = await createChain(workloadConfig())
  const blocks: Block[] = []
  for (const [index, transaction] of transactions.slice(0, counts.singlePlain).entries()) {
    const request = { environment: environment(index + 1), transactions: [transaction] }
    blocks.push(await chain.buildBlock(request))
  }
  const single = await createOracle(workloadConfig())
  const [, singleSpent] = await timed(async () => {
    for (const one of blocks) await single.run(one)
  })
  sample(samples, 'singlePlain', blocks.length, [singleSpent])
}

/** Wall time here, processor time there. */
async function timedOf(anvil: Peer, task: () => Promise<unknown>): Promise<Spent> {
  const before = anvil.cpuMs()
  const [, { wallMs }] = await timed(task)
  return { wallMs, cpuMs: anvil.cpuMs() - before }
}

async function sampleAnvil(
  transactions: readonly SignedTransaction[],
  counts: Counts,
  samples: Samples,
): Promise<void> {
  const raws = transactions.map(({ raw }) => bytesToHex(raw))
  const miner = await startPeer(workloadAccounts(), false)
  try {
    const sends = raws.map((raw) => ({ method: 'eth_sendRawTransaction', params: [raw] }))
    const sending = await timedOf(miner, () => miner.callAll(sends))
    const mining = await timedOf(miner, () => miner.call('evm_mine', []))
    const receipts = (await miner.call('eth_getBlockReceipts', ['latest'])) as {
      readonly status: string
    }[]
    const succeeded = receipts.filter(({ status }) => status === '0x1').length
    if (succeeded !== raws.length)
      throw new MeasurementError(`Anvil mined ${succeeded} of ${raws.length} transactions.`)
    sample(samples, 'anvil', raws.length, [sending, mining])
    sample(samples, 'anvilMine', raws.length, [mining])
  } finally {
    miner.close()
  }
  const automatic = await startPeer(workloadAccounts(), true)
  try {
    const part = raws.slice(0, counts.single)
    const spent = await timedOf(automatic, async () => {
      for (const raw of part) await automatic.call('eth_sendRawTransactionSync', [raw])
    })
    const number = Number(await automatic.call('eth_blockNumber', []))
    if (number !== part.length) throw new MeasurementError(`Anvil has ${number} blocks.`)
    sample(samples, 'singleAnvil', part.length, [spent])
  } finally {
    automatic.close()
  }
}

/** Latency of JSON-RPC over HTTP, and the time until a node answers, of a headless devnet beside Anvil and Hardhat in one run. */
import { encodeDeployData, encodeFunctionData, type Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import * as DemoToken from '../contracts/generated/DemoToken.ts'
import { type HeadlessProcess, startHeadless } from '../tools/node/headlessProcess.ts'
import { CHAIN_ID } from '../workers/chain/testing/accounts.ts'
import type { PresetName } from '../workers/rollup/parameters.ts'
import { PRESETS, TEST_MNEMONIC } from '../workers/rollup/parameters.ts'
import { startPeer } from './anvil.ts'
import { type BenchOptions, MeasurementError, median, quantile, type Report } from './figure.ts'
import { startHardhat } from './hardhat.ts'

const COUNTS = { full: 50, quick: 5 } as const
const ACCOUNT = mnemonicToAccount(TEST_MNEMONIC)
const TO: Hex = `0x${'22'.repeat(20)}`
const GAS = 100_000n
const HARDHAT_CHAIN_ID = 31_337
const FEES = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n } as const
/** Polls for one receipt. */
const POLLS_MAX = 10_000

type Call = (method: string, params: readonly unknown[]) => Promise<unknown>

/** Something that answers JSON-RPC and takes what the test mnemonic signs. */
interface Peer {
  readonly name: string
  readonly chainId: number
  readonly call: Call
}

/** Milliseconds of each request. */
interface Samples {
  readonly call: readonly number[]
  readonly receipt: readonly number[]
  readonly trace: readonly number[]
}

/** What is compared with: another program's node on one chain. */
interface Measured {
  readonly name: string
  readonly startMs: number
  readonly samples: Samples
}

export async function measureRpc({ isQuick }: BenchOptions, report: Report): Promise<void> {
  const count = COUNTS[isQuick ? 'quick' : 'full']
  const others: Measured[] = []
  for (const { name, chainId, start } of OTHERS) {
    await report.attempt(`rpc/${name}`, async () => {
      const [node, startMs] = await clocked(start)
      try {
        const samples = await sample({ name, chainId, call: node.call }, count)
        others.push({ name, startMs, samples })
      } finally {
        node.close()
      }
    })
  }
  for (const preset of ['classroom', 'demo'] as const) {
    await report.attempt(`rpc/${preset}`, async () => {
      if (others.length === 0) throw new MeasurementError('There is nothing to compare with.')
      await measureWorld(preset, count, others, report)
    })
  }
}

const OTHERS = [
  { name: 'Anvil', chainId: CHAIN_ID, start: () => startPeer([], true) },
  { name: 'Hardhat', chainId: HARDHAT_CHAIN_ID, start: answeringHardhat },
] as const

async function answeringHardhat() {
  const { port, close } = await startHardhat()
  const call = callerOf(port)
  await call('eth_chainId', [])
  return { call, close }
}

async function measureWorld(
  preset: PresetName,
  count: number,
  others: readonly Measured[],
  report: Report,
): Promise<void> {
  const [node, startMs] = await clocked(() =>
    startHeadless(['--preset', preset, '--scenario', 'quiet', '--seed', '7']),
  )
  try {
    for (const other of others) {
      report.figure({
        name: `rpc/start-up, ${preset}${beside(other)}`,
        unit: 'ms',
        value: startMs,
        peer: { name: other.name, value: other.startMs },
        note: 'from the start of the process to its first answer; ours are all nodes of a rollup, from TypeScript sources',
      })
    }
    for (const peer of peersOf(node, preset)) {
      const own = await sample(peer, count)
      for (const other of others) tell(peer.name, own, other, report)
    }
  } finally {
    await node.close()
  }
}

/** Figures beside Anvil have plain names. */
function beside({ name }: Measured): string {
  return name === 'Anvil' ? '' : `, beside ${name}`
}

function peersOf({ ports }: HeadlessProcess, preset: PresetName): readonly Peer[] {
  const { l1ChainId, l2ChainId } = PRESETS[preset]
  return [
    { name: `L1, ${preset}`, chainId: l1ChainId, call: callerOf(ports.l1) },
    { name: `L2, ${preset}`, chainId: l2ChainId, call: callerOf(ports.l2) },
  ]
}

function tell(name: string, own: Samples, other: Measured, report: Report): void {
  const figures = [
    ['eth_call', 'call', 'balanceOf of an ERC-20'],
    [
      'eth_sendRawTransaction to receipt',
      'receipt',
      'an ERC-20 transfer; the receipt is asked for until it is there',
    ],
    ['debug_traceTransaction', 'trace', 'the struct log of that transfer'],
  ] as const
  for (const [method, key, what] of figures) {
    report.figure({
      name: `rpc/${method}, ${name}${beside(other)}`,
      unit: 'ms',
      value: median(own[key]),
      peer: { name: other.name, value: median(other.samples[key]) },
      note: `${what}; median of ${own[key].length} over HTTP, one after the other; 95 %: ${quantile(own[key], 0.95).toFixed(2)} ms, ${other.name} ${quantile(other.samples[key], 0.95).toFixed(2)} ms`,
    })
  }
}

async function sample(peer: Peer, count: number): Promise<Samples> {
  const { call } = peer
  const token = await deployToken(peer)
  const transfers = await signTransfers(peer, token, count)
  const receipt: number[] = []
  const hashes: unknown[] = []
  for (const raw of transfers) {
    const [hash, ms] = await clocked(async () => {
      const sent = await call('eth_sendRawTransaction', [raw])
      await untilReceipt(call, sent)
      return sent
    })
    receipt.push(ms)
    hashes.push(hash)
  }
  const data = encodeFunctionData({ ...DemoToken, functionName: 'balanceOf', args: [TO] })
  const calls = hashes.map(() => () => call('eth_call', [{ to: token, data }, 'latest']))
  const traces = hashes.map((hash) => () => call('debug_traceTransaction', [hash, {}]))
  return { call: await clockAll(calls), receipt, trace: await clockAll(traces) }
}

async function deployToken({ call }: Peer): Promise<Hex> {
  const data = encodeDeployData({ ...DemoToken, args: ['Demo', 'DEMO', 10n ** 24n] })
  const [from] = (await call('eth_accounts', [])) as readonly Hex[]
  const hash = await call('eth_sendTransaction', [{ from: from ?? ACCOUNT.address, data }])
  return (await untilReceipt(call, hash)).contractAddress
}

/** Signed beforehand: what is measured is the node. */
async function signTransfers(
  { call, chainId }: Peer,
  to: Hex,
  count: number,
): Promise<readonly Hex[]> {
  const first = Number(await call('eth_getTransactionCount', [ACCOUNT.address, 'pending']))
  const data = encodeFunctionData({ ...DemoToken, functionName: 'transfer', args: [TO, 1n] })
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      ACCOUNT.signTransaction({ chainId, to, data, gas: GAS, nonce: first + index, ...FEES }),
    ),
  )
}

interface Receipt {
  readonly status: Hex
  readonly contractAddress: Hex
}

async function untilReceipt(call: Call, hash: unknown): Promise<Receipt> {
  for (let poll = 0; poll < POLLS_MAX; poll += 1) {
    const receipt = (await call('eth_getTransactionReceipt', [hash])) as Receipt | null
    if (receipt === null) continue
    if (receipt.status === '0x1') return receipt
    throw new MeasurementError(`Transaction ${String(hash)} failed.`)
  }
  throw new MeasurementError(`No block took transaction ${String(hash)}.`)
}

async function clocked<Result>(task: () => Promise<Result>): Promise<readonly [Result, number]> {
  const startMs = performance.now()
  const result = await task()
  return [result, performance.now() - startMs]
}

async function clockAll(tasks: readonly (() => Promise<unknown>)[]): Promise<readonly number[]> {
  const samples: number[] = []
  for (const task of tasks) samples.push((await clocked(task))[1])
  return samples
}

function callerOf(port: number): Call {
  return async (method, params) => {
    const response = await fetch(`http://127.0.0.1:${port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as {
      readonly result?: unknown
      readonly error?: { readonly message: string }
    }
    if (error !== undefined) throw new MeasurementError(`${method}: ${error.message}`)
    return result
  }
}

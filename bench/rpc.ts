/** Latency of JSON-RPC, headless, over the page's bridge and in the page, and time until a node answers, beside Anvil and Hardhat in one run. */
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
import { buildPackage } from './package.ts'
import { type Call, type Clock, clockEach, openTab, type Request } from './rpcTab.ts'

const COUNTS = { full: 50, quick: 5 } as const
const ACCOUNT = mnemonicToAccount(TEST_MNEMONIC)
const TO: Hex = `0x${'22'.repeat(20)}`
const GAS = 100_000n
const HARDHAT_CHAIN_ID = 31_337
const FEES = { maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 10n ** 9n } as const
/** Polls for one receipt. */
const POLLS_MAX = 10_000

/** Something that answers JSON-RPC and takes what the test mnemonic signs. */
interface Peer {
  readonly name: string
  readonly chainId: number
  readonly call: Call
  /** Where the client stands: over HTTP in this process, or in the page. */
  readonly clock: Clock
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
        const samples = await sample(overHttp(name, chainId, node.call), count)
        others.push({ name, startMs, samples })
      } finally {
        node.close()
      }
    })
  }
  const attempt = (name: string, part: () => Promise<void>): Promise<void> =>
    report.attempt(name, async () => {
      if (others.length === 0) throw new MeasurementError('There is nothing to compare with.')
      await part()
    })
  for (const preset of ['classroom', 'demo'] as const)
    await attempt(`rpc/${preset}`, () => measureWorld(preset, count, others, report))
  await attempt('rpc/package', () => measureStart(isQuick ? 1 : STARTS, others, report))
  await attempt('rpc/page', () => measureTab(count, others, report))
}

const STARTS = 5
/** What the page runs while it is measured: paused, so that it moves for what is sent, as the headless server does. */
const TAB_WORLD = { seed: 7, preset: 'classroom', scenario: 'quiet' } as const

async function measureStart(
  count: number,
  others: readonly Measured[],
  report: Report,
): Promise<void> {
  buildPackage()
  const starts: number[] = []
  for (let start = 0; start < count; start += 1) {
    const [node, startMs] = await clocked(() => startHeadless(['--seed', '7'], 'package'))
    starts.push(startMs)
    await node.close()
  }
  tellStart('built package, demo', median(starts), others, report)
}

async function measureTab(
  count: number,
  others: readonly Measured[],
  report: Report,
): Promise<void> {
  const tab = await openTab(TAB_WORLD)
  try {
    for (const chain of ['l1', 'l2'] as const) {
      const chainId = PRESETS[TAB_WORLD.preset][`${chain}ChainId`]
      const name = `${chain.toUpperCase()}, ${TAB_WORLD.preset}`
      const bridge = overHttp(`${name}, over the bridge`, chainId, callerOf(tab.ports[chain]))
      const page = { ...bridge, name: `${name}, in the page`, clock: tab.clock[chain] }
      for (const peer of [bridge, page]) {
        const own = await sample(peer, count)
        for (const other of others) tell(peer.name, own, other, report)
      }
    }
  } finally {
    await tab.close()
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
    tellStart(`TypeScript sources, ${preset}`, startMs, others, report)
    for (const peer of peersOf(node, preset)) {
      const own = await sample(peer, count)
      for (const other of others) tell(peer.name, own, other, report)
    }
  } finally {
    await node.close()
  }
}

function tellStart(of: string, startMs: number, others: readonly Measured[], report: Report): void {
  for (const other of others) {
    report.figure({
      name: `rpc/start-up, ${of}${beside(other)}`,
      unit: 'ms',
      value: startMs,
      peer: { name: other.name, value: other.startMs },
      note: 'from the start of the process to its first answer; ours are all nodes of a rollup',
    })
  }
}

/** Figures beside Anvil have plain names. */
function beside({ name }: Measured): string {
  return name === 'Anvil' ? '' : `, beside ${name}`
}

function peersOf({ ports }: HeadlessProcess, preset: PresetName): readonly Peer[] {
  const { l1ChainId, l2ChainId } = PRESETS[preset]
  return [
    overHttp(`L1, ${preset}`, l1ChainId, callerOf(ports.l1)),
    overHttp(`L2, ${preset}`, l2ChainId, callerOf(ports.l2)),
  ]
}

function overHttp(name: string, chainId: number, call: Call): Peer {
  return { name, chainId, call, clock: (requests) => clockEach(call, requests) }
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
      note: `${what}; median of ${own[key].length}, one after the other; 95 %: ${quantile(own[key], 0.95).toFixed(2)} ms, ${other.name} ${quantile(other.samples[key], 0.95).toFixed(2)} ms`,
    })
  }
}

async function sample(peer: Peer, count: number): Promise<Samples> {
  const token = await deployToken(peer)
  const transfers = await signTransfers(peer, token, count)
  const requestEach = (method: string, params: (index: number) => readonly unknown[]): Request[] =>
    transfers.map((_, index) => ({ method, params: params(index) }))
  const sent = await peer.clock(
    requestEach('eth_sendRawTransaction', (index) => [transfers[index]]),
  )
  const data = encodeFunctionData({ ...DemoToken, functionName: 'balanceOf', args: [TO] })
  const called = await peer.clock(requestEach('eth_call', () => [{ to: token, data }, 'latest']))
  const traced = await peer.clock(
    requestEach('debug_traceTransaction', (index) => [sent.results[index], {}]),
  )
  const last = await untilReceipt(peer.call, sent.results.at(-1))
  if (last.status !== '0x1') throw new MeasurementError('The last transfer failed.')
  return { call: called.ms, receipt: sent.ms, trace: traced.ms }
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

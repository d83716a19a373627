import { beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, hexToBytes } from '../../rollup/bytes.ts'
import { createAddress } from '../../rollup/transaction/address.ts'
import { importChain } from '../history/importChain.ts'
import { contract, testConfig } from '../testing/accounts.ts'
import { createTestNode, type TestNode } from '../testing/viem.ts'
import { TEST_ACCOUNTS } from './accounts.ts'
import { blockRlp } from './format.ts'

const [FROM = '0x'] = TEST_ACCOUNTS.map(({ address }) => address)
/** Writes 5 to slot 1, logs a topic, and calls `REVERTER` with 3 wei and four bytes. */
const CALLER = contract(
  `0x${'c1'.repeat(20)}`,
  `0x6005600155602a60006000a1${'63aabbccdd60e01b600052'}${'60006000600460006003'}73${'d1'.repeat(20)}5af150`,
  10n,
)
/** Reverts with Error("no"). */
const REVERTER = contract(
  `0x${'d1'.repeat(20)}`,
  '0x62461bcd60e51b5f5260206004526002602452616e6f60f01b60445260645ffd',
)
const caller = bytesToHex(CALLER.address)
const reverter = bytesToHex(REVERTER.address)

let node: TestNode
let hash: string
const ask = (method: string, ...params: Json[]) => node.rpc.read(method, params)
const refused = (method: string, ...params: Json[]) =>
  ask(method, ...params).catch((error: unknown) => error)

beforeAll(async () => {
  const accounts = TEST_ACCOUNTS.map(({ address }) => ({
    address: hexToBytes(address),
    nonce: 0n,
    balance: 10n ** 22n,
    code: new Uint8Array(0),
    storage: [],
  }))
  node = await createTestNode(testConfig('l1', [...accounts, CALLER, REVERTER]))
  const send = (params: Json) => node.request({ method: 'eth_sendTransaction', params: [params] })
  hash = String(await send({ from: FROM, to: caller, value: '0x7', gas: '0x30d40' }))
  // Init code that gives one byte of code.
  await send({ from: FROM, data: '0x60015f5360015ff3', gas: '0x186a0' })
})

describe('debug_traceTransaction', () => {
  it('draws the tree of calls with what became of each', async () => {
    const options = { tracer: 'callTracer', tracerConfig: { withLog: true } }
    expect(await ask('debug_traceTransaction', hash, options)).toMatchObject({
      type: 'CALL',
      from: FROM,
      to: caller,
      value: '0x7',
      gas: '0x30d40',
      logs: [{ address: caller, index: '0x0', position: '0x0' }],
      calls: [
        {
          type: 'CALL',
          from: caller,
          to: reverter,
          value: '0x3',
          input: '0xaabbccdd',
          error: 'execution reverted',
          revertReason: 'no',
        },
      ],
    })
    const top = await ask('debug_traceTransaction', hash, {
      tracer: 'callTracer',
      tracerConfig: { onlyTopCall: true },
    })
    expect(top).not.toHaveProperty('calls')
    expect(top).not.toHaveProperty('logs')
  })

  it('tells the state before, and what changed', async () => {
    const before = (await ask('debug_traceTransaction', hash, { tracer: 'prestateTracer' })) as {
      [address: string]: { balance: string; code?: string }
    }
    expect(before[caller]).toMatchObject({ balance: '0xa', code: bytesToHex(CALLER.code) })
    expect(before[FROM]?.balance).toBe(`0x${(10n ** 22n).toString(16)}`)
    const slot = `0x${'0'.repeat(63)}1`
    const diff = await ask('debug_traceTransaction', hash, {
      tracer: 'prestateTracer',
      tracerConfig: { diffMode: true },
    })
    expect(diff).toMatchObject({
      post: { [caller]: { balance: '0x11', storage: { [slot]: `0x${'0'.repeat(63)}5` } } },
    })
    expect(diff).not.toMatchObject({ pre: { [reverter]: expect.anything() } })
    expect(diff).not.toMatchObject({ pre: { [caller]: { storage: expect.anything() } } })
  })

  it('counts selectors', async () => {
    expect(await ask('debug_traceTransaction', hash, { tracer: '4byteTracer' })).toEqual({
      '0xaabbccdd-0': 1,
    })
  })

  it('lists opcodes with what the options ask for', async () => {
    const trace = async (options: Json) =>
      (await ask('debug_traceTransaction', hash, options)) as {
        structLogs: { op: string; storage?: Json; stack?: Json; memory?: Json; gasCost: number }[]
        gas: number
        returnValue: string
      }
    const plain = await trace({})
    const stored = plain.structLogs.find(({ op }) => op === 'SSTORE')
    expect(stored?.storage).toEqual({ [`0x${'0'.repeat(63)}1`]: `0x${'0'.repeat(63)}5` })
    expect(plain.structLogs.every(({ memory }) => memory === undefined)).toBe(true)
    expect(plain.returnValue).toBe('0x')
    // As in geth, a call's price counts the gas that it hands on.
    expect(plain.structLogs.find(({ op }) => op === 'CALL')?.gasCost).toBeGreaterThan(100_000)
    const bare = await trace({ disableStack: true, disableStorage: true, enableMemory: true })
    expect(bare.structLogs.every(({ stack, storage }) => stack ?? storage ?? true)).toBe(true)
    expect(bare.structLogs.some(({ memory }) => Array.isArray(memory))).toBe(true)
    expect((await trace({ limit: 3 })).structLogs).toHaveLength(3)
    const returned = await trace({ enableReturnData: true })
    expect(returned.structLogs.at(-1)).toHaveProperty('returnData')
  })

  it.each([
    [{ tracer: 'nope' }, 'options.tracer'],
    [{ tracer: 'callTracer', tracerConfig: { diffMode: true } }, 'tracerConfig.diffMode'],
    [{ disableStck: true }, 'options.disableStck'],
    [{ timeout: 'soon' }, 'options.timeout'],
    [{ limit: -1 }, 'options.limit'],
  ])('refuses %j by name', async (options, field) => {
    expect(await refused('debug_traceTransaction', hash, options)).toMatchObject({
      code: -32602,
      message: expect.stringContaining(field),
    })
  })
})

describe('trace_ and ots_', () => {
  it('list frames by their path', async () => {
    expect(await ask('trace_transaction', hash)).toMatchObject([
      { type: 'call', subtraces: 1, traceAddress: [], transactionHash: hash },
      { type: 'call', error: 'Reverted', traceAddress: [0], action: { to: reverter } },
    ])
    expect(await ask('trace_filter', { fromBlock: '0x1', toAddress: [reverter] })).toHaveLength(1)
    expect(await ask('trace_block', '0x1')).toHaveLength(2)
  })

  it('know who made a contract, and whose transactions there are', async () => {
    const made = bytesToHex(createAddress(hexToBytes(FROM), 1n))
    const creation = await ask('ots_getTransactionBySenderAndNonce', FROM, 1)
    expect(await ask('ots_getContractCreator', made)).toEqual({ hash: creation, creator: FROM })
    expect(await ask('ots_hasCode', made, 'latest')).toBe(true)
    expect(await ask('ots_hasCode', made, '0x1')).toBe(false)
    expect(await ask('ots_searchTransactionsBefore', caller, 0, 10)).toMatchObject({
      txs: [{ hash }],
      firstPage: true,
      lastPage: true,
    })
    expect(await ask('eth_getTransactionBySenderAndNonce', FROM, '0x0')).toMatchObject({ hash })
    expect(await ask('eth_getTransactionBySenderAndNonce', FROM, '0x9')).toBeNull()
  })
})

describe('a chain of ours, exported and imported', () => {
  const files = () => {
    const { genesis, config } = node.chain
    const alloc = Object.fromEntries(
      config.genesis.accounts.map(({ address, balance, nonce, code }) => [
        bytesToHex(address),
        {
          balance: `0x${balance.toString(16)}`,
          nonce: `0x${nonce.toString(16)}`,
          code: bytesToHex(code),
        },
      ]),
    )
    const starts = ['homestead', 'eip150', 'eip155', 'eip158', 'byzantium', 'constantinople']
    const later = ['petersburg', 'istanbul', 'berlin', 'london', 'mergeNetsplit']
    const blocks = [...starts, ...later].map((name) => [`${name}Block`, 0])
    const times = ['shanghai', 'cancun', 'prague', 'osaka'].map((name) => [`${name}Time`, 0])
    const { timestamp, gasLimit, baseFee } = genesis.header
    return {
      genesis: JSON.stringify({
        config: { chainId: config.chainId, ...Object.fromEntries([...blocks, ...times]) },
        alloc,
        timestamp: Number(timestamp),
        gasLimit: Number(gasLimit),
        baseFeePerGas: Number(baseFee),
      }),
      blocks: [1n, 2n].map((number) => blockRlp(node.chain.block(number) ?? genesis)),
    }
  }
  const join = (parts: readonly Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]))

  it('has the same head, receipts and state', async () => {
    const { genesis, blocks } = files()
    const chain = await importChain({ genesis, blocks: join(blocks) })
    expect(bytesToHex(chain.head().hash)).toBe(bytesToHex(node.chain.head().hash))
    expect(chain.head().receipts).toEqual(node.chain.head().receipts)
  })

  it('is refused with a block left out, a field changed, or a file that is none', async () => {
    const { genesis, blocks } = files()
    const attempt = (file: string, parts: readonly Uint8Array[]) =>
      importChain({ genesis: file, blocks: join(parts) }).catch((error: Error) => error.message)
    expect(await attempt(genesis, blocks.slice(1))).toContain('parentHash')
    expect(await attempt('{', blocks)).toContain('not JSON')
    expect(await attempt(genesis.replace('"chainId":', '"chain":'), blocks)).toContain('chainId')
    expect(await attempt(genesis, [hexToBytes('0x01')])).toContain('No block begins')
  })
})

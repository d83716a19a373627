/** Every method that the official OpenRPC document of execution-apis has and we answer, against its schema of the result. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../protocol/world.ts'
import { hexToBytes } from '../../rollup/bytes.ts'
import { loadKzg } from '../evm/kzg.ts'
import { importChain } from '../history/importChain.ts'
import { createMempool } from '../pool/mempool.ts'
import { testConfig } from '../testing/accounts.ts'
import { createTestNode, type TestNode } from '../testing/viem.ts'
import { TEST_ACCOUNTS } from './accounts.ts'
import { createRpc, type Rpc } from './rpc.ts'

const FOLDER = process.env['FIXTURES_DIR'] ?? ''

interface Document {
  readonly methods: readonly {
    readonly name: string
    readonly result: { readonly schema: object }
  }[]
}

const { methods } = JSON.parse(readFileSync(join(FOLDER, 'openrpc.json'), 'utf8')) as Document
const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false })

let imported: Rpc
let node: TestNode
const [FROM = '0x', TO = '0x'] = TEST_ACCOUNTS.map(({ address }) => address)
let sent = ''

beforeAll(async () => {
  await loadKzg()
  const chain = await importChain({
    genesis: readFileSync(join(FOLDER, 'rpc-chain/genesis.json'), 'utf8'),
    blocks: new Uint8Array(readFileSync(join(FOLDER, 'rpc-chain/chain.rlp'))),
  })
  imported = createRpc({ chain, pool: createMempool() })
  const accounts = TEST_ACCOUNTS.map(({ address }) => ({
    address: hexToBytes(address),
    nonce: 0n,
    balance: 10n ** 22n,
    code: new Uint8Array(0),
    storage: [],
  }))
  node = await createTestNode(testConfig('l1', accounts))
  const params = [{ from: FROM, to: TO, value: '0x1' }]
  sent = String(await node.request({ method: 'eth_sendTransaction', params }))
  node.mines = false
  await node.request({ method: 'eth_sendTransaction', params })
}, 60_000)

/** Not for a node without a consensus client, or answered above the chain (`simulation/rpc/subscriptions.ts`). */
const ELSEWHERE =
  /^(engine_|testing_|eth_(newFilter|newBlockFilter|newPendingTransactionFilter|getFilterChanges|getFilterLogs|uninstallFilter)$)/
/** Block access lists come with Amsterdam. */
const LATER: ReadonlySet<string> = new Set([
  'eth_getBlockAccessList',
  'debug_getRawBlockAccessList',
])

function parametersOf(name: string): Json[][] {
  const call = { from: FROM, to: TO, value: '0x1' }
  const block = '0x1'
  const hash = node.chain.block(1n)?.hash ?? new Uint8Array(32)
  const blockHash = `0x${Buffer.from(hash).toString('hex')}`
  const simulated = { blockStateCalls: [{ calls: [call] }, {}], traceTransfers: true }
  const table: Record<string, Json[][]> = {
    eth_call: [[call, 'latest']],
    eth_estimateGas: [[call]],
    eth_createAccessList: [[call, 'latest']],
    eth_simulateV1: [
      [simulated, 'latest'],
      [{ ...simulated, returnFullTransactions: true }, 'latest'],
    ],
    eth_fillTransaction: [[call]],
    eth_signTransaction: [[call]],
    eth_sendTransaction: [],
    eth_sendRawTransaction: [],
    eth_sign: [[FROM, '0x00']],
    eth_feeHistory: [['0x2', 'latest', [10, 50]]],
    eth_getBalance: [[FROM, 'latest']],
    eth_getCode: [[FROM, 'latest']],
    eth_getTransactionCount: [[FROM, 'latest']],
    eth_getStorageAt: [[FROM, '0x0', 'latest']],
    eth_getStorageValues: [[{ [FROM]: ['0x0'] }, 'latest']],
    eth_getProof: [[FROM, ['0x0'], 'latest']],
    // An empty list matches two of the document's alternatives: the imported chain has logs.
    eth_getLogs: [],
    eth_getBlockByHash: [
      [blockHash, true],
      [blockHash, false],
    ],
    eth_getBlockByNumber: [
      [block, true],
      [block, false],
      ['0xfff', false],
    ],
    eth_getBlockReceipts: [[block], ['0xfff']],
    eth_getBlockTransactionCountByHash: [[blockHash]],
    eth_getBlockTransactionCountByNumber: [[block]],
    eth_getTransactionByBlockHashAndIndex: [[blockHash, '0x0']],
    eth_getTransactionByBlockNumberAndIndex: [[block, '0x0']],
    eth_getTransactionByHash: [[sent], [`0x${'1'.repeat(64)}`]],
    eth_getTransactionReceipt: [[sent], [`0x${'1'.repeat(64)}`]],
    debug_getRawBlock: [[block]],
    debug_getRawHeader: [[block]],
    debug_getRawReceipts: [[block]],
    debug_getRawTransaction: [[sent]],
    debug_traceTransaction: [[sent], [sent, { tracer: 'callTracer' }]],
    debug_traceBlockByHash: [[blockHash]],
    debug_traceBlockByNumber: [[block], [block, { tracer: 'callTracer' }]],
    txpool_contentFrom: [[FROM]],
  }
  return table[name] ?? [[]]
}

describe.each(methods.filter(({ name }) => !ELSEWHERE.test(name) && !LATER.has(name)))(
  '$name',
  ({ name, result }) => {
    it('answers what the document says', async () => {
      expect(node.rpc.kind(name), 'is known').not.toBe('unknown')
      const validate = ajv.compile(result.schema)
      for (const params of parametersOf(name)) {
        const answer = await node.rpc.read(name, params)
        const told = () =>
          `${JSON.stringify(validate.errors)} of ${JSON.stringify(answer).slice(0, 2_000)}`
        expect(validate(answer) ? 'valid' : told()).toBe('valid')
      }
    })
  },
)

it('eth_getLogs of the imported chain answers what the document says', async () => {
  const schema = methods.find((method) => method.name === 'eth_getLogs')?.result.schema ?? {}
  const logs = await imported.read('eth_getLogs', [{ fromBlock: '0x1', toBlock: '0x5' }])
  expect(logs).not.toEqual([])
  expect(ajv.compile(schema)(logs)).toBe(true)
})

describe.each(['eth_getBlockByNumber', 'eth_getBlockReceipts', 'debug_traceBlockByNumber'])(
  '%s on every block of the imported chain',
  (name) => {
    it('answers what the document says', async () => {
      const schema = methods.find((method) => method.name === name)?.result.schema ?? {}
      const validate = ajv.compile(schema)
      for (let number = 1; number <= 54; number += 1) {
        const block = `0x${number.toString(16)}`
        const answer = await imported.read(
          name,
          name === 'eth_getBlockByNumber' ? [block, true] : [block],
        )
        expect(validate(answer) ? 'valid' : `${number}: ${JSON.stringify(validate.errors)}`).toBe(
          'valid',
        )
      }
    }, 60_000)
  },
)

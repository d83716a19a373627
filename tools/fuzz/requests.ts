/** Malformed and hostile JSON-RPC requests, the same for the same seed. */
import { deriveRng, type Rng } from '../../workers/kernel/rng.ts'

/** One body, and how it is sent. */
export interface HostileRequest {
  readonly kind: string
  readonly body: string
  /** Over WebSocket rather than HTTP. Never what may be a notification, to which a socket hears no answer. */
  readonly bySocket: boolean
}

const HASH = `0x${'11'.repeat(32)}`
const ADDRESS = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

/** Methods with parameters that they understand, to be bent. */
const SAMPLES: readonly (readonly [string, readonly unknown[]])[] = [
  ['eth_call', [{ from: ADDRESS, to: ADDRESS, data: '0x00', gas: '0xffff' }, 'latest', {}, {}]],
  ['eth_estimateGas', [{ from: ADDRESS, to: ADDRESS, value: '0x1' }, 'latest']],
  ['eth_createAccessList', [{ from: ADDRESS, to: ADDRESS }, 'latest']],
  [
    'eth_simulateV1',
    [{ blockStateCalls: [{ calls: [{ from: ADDRESS, to: ADDRESS }] }] }, 'latest'],
  ],
  ['eth_getLogs', [{ fromBlock: '0x0', toBlock: 'latest', topics: [[HASH], null] }]],
  ['eth_newFilter', [{ address: [ADDRESS] }]],
  ['eth_getFilterChanges', ['0x1']],
  ['eth_uninstallFilter', ['0x1']],
  ['eth_subscribe', ['logs', {}]],
  ['eth_getProof', [ADDRESS, ['0x0'], 'latest']],
  ['eth_getStorageAt', [ADDRESS, '0x0', 'latest']],
  ['eth_getStorageValues', [{ [ADDRESS]: ['0x0'] }, 'latest']],
  ['eth_getBalance', [ADDRESS, 'latest']],
  ['eth_getTransactionCount', [ADDRESS, 'pending']],
  ['eth_feeHistory', ['0x4', 'latest', [10, 50]]],
  ['eth_getBlockByNumber', ['latest', true]],
  ['eth_getBlockByHash', [HASH, false]],
  ['eth_getBlockReceipts', ['latest']],
  ['eth_getTransactionByHash', [HASH]],
  ['eth_sendRawTransaction', ['0x02f8']],
  ['eth_fillTransaction', [{ from: ADDRESS, to: ADDRESS }]],
  ['eth_signTypedData_v4', [ADDRESS, { types: {}, domain: {}, message: {}, primaryType: 'A' }]],
  ['personal_sign', ['0x00', ADDRESS]],
  ['debug_traceCall', [{ from: ADDRESS, to: ADDRESS }, 'latest', { tracer: 'callTracer' }]],
  ['debug_traceTransaction', [HASH, {}]],
  ['debug_traceBlockByNumber', ['latest', { tracer: 'prestateTracer' }]],
  ['debug_storageRangeAt', ['latest', 0, ADDRESS, '0x', 10]],
  ['trace_filter', [{ fromBlock: '0x0', toBlock: 'latest' }]],
  ['trace_call', [{ to: ADDRESS }, ['trace'], 'latest']],
  ['ots_searchTransactionsBefore', [ADDRESS, 0, 25]],
  ['ots_getBlockTransactions', ['latest', 0, 10]],
  ['txpool_contentFrom', [ADDRESS]],
  ['web3_sha3', ['0x00']],
]

/** What moves the world or changes its state, to be bent as well. Seldom: each takes a block's work of all nodes. */
const WORLD_SAMPLES: readonly (readonly [string, readonly unknown[]])[] = [
  ['anvil_setBalance', [ADDRESS, '0x1']],
  ['anvil_setNonce', [HASH.slice(0, 42), '0x1']],
  ['anvil_setCode', [HASH.slice(0, 42), '0x5b5f56']],
  ['anvil_setStorageAt', [HASH.slice(0, 42), '0x0', HASH]],
  ['anvil_impersonateAccount', [HASH.slice(0, 42)]],
  ['anvil_dealERC20', [ADDRESS, HASH.slice(0, 42), '0x1']],
  ['eth_sendTransaction', [{ from: ADDRESS, to: ADDRESS, value: '0x1' }]],
  ['eth_sendTransaction', [{ from: ADDRESS, data: '0x5b5f56', gas: '0xffffff' }]],
  ['eth_sendRawTransactionSync', ['0x02f8', 100]],
  ['evm_snapshot', []],
  ['evm_revert', ['0x1']],
  ['evm_mine', []],
  ['anvil_mine', [1, 1]],
  ['evm_increaseTime', [1]],
  ['evm_setNextBlockTimestamp', [1]],
  ['evm_setIntervalMining', [1]],
  ['anvil_setAutomine', [true]],
  ['anvil_reorg', [1, []]],
  ['anvil_dropTransaction', [HASH]],
  ['rollup_fault', [{ kind: 'slow', node: 'executor-0', factor: 1 }]],
  ['rollup_withdrawalProof', [HASH]],
  ['rollup_disputes', []],
]

/** Names that are properties of every object, and other things that are no methods. */
const NO_METHODS = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '',
    ' ',
    'eth_',
    'eth_call ',
  ],
  ...['ETH_CALL', 'rpc.discover', '\u0000', '💥', 'x'.repeat(10_000)],
]

const ODD_VALUES: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    '0x',
    '0x0',
    '0xzz',
    '0x1',
    'latest',
    'nope',
  ],
  ...[
    `0x${'f'.repeat(64)}`,
    `0x${'f'.repeat(65)}`,
    `0x${'0'.repeat(5_000)}`,
    '-0x1',
    '1',
    '\ud800',
  ],
  ...[
    [],
    {},
    [[]],
    [{}],
    { a: 1 },
    { __proto__: null },
    { blockHash: HASH },
    { blockNumber: '0x0' },
  ],
  ...[
    ADDRESS,
    HASH,
    `0x${'ff'.repeat(20)}`,
    'earliest',
    'safe',
    'finalized',
    'pending',
    'x'.repeat(2_000),
  ],
]

type Maker = (rng: Rng) => string

const KINDS: readonly (readonly [string, number, Maker])[] = [
  ['bent parameters', 60, bentCall],
  ['odd parameters', 12, oddCall],
  ['no method', 6, noMethod],
  ['no JSON', 6, noJson],
  ['odd envelope', 6, oddEnvelope],
  ['batch', 3, batch],
  ['deep nesting', 2, deep],
  ['large', 1, large],
  ['huge range', 4, hugeRange],
  ['world', 1, worldCall],
]

/** Of kinds whose requests are all answered, so many in a hundred go over WebSocket. */
const BY_SOCKET = 50

export function* hostileRequests(seed: number, count: number): Generator<HostileRequest> {
  const rng = deriveRng(seed, 'fuzz')
  const total = KINDS.reduce((sum, [, weight]) => sum + weight, 0)
  for (let index = 0; index < count; index += 1) {
    if (index % ENDLESS_EVERY === ENDLESS_EVERY - 1) {
      const most = ENDLESS_EVERY * MOST_EVERY
      const body = endless(rng, index % most === most - 1)
      yield { kind: 'endless loop', body, bySocket: rng.nextBelow(100) < BY_SOCKET }
      continue
    }
    let ticket = rng.nextBelow(total)
    const kind = KINDS.find(([, weight]) => {
      ticket -= weight
      return ticket < 0
    }) as (typeof KINDS)[number]
    const body = kind[2](rng)
    const bySocket = rng.nextBelow(100) < BY_SOCKET && kind[0] !== 'odd envelope'
    yield { kind: kind[0], body, bySocket }
  }
}

function pick<Item>(rng: Rng, items: readonly Item[]): Item {
  return items[rng.nextBelow(items.length)] as Item
}

function envelope(method: unknown, params: unknown, id: unknown = 1): unknown {
  return { jsonrpc: '2.0', id, method, params }
}

function worldCall(rng: Rng): string {
  const [method, params] = pick(rng, WORLD_SAMPLES)
  return JSON.stringify(envelope(method, rng.nextBelow(2) === 0 ? bend(rng, params) : params))
}

function bentCall(rng: Rng): string {
  const [method, params] = pick(rng, SAMPLES)
  return JSON.stringify(envelope(method, bend(rng, params)))
}

/** A copy with one or more places replaced, removed or added to. */
function bend(rng: Rng, value: unknown): unknown {
  if (rng.nextBelow(5) === 0) return pick(rng, ODD_VALUES)
  if (Array.isArray(value)) {
    if (rng.nextBelow(8) === 0) return value.slice(0, rng.nextBelow(value.length + 1))
    return value.map((item) => (rng.nextBelow(2) === 0 ? bend(rng, item) : item))
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]) => [
    rng.nextBelow(12) === 0 ? `${key}${rng.nextBelow(10)}` : key,
    rng.nextBelow(2) === 0 ? bend(rng, item) : item,
  ])
  if (rng.nextBelow(6) === 0)
    entries.push([pick(rng, NO_METHODS).slice(0, 50), pick(rng, ODD_VALUES)])
  return Object.fromEntries(entries)
}

function oddCall(rng: Rng): string {
  const [method] = pick(rng, SAMPLES)
  const params = Array.from({ length: rng.nextBelow(6) }, () => pick(rng, ODD_VALUES))
  return JSON.stringify(envelope(method, params))
}

function noMethod(rng: Rng): string {
  return JSON.stringify(envelope(pick(rng, [...NO_METHODS, ...ODD_VALUES]), []))
}

function noJson(rng: Rng): string {
  const [method, params] = pick(rng, SAMPLES)
  const text = JSON.stringify(envelope(method, params))
  return (
    text.slice(0, rng.nextBelow(text.length)) + pick(rng, ['', '}', '\u0000', ',', ']]', '\ufeff'])
  )
}

function oddEnvelope(rng: Rng): string {
  const odd = (): unknown => pick(rng, ODD_VALUES)
  const [method, params] = pick(rng, SAMPLES)
  return JSON.stringify(
    pick(rng, [
      odd(),
      { jsonrpc: odd(), id: 1, method, params },
      { jsonrpc: '2.0', id: odd(), method, params },
      { jsonrpc: '2.0', method, params },
      { jsonrpc: '2.0', id: 1, method: odd(), params },
      { jsonrpc: '2.0', id: 1, method, params: odd() },
    ]),
  )
}

function batch(rng: Rng): string {
  const length = pick(rng, [0, 1, 3, 50, 1_000, 1_001])
  const one = rng.nextBelow(2) === 0 ? envelope('eth_blockNumber', []) : pick(rng, ODD_VALUES)
  return JSON.stringify(Array.from({ length }, () => one))
}

function deep(rng: Rng): string {
  const depth = pick(rng, [100, 5_000, 100_000])
  const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`
  return `{"jsonrpc":"2.0","id":1,"method":"${pick(rng, SAMPLES)[0]}","params":[${nested}]}`
}

function large(rng: Rng): string {
  const size = pick(rng, [10_000, 500_000])
  const data = `0x${'00'.repeat(size)}`
  return JSON.stringify(
    pick(rng, [
      envelope('eth_call', [{ to: ADDRESS, data }, 'latest']),
      envelope('web3_sha3', [data]),
      envelope('eth_sendRawTransaction', [data]),
      envelope('eth_getProof', [
        ADDRESS,
        Array.from({ length: size / 100 }, () => '0x0'),
        'latest',
      ]),
      envelope('eth_getLogs', [{ address: Array.from({ length: size / 100 }, () => ADDRESS) }]),
    ]),
  )
}

function hugeRange(rng: Rng): string {
  const far = pick(rng, ['0xffffffffffffffff', '0x7fffffff', '0x0', 'latest'])
  return JSON.stringify(
    pick(rng, [
      envelope('eth_getLogs', [{ fromBlock: '0x0', toBlock: far }]),
      envelope('eth_feeHistory', ['0xffffffffffffffff', 'latest', []]),
      envelope('eth_simulateV1', [
        { blockStateCalls: [{ blockOverrides: { number: far } }] },
        'latest',
      ]),
      envelope('trace_filter', [{ fromBlock: '0x0', toBlock: far }]),
    ]),
  )
}

/** JUMPDEST PUSH0 JUMP, until the gas is gone; `asksMost` leaves it to the node how much that is. */
function endless(rng: Rng, asksMost: boolean): string {
  const call = {
    from: ADDRESS,
    data: '0x5b5f56',
    gas: asksMost ? '0xffffffffffffffff' : '0x989680',
  }
  return JSON.stringify(
    pick(rng, [
      envelope('debug_traceCall', [call, 'latest', { limit: 10 }]),
      envelope('eth_call', [call, 'latest']),
    ]),
  )
}

/** One request in so many runs until its gas is gone. */
const ENDLESS_EVERY = 2_000
/** One of them in so many asks for all the gas that there is: it keeps the node for seconds. */
const MOST_EVERY = 10

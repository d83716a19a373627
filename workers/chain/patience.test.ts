/** Calls from outside that would run for long: each is ended, and others run meanwhile. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { WallClock } from '../kernel/pacer.ts'
import { createPatience } from '../kernel/patience.ts'
import { createNodeClock } from '../transport/wallClock.node.ts'
import { contract, testConfig } from './testing/accounts.ts'
import { createTestNode, type TestNode } from './testing/viem.ts'

const LOOP = `0x${'1f'.repeat(20)}`
const CALLER = `0x${'2f'.repeat(20)}`
/** JUMPDEST PUSH0 JUMP. */
const LOOP_CODE = '0x5b5f56'
/** Three calls of itself with all gas, one after the other: a tree of calls without a jump. */
const CALLER_CODE = `0x${'5f5f5f5f5f305af150'.repeat(3)}`

let node: TestNode
beforeAll(async () => {
  node = await createTestNode(
    testConfig('l1', [contract(LOOP, LOOP_CODE), contract(CALLER, CALLER_CODE)]),
  )
})

/** Time passes a thousand times as fast. */
function fastClock(): WallClock {
  const clock = createNodeClock()
  return { ...clock, nowMs: () => clock.nowMs() * 1_000 }
}

const read = (method: string, params: readonly unknown[], clock = fastClock()) =>
  node.rpc.read(method, params as never, { patience: createPatience(clock) })

describe.each([
  ['eth_call', [{ to: LOOP }]],
  ['eth_call', [{ to: CALLER }]],
  ['eth_estimateGas', [{ to: LOOP }]],
  ['eth_createAccessList', [{ to: LOOP }]],
  ['eth_simulateV1', [{ blockStateCalls: [{ calls: [{ to: LOOP }] }] }]],
  ['debug_traceCall', [{ to: LOOP }, 'latest', { limit: 1 }]],
  ['trace_call', [{ to: LOOP }, ['trace']]],
] as const)('%s', (method, params) => {
  it(`is ended when it takes too long: ${JSON.stringify(params)}`, async () => {
    await expect(read(method, params)).rejects.toMatchObject({
      code: -32000,
      message: 'execution aborted (timeout = 5s)',
    })
  })
})

it('takes the timeout that a trace asks for', async () => {
  // A second passes with each look at the clock, of which this much gas makes about 28.
  let nowMs = 0
  const clock = { ...createNodeClock(), nowMs: () => (nowMs += 1_000) }
  const trace = (timeout: string) =>
    read('debug_traceCall', [{ to: LOOP, gas: '0xea60' }, 'latest', { limit: 1, timeout }], clock)
  expect(await trace('49s999.5ms')).toMatchObject({ failed: true })
  await expect(trace('10s')).rejects.toThrow('timeout = 10s')
  await expect(trace('20 s')).rejects.toThrow('options.timeout must be a duration')
})

it('lets others run meanwhile, and goes on with the next one after an end', async () => {
  const order: string[] = []
  const clock = createNodeClock()
  const long = read(
    'debug_traceCall',
    [{ to: LOOP }, 'latest', { limit: 1, timeout: '200ms' }],
    clock,
  )
    .catch(() => undefined)
    .then(() => order.push('long'))
  await read('eth_call', [{ to: LOOP, gas: '0x7530' }], clock).catch(() => undefined)
  order.push('short')
  await long
  expect(order).toEqual(['short', 'long'])
})

it('ends a hundred endless calls that are asked for at once, and answers what comes behind', async () => {
  const clock = createNodeClock()
  const trace = () =>
    read('debug_traceCall', [{ to: LOOP }, 'latest', { limit: 1, timeout: '100ms' }], clock)
  const ended = await Promise.allSettled(Array.from({ length: 100 }, trace))
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['rejected']))
  expect(await read('eth_call', [{ to: `0x${'33'.repeat(20)}` }], clock)).toBe('0x')
})

it('gives the same gas with and without patience', async () => {
  const params = [{ to: LOOP, gas: '0x186a0' }, 'latest', {}]
  const patient = await read('debug_traceCall', params, createNodeClock())
  expect(patient).toEqual(await node.rpc.read('debug_traceCall', params as never))
})

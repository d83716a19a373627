import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Json, RpcRequest } from '../../workers/protocol/world.ts'
import { createBundles } from './bundles.ts'

const from = `0x${'11'.repeat(20)}`
const to = `0x${'22'.repeat(20)}`

/** A node whose transactions are in a block when the test says so. */
function createNode(outcomes: readonly ('0x1' | '0x0' | 'refused')[]) {
  const sent: Json[] = []
  const included = new Set<number>()
  const rpc = async (_chain: 'l1' | 'l2', { method, params = [] }: RpcRequest): Promise<Json> => {
    if (method === 'eth_sendTransaction') {
      if (outcomes[sent.length] === 'refused') throw new Error('insufficient funds')
      sent.push(params[0] ?? null)
      return sent.length - 1
    }
    const index = Number(params[0])
    if (!included.has(index)) return null
    return { status: outcomes[index] ?? null, transactionHash: `0x0${index}`, logs: [] }
  }
  const bundles = createBundles(rpc, () => '0x6fdcba')
  const send = async (count: number) => {
    const calls = Array.from({ length: count }, () => ({ to, data: '0x' }))
    const answer = await bundles.send('l2', [{ chainId: '0x6fdcba', from, calls }])
    return (answer as { readonly id: string }).id
  }
  /** As a client asks again and again. */
  const ask = async (id: string) => {
    bundles.status([id])
    await vi.advanceTimersByTimeAsync(0)
    const { status, receipts } = bundles.status([id]) as { status: number; receipts: Json[] }
    await vi.advanceTimersByTimeAsync(0)
    return { status, receipts: receipts.length }
  }
  return { sent, send, ask, include: (index: number) => included.add(index) }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a bundle goes on when its client asks, though no timer of the hidden tab comes', async () => {
  const node = createNode(['0x1', '0x1'])
  const id = await node.send(2)
  expect(await node.ask(id)).toEqual({ status: 100, receipts: 0 })
  expect(node.sent).toHaveLength(1)
  node.include(0)
  expect(await node.ask(id)).toEqual({ status: 100, receipts: 1 })
  expect(node.sent).toHaveLength(2)
  node.include(1)
  expect(await node.ask(id)).toEqual({ status: 200, receipts: 2 })
})

test('it goes on by itself, too', async () => {
  const node = createNode(['0x1'])
  const id = await node.send(1)
  node.include(0)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(await node.ask(id)).toEqual({ status: 200, receipts: 1 })
})

test.each([
  { outcomes: ['0x0'], status: 500, receipts: 1, what: 'its only call reverts' },
  { outcomes: ['refused'], status: 400, receipts: 0, what: 'no call gets into a block' },
  { outcomes: ['0x1', '0x0', '0x1'], status: 600, receipts: 2, what: 'the second reverts' },
] as const)(
  '$status where $what, and nothing is sent after',
  async ({ outcomes, status, receipts }) => {
    const node = createNode(outcomes)
    for (const index of outcomes.keys()) node.include(index)
    const id = await node.send(outcomes.length)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await node.ask(id)).toEqual({ status, receipts })
    expect(node.sent).toHaveLength(receipts)
  },
)

test('a transaction that no block takes fails after ten minutes', async () => {
  const node = createNode(['0x1'])
  const id = await node.send(1)
  await vi.advanceTimersByTimeAsync(599_000)
  expect(await node.ask(id)).toEqual({ status: 100, receipts: 0 })
  await vi.advanceTimersByTimeAsync(2_000)
  expect(await node.ask(id)).toEqual({ status: 400, receipts: 0 })
})

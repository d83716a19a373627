import { beforeEach, describe, expect, it } from 'vitest'
import type { Json } from '../../protocol/world.ts'
import { createSubscriptions, type Subscriptions } from './subscriptions.ts'

/** Blocks by hash: their parent, and the addresses that logged in them. */
const BLOCKS: Record<string, { parent: string; logs: string[] }> = {
  a1: { parent: 'a0', logs: [] },
  a2: { parent: 'a1', logs: ['0xaa', '0xbb'] },
  a3: { parent: 'a2', logs: ['0xaa'] },
  b2: { parent: 'a1', logs: ['0xaa'] },
  b3: { parent: 'b2', logs: [] },
}

let subscriptions: Subscriptions
let heard: { subscription: string; result: Json }[]

const logsOf = (hash: string) =>
  (BLOCKS[hash]?.logs ?? []).map((address, index) => ({
    address,
    topics: [],
    blockHash: hash,
    logIndex: `0x${index}`,
    removed: false,
  }))

async function read(method: string, params: readonly Json[]): Promise<Json> {
  const [first] = params
  switch (method) {
    case 'eth_getLogs':
      return logsOf(String((first as { blockHash?: string }).blockHash))
    case 'eth_getTransactionByHash':
      return { hash: first ?? null, from: '0x01' }
    default: {
      const hash = first === 'latest' ? 'a1' : String(first)
      const block = BLOCKS[hash]
      return block === undefined ? null : { hash, parentHash: block.parent, transactions: [] }
    }
  }
}

beforeEach(() => {
  subscriptions = createSubscriptions(read)
  heard = []
  subscriptions.onNotification((notification) => heard.push(notification))
})

const ask = (method: string, ...params: Json[]) => subscriptions.handle(method, params)
const grow = async (...hashes: string[]) => {
  for (const hash of hashes) subscriptions.blockAdded(hash)
  await subscriptions.settled()
}

describe('subscriptions', () => {
  it('tell a reorg: logs that are gone, newest first, then the heads and logs of the new branch', async () => {
    const heads = await ask('eth_subscribe', 'newHeads')
    const logs = await ask('eth_subscribe', 'logs', { address: '0xAA' })
    await grow('a2', 'a3')
    heard.length = 0
    await grow('b3')
    const told = heard.map(({ subscription, result }) => {
      const { hash, blockHash, removed } = result as Record<string, Json>
      return subscription === heads ? `head ${hash}` : `log ${blockHash} ${removed}`
    })
    expect(logs).not.toBe(heads)
    expect(told).toEqual(['log a3 true', 'log a2 true', 'head b2', 'log b2 false', 'head b3'])
  })

  it('tell nothing twice when the same head comes again', async () => {
    await ask('eth_subscribe', 'newHeads')
    await grow('a2', 'a2')
    expect(heard).toHaveLength(1)
  })

  it('tell waiting transactions by hash, or whole', async () => {
    const plain = await ask('eth_subscribe', 'newPendingTransactions')
    const full = await ask('eth_subscribe', 'newPendingTransactions', true)
    subscriptions.transactionAccepted('0x77')
    await subscriptions.settled()
    expect(heard).toEqual([
      { subscription: plain, result: '0x77' },
      { subscription: full, result: { hash: '0x77', from: '0x01' } },
    ])
  })

  it('name what can be subscribed to', async () => {
    await expect(ask('eth_subscribe', 'news')).rejects.toMatchObject({ code: -32602 })
  })
})

describe('filters', () => {
  it('give what happened since the last poll, reorgs included', async () => {
    const logs = await ask('eth_newFilter', { address: ['0xbb', '0xcc'] })
    const blocks = await ask('eth_newBlockFilter')
    await grow('a2')
    expect(await ask('eth_getFilterChanges', logs as Json)).toMatchObject([
      { address: '0xbb', removed: false },
    ])
    expect(await ask('eth_getFilterChanges', logs as Json)).toEqual([])
    await grow('b2')
    expect(await ask('eth_getFilterChanges', logs as Json)).toMatchObject([
      { address: '0xbb', removed: true },
    ])
    expect(await ask('eth_getFilterChanges', blocks as Json)).toEqual(['a2', 'b2'])
    expect(await ask('eth_uninstallFilter', logs as Json)).toBe(true)
    await expect(ask('eth_getFilterChanges', logs as Json)).rejects.toMatchObject({ code: -32000 })
  })

  it('say that they lost changes rather than lose them', async () => {
    const id = (await ask('eth_newPendingTransactionFilter')) as Json
    for (let index = 0; index <= 10_000; index += 1) subscriptions.transactionAccepted(`0x${index}`)
    await expect(ask('eth_getFilterChanges', id)).rejects.toMatchObject({ code: -32005 })
    await expect(ask('eth_getFilterChanges', id)).rejects.toMatchObject({ code: -32000 })
  })

  it('are bounded in number', async () => {
    for (let index = 0; index < 1_024; index += 1) await ask('eth_newBlockFilter')
    await expect(ask('eth_newBlockFilter')).rejects.toMatchObject({ code: -32005 })
  })
})

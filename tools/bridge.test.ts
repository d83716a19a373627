import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { BridgeCall } from '../workers/protocol/bridge.ts'
import { createBridge } from './bridge.ts'
import { listen } from './rpc/server.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

async function bridge() {
  const server = createServer()
  const door = createBridge(server, () => 'http://localhost:1/')
  await listen(server, 0)
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const openTab = (
    origin = `http://127.0.0.1:${port}`,
    answer = (call: BridgeCall): object => ({ id: call.id, result: call.request.method }),
  ) =>
    new Promise<WebSocket>((resolve, reject) => {
      const tab = new WebSocket(`ws://127.0.0.1:${port}/bridge`, { origin })
      tab.on('open', () => resolve(tab))
      tab.on('error', reject)
      tab.on('message', (data) =>
        tab.send(JSON.stringify(answer(JSON.parse(String(data)) as BridgeCall))),
      )
      closers.push(() => tab.terminate())
    })
  return { door, openTab }
}

test('without a tab a call says which address to open', async () => {
  const { door } = await bridge()
  await expect(door.rpc('l1', { method: 'eth_chainId' })).rejects.toMatchObject({
    code: -32002,
    message: 'No tab runs the devnet. Open http://localhost:1/ and keep it open.',
  })
})

test('calls reach the tab, its results and errors come back', async () => {
  const { door, openTab } = await bridge()
  await openTab()
  expect(await door.rpc('l2', { method: 'eth_chainId' })).toBe('eth_chainId')
  await openTab(undefined, ({ id }) => ({
    id,
    error: { code: 3, message: 'reverted', data: '0x01' },
  }))
  await expect(door.rpc('l2', { method: 'x' })).rejects.toMatchObject({ code: 3, data: '0x01' })
})

test('the newest tab serves; when it goes, the one before it', async () => {
  const { door, openTab } = await bridge()
  const answerAs = (result: string) => (call: BridgeCall) => ({ id: call.id, result })
  const ask = () => door.rpc('l1', { method: 'x' })
  await openTab(undefined, answerAs('first'))
  const second = await openTab(undefined, answerAs('second'))
  expect(await ask()).toBe('second')
  const third = await openTab(undefined, answerAs('third'))
  second.close()
  expect(await ask()).toBe('third')
  third.close()
  await expect.poll(() => ask().catch(() => null)).toBe('first')
})

test('what a tab still owes when another one connects is answered', async () => {
  const { door, openTab } = await bridge()
  const first = await openTab(undefined, () => ({ chain: 'l1', notification: {} }))
  const owed = door.rpc('l1', { method: 'x' })
  const asked = new Promise<BridgeCall>((resolve) =>
    first.once('message', (data) => resolve(JSON.parse(String(data)) as BridgeCall)),
  )
  const { id } = await asked
  await openTab()
  first.send(JSON.stringify({ id, result: 'late' }))
  expect(await owed).toBe('late')
})

test('notifications of the serving tab alone; calls that a closed tab owed are rejected', async () => {
  const { door, openTab } = await bridge()
  const first = await openTab()
  const silent = await openTab(undefined, () => ({
    chain: 'l1',
    notification: { subscription: '0x1', result: 1 },
  }))
  const heard: unknown[] = []
  door.onNotification('l1', (notification) => heard.push(notification))
  first.send(JSON.stringify({ chain: 'l1', notification: { subscription: '0x2', result: 2 } }))
  const owed = door.rpc('l1', { method: 'x' })
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(heard).toEqual([{ subscription: '0x1', result: 1 }])
  silent.close()
  await expect(owed).rejects.toMatchObject({ code: -32002 })
})

test('a page from elsewhere cannot pose as the tab', async () => {
  const { openTab } = await bridge()
  await expect(openTab('http://localhost:9')).rejects.toThrow('403')
  await expect(openTab('https://evil.example')).rejects.toThrow('403')
})

/** The product's world in Node: determinism over hosts, rollback, shares, faults, JSON-RPC. */
import { afterEach, describe, expect, test } from 'vitest'
import type { ProjectionPatch } from '../../workers/protocol/projection.ts'
import type { Json, RpcNotification, World, WorldOptions } from '../../workers/protocol/world.ts'
import { createNodeWorld, type HostKind } from './world.ts'

const options: WorldOptions = { seed: 7, preset: 'classroom', scenario: 'steady' }
const worlds: World[] = []
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

async function openWorld(host: HostKind = 'inline', change: Partial<WorldOptions> = {}) {
  const world = createNodeWorld({ host })
  worlds.push(world)
  await world.open({ ...options, ...change })
  return world
}

const call = (world: World, chain: 'l1' | 'l2', method: string, ...params: Json[]) =>
  world.rpc(chain, { method, params })

describe('determinism', () => {
  test('all hosts come to the same event hash, through a crash and a batch’s proofs', async () => {
    const run = async (host: HostKind) => {
      const world = await openWorld(host)
      await world.advance(3_000)
      await world.fault({ kind: 'crash', node: 'sequencer-1' })
      await world.advance(2_000)
      await world.fault({ kind: 'restart', node: 'sequencer-1' })
      return (await world.advance(9_000)).eventHash
    }
    const hash = await run('inline')
    expect(await run('threads')).toBe(hash)
    expect(await run('together')).toBe(hash)
  })

  test('a rollback of all roles leads to the same future', async () => {
    const world = await openWorld()
    // A batch is being proven and dispersed: jobs are under way.
    await world.advance(9_500)
    const id = await world.checkpoint()
    const before = await world.status()
    const future = await world.advance(5_000)
    await world.fault({ kind: 'crash', node: 'executor-0' })
    await world.advance(1_000)
    expect(await world.rollback(id)).toEqual(before)
    expect(await world.advance(5_000)).toEqual(future)
  })

  test('a share replays a run with its inputs and faults bit for bit', async () => {
    const world = await openWorld()
    await world.advance(3_000)
    await call(world, 'l1', 'eth_sendTransaction', {
      from: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
      to: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
      value: '0x5',
    })
    await world.fault({ kind: 'slow', node: 'da-1', factor: 4 })
    await world.advance(4_000)
    const share = await world.share()
    const other = createNodeWorld({ host: 'inline' })
    worlds.push(other)
    const replayed = await other.load(share.text)
    expect(replayed.eventHash).toBe(share.eventHash)
    expect(replayed.timeMs).toBe(share.timeMs)
    expect((await world.advance(3_000)).eventHash).toBe((await other.advance(3_000)).eventHash)
  })
})

describe('JSON-RPC', () => {
  test('moves a paused world just far enough to include what a client sent, on both chains', async () => {
    const world = await openWorld('inline', { scenario: 'quiet' })
    for (const chain of ['l1', 'l2'] as const) {
      const hash = await call(world, chain, 'eth_sendTransaction', {
        from: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
        to: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
        value: '0x5',
      })
      expect(await call(world, chain, 'eth_getTransactionReceipt', hash)).toMatchObject({
        status: '0x1',
      })
    }
    expect((await world.status()).timeMs).toBeLessThan(10_000)
  })

  test('evm_snapshot and evm_revert return both chains and the clock, once', async () => {
    const world = await openWorld('inline', { scenario: 'quiet' })
    const id = await call(world, 'l1', 'evm_snapshot')
    await call(world, 'l2', 'evm_mine')
    await call(world, 'l1', 'evm_increaseTime', 5)
    expect(Number(await call(world, 'l1', 'eth_blockNumber'))).toBeGreaterThan(3)
    expect(await call(world, 'l2', 'evm_revert', id)).toBe(true)
    expect(await call(world, 'l1', 'eth_blockNumber')).toBe('0x0')
    expect((await world.status()).timeMs).toBe(0)
    expect(await call(world, 'l2', 'evm_revert', id)).toBe(false)
  })

  test('subscriptions and filters tell new heads, each once', async () => {
    const world = await openWorld('inline', { scenario: 'quiet' })
    const heard: RpcNotification[] = []
    await world.onNotification('l2', (notification) => heard.push(notification))
    const subscription = await call(world, 'l2', 'eth_subscribe', 'newHeads')
    const filter = await call(world, 'l2', 'eth_newBlockFilter')
    await world.advance(5_000)
    const hashes = (await call(world, 'l2', 'eth_getFilterChanges', filter)) as string[]
    expect(hashes.length).toBeGreaterThan(2)
    expect(await call(world, 'l2', 'eth_getFilterChanges', filter)).toEqual([])
    expect(heard.map(({ result }) => (result as { hash: string }).hash)).toEqual(hashes)
    expect(heard[0]).toMatchObject({ subscription, result: { number: '0x1' } })
    expect(await call(world, 'l2', 'eth_unsubscribe', subscription)).toBe(true)
  })

  test.each([
    ['an unknown method', 'eth_nothing', [], -32601],
    ['a wrong parameter', 'eth_getBalance', ['nobody', 'latest'], -32602],
    ['a wrong time', 'evm_increaseTime', [-1], -32602],
    ['an unknown subscription', 'eth_subscribe', ['weather'], -32602],
    ['an unknown filter', 'eth_getFilterChanges', ['0x99'], -32000],
    ['a fault that is none', 'rollup_fault', ['crash'], -32602],
  ])('answers %s with its code', async (_name, method, params, code) => {
    const world = await openWorld('inline', { scenario: 'quiet' })
    await expect(world.rpc('l2', { method, params })).rejects.toMatchObject({
      name: 'RpcError',
      code,
    })
  })

  test('says that a node is down, and answers again after its restart', async () => {
    const world = await openWorld('inline', { scenario: 'quiet' })
    await world.advance(2_000)
    await world.fault({ kind: 'crash', node: 'executor-0' })
    await world.advance(100)
    // The standby answers in its place.
    expect(Number(await call(world, 'l2', 'eth_blockNumber'))).toBeGreaterThan(0)
    await world.fault({ kind: 'crash', node: 'executor-1' })
    await world.advance(100)
    await expect(call(world, 'l2', 'eth_blockNumber')).rejects.toMatchObject({ code: -32002 })
    await world.fault({ kind: 'restart', node: 'executor-0' })
    await world.advance(9_000)
    expect(Number(await call(world, 'l2', 'eth_blockNumber'))).toBeGreaterThan(5)
  })
})

describe('the world', () => {
  test('refuses what is wrong with typed errors', async () => {
    const world = createNodeWorld({ host: 'inline' })
    worlds.push(world)
    await expect(world.status()).rejects.toMatchObject({ name: 'WorldNotOpenError' })
    await expect(world.open({ ...options, scenario: 'nix' })).rejects.toMatchObject({
      name: 'UnknownScenarioError',
    })
    await expect(world.open({ ...options, seed: -1 })).rejects.toMatchObject({
      name: 'InvalidArgumentError',
    })
    await expect(world.open({ ...options, preset: 'fast' as never })).rejects.toMatchObject({
      name: 'InvalidArgumentError',
    })
    await expect(world.load('trex1.!!')).rejects.toMatchObject({ name: 'InvalidShareError' })
    await world.open(options)
    await expect(
      world.fault({ kind: 'corrupt', node: 'l1', fraud: 'fraud-sstore' }),
    ).rejects.toMatchObject({ name: 'InvalidFaultError' })
    await expect(world.fault({ kind: 'crash', node: 'nobody' })).rejects.toMatchObject({
      name: 'UnknownNodeError',
    })
    await expect(world.rollback(9)).rejects.toMatchObject({ name: 'UnknownCheckpointError' })
  })

  test('plays, pauses, steps by block, and tells observers', async () => {
    const world = await openWorld('inline', { scenario: 'quiet' })
    const patches: ProjectionPatch[] = []
    await world.subscribe((patch) => patches.push(patch))
    await world.setSpeed('max')
    await world.play()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const paused = await world.pause()
    expect(paused.phase).toBe('paused')
    expect(paused.timeMs).toBeGreaterThan(0)
    const { timeMs } = await world.step('l1-slot')
    expect(timeMs).toBeGreaterThan(paused.timeMs)
    expect((await world.step('event')).events).toBeGreaterThan(0)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(patches.length).toBeGreaterThan(1)
    expect(Object.keys(patches[0] as object)).toContain('l1')
    expect(patches.at(-1)?.clock?.phase ?? 'paused').toBe('paused')
  })
})

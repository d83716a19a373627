/** Whether a world that is kept outlives its process, at whatever moment that dies. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Json, World, WorldOptions } from '../../workers/protocol/world.ts'
import type { WorldStore } from '../../workers/simulation/store.ts'
import { createFileStore } from './fileStore.ts'
import { createNodeWorld } from './world.ts'

const options: WorldOptions = { seed: 7, preset: 'classroom', scenario: 'fraud-sstore' }
const TRANSFER = { to: `0x${'11'.repeat(20)}`, value: '0x5', gas: '0x5208' }

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'trex-keeping-'))
})
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

/** What a killed process leaves: the store stops in the middle, and its owner is gone. */
function mortal(store: WorldStore): WorldStore & { kill(): void } {
  let isDead = false
  const unlessDead =
    <Args extends unknown[]>(write: (...args: Args) => Promise<void>) =>
    async (...args: Args) => {
      if (!isDead) await write(...args)
    }
  return {
    ...store,
    put: unlessDead(store.put),
    append: unlessDead(store.append),
    mark: unlessDead(store.mark),
    kill: () => {
      isDead = true
    },
  }
}

async function send(world: World): Promise<string> {
  const [from] = (await world.rpc('l2', { method: 'eth_accounts' })) as readonly string[]
  const params = [{ from: from as string, ...TRANSFER }]
  return (await world.rpc('l2', { method: 'eth_sendTransaction', params })) as string
}

const receiptOf = (world: World, hash: string): Promise<Json> =>
  world.rpc('l2', { method: 'eth_getTransactionReceipt', params: [hash] })

test('a world comes back after its process died, with what it confirmed, and runs on to the same event hash', async () => {
  const store = mortal(createFileStore(join(root, 'died')))
  const live = createNodeWorld({ host: 'inline', store })
  await live.open(options)
  await live.advance(9_000)
  const hash = await send(live)
  expect(await receiptOf(live, hash)).not.toBeNull()
  store.kill()
  const atDeath = await live.status()

  const again = createNodeWorld({ host: 'inline', store: createFileStore(join(root, 'died')) })
  const back = await again.resume()
  expect(back?.options).toEqual(options)
  expect(await receiptOf(again, hash)).not.toBeNull()
  await again.advance(atDeath.timeMs + 4_000 - (back?.timeMs ?? 0))
  await live.advance(4_000)
  expect((await again.status()).eventHash).toBe((await live.status()).eventHash)
  await live.close()
  await again.close()
})

test('a save in mid-dispute goes on in worker threads as in one thread', async () => {
  const live = createNodeWorld({ host: 'inline' })
  await live.open(options)
  await live.advance(25_000)
  const file = await live.save()
  const other = createNodeWorld({ host: 'threads' })
  const restored = await other.restore(file)
  expect(restored.eventHash).toBe((await live.status()).eventHash)
  await live.advance(6_000)
  const after = await other.advance(6_000)
  expect(after.eventHash).toBe((await live.status()).eventHash)
  await live.close()
  await other.close()
})

test('what was reverted stays reverted', async () => {
  const directory = join(root, 'reverted')
  const live = createNodeWorld({ host: 'inline', store: createFileStore(directory) })
  await live.open({ ...options, scenario: 'quiet' })
  await live.advance(2_000)
  const id = await live.rpc('l2', { method: 'evm_snapshot' })
  const hash = await send(live)
  expect(await live.rpc('l2', { method: 'evm_revert', params: [id] })).toBe(true)
  await live.close()
  const again = createNodeWorld({ host: 'inline', store: createFileStore(directory) })
  await again.resume()
  expect(await receiptOf(again, hash)).toBeNull()
  await again.close()
})

test('a damaged, foreign or alien file is refused by name, and the running world stays', async () => {
  const world = createNodeWorld({ host: 'inline' })
  await world.open({ ...options, scenario: 'quiet' })
  const file = await world.save()
  const named = (name: string) => expect.objectContaining({ name })
  await expect(world.restore(file.subarray(0, 900))).rejects.toEqual(named('InvalidSaveError'))
  await expect(world.restore(new Uint8Array([1, 2, 3]))).rejects.toEqual(named('InvalidSaveError'))
  expect((await world.status()).phase).toBe('paused')
  await world.close()
})

test('nothing kept is nothing to resume', async () => {
  const world = createNodeWorld({
    host: 'inline',
    store: createFileStore(join(root, 'empty')),
  })
  expect(await world.resume()).toBeNull()
})

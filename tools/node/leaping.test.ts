/** Whether honest players keep what is theirs while a test leaps over hours, and saves and snapshots hold across it. */
import { expect, test } from 'vitest'
import type { World } from '../../workers/protocol/world.ts'
import { createNodeWorld } from './world.ts'

interface Dispute {
  readonly game: string
  readonly status: 'running' | 'defenderWins' | 'challengerWins'
  readonly claims: readonly unknown[]
}
interface Root {
  readonly honest: boolean
  readonly status: string
}

const read = async <Row>(world: World, method: string) =>
  (await world.rpc('l1', { method })) as unknown as readonly Row[]
const disputesOf = (world: World) => read<Dispute>(world, 'rollup_disputes')

/** A world in the middle of a game about a false root. */
async function openDispute(): Promise<World> {
  const world = createNodeWorld({ host: 'inline' })
  await world.open({ seed: 7, preset: 'classroom', scenario: 'fraud-sstore' })
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 1_000) {
    const [dispute] = await disputesOf(world)
    if (dispute !== undefined && dispute.claims.length >= 6) return world
    await world.advance(1_000)
  }
  throw new Error('There is no dispute after a minute.')
}

test('a leap and a snapshot in mid-dispute: the honest challenger wins, the chain goes on, and a save holds', async () => {
  const world = await openDispute()
  const before = await disputesOf(world)
  const id = await world.rpc('l1', { method: 'evm_snapshot' })
  expect(id).toBe('0x1')
  await world.advance(5_000)
  const onward = await world.status()
  expect(await disputesOf(world)).not.toEqual(before)
  expect(await world.rpc('l1', { method: 'evm_revert', params: [id] })).toBe(true)
  expect(await disputesOf(world)).toEqual(before)
  await world.advance(5_000)
  expect((await world.status()).eventHash).toBe(onward.eventHash)

  await world.rpc('l1', { method: 'evm_increaseTime', params: [21_600] })
  const [decided] = await disputesOf(world)
  expect(decided).toMatchObject({ game: before[0]?.game, status: 'challengerWins' })
  const roots = await read<Root>(world, 'rollup_outputRoots')
  for (const { honest, status } of roots) {
    expect(honest ? ['rejected'] : ['defended', 'finalized']).not.toContain(status)
  }
  expect(roots.at(-1)?.honest).toBe(true)

  const other = createNodeWorld({ host: 'threads' })
  const restored = await other.restore(await world.save())
  expect(restored.eventHash).toBe((await world.status()).eventHash)
  await world.advance(4_000)
  expect((await other.advance(4_000)).eventHash).toBe((await world.status()).eventHash)
  await world.close()
  await other.close()
})

/**
 * The challenger's role itself against a real node: it follows Anvil's blocks, fetches the batch from the data nodes, plays every move of the
 * game with its own transactions down to the lie, has Anvil decide it, and takes the liar's bonds.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  ask,
  catchFraud,
  find,
  loadDisputeGenesis,
  openWorld,
  type TestWorld,
} from '../../workers/simulation/disputes/disputeWorld.testing.ts'
import { type AnvilL1, createAnvilL1 } from './l1.ts'

beforeAll(loadDisputeGenesis)

describe('the roles with a real Ethereum node as their L1', () => {
  let l1: AnvilL1
  beforeEach(() => {
    l1 = createAnvilL1()
  })
  afterEach(() => l1.close())

  it.each([
    { fraud: 'fraud-sstore', place: { phase: 'EXEC', opcode: 'SSTORE' } },
    { fraud: 'fraud-deposit', place: { phase: 'TX_NEXT' } },
  ])(
    'catch $fraud at its step, slash it, and go on',
    async (lie) => {
      await catchFraud({ ...lie, l1: l1.factory })
    },
    300_000,
  )

  it('follow a reorg of its chain', async () => {
    const world = await openWorld(l1.factory)
    await world.run(9_500)
    const before = newest(world)
    await ask(world, 'l1', 'reorg', { depth: 3 })
    await world.run(14_500)
    expect(find(world, 'l1.reorg')).toHaveLength(1)
    const blocks = find(world, 'l1.block').map(({ payload }) => payload)
    expect(blocks.filter(({ number }) => number === before?.number)).toHaveLength(2)
    expect(newest(world)?.number).toBeGreaterThan(12n)
    expect(blocks.at(-1)?.parentHash).toBe(blocks.at(-2)?.hash)
    await world.conductor.close()
  }, 120_000)

  it('return to a checkpoint with it, and refuse a depth that finality forbids', async () => {
    const world = await openWorld(l1.factory)
    await world.run(5_500)
    const id = await world.conductor.checkpoint()
    const before = newest(world)
    await world.run(9_500)
    await world.conductor.rollback(id)
    await world.run(6_500)
    expect(newest(world)).toMatchObject({ parentHash: before?.hash })
    const refused = ask(world, 'l1', 'reorg', { depth: 100 })
    await expect(refused).rejects.toThrow('depth must be an integer from 1 to 6, is 100.')
    await world.conductor.close()
  }, 120_000)
})

const newest = (world: TestWorld) => find(world, 'l1.block').at(-1)?.payload

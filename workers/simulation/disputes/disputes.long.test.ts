/** Collected only where LONG_TESTS is set: each takes half a minute, and runs as a scenario of `npm run sim` as well. */
import { beforeAll, expect, it } from 'vitest'
import {
  ask,
  catchFraud,
  find,
  loadDisputeGenesis,
  openWorld,
  sendTokens,
} from './disputeWorld.testing.ts'

beforeAll(loadDisputeGenesis)

it('finalizes honest roots on every head', async () => {
  const world = await openWorld()
  await world.run(3_500)
  await sendTokens(world)
  await world.run(200_000, () => find(world, 'root.finalized').length > 0)
  expect(find(world, 'root.proposed')[0]?.payload).toMatchObject({ honest: true })
  expect(find(world, 'root.checked')[0]?.payload).toMatchObject({ agrees: true })
  expect(find(world, 'dispute.step')).toEqual([])
  const finalized = find(world, 'l2.head').filter(({ payload }) => payload.head === 'finalized')
  expect(finalized.length).toBeGreaterThan(0)
  await world.conductor.close()
}, 300_000)

it.each([
  { fraud: 'fraud-arithmetic', place: { phase: 'EXEC' } },
  { fraud: 'fraud-fee', place: { phase: 'TX_END' } },
  { fraud: 'fraud-skip', place: { phase: 'TX_START' } },
  { fraud: 'fraud-deposit', place: { phase: 'TX_NEXT' } },
])('catches $fraud at its step, slashes it, and goes on', catchFraud, 300_000)

it('loses a false challenge against an honest root', async () => {
  const world = await openWorld()
  await world.run(3_500)
  await sendTokens(world)
  await ask(world, 'challenger-0', 'corrupt', { fraud: 'false-challenge' })
  await world.run(400_000, () => find(world, 'root.resolved').length > 0)
  expect(find(world, 'dispute.step')[0]?.payload).toMatchObject({ succeeded: false })
  expect(find(world, 'root.resolved')[0]?.payload).toMatchObject({ status: 'defenderWins' })
  await world.conductor.close()
}, 300_000)

it('goes on with a dispute after a crash of either party', async () => {
  const world = await openWorld()
  await world.run(3_500)
  await sendTokens(world)
  await ask(world, 'executor-0', 'corrupt', { fraud: 'fraud-sstore' })
  await world.run(40_000)
  expect(find(world, 'dispute.move').length).toBeGreaterThan(5)
  for (const node of ['challenger-0', 'executor-0']) {
    await world.conductor.fault({ kind: 'crash', node })
    await world.run(world.conductor.nowMs() + 3_000)
    await world.conductor.fault({ kind: 'restart', node })
  }
  await world.run(400_000, () => find(world, 'root.resolved').length > 0)
  const [step] = find(world, 'dispute.step')
  expect(step?.payload).toMatchObject({ succeeded: true, step: { opcode: 'SSTORE' } })
  expect(find(world, 'root.resolved')[0]?.payload).toMatchObject({ status: 'challengerWins' })
  await world.conductor.close()
}, 300_000)

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createConductor } from './conductor.ts'
import { createJobRunner } from './jobs.ts'
import { createRoleHost } from './roleHost.ts'
import { toyHash, toyJobs, toyNetwork, toyRoles, toySpecs } from './toyRoles.testing.ts'
import type { RecordedInput } from './trace.ts'

function toyOptions(onInput?: (input: RecordedInput) => void) {
  const hosts = [0, 1].map(() => createRoleHost({ roles: toyRoles, hash: toyHash }))
  return {
    seed: 7,
    nodes: toySpecs().map((spec, i) => ({ spec, host: hosts[i % hosts.length] as never })),
    jobs: createJobRunner(toyJobs),
    network: toyNetwork,
    hash: toyHash,
    digestEveryMs: 500,
    ...(onInput === undefined ? {} : { onInput }),
  }
}

type Toy = Awaited<ReturnType<typeof createConductor>>

async function runUntil(conductor: Toy, timeMs: number): Promise<void> {
  for (let next = conductor.nextMs(); next !== null && next < timeMs; next = conductor.nextMs()) {
    await conductor.step()
  }
  await conductor.idleUntil(timeMs)
}

const hashOf = async (conductor: Toy) => Buffer.from(await conductor.eventHash()).toString('hex')

test('a world that was saved goes on as if nothing had been, with jobs in flight and nodes crashed', async () => {
  const plan = fc.record({
    saveMs: fc.integer({ min: 0, max: 1_500 }),
    restMs: fc.integer({ min: 1, max: 1_500 }),
    crash: fc.constantFrom('a', 'b', 'c', 'd'),
    isCrashed: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(plan, async ({ saveMs, restMs, crash, isCrashed }) => {
      const live = await createConductor(toyOptions())
      await runUntil(live, Math.floor(saveMs / 2))
      if (isCrashed) await live.fault({ kind: 'crash', node: crash })
      await runUntil(live, saveMs)
      const { conductor: saved } = await live.save(() => null)
      const again = await createConductor({ ...toyOptions(), saved })
      expect(again.nowMs()).toBe(live.nowMs())
      expect(await hashOf(again)).toBe(await hashOf(live))
      await runUntil(live, saveMs + restMs)
      await runUntil(again, saveMs + restMs)
      expect(await hashOf(again)).toBe(await hashOf(live))
      expect(again.inputs()).toEqual(live.inputs())
    }),
    { numRuns: 40 },
  )
})

test('inputs that came after the save are replayed from the log', async () => {
  const log: RecordedInput[] = []
  const live = await createConductor(toyOptions((input) => log.push(input)))
  await runUntil(live, 300)
  const { conductor: saved } = await live.save(() => null)
  const before = log.length
  await runUntil(live, 420)
  await live.post('a', 'count', {})
  await live.fault({ kind: 'restart', node: 'b' })
  await runUntil(live, 900)
  const again = await createConductor({ ...toyOptions(), saved, inputs: log.slice(before) })
  await runUntil(again, 900)
  expect(log.length - before).toBe(2)
  expect(await hashOf(again)).toBe(await hashOf(live))
})

test('a damaged save is refused', async () => {
  const live = await createConductor(toyOptions())
  await runUntil(live, 300)
  const { conductor: saved } = await live.save(() => null)
  const cut = { ...saved, hosts: saved.hosts.map((bytes) => bytes.subarray(0, bytes.length - 1)) }
  await expect(createConductor({ ...toyOptions(), saved: cut })).rejects.toThrow(/Damaged state/)
  const fewer = { ...saved, hosts: saved.hosts.slice(1) }
  await expect(createConductor({ ...toyOptions(), saved: fewer })).rejects.toThrow(/has 1 hosts/)
})

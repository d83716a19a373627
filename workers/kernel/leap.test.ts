import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Conductor, createConductor } from './conductor.ts'
import type { SavedConductor } from './conductorSave.ts'
import { createJobRunner } from './jobs.ts'
import { createRoleHost } from './roleHost.ts'
import { toyHash, toyJobs, toyNetwork, toyRoles, toySpecs } from './toyRoles.testing.ts'
import type { KernelTrace, RecordedInput } from './trace.ts'

const WEEK_MS = 604_800_000

interface Given {
  readonly hosts?: number
  readonly inputs?: readonly RecordedInput[]
  readonly saved?: SavedConductor
}

async function toyWorld({ hosts = 1, ...given }: Given = {}) {
  const all = Array.from({ length: hosts }, () =>
    createRoleHost({ roles: toyRoles, hash: toyHash }),
  )
  const trace: KernelTrace[] = []
  const conductor = await createConductor({
    seed: 7,
    nodes: toySpecs().map((spec, i) => ({ spec, host: all[i % hosts] as never })),
    jobs: createJobRunner(toyJobs),
    network: toyNetwork,
    hash: toyHash,
    digestEveryMs: 500,
    onTrace: (event) => trace.push(event),
    ...given,
  })
  return { conductor, trace }
}

async function runUntil(conductor: Conductor, timeMs: number): Promise<void> {
  for (let next = conductor.nextMs(); next !== null && next < timeMs; next = conductor.nextMs()) {
    await conductor.step()
  }
  await conductor.idleUntil(timeMs)
}

async function hashAt(conductor: Conductor, timeMs: number): Promise<string> {
  await runUntil(conductor, timeMs)
  return Buffer.from(await conductor.eventHash()).toString('hex')
}

interface Toy {
  readonly pings: number
  readonly seen: readonly string[]
}
const stateOf = async (conductor: Conductor, node: string) =>
  (await conductor.query(node, 'state', null)) as unknown as Toy

const leap = (toMs: number, early: readonly { node: string; byMs: number }[] = []) =>
  ({ kind: 'leap', toMs, early }) as const

describe('a leap of the clock', () => {
  test('lets nobody act before its end, and whoever wakes does what was due, once', async () => {
    const { conductor } = await toyWorld()
    await runUntil(conductor, 300)
    await conductor.fault(leap(WEEK_MS, [{ node: 'a', byMs: 1_000 }]))
    await runUntil(conductor, 301)
    const before = await stateOf(conductor, 'b')
    await runUntil(conductor, WEEK_MS - 1_000)
    const asleep = await Promise.all(['a', 'b'].map((node) => stateOf(conductor, node)))
    expect(asleep[1]).toEqual(before)
    await runUntil(conductor, WEEK_MS)
    expect((await stateOf(conductor, 'a')).pings).toBeGreaterThan(asleep[0]?.pings ?? 0)
    expect(await stateOf(conductor, 'b')).toEqual(before)
    await runUntil(conductor, WEEK_MS + 40)
    const after = await stateOf(conductor, 'b')
    expect(after.pings).toBeGreaterThan(before.pings)
    // A week of pings would be millions.
    expect(after.pings - before.pings).toBeLessThan(20)
    expect(after.seen.at(-1)).toMatch(/@6048000\d\d$/)
  })

  test('is the same on one host and on three, live, replayed, and across a save', async () => {
    const plan = fc.record({
      beforeMs: fc.integer({ min: 0, max: 600 }),
      byMs: fc.integer({ min: 0, max: 8_000 }),
      earlyMs: fc.integer({ min: 0, max: 2_000 }),
      node: fc.constantFrom('a', 'b', 'c', 'd'),
      isCrashed: fc.boolean(),
      savedAt: fc.double({ min: 0, max: 1.2, noNaN: true }),
    })
    await fc.assert(
      fc.asyncProperty(plan, async ({ beforeMs, byMs, earlyMs, node, isCrashed, savedAt }) => {
        const live = await toyWorld()
        await runUntil(live.conductor, beforeMs)
        if (isCrashed) await live.conductor.fault({ kind: 'crash', node: 'd' })
        const startMs = live.conductor.nowMs()
        await live.conductor.fault(leap(startMs + byMs, [{ node, byMs: earlyMs }]))
        await runUntil(live.conductor, startMs + Math.floor(savedAt * byMs))
        const { conductor: saved } = await live.conductor.save(() => null)
        const endMs = startMs + Math.floor(1.2 * byMs) + 500
        const hash = await hashAt(live.conductor, endMs)
        const inputs = live.conductor.inputs()
        const replayed = await toyWorld({ hosts: 3, inputs })
        expect(await hashAt(replayed.conductor, endMs)).toBe(hash)
        expect(replayed.trace).toEqual(live.trace)
        const resumed = await toyWorld({ saved })
        expect(await hashAt(resumed.conductor, endMs)).toBe(hash)
      }),
      { numRuns: 20 },
    )
  })

  test('a rollback to before it forgets it', async () => {
    const { conductor } = await toyWorld({ hosts: 2 })
    await runUntil(conductor, 300)
    const id = await conductor.checkpoint()
    const first = await hashAt(conductor, 1_500)
    await conductor.rollback(id)
    await conductor.fault(leap(WEEK_MS))
    await runUntil(conductor, WEEK_MS + 100)
    await conductor.rollback(id)
    expect(await hashAt(conductor, 1_500)).toBe(first)
  })

  test('bounds an answer by the time that the world lived', async () => {
    const { conductor } = await toyWorld()
    await runUntil(conductor, 100)
    const answer = conductor.input('a', 'count', {})
    await conductor.fault(leap(WEEK_MS))
    await runUntil(conductor, WEEK_MS + 100)
    expect(await answer).toBeGreaterThan(0)
  })

  test.each([
    ['toMs', leap(99)],
    ['toMs', leap(Number.NaN)],
    ['byMs', leap(1_000, [{ node: 'a', byMs: -1 }])],
    ['byMs', leap(1_000, [{ node: 'a', byMs: 60_001 }])],
    ['nobody', leap(1_000, [{ node: 'nobody', byMs: 1 }])],
  ])('names what is wrong: %s', async (text, fault) => {
    const { conductor } = await toyWorld()
    await runUntil(conductor, 100)
    await expect(conductor.fault(fault)).rejects.toThrow(text)
  })
})

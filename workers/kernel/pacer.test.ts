import { expect, test } from 'vitest'
import { type Conductor, createConductor } from './conductor.ts'
import { createJobRunner } from './jobs.ts'
import { createPacer, type WallClock } from './pacer.ts'
import { createRoleHost } from './roleHost.ts'
import { toyHash, toyJobs, toyNetwork, toyRoles, toySpecs } from './toyRoles.testing.ts'

/** A wall clock in the test's hand: time passes only in `pass`. */
function manualClock(): WallClock & { pass(ms: number): Promise<void> } {
  let now = 0
  let tasks: { atMs: number; task: () => void }[] = []
  const settle = async () => {
    for (let i = 0; i < 400; i++) await Promise.resolve()
  }
  return {
    nowMs: () => now,
    schedule: (delayMs, task) => {
      const entry = { atMs: now + delayMs, task }
      tasks.push(entry)
      return () => {
        tasks = tasks.filter((one) => one !== entry)
      }
    },
    pass: async (ms) => {
      const endMs = now + ms
      for (;;) {
        const due = tasks.filter((one) => one.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
        if (due === undefined) break
        now = Math.max(now, due.atMs)
        tasks = tasks.filter((one) => one !== due)
        due.task()
        await settle()
        if (now >= endMs) break
      }
      now = endMs
    },
  }
}

async function paced() {
  const host = createRoleHost({ roles: toyRoles, hash: toyHash })
  const conductor = await createConductor({
    seed: 7,
    nodes: toySpecs().map((spec) => ({ spec, host })),
    jobs: createJobRunner(toyJobs),
    network: toyNetwork,
    hash: toyHash,
  })
  const clock = manualClock()
  const failures: unknown[] = []
  const pacer = createPacer({ conductor, clock, onFailure: (error) => failures.push(error) })
  return { conductor, clock, pacer, failures }
}

const near = (conductor: Conductor, timeMs: number) =>
  expect(Math.abs(conductor.nowMs() - timeMs)).toBeLessThan(30)

test('virtual time follows wall time at the chosen speed', async () => {
  const { conductor, clock, pacer } = await paced()
  pacer.play()
  await clock.pass(500)
  near(conductor, 500)
  pacer.setSpeed(2)
  await clock.pass(500)
  near(conductor, 1500)
  pacer.setSpeed(0.1)
  await clock.pass(1000)
  near(conductor, 1600)
  expect(pacer.pace()).toBeGreaterThan(0)
})

test('a paused world does not move, and playing goes on where it stopped', async () => {
  const { conductor, clock, pacer } = await paced()
  pacer.play()
  await clock.pass(200)
  await pacer.pause()
  const stopped = conductor.nowMs()
  await clock.pass(5000)
  expect(conductor.nowMs()).toBe(stopped)
  expect(pacer.pace()).toBe(0)
  pacer.play()
  await clock.pass(100)
  near(conductor, stopped + 100)
})

test('what a sleeping tab missed is not caught up', async () => {
  const { conductor, clock, pacer } = await paced()
  pacer.play()
  await clock.pass(100)
  const before = conductor.nowMs()
  const original = clock.nowMs
  clock.nowMs = () => original() + 60_000
  await clock.pass(16)
  expect(conductor.nowMs() - before).toBeLessThan(400)
})

test('runUntil stops at the predicate, the deadline, or when cancelled, and keeps the phase', async () => {
  const { conductor, pacer, clock } = await paced()
  // The manual clock never advances here, so the run never yields.
  expect(await pacer.runUntil({ deadlineMs: 10_000, isDone: () => conductor.nowMs() >= 400 })).toBe(
    'done',
  )
  expect(conductor.nowMs()).toBeLessThan(500)
  expect(await pacer.runUntil({ deadlineMs: 1000 })).toBe('deadline')
  near(conductor, 1000)
  expect(await pacer.runUntil({ deadlineMs: 2000, isCancelled: () => true })).toBe('cancelled')
  expect(pacer.isPlaying()).toBe(false)
  expect(clock.nowMs()).toBe(0)
})

test.each([0, 0.01, 101, Number.NaN, -1])('the speed %s is refused', async (speed) => {
  const { pacer } = await paced()
  expect(() => pacer.setSpeed(speed)).toThrow('Speed must be')
})

test('a failing window pauses the pacer and is told', async () => {
  const { conductor, clock, pacer, failures } = await paced()
  conductor.step = () => Promise.reject(new RangeError('broken'))
  pacer.play()
  await clock.pass(200)
  expect(pacer.isPlaying()).toBe(false)
  expect(failures).toMatchObject([{ name: 'RangeError' }])
})

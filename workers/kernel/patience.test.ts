import { expect, it } from 'vitest'
import type { WallClock } from './pacer.ts'
import { createPatience, QUERY_LIMIT_MS, STEPS } from './patience.ts'

function handClock(): WallClock & { nowAt: number; scheduled: number } {
  const clock = {
    nowAt: 1_000,
    scheduled: 0,
    nowMs: () => clock.nowAt,
    schedule: (_: number, task: () => void) => {
      clock.scheduled += 1
      queueMicrotask(task)
      return () => undefined
    },
  }
  return clock
}

it('looks at the clock once in so many steps, and lets others run after a slice', async () => {
  const clock = handClock()
  const patience = createPatience(clock)
  clock.nowAt += 20
  for (let step = 1; step < STEPS; step += 1) expect(patience.tick()).toBeUndefined()
  const pause = patience.tick()
  expect(pause).toBeInstanceOf(Promise)
  await pause
  expect(clock.scheduled).toBe(1)
  expect(patience.tick(STEPS)).toBeUndefined()
})

it('ends what takes longer than the limit, and not before', () => {
  const clock = handClock()
  const patience = createPatience(clock)
  clock.nowAt += QUERY_LIMIT_MS
  expect(() => patience.tick(STEPS)).not.toThrow()
  clock.nowAt += 1
  expect(() => patience.tick(STEPS)).toThrow('execution aborted (timeout = 5s)')
})

it('takes another limit, from its begin', () => {
  const clock = handClock()
  const patience = createPatience(clock)
  patience.allow(10)
  clock.nowAt += 11
  expect(() => patience.tick(STEPS)).toThrow('timeout = 0.01s')
  patience.allow(60_000)
  expect(() => patience.tick(STEPS)).not.toThrow()
})

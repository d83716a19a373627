import { describe, expect, it } from 'vitest'
import { cutMs, leaveMs, plannedMs } from './pace.ts'
import { steps } from './steps.ts'

describe('the seven-minute cut', () => {
  it('plans seven minutes', () => {
    expect(cutMs).toBe(7 * 60_000)
  })

  it('gives a step that begins as planned its own time', () => {
    for (const [at, { seconds }] of steps.entries()) {
      const enteredMs = 500 + plannedMs(at)
      expect(leaveMs({ at, startedMs: 500, enteredMs })).toBe(enteredMs + seconds * 1_000)
    }
  })

  it('makes up for steps that took longer, and leaves each time to look', () => {
    const late = plannedMs(9) + 10_000
    expect(leaveMs({ at: 9, startedMs: 0, enteredMs: late })).toBe(plannedMs(10))
    const veryLate = plannedMs(9) + 60_000
    expect(leaveMs({ at: 9, startedMs: 0, enteredMs: veryLate })).toBe(veryLate + 8_000)
  })

  it('does not stretch a step that somebody came to early', () => {
    expect(leaveMs({ at: 3, startedMs: 0, enteredMs: 1_000 })).toBe(
      1_000 + (steps[3]?.seconds ?? 0) * 1_000,
    )
  })
})

import { describe, expect, it } from 'vitest'
import type { RewardRootStatus } from '../../../workers/protocol/persona.ts'
import { dueEpoch, mostUrgent } from './epochs.ts'

const epochs = (...all: readonly (readonly [number, RewardRootStatus])[]) =>
  all.map(([epoch, status]) => ({ epoch, status }))

describe('the epoch that is shown', () => {
  it('is the one whose root can be challenged, also when the next is over', () => {
    const both = epochs([0, 'pending'], [1, 'closed'], [2, 'open'])
    expect(mostUrgent(both)).toBe(0)
    expect(dueEpoch(both)).toBe(1)
  })

  it('is else the first without a root, for it is the one that can be published', () => {
    expect(mostUrgent(epochs([0, 'final'], [1, 'closed'], [2, 'closed'], [3, 'open']))).toBe(1)
    expect(mostUrgent(epochs([0, 'removed'], [1, 'closed']))).toBe(0)
  })

  it('is else the last that is paid, also after a root of it was removed', () => {
    expect(mostUrgent(epochs([0, 'removed'], [0, 'final'], [1, 'open']))).toBe(0)
    expect(dueEpoch(epochs([0, 'removed'], [0, 'final'], [1, 'open']))).toBeUndefined()
  })

  it('is the one that runs where nothing is over, and none where nobody acted', () => {
    expect(mostUrgent(epochs([0, 'open']))).toBe(0)
    expect(mostUrgent([])).toBeUndefined()
  })
})

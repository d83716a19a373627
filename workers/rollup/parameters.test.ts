import { describe, expect, it } from 'vitest'
import { type Parameters, PRESETS } from './parameters.ts'

/** Moves of a game that is played to the end: 46 levels. */
const MOVES = 46

describe.each(Object.values(PRESETS))('the preset $preset', (preset: Parameters) => {
  const { gameClockSeconds, gameClockExtensionSeconds, disputeWindowSeconds, l1SlotMs } = preset

  it('leaves each side time for all its moves, one L1 slot each', () => {
    expect(1_000 * gameClockSeconds).toBeGreaterThan((MOVES / 2) * l1SlotMs)
    expect(1_000 * gameClockExtensionSeconds).toBeGreaterThan(2 * l1SlotMs)
    expect(gameClockSeconds).toBeGreaterThan(2 * gameClockExtensionSeconds)
  })

  it('keeps a root disputable for longer than a clock', () => {
    expect(disputeWindowSeconds).toBeGreaterThan(gameClockSeconds)
  })

  it('lets data be challenged before the state over it is final', () => {
    expect(preset.dataChallengeWindowSeconds).toBeLessThan(disputeWindowSeconds)
  })

  it('has a quorum of data nodes, of which there are at most 16', () => {
    expect(preset.dataQuorum).toBeLessThanOrEqual(preset.dataNodeCount)
    expect(2 * preset.dataQuorum).toBeGreaterThan(preset.dataNodeCount)
    expect(preset.dataNodeCount).toBeLessThanOrEqual(16)
  })
})

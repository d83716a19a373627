import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatChessClock,
  formatClock,
  formatEther,
  formatSpan,
  nodeTitle,
  plural,
  shortHash,
} from './format.ts'

describe('format', () => {
  it('shows virtual time to a tenth of a second', () => {
    expect(formatClock(0)).toBe('00:00:00.0')
    expect(formatClock(3_723_456)).toBe('01:02:03.4')
  })

  it('shows spans in the two units that matter', () => {
    expect([400, 41_000, 151_000, 7_500_000, 604_800_000].map(formatSpan)).toEqual([
      '1 s',
      '41 s',
      '2:31 min',
      '2 h 5 min',
      '7 d 0 h',
    ])
    expect(formatSpan(-5)).toBe('0 s')
  })

  it('shows chess clocks as players read them', () => {
    expect(formatChessClock(114)).toBe('1:54')
    expect(formatChessClock(0.2)).toBe('0:01')
    expect(formatChessClock(302_400)).toBe('84 h 0 min')
  })

  it('shows ether with few decimals and never calls dust nothing', () => {
    expect(formatEther(5n * 10n ** 18n)).toBe('5 ETH')
    expect(formatEther(10n ** 17n)).toBe('0.1 ETH')
    expect(formatEther(1n)).toBe('< 0.0001 ETH')
    expect(formatEther(0n)).toBe('0 ETH')
  })

  it('shortens hashes but not short strings', () => {
    expect(shortHash(`0x${'ab'.repeat(32)}`)).toBe('0xabab…abab')
    expect(shortHash('0x1234')).toBe('0x1234')
  })

  it('names nodes, bytes and counts', () => {
    expect(['l1', 'sequencer-3', 'da-11'].map(nodeTitle)).toEqual([
      'L1',
      'Sequencer 3',
      'Data node 11',
    ])
    expect([12, 8_400, 3_200_000].map(formatBytes)).toEqual(['12 B', '8.4 kB', '3.2 MB'])
    expect([plural(1, 'move'), plural(1_200, 'move')]).toEqual(['1 move', '1,200 moves'])
  })
})

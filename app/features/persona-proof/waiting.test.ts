import { describe, expect, it } from 'vitest'
import type { Projection, RootView } from '../../../workers/protocol/projection.ts'
import { PRESETS } from '../../../workers/rollup/parameters.ts'
import { waitingOf } from './waiting.ts'

type World = Parameters<typeof waitingOf>[1]

const root = (entryIndex: bigint, status: RootView['status']): RootView => ({
  game: `0x${entryIndex}`,
  entryIndex,
  claim: '0x',
  parent: '0x',
  proposer: '0x',
  bondWei: 0n,
  honest: true,
  status,
  proposedMs: 0,
  deadlineMs: 60_000,
  transactionHash: '0x',
  checks: [],
})

/** Batches of ten blocks: 1 holds 1 to 10, 2 holds 11 to 20, and so on; the first two are on L1. */
function world(roots: readonly RootView[], timeMs = 20_000): World {
  const at = (number: bigint) => ({ number, hash: '0x' })
  return {
    clock: { timeMs, phase: 'playing', speed: 1, failure: null },
    roots,
    run: { parameters: PRESETS.classroom } as Projection['run'],
    l2: {
      heads: { unsafe: at(30n), safe: at(20n), settled: at(10n), finalized: at(0n) },
      spans: [1n, 2n, 3n].map((batchIndex) => ({
        batchIndex,
        firstNumber: 10n * batchIndex - 9n,
        counts: new Array<number>(10).fill(0),
      })),
    } as unknown as Projection['l2'],
  }
}

describe('what a proof waits for', () => {
  it('is the batch, then a root, then the end of its dispute window', () => {
    const batch = waitingOf(21n, world([]))
    expect(batch.text).toContain('not on L1')
    const none = waitingOf(20n, world([root(1n, 'proposed')]))
    expect(none.text).toContain('not proposed')
    expect(none.leftMs).toBeLessThan(batch.leftMs ?? 0)
    expect([batch.isMost, none.isMost]).toEqual([true, true])
    const proposed = waitingOf(20n, world([root(1n, 'finalized'), root(2n, 'proposed')]))
    // 40 s of the window, an air gap of 6 s, four slots of 1 s.
    expect(proposed).toEqual({ text: expect.any(String), leftMs: 50_000, isMost: false })
  })

  it('is nobody’s to foretell while the root is disputed, and passes over a root that fell', () => {
    expect(waitingOf(5n, world([root(1n, 'disputed')])).leftMs).toBeNull()
    const fell = waitingOf(5n, world([root(1n, 'rejected'), root(2n, 'proposed')]))
    expect(fell.leftMs).toBe(50_000)
  })

  it('is never less than nothing', () => {
    expect(waitingOf(5n, world([root(1n, 'proposed')], 900_000)).leftMs).toBe(0)
    expect(waitingOf(5n, world([root(1n, 'finalized')])).leftMs).toBe(0)
  })
})

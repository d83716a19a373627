import { describe, expect, it } from 'vitest'
import { halves, lanes, mainPath } from './claim-tree.ts'
import { cellPoint, layoutSpans } from './spans.ts'

const claim = (index: number, parentIndex: number, depth: number, attack = true) => ({
  index,
  parentIndex,
  depth,
  attack,
})

describe('claim tree', () => {
  const claims = [
    claim(0, -1, 0),
    claim(1, 0, 1),
    claim(2, 1, 2, false),
    claim(3, 1, 2),
    claim(4, 2, 3),
  ]

  it('follows the deepest line of play', () => {
    expect(mainPath(claims).map(({ index }) => index)).toEqual([0, 1, 2, 4])
    expect(mainPath([])).toEqual([])
  })

  it('narrows to the left where an answer attacks and to the right where it defends', () => {
    expect(halves(mainPath(claims))).toEqual(['left', 'right', 'left', 'open'])
  })

  it('gives a second answer to the same claim a lane of its own', () => {
    expect([...lanes(claims)]).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 0],
    ])
  })

  it('does not hang on claims that name themselves as parent', () => {
    expect(mainPath([claim(0, 0, 5)])).toHaveLength(1)
  })
})

describe('spans', () => {
  const grid = { rows: 10, cell: 10, gap: 2, margin: 8, minWidth: 30 }
  const span = (batchIndex: bigint, size: number) => ({
    batchIndex,
    firstNumber: 0n,
    counts: Array.from({ length: size }, () => 1),
  })

  it('stands on the left as long as everything fits', () => {
    expect(layoutSpans([span(1n, 40), span(2n, 5)], 300, grid).map(({ x }) => x)).toEqual([0, 54])
  })

  it('keeps the newest and lets the oldest stick out', () => {
    const boxes = layoutSpans([span(1n, 40), span(2n, 40), span(3n, 40)], 120, grid)
    expect(boxes.map(({ span: { batchIndex } }) => batchIndex)).toEqual([1n, 2n, 3n])
    expect(boxes[0]?.x).toBeLessThan(0)
    expect(boxes.at(-1)?.x).toBe(74)
  })

  it('fills columns from top to bottom', () => {
    expect(cellPoint(0, grid)).toEqual({ x: 0, y: 0 })
    expect(cellPoint(11, grid)).toEqual({ x: 12, y: 12 })
  })
})

import { describe, expect, it } from 'vitest'
import type {
  ClaimView,
  DisputeView,
  PartyView,
  StepView,
} from '../../../workers/protocol/projection.ts'
import type { TraceItem } from '../../../workers/protocol/queries.ts'
import { movePosition, traceIndex } from '../../../workers/rollup/game/position.ts'
import { OPCODES } from '../../../workers/rollup/machine/opcodes.ts'
import { PHASE } from '../../../workers/rollup/machine/types.ts'
import { barsOf } from './bars.ts'
import { visibleMoves } from './levels.ts'
import { meaningOf } from './opcodes.ts'
import { beatsOf, mainLine, sceneAt } from './scene.ts'
import { intervalAfter, placeOf, traceIndexOf } from './trace.ts'
import { agreedWords, askedWords, disputedWords, spanOf } from './words.ts'

const depth = 46
/** The first wrong step: item 7, step 301. */
const wrong = (7n << 25n) + 301n

/** An honest challenger against a liar: who disagrees with a state at or behind the wrong step attacks it. */
function play(moves: number): ClaimView[] {
  const claims: ClaimView[] = []
  let position = 1n
  for (let index = 0; index <= moves; index += 1) {
    const side = index % 2 === 0 ? 'defender' : 'challenger'
    const parent = claims[index - 1]
    // A challenger's claim is true, a defender's false from the wrong step on: they differ there alone.
    const attack = parent === undefined || traceIndex(parent.position) >= wrong
    if (parent !== undefined) position = movePosition(parent.position, attack)
    claims.push({
      index,
      parentIndex: index - 1,
      position,
      depth: index,
      claim: `0x${index}`,
      claimant: side,
      side,
      attack,
      bondWei: BigInt(index + 1),
      clockSeconds: Math.ceil(index / 2),
      timeMs: 1_000 * index,
      transactionHash: `0xt${index}`,
      gasUsed: 10n,
      countered: false,
    })
  }
  return claims
}

const party = (side: PartyView['side']): PartyView => ({
  address: side,
  side,
  node: side === 'defender' ? 'executor-0' : 'challenger-0',
  alias: 0,
  honest: side === 'challenger',
  bondedWei: 0n,
  wonWei: side === 'challenger' ? 1_128n : 0n,
  moves: 0,
})

const step: StepView = {
  claimIndex: depth,
  attack: traceIndex(play(depth).at(-1)?.position ?? 0n) >= wrong,
  step: {
    phase: 'EXEC',
    opcode: 'SSTORE',
    pc: 9,
    blockNumber: 2n,
    transactionIndex: 0,
    traceIndex: wrong,
  },
  gasUsed: 500n,
  transactionHash: '0xstep',
  succeeded: true,
  timeMs: 47_000,
}

const dispute: DisputeView = {
  game: '0xgame',
  entryIndex: 2n,
  rootClaim: '0x0',
  openedMs: 1_000,
  status: 'challengerWins',
  resolvedMs: 60_000,
  claims: play(depth),
  parties: [party('defender'), party('challenger')],
  steps: [step],
  payouts: [],
  resolvedBy: '0xr',
}

const at = (
  batchIndex: bigint,
  blockNumber: bigint | null,
  phase: TraceItem['phase'],
  place?: number,
): TraceItem => ({
  phase,
  batchIndex,
  blockNumber,
  transaction: place === undefined ? null : { place, hash: `0xh${place}`, isDeposit: false },
})
const items: readonly TraceItem[] = [
  at(1n, null, 'BATCH_OPEN'),
  at(1n, 1n, 'BLOCK_START'),
  at(1n, 1n, 'TX_NEXT'),
  at(1n, 1n, 'BLOCK_END'),
  at(1n, null, 'BLOCK_START'),
  at(2n, null, 'BATCH_OPEN'),
  at(2n, 2n, 'BLOCK_START'),
  at(2n, 2n, 'TX_NEXT', 0),
  at(2n, 2n, 'TX_NEXT'),
  at(2n, 2n, 'BLOCK_END'),
  at(2n, null, 'BLOCK_START'),
]
const trace = { items, length: 316 }

describe('the interval in dispute', () => {
  it('agrees with the positions of the game', () => {
    for (const claim of play(depth)) expect(traceIndexOf(claim)).toBe(traceIndex(claim.position))
  })

  it('halves with every answer and always holds the wrong step', () => {
    const path = play(depth)
    for (let moves = 1; moves <= depth; moves += 1) {
      const { first, last, asked } = intervalAfter(path.slice(0, moves + 1))
      expect(last - first + 1n).toBe(1n << BigInt(47 - moves))
      expect(first <= wrong && wrong <= last).toBe(true)
      expect(asked).toBe((first + last - 1n) / 2n)
    }
  })

  it('ends with the one step that L1 executes', () => {
    const beats = beatsOf(dispute)
    const [decided] = beats.slice(-2)
    if (decided === undefined) throw new Error('There is no beat.')
    expect(sceneAt(dispute, decided).interval).toEqual({ first: wrong, last: wrong, asked: null })
  })
})

describe('the scene at a beat', () => {
  const scene = (index: number) => {
    const beat = beatsOf(dispute)[index]
    if (beat === undefined) throw new RangeError(`No beat ${index}.`)
    return sceneAt(dispute, beat)
  }

  it('has a beat for the root, every move, the step and the verdict', () => {
    expect(beatsOf(dispute)).toHaveLength(49)
    expect(beatsOf({ ...dispute, status: 'running', steps: [] })).toHaveLength(47)
  })

  it('knows bonds and clocks of that moment', () => {
    expect(scene(0).parties.map(({ bondedWei, moves }) => [bondedWei, moves])).toEqual([[1n, 1]])
    const [defender, challenger] = scene(3).parties
    expect([defender?.bondedWei, challenger?.bondedWei]).toEqual([4n, 6n])
    expect([defender?.usedSeconds, challenger?.usedSeconds]).toEqual([1, 2])
    expect([defender?.runsSinceMs, challenger?.runsSinceMs]).toEqual([3_000, null])
  })

  it('lets the refuted side’s clock run on behind the step', () => {
    const [defender, challenger] = scene(47).parties
    expect([defender?.runsSinceMs, challenger?.runsSinceMs]).toEqual([46_000, null])
    expect([defender?.gasUsed, challenger?.gasUsed]).toEqual([240n, 730n])
    expect(scene(48).parties.map(({ wonWei }) => wonWei)).toEqual([0n, 1_128n])
  })
})

describe('a game with aliases', () => {
  /** An alias attacks claim 1, and the challenger answers it. */
  const template = play(3)
  const [one, two, three] = template.slice(1) as [ClaimView, ClaimView, ClaimView]
  const alias = { ...two, index: 4, parentIndex: 1, claimant: 'alias' }
  const refuted = { ...three, index: 5, parentIndex: 4 }
  const deep = { ...refuted, index: 6, parentIndex: 5, depth: 4, claimant: 'alias' }
  const crowded: DisputeView = {
    ...dispute,
    status: 'running',
    steps: [],
    claims: [...template, alias, refuted, deep],
    parties: [...dispute.parties, { ...party('defender'), address: 'alias', alias: 1 }],
  }
  const indices = (claims: readonly ClaimView[]) => claims.map(({ index }) => index)

  it('is told along the line on which everybody plays under the first name', () => {
    expect(indices(mainLine(crowded))).toEqual([0, one.index, two.index, three.index])
    expect(indices(mainLine({ ...crowded, claims: crowded.claims.slice(0, 5) }))).toHaveLength(4)
  })

  it('is told along the line that L1 judged, once there is one', () => {
    const steps = [{ ...step, claimIndex: 6 }]
    expect(indices(mainLine({ ...crowded, steps }))).toEqual([0, 1, 4, 5, 6])
  })
})

describe('a false challenge', () => {
  it('ends with the challenger’s clock running out, for its step was refused', () => {
    const refused = {
      ...dispute,
      status: 'defenderWins' as const,
      steps: [{ ...step, succeeded: false }],
    }
    const beats = beatsOf(refused)
    for (const beat of beats.slice(-2)) {
      const [defender, challenger] = sceneAt(refused, beat).parties
      expect([defender?.runsSinceMs, challenger?.runsSinceMs]).toEqual([null, 46_000])
    }
  })
})

describe('words', () => {
  it('say what is agreed and what is disputed, from the batch down to the step', () => {
    const path = play(depth)
    const said = (moves: number) => disputedWords(trace, intervalAfter(path.slice(0, moves + 1)))
    expect(said(1)).toBe('Batches 1 to 2')
    expect(spanOf(items, intervalAfter(path.slice(0, 2)))).toMatchObject({
      isBeyond: true,
      level: 'batch',
    })
    expect(said(21)).toMatch(/^2 items, from the start of block 2 to transaction 0 of block 2$/)
    expect(said(23)).toBe('All 316 steps of transaction 0 of block 2')
    expect(agreedWords(trace, intervalAfter(path.slice(0, 2)))).toBe(
      'The state before the opening of batch 1',
    )
    expect(askedWords(trace, traceIndexOf(path[1] as ClaimView))).toBe(
      'far behind the end of the trace',
    )
    expect(placeOf(wrong)).toEqual({ item: 7, step: 301 })
  })

  it('say so where the question is whether the trace goes on behind its end', () => {
    const end = BigInt(items.length) << 25n
    const only = { first: end, last: end, asked: null }
    expect(disputedWords(trace, only)).toBe('The step behind the end of the trace')
    expect(agreedWords(trace, only)).toBe('Everything up to the end of the trace')
    const last = { ...only, first: BigInt(items.length - 1) << 25n }
    expect(disputedWords(trace, last)).toBe('The end of batch 2, or behind the end of the trace')
    expect(spanOf(items, last).level).toBe('transaction')
    expect(spanOf(items, only).level).toBe('end')
    expect(barsOf({ items, interval: only, steps: null })).toMatchObject([{ hasTail: true }])
  })

  it('explain every opcode and every phase of the machine', () => {
    const silent = OPCODES.flatMap((opcode) =>
      opcode && meaningOf({ phase: 'EXEC', opcode: opcode.name }) === null ? [opcode.name] : [],
    )
    expect(silent).toEqual([])
    expect(Object.keys(PHASE).filter((phase) => meaningOf({ phase, opcode: '' }) === null)).toEqual(
      [],
    )
    expect(meaningOf({ phase: 'EXEC', opcode: 'NONSENSE' })).toBeNull()
  })

  it('name as many operands as an opcode pops', () => {
    const wrongNames = OPCODES.flatMap((opcode) => {
      if (opcode === undefined || /^(DUP|SWAP)/.test(opcode.name)) return []
      const named = meaningOf({ phase: 'EXEC', opcode: opcode.name })?.operands.length
      return named === opcode.pops ? [] : [opcode.name]
    })
    expect(wrongNames).toEqual([])
  })
})

describe('the levels', () => {
  it('show at most twelve moves, whichever is looked at', () => {
    for (let selected = 0; selected <= depth; selected += 1) {
      const rows = visibleMoves(dispute.claims, items, selected)
      expect(rows.length).toBeLessThanOrEqual(12)
      expect(rows).toContain(selected)
    }
  })
})

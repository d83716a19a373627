import { describe, expect, it } from 'vitest'
import type { ReportEvent, TraceEvent, TraceHeader } from '../protocol/trace.ts'
import { GENESIS_TIMESTAMP, PRESETS } from '../rollup/parameters.ts'
import { createProjector } from './projection.ts'

const proposer = '0xaaaa'
const challenger = '0xbbbb'
/** Another account of the executor. */
const alias = '0xcccc'
const header: TraceHeader = {
  seed: 7,
  scenario: 'steady',
  buildHash: 'test',
  parameters: PRESETS.demo,
  nodes: ['l1', 'executor-0', 'challenger-0', 'sequencer-0', 'sequencer-1', 'da-0'],
  accounts: { [proposer]: 'executor-0', [alias]: 'executor-0', [challenger]: 'challenger-0' },
}

type Of<T extends ReportEvent['type']> = Extract<ReportEvent, { type: T }>['payload']

function report<T extends ReportEvent['type']>(
  timeMs: number,
  node: string,
  type: T,
  payload: Of<T>,
): TraceEvent {
  return { kind: 'report', timeMs, node, type, payload } as TraceEvent
}

function project(...events: TraceEvent[]) {
  const projector = createProjector(header)
  for (const event of events) projector.apply(event)
  return projector.projection()
}

const block = (number: bigint, hash = `0x${number}`, node = 'executor-0') =>
  report(Number(number) * 500, node, 'l2.block', {
    node,
    number,
    hash,
    parentHash: '0x',
    stateRoot: '0x',
    timestamp: 0n,
    transactions: 3,
    deposits: 1,
    skipped: 0,
    gasUsed: 21_000n,
    batchIndex: 1n,
    view: 1n,
  })

const posted = report(1_000, 'l1', 'batch.posted', {
  index: 1n,
  kind: 'batch',
  payloadBytes: 500,
  inboxCount: 0n,
  poster: '0x',
  transactionHash: '0x',
  l1Number: 2n,
  gasUsed: 1n,
})

const proposal = (honest: boolean) =>
  report(10_000, 'executor-0', 'root.proposed', {
    game: '0xgame',
    entryIndex: 1n,
    claim: '0xc0',
    parent: '0x',
    proposer,
    bondWei: 10n,
    honest,
    deadline: BigInt(GENESIS_TIMESTAMP + 190),
    transactionHash: '0xt',
  })

const move = (timeMs: number, claimIndex: number, claimant: string, clockSeconds: number) =>
  report(timeMs, 'l1', 'dispute.move', {
    game: '0xgame',
    claimIndex,
    parentIndex: claimIndex - 1,
    position: 1n << BigInt(claimIndex),
    claim: `0xc${claimIndex}`,
    claimant,
    attack: true,
    bondWei: 5n,
    clockSeconds,
    transactionHash: `0xm${claimIndex}`,
    gasUsed: 9n,
  })

describe('projector', () => {
  it('hands out all sections at first and then only those that changed', () => {
    const projector = createProjector(header)
    expect(Object.keys(projector.patch())).toContain('l1')
    expect(projector.patch()).toEqual({})
    projector.apply(block(1n))
    const patch = projector.patch()
    expect(Object.keys(patch).sort()).toEqual(['clock', 'l2', 'nodes', 'totals', 'traffic'])
  })

  it('shows a block once, however many nodes derive it', () => {
    const { l2, totals } = project(
      block(1n),
      block(1n, '0x1', 'challenger-0'),
      block(1n, '0x1', 'executor-0'),
      block(2n),
    )
    expect(l2.blocks.map((entry) => entry.number)).toEqual([1n, 2n])
    expect(totals.transactions).toBe(6)
  })

  it('replaces blocks that a reorg removed', () => {
    const reorg = report(2_000, 'executor-0', 'l2.reorg', { node: 'executor-0', toNumber: 1n })
    const { l2 } = project(block(1n), block(2n), reorg, block(2n, '0xother'))
    expect(l2.blocks.map((entry) => entry.hash)).toEqual(['0x1', '0xother'])
  })

  it('keeps the L2 window bounded', () => {
    const { l2 } = project(...Array.from({ length: 500 }, (_, index) => block(BigInt(index + 1))))
    expect(l2.blocks).toHaveLength(160)
    expect(l2.blocks.at(-1)?.number).toBe(500n)
  })

  it('follows a view from proposal to finality, and ignores late certificates', () => {
    const certified = (kind: 'notarize' | 'finalize') =>
      report(30, 'sequencer-0', 'view.certified', {
        node: 'sequencer-0',
        kind,
        view: 1n,
        signers: 0b1011,
        hash: '0x',
      })
    const { committee } = project(
      report(0, 'sequencer-0', 'view.started', { node: 'sequencer-0', view: 1n, leader: 1 }),
      report(10, 'sequencer-1', 'view.proposed', {
        view: 1n,
        leader: 1,
        hash: '0xb',
        blocks: 2,
        transactions: 9,
        bytes: 100,
      }),
      report(20, 'sequencer-0', 'view.voted', {
        node: 'sequencer-0',
        voter: 0,
        kind: 'notarize',
        view: 1n,
      }),
      certified('finalize'),
      certified('notarize'),
    )
    expect(committee.leader).toBe(1)
    expect(committee.members[0]?.vote).toBe('notarize')
    expect(committee.views[0]).toMatchObject({
      stage: 'finalized',
      notarize: 0b1011,
      finalize: 0b1011,
      transactions: 9,
    })
  })

  it('follows a batch and its cells', () => {
    const { batches } = project(
      report(1, 'da-0', 'da.stored', { node: 'da-0', index: 1n, columns: [0, 1] }),
      posted,
      report(2_000, 'executor-0', 'da.sampled', {
        node: 'da-0',
        index: 1n,
        columns: [1],
        available: false,
      }),
    )
    expect(batches[0]).toMatchObject({
      stage: 'posted',
      postedMs: 1_000,
      settlesMs: 41_000,
      storedBy: ['da-0'],
    })
    expect(batches[0]?.columns.slice(0, 3)).toBe('sw.')
  })

  it('counts a batch once when two nodes tell of it', () => {
    expect(project(posted, posted).totals).toMatchObject({ batches: 1, batchBytes: 500 })
    expect(project(posted, posted).log).toHaveLength(1)
  })

  it('knows both parties of a dispute with their bonds', () => {
    const { disputes, roots } = project(
      proposal(false),
      move(12_000, 1, challenger, 2),
      move(20_000, 2, proposer, 8),
    )
    expect(roots[0]).toMatchObject({ status: 'disputed', deadlineMs: 190_000 })
    const [defender, attacker] = disputes[0]?.parties ?? []
    expect(defender).toMatchObject({
      node: 'executor-0',
      honest: false,
      bondedWei: 15n,
      moves: 2,
    })
    expect(attacker).toMatchObject({
      node: 'challenger-0',
      honest: true,
      bondedWei: 5n,
      moves: 1,
    })
  })

  it('knows a liar under another name, and an honest party on either side', () => {
    // The challenger attacks the root, the liar answers, its alias sides with the challenger, who refutes that one.
    const { disputes } = project(
      proposal(false),
      move(12_000, 1, challenger, 2),
      move(14_000, 2, proposer, 2),
      move(16_000, 3, alias, 2),
      move(18_000, 4, challenger, 2),
    )
    expect(disputes[0]?.parties).toMatchObject([
      { address: proposer, node: 'executor-0', alias: 0, honest: false, moves: 2 },
      { address: challenger, side: 'challenger', honest: true, moves: 2 },
      { address: alias, side: 'challenger', node: 'executor-0', alias: 1, honest: false, moves: 1 },
    ])
  })

  it('ends a dispute with its step, payouts and verdict', () => {
    const step = {
      phase: 'opcode',
      opcode: 'SSTORE',
      pc: 7,
      blockNumber: 3n,
      transactionIndex: 0,
      traceIndex: 9n,
    }
    const { disputes, roots } = project(
      proposal(false),
      move(12_000, 1, challenger, 2),
      move(20_000, 2, proposer, 8),
      report(30_000, 'l1', 'dispute.step', {
        game: '0xgame',
        claimIndex: 2,
        attack: true,
        step,
        gasUsed: 900_000n,
        transactionHash: '0xs',
        succeeded: true,
      }),
      report(40_000, 'l1', 'dispute.resolved', {
        game: '0xgame',
        claimIndex: 2,
        winner: challenger,
        amountWei: 5n,
        transactionHash: '0xr',
      }),
      report(41_000, 'l1', 'root.resolved', {
        game: '0xgame',
        status: 'challengerWins',
        transactionHash: '0xr',
      }),
    )
    expect(disputes[0]).toMatchObject({ status: 'challengerWins', resolvedMs: 41_000 })
    expect(disputes[0]?.claims[2]?.countered).toBe(true)
    expect(disputes[0]?.parties[1]).toMatchObject({ wonWei: 5n })
    expect(roots[0]?.status).toBe('rejected')
  })

  it.each([
    [false, 'alarm', 'The false state root of batch 1 is final: withdrawals can be paid by it'],
    [true, 'good', 'State root of batch 1 finalized'],
  ] as const)('words the end of a root by whether it was honest: %s', (honest, tone, text) => {
    const { log } = project(
      proposal(honest),
      report(41_000, 'l1', 'root.finalized', {
        game: '0xgame',
        entryIndex: 1n,
        transactionHash: '0xf',
      }),
    )
    expect(log.at(-1)).toMatchObject({ tone, text })
  })

  it('keeps a root that nobody attacked out of the disputes', () => {
    expect(project(proposal(true)).disputes).toEqual([])
  })

  it('forgets flights that arrived and bounds those in the air', () => {
    const projector = createProjector(header)
    for (let id = 0; id < 2_000; id += 1) {
      projector.apply({
        kind: 'message',
        timeMs: 0,
        id,
        from: 'sequencer-0',
        to: 'sequencer-1',
        type: 'simplex.vote',
        arriveMs: 50,
        lost: false,
      })
    }
    expect(projector.projection().traffic.flights).toHaveLength(240)
    expect(projector.projection().totals.messages).toBe(2_000)
    projector.apply({ kind: 'tick', timeMs: 1_000, events: 1, eventHash: '0x' })
    expect(projector.projection().traffic.flights).toHaveLength(0)
  })

  it('shows crashes, slowness and dishonesty of a node', () => {
    const { nodes, log } = project(
      { kind: 'fault', timeMs: 1, fault: { kind: 'crash', node: 'da-0' } },
      { kind: 'fault', timeMs: 1, fault: { kind: 'slow', node: 'sequencer-0', factor: 8 } },
      {
        kind: 'fault',
        timeMs: 1,
        fault: { kind: 'corrupt', node: 'executor-0', fraud: 'fraud-sstore' },
      },
    )
    expect(nodes['da-0']?.state).toBe('crashed')
    expect(nodes['sequencer-0']?.state).toBe('slow')
    expect(nodes['executor-0']?.frauds).toEqual(['fraud-sstore'])
    expect(log.map((entry) => entry.text)).toEqual([
      'da-0 crashed',
      'sequencer-0 runs 8 times slower',
    ])
  })

  it('follows a lie from its arming to its judgement', () => {
    const step = {
      phase: 'EXEC',
      opcode: 'SSTORE',
      pc: 7,
      blockNumber: 3n,
      transactionIndex: 0,
      traceIndex: 9n,
    }
    const armed = report(1, 'executor-0', 'fraud.armed', {
      node: 'executor-0',
      fraud: 'fraud-sstore',
    })
    const injected = report(2, 'executor-0', 'fraud.injected', {
      node: 'executor-0',
      fraud: 'fraud-sstore',
      step,
      honest: '0x1',
      claimed: '0x2',
      root: '0xc0',
    })
    const onTrial = project(armed, armed, injected, proposal(false))
    expect(onTrial.frauds).toMatchObject([{ actedMs: 2, step, game: '0xgame', over: false }])
    expect(onTrial.nodes['executor-0']?.frauds).toEqual(['fraud-sstore'])
    const resolved = report(9, 'l1', 'root.resolved', {
      game: '0xgame',
      status: 'challengerWins',
      transactionHash: '0x',
    })
    const after = project(armed, injected, proposal(false), resolved)
    expect(after.frauds).toMatchObject([{ over: true }])
    expect(after.nodes['executor-0']?.frauds).toEqual([])
  })

  it('forgets a lie that was healed before its chance came', () => {
    const armed = report(1, 'executor-0', 'fraud.armed', {
      node: 'executor-0',
      fraud: 'fraud-sstore',
    })
    const heal: TraceEvent = {
      kind: 'fault',
      timeMs: 2,
      fault: { kind: 'heal', node: 'executor-0' },
    }
    const { frauds, nodes } = project(armed, heal)
    expect(frauds).toEqual([])
    expect(nodes['executor-0']?.frauds).toEqual([])
  })
})

/** From the lie to its verdict on L1: scenario fraud-sstore, as fast as possible. */
import { createNodeWorld } from '../tools/node/world.ts'
import type { ReportEvent } from '../workers/protocol/trace.ts'
import { PRESETS, type PresetName } from '../workers/rollup/parameters.ts'
import { findScenario } from '../workers/simulation/scenarios/catalogue.ts'
import { toTraceEvent } from '../workers/simulation/traceAdapter.ts'
import { type BenchOptions, MeasurementError, type Report, round } from './figure.ts'

const SCENARIO = 'fraud-sstore'
const STRIDE_MS = 1_000

interface Moment {
  readonly virtualMs: number
  readonly wallMs: number
  readonly detail: string
}

/** What happened, by name; each but the last kind counts once. */
type Moments = Map<string, Moment>

export async function measureFraudToVerdict(
  { isQuick }: BenchOptions,
  report: Report,
): Promise<void> {
  const preset: PresetName = isQuick ? 'classroom' : 'demo'
  const { moments, openedMs } = await runToVerdict(preset)
  const armed = need(moments, 'armed')
  const lie = need(moments, 'lie')
  const step = need(moments, 'step')
  const verdict = need(moments, 'verdict')
  const seconds = (from: Moment, key: 'virtualMs' | 'wallMs'): number =>
    round((verdict[key] - from[key]) / 1000, 1)
  const { gameClockSeconds } = PRESETS[preset]
  const note = `preset ${preset}, seed 7, threads, as fast as possible: from the root that lies to its resolution by L1's contract; ${moments.get('moves')?.detail ?? '0'} moves, decided by a step at ${step.detail}; from arming ${seconds(armed, 'virtualMs')} virtual s in ${seconds(armed, 'wallMs')} s`
  report.figure({
    name: 'fraud-to-verdict/virtual',
    unit: 'virtual s',
    value: seconds(lie, 'virtualMs'),
    peer: { name: 'both chess clocks together', value: 2 * gameClockSeconds },
    note,
  })
  report.figure({
    name: 'fraud-to-verdict/wall',
    unit: 's',
    value: seconds(lie, 'wallMs'),
    peer: { name: 'the same at real time', value: seconds(lie, 'virtualMs') },
    note: `${note}; the world was opened ${round((lie.wallMs - openedMs) / 1000, 1)} s before`,
  })
  report.figure({
    name: 'fraud-to-verdict/decisive step',
    unit: 'virtual s',
    value: round((step.virtualMs - lie.virtualMs) / 1000, 1),
    peer: { name: 'until the resolution', value: seconds(lie, 'virtualMs') },
    note: 'from the root that lies to the step that L1 verified; then the clock of the countered claim runs out before the root falls',
  })
}

function need(moments: Moments, name: string): Moment {
  const moment = moments.get(name)
  if (moment !== undefined) return moment
  throw new MeasurementError(
    `Scenario ${SCENARIO} came to its bound without: ${name}. It had: ${[...moments.keys()].join(', ') || 'nothing'}.`,
  )
}

async function runToVerdict(preset: PresetName): Promise<{ moments: Moments; openedMs: number }> {
  const moments: Moments = new Map()
  const lies = new Set<string>()
  const world = createNodeWorld({
    host: 'threads',
    onTrace: (event) => {
      const shown = toTraceEvent(event)
      if (shown?.kind === 'report') observe(shown, moments, lies)
    },
  })
  try {
    let status = await world.open({ seed: 7, preset, scenario: SCENARIO })
    const openedMs = performance.now()
    const boundMs = findScenario(SCENARIO).boundMs(PRESETS[preset])
    while (status.timeMs < boundMs && !moments.has('verdict'))
      status = await world.advance(STRIDE_MS)
    return { moments, openedMs }
  } finally {
    await world.close()
  }
}

function observe(event: ReportEvent, moments: Moments, lies: Set<string>): void {
  const mark = (name: string, detail = ''): void => {
    if (!moments.has(name))
      moments.set(name, { virtualMs: event.timeMs, wallMs: performance.now(), detail })
  }
  const { type, payload } = event
  if (type === 'fraud.armed') mark('armed')
  // Only its own proposer tells that a root lies.
  if (type === 'root.proposed' && !payload.honest) {
    lies.add(payload.game)
    mark('lie')
  }
  if (type === 'dispute.move')
    countMove(payload.game, payload.claimIndex, event.timeMs, moments, lies)
  if (type === 'dispute.step' && payload.succeeded && lies.has(payload.game))
    mark('step', `${payload.step.phase} ${payload.step.opcode} (${payload.gasUsed} gas)`)
  if (type === 'root.resolved' && payload.status === 'challengerWins' && lies.has(payload.game))
    mark('verdict')
}

/** Several nodes tell of a move; claims are numbered. */
function countMove(
  game: string,
  claimIndex: number,
  virtualMs: number,
  moments: Moments,
  lies: Set<string>,
): void {
  if (!lies.has(game)) return
  const known = Number(moments.get('moves')?.detail ?? 0)
  const detail = String(Math.max(known, claimIndex))
  moments.set('moves', { virtualMs, wallMs: performance.now(), detail })
}

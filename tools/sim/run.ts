/** Runs one scenario in Node and gathers its report. */

import type { RoleFactory } from '../../workers/kernel/role.ts'
import type { KernelTrace } from '../../workers/kernel/trace.ts'
import type { PinnedOptions, World } from '../../workers/protocol/world.ts'
import type { PresetName } from '../../workers/rollup/parameters.ts'
import { PRESETS } from '../../workers/rollup/parameters.ts'
import { CHECKERS, judge, type Verdict } from '../../workers/simulation/checkers/checkers.ts'
import { createCollector, type TraceFacts } from '../../workers/simulation/checkers/collector.ts'
import { gatherEvidence } from '../../workers/simulation/checkers/gather.ts'
import { compose } from '../../workers/simulation/compose.ts'
import { findScenario } from '../../workers/simulation/scenarios/catalogue.ts'
import { foldSummary, openSummary, type Summary } from '../../workers/simulation/summary.ts'
import { toTraceEvent } from '../../workers/simulation/traceAdapter.ts'
import { createNodeWorld, type HostKind } from '../node/world.ts'
import type { Report } from './report.ts'

export interface RunOptions {
  readonly scenario: string
  readonly seed: number
  readonly preset: PresetName
  readonly host: HostKind
  /** Another L1 than the product's own; `host` must be `inline`. */
  readonly l1?: RoleFactory
  /** Virtual time at which to stop; null: the scenario's goal. */
  readonly untilMs: number | null
  readonly isVerbose: boolean
}

/** The world moves by so much between two looks at the goal. */
const STRIDE_MS = 1_000

/** Throws `UnknownScenarioError`. */
export async function runScenario(options: RunOptions): Promise<Report> {
  const scenario = findScenario(options.scenario)
  let summary = openSummary()
  const collector = createCollector()
  const refusals = new Map<string, number>()
  const startMs = performance.now()
  const world = createNodeWorld({
    host: options.host,
    ...(options.l1 === undefined ? {} : { l1: options.l1 }),
    onTrace: (event) => {
      if (options.isVerbose) tell(event)
      const shown = toTraceEvent(event)
      if (shown === null) return
      summary = foldSummary(summary, shown)
      collector.observe(shown)
    },
    onRefused: (_type, error) => {
      const text = `${error.name}: ${error.message.split('\n')[0]}`
      if (options.isVerbose && !refusals.has(text)) process.stderr.write(`refused: ${text}\n`)
      refusals.set(text, (refusals.get(text) ?? 0) + 1)
    },
  })
  const { seed, preset } = options
  const breaks = scenario.breaks ?? []
  await world.open({ seed, preset, scenario: scenario.name })
  const boundMs = options.untilMs ?? scenario.boundMs(PRESETS[preset])
  let isDone = false
  let status = await world.status()
  while (status.timeMs < boundMs && !isDone) {
    status = await world.advance(Math.min(STRIDE_MS, boundMs - status.timeMs))
    isDone = options.untilMs === null && scenario.isDone(summary)
  }
  const complaints = [...scenario.complaints(summary)]
  if (!isDone && options.untilMs === null) {
    complaints.push(`The goal was not reached within ${boundMs} virtual ms.`)
  }
  const verdict = await audit(
    world,
    { seed, preset, scenario: scenario.name },
    collector.facts(),
  ).catch((error: Error) => ({
    invariants: Object.fromEntries(Object.keys(CHECKERS).map((name) => [name, false])),
    complaints: [`The run could not be audited: ${error.message}`],
  }))
  const section = await scenario.section?.gather(
    (method, params) => world.rpc('l2', { method, params }),
    summary,
    seed,
  )
  await world.close()
  return {
    scenario: scenario.name,
    seed,
    preset,
    buildHash: status.buildHash,
    eventHash: status.eventHash,
    virtualMs: status.timeMs,
    wallMs: Math.round(performance.now() - startMs),
    summary: summary as Summary,
    invariants: verdict.invariants,
    expectedBroken: breaks,
    complaints: [...complaints, ...unexpected(verdict, breaks), ...(section?.complaints ?? [])],
    ...(section === undefined
      ? {}
      : { section: { [scenario.section?.name ?? '']: section.value } }),
  }
}

/** What is broken beyond what the scenario is there to break, and what it failed to break. */
function unexpected({ invariants, complaints }: Verdict, breaks: readonly string[]): string[] {
  const isExpected = (text: string) => breaks.some((name) => text.startsWith(`${name}:`))
  const unbroken = breaks.filter((name) => invariants[name] !== false)
  return [
    ...complaints.filter((text) => !isExpected(text)),
    ...unbroken.map((name) => `${name} holds, although the scenario is there to break it.`),
  ]
}

async function audit(world: World, options: PinnedOptions, facts: TraceFacts): Promise<Verdict> {
  const { contracts, accounts } = await compose(options)
  const evidence = await gatherEvidence({
    read: (chain, method, params) => world.rpc(chain, { method, params }),
    contracts,
    accounts,
    l2ChainId: PRESETS[options.preset].l2ChainId,
    facts,
  })
  return judge(evidence)
}

function tell(event: KernelTrace): void {
  if (event.kind === 'message' || event.kind === 'tick') return
  const text = JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'bigint'
      ? value.toString()
      : value instanceof Uint8Array
        ? `${value.length} bytes`
        : value,
  )
  process.stderr.write(`${text.slice(0, 400)}\n`)
}

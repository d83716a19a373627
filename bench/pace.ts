/** Virtual seconds per wall second at the load with which the page opens: preset demo, scenario steady, as fast as possible. */
import { createNodeWorld, type HostKind } from '../tools/node/world.ts'
import { type BenchOptions, type Report, round, timed } from './figure.ts'

/** Until users trade: before, there is less to do. */
const WARM_UP_MS = 20_000
const SPAN_MS = 60_000
const QUICK_SPAN_MS = 10_000

export async function measurePace(options: BenchOptions, report: Report): Promise<void> {
  for (const host of ['threads', 'inline'] as const)
    await report.attempt(host, () => measureHost(host, options, report))
}

async function measureHost(
  host: HostKind,
  { isQuick }: BenchOptions,
  report: Report,
): Promise<void> {
  const world = createNodeWorld({ host })
  try {
    await world.open({ seed: 7, preset: 'demo', scenario: 'steady' })
    const before = await world.advance(WARM_UP_MS)
    const spanMs = isQuick ? QUICK_SPAN_MS : SPAN_MS
    const [after, { wallMs, cpuMs }] = await timed(() => world.advance(spanMs))
    const events = after.events - before.events
    report.figure({
      name: `pace/${host}`,
      unit: 'virtual s per s',
      value: spanMs / wallMs,
      peer: { name: 'real time', value: 1 },
      note: `preset demo, scenario steady, seed 7, virtual seconds ${WARM_UP_MS / 1000} to ${(WARM_UP_MS + spanMs) / 1000} in ${round(wallMs / 1000, 1)} s; ${round(events / (wallMs / 1000))} events a second; ${round(spanMs / cpuMs, 2)} virtual s per processor second; ${round(cpuMs / wallMs, 2)} cores busy`,
    })
  } finally {
    await world.close()
  }
}

/** What the bench reports: figures that were measured, and failures with their reason. */

export interface Figure {
  readonly name: string
  readonly unit: string
  readonly value: number
  /** What the figure is compared with: another program, a limit of Ethereum, or another way to do the same. */
  readonly peer?: { readonly name: string; readonly value: number }
  /** `value / peer.value`. */
  readonly ratio?: number
  /** How it was measured, so that somebody else can judge it. */
  readonly note: string
  /** Single values behind the figure, where there are many. */
  readonly detail?: unknown
}

export interface Failure {
  readonly name: string
  readonly error: string
}

export interface BenchOptions {
  /** Small counts, to see that a figure can be measured; its values mean little. */
  readonly isQuick: boolean
  /** Minutes after which the page's heap is read. */
  readonly minutes: number
}

export interface Report {
  readonly figure: (figure: Omit<Figure, 'ratio'>) => void
  /** Runs one part of a group; if it throws, the group goes on and the part is a failure. */
  readonly attempt: (name: string, part: () => Promise<void>) => Promise<void>
}

export interface Group {
  readonly name: string
  readonly description: string
  /** Wall time after which the group is stopped and counts as failed. */
  readonly timeoutMs: number
  readonly load: () => Promise<(options: BenchOptions, report: Report) => Promise<void>>
}

/** What cannot be measured is an error, never a number. */
export class MeasurementError extends Error {
  override name = 'MeasurementError'
}

/** Throws unless the value can be told as a figure. */
export function withRatio(figure: Omit<Figure, 'ratio'>): Figure {
  const { value, peer } = figure
  if (!Number.isFinite(value) || (peer !== undefined && !Number.isFinite(peer.value)))
    throw new MeasurementError(`${figure.name} came out as ${value}, its peer as ${peer?.value}.`)
  const rounded = { ...figure, value: significant(value) }
  if (peer === undefined) return rounded
  return {
    ...rounded,
    peer: { ...peer, value: significant(peer.value) },
    ...(peer.value === 0 ? {} : { ratio: significant(value / peer.value) }),
  }
}

/** Four significant digits, but whole numbers stay whole. */
function significant(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4))
}

/** Time that a task took. On a busy machine wall time says as much about its neighbours; processor time does not. */
export interface Spent {
  readonly wallMs: number
  /** Of all threads of this process. */
  readonly cpuMs: number
}

export async function timed<Result>(
  task: () => Promise<Result> | Result,
): Promise<[Result, Spent]> {
  const startMs = performance.now()
  const startCpu = process.cpuUsage()
  const result = await task()
  const { user, system } = process.cpuUsage(startCpu)
  return [result, { wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 }]
}

/** Throws `MeasurementError` on an empty list. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]
  if (value === undefined) throw new MeasurementError('There is no sample.')
  return value
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function round(value: number, digits = 0): number {
  return Number(value.toFixed(digits))
}

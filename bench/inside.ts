/** Runs one group and tells its parent what came of it. Started by `bench.ts`; stdout is its parent's stderr. */
import { type BenchOptions, type Failure, type Figure, type Report, withRatio } from './figure.ts'
import { GROUPS } from './groups.ts'

export type InsideMessage =
  | { readonly kind: 'figure'; readonly figure: Figure }
  | { readonly kind: 'failure'; readonly failure: Failure }

const [name = '', optionsText = '{}'] = process.argv.slice(2)
const group = GROUPS.find((one) => one.name === name)
if (group === undefined || process.send === undefined) {
  throw new Error('bench/inside.ts is started by bench/bench.ts.')
}
const options = JSON.parse(optionsText) as BenchOptions

const tell = (message: InsideMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()))

const fail = (part: string, error: unknown): Promise<void> => {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (error instanceof Error) process.stderr.write(`${error.stack ?? text}\n`)
  return tell({ kind: 'failure', failure: { name: part, error: text } })
}

const pending: Promise<void>[] = []
const report: Report = {
  figure: (figure) => void pending.push(tell({ kind: 'figure', figure: withRatio(figure) })),
  attempt: async (part, task) => {
    try {
      await task()
    } catch (error) {
      await fail(`${name}/${part}`, error)
    }
  },
}

try {
  const measure = await group.load()
  await measure(options, report)
} catch (error) {
  await fail(name, error)
}
await Promise.all(pending)
process.exit(0)

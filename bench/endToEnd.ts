/** Token transfers through the whole rollup without a browser: how many a second come to unsafe and to safe, and what bounds them. */
import { createNodeWorld } from '../tools/node/world.ts'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { PRESETS } from '../workers/rollup/parameters.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import {
  type BenchOptions,
  MeasurementError,
  type Report,
  round,
  type Spent,
  timed,
} from './figure.ts'
import { createWatch, type Mark, prepareLoad, sendAll } from './load.ts'
import { type Frame, type Naming, profile } from './profile.ts'

const COUNTS = { full: 5_000, quick: 300 } as const
const PROFILED = { full: 2_000, quick: 200 } as const
const OPTIONS = { seed: 7, preset: 'demo', scenario: 'quiet' } as const

export async function measureEndToEnd({ isQuick }: BenchOptions, report: Report): Promise<void> {
  await Promise.all([initKeccak(), initSecp256k1()])
  const kind = isQuick ? 'quick' : 'full'
  await report.attempt('threads', () => measureRate(COUNTS[kind], report))
  await report.attempt('bound', () => measureBound(PROFILED[kind], report))
}

interface Run {
  readonly start: Mark
  readonly unsafe: Mark
  readonly safe: Mark
  readonly sentMs: number
  readonly blocks: number
  readonly gasUsed: bigint
  readonly spent: Spent
}

async function measureRate(count: number, report: Report): Promise<void> {
  const run = await runLoad('threads', count)
  const { l2BlockMs, l2BlockGasLimit } = PRESETS.demo
  const rate = (to: Mark, key: keyof Mark): number => (1000 * count) / (to[key] - run.start[key])
  const pace = (to: Mark): number =>
    round((to.virtualMs - run.start.virtualMs) / (to.wallMs - run.start.wallMs), 2)
  const cores = round(run.spent.cpuMs / run.spent.wallMs, 2)
  const perTransaction = round(run.spent.cpuMs / count, 2)
  const note = `${count} ERC-20 transfers of 100 senders by eth_sendRawTransaction, preset demo, worker threads, as fast as possible; sending took ${round(run.sentMs / 1000, 1)} s; ${run.blocks} blocks; ${perTransaction} ms of processor per transfer until safe; ${cores} cores busy`
  report.figure({
    name: 'end-to-end/unsafe',
    unit: 'tx/s',
    value: rate(run.unsafe, 'wallMs'),
    peer: { name: 'per virtual second', value: rate(run.unsafe, 'virtualMs') },
    note: `${note}; pace ${pace(run.unsafe)} virtual s per s`,
  })
  report.figure({
    name: 'end-to-end/safe',
    unit: 'tx/s',
    value: rate(run.safe, 'wallMs'),
    peer: { name: 'per virtual second', value: rate(run.safe, 'virtualMs') },
    note: `from the first to the last being in a batch on L1, the wait for the last batch (${PRESETS.demo.batchIntervalMs / 1000} virtual s) included; ${note}; pace ${pace(run.safe)} virtual s per s`,
  })
  const gas = round(Number(run.gasUsed) / count)
  const gasLimitRate = (l2BlockGasLimit / gas) * (1000 / l2BlockMs)
  report.figure({
    name: 'end-to-end/virtual rate beside the gas limit',
    unit: 'tx per virtual s',
    value: rate(run.unsafe, 'virtualMs'),
    peer: { name: `gas limit of L2 blocks, ${gas} gas each`, value: gasLimitRate },
    note: 'what the protocol let through, whatever the machine; far below the peer it was not gas that bound it',
  })
}

const ROLE = /workers\/(sequencer|executor|da|challenger|l1)\//
const SHARED = /workers\/(rollup\/[\w-]+|kernel|simulation|chain)/
const LIBRARY = /node_modules\/((?:@[\w-]+\/)?[\w.-]+)\//

function firstMatch(stack: readonly Frame[], pattern: RegExp): string | null {
  for (const { url } of stack) {
    const name = pattern.exec(url)?.[1]
    if (name !== undefined) return name
  }
  return null
}

const ours = (stack: readonly Frame[]): Frame | undefined =>
  stack.find(({ url }) => url.includes('/workers/') && !LIBRARY.test(url))

/** The role at work; of jobs, which run outside of roles, the rules that they compute. */
const roleOf: Naming = (stack) => firstMatch(stack, ROLE) ?? firstMatch(stack, SHARED)

/** The library at work, or our folder. */
const codeOf: Naming = (stack) => {
  const inner = stack
    .filter(({ url }) => LIBRARY.test(url) || url.includes('/workers/'))
    .slice(0, 1)
  return firstMatch(inner, LIBRARY) ?? firstMatch(inner, ROLE) ?? firstMatch(inner, SHARED)
}

/** Our innermost function, whatever library it called. */
const functionOf: Naming = (stack) => {
  const frame = ours(stack)
  if (frame === undefined) return null
  return `${frame.functionName || 'anonymous'} (${frame.url.split('/workers/')[1]})`
}

/** One thread, sampled: which role takes the time, and in whose code. */
async function measureBound(count: number, report: Report): Promise<void> {
  let taken: readonly ReadonlyMap<string, number>[] = []
  await runLoad('inline', count, async (task) => {
    taken = await profile(task, [roleOf, codeOf, functionOf])
  })
  const [roles, code, functions] = taken.map((parts) => [...parts].slice(0, 10))
  const [busiest] = roles ?? []
  if (busiest === undefined) throw new MeasurementError('The profiler took no sample.')
  const list = (parts: readonly [string, number][] = []): string =>
    parts.map(([name, part]) => `${name} ${round(100 * part)} %`).join(', ')
  report.figure({
    name: `end-to-end/bound: ${busiest[0]}`,
    unit: '% of busy time',
    value: round(100 * busiest[1], 1),
    note: `sampled in one thread while ${count} transfers became safe: by role, or by the rules that a job computes, ${list(roles)}; by the code at work ${list(code)}`,
    detail: { roles, code, functions },
  })
}

async function runLoad(
  host: 'threads' | 'inline',
  count: number,
  around: (task: () => Promise<void>) => Promise<void> = (task) => task(),
): Promise<Run> {
  let watch = createWatch()
  const world = createNodeWorld({ host, onTrace: (event) => watch.observe(event) })
  try {
    await world.open(OPTIONS)
    const raws = await prepareLoad(world, count)
    watch = createWatch()
    let run: Run | null = null
    await around(async () => {
      const start = { virtualMs: (await world.status()).timeMs, wallMs: performance.now() }
      const [marks, spent] = await timed(async () => {
        const waits = Promise.all([watch.executed(count), watch.safe(count)])
        // Awaited below; until then a failure must not go unhandled.
        waits.catch(() => undefined)
        await world.setSpeed('max')
        await world.play()
        await sendAll(world, raws)
        const sentMs = performance.now() - start.wallMs
        const [unsafe, safe] = await waits
        return { unsafe, safe, sentMs }
      })
      await world.pause()
      run = { start, ...marks, blocks: watch.blocks(), gasUsed: watch.gasUsed(), spent }
    })
    if (run === null) throw new MeasurementError('The load was not run.')
    if (watch.skipped() > 0)
      throw new MeasurementError(`${watch.skipped()} transactions were skipped.`)
    return run
  } finally {
    await world.close()
  }
}

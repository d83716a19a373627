/**
 * `npm run games -- --seeds N --json`: random dispute games, the honest party against adversaries who lie, play at random, copy, stall
 * and free-ride, under many accounts.
 *
 *     --seeds 2000 --first 1 --clocks classroom|demo|op-mainnet|arbitrum-one --depth 6 --adversaries 6 --json
 *
 * Exit code 0 when the honest party won every game and lost no bond; otherwise 1, with the seeds of the games that it did not.
 */
import { deriveRng } from '../workers/kernel/rng.ts'
import { type Adversary, playMatch } from '../workers/rollup/game/testing/arena.ts'
import { GAME_CLOCKS } from '../workers/rollup/parameters.ts'
import { integerFlag, readFlags, runTool, SEED_RANGE, UsageError } from './arguments.ts'

const FAILURES_SHOWN = 20

await runTool(main)

async function main(): Promise<void> {
  const flags = readFlags({
    seeds: { type: 'string' },
    first: { type: 'string' },
    clocks: { type: 'string' },
    depth: { type: 'string' },
    adversaries: { type: 'string' },
    json: { type: 'boolean' },
  })
  const first = integerFlag('first', flags.first, 1, SEED_RANGE)
  const seeds = integerFlag('seeds', flags.seeds, 2_000, [1, 10_000_000])
  const clocks = clocksFlag(flags.clocks)
  const options = {
    clocks: GAME_CLOCKS[clocks],
    depthMax: integerFlag('depth', flags.depth, 6, [2, 16]),
    adversariesMax: integerFlag('adversaries', flags.adversaries, 6, [1, 16]),
  }
  const startMs = performance.now()
  const tally = { moves: [] as number[], falseRoots: 0, adversaries: new Map<string, number>() }
  const failures: { seed: number; complaints: readonly string[] }[] = []
  for (let seed = first; seed < first + seeds; seed += 1) {
    const result = await playMatch(deriveRng(seed, 'game'), options)
    tally.moves.push(result.game.claims.length - 1)
    tally.falseRoots += result.rootHonest ? 0 : 1
    countKinds(tally.adversaries, result.adversaries)
    if (result.complaints.length > 0) failures.push({ seed, complaints: result.complaints })
  }
  const moves = tally.moves.toSorted((left, right) => left - right)
  const report = {
    games: seeds,
    firstSeed: first,
    clocks,
    honestWon: seeds - failures.length,
    falseRoots: tally.falseRoots,
    adversaries: Object.fromEntries(tally.adversaries),
    moves: {
      total: moves.reduce((sum, count) => sum + count, 0),
      p50: moves[seeds >> 1],
      max: moves.at(-1),
    },
    failures: failures.slice(0, FAILURES_SHOWN),
    wallMs: Math.round(performance.now() - startMs),
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify(report)}\n`)
  else
    for (const [name, value] of Object.entries(report))
      process.stdout.write(`${name.padEnd(12)}${JSON.stringify(value)}\n`)
  process.exit(failures.length === 0 ? 0 : 1)
}

function countKinds(counts: Map<string, number>, adversaries: readonly Adversary[]): void {
  for (const { kind } of adversaries) counts.set(kind, (counts.get(kind) ?? 0) + 1)
}

function clocksFlag(value: unknown): keyof typeof GAME_CLOCKS {
  const names = Object.keys(GAME_CLOCKS) as (keyof typeof GAME_CLOCKS)[]
  const name = names.find((one) => one === (value ?? 'demo'))
  if (name !== undefined) return name
  throw new UsageError(`--clocks must be one of ${names.join(', ')}, is "${String(value)}".`)
}

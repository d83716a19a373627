/**
 * `npm run conformance -- --json [--sample N|--all] [--fixtures DIR] [--shard i/n] [--steps-per-fixture N]`: the one-step verifier against
 * Ethereum's state tests and the repository's programs.
 *
 *     --fixtures DIR          any release of execution-spec-tests, or a part of it; default: FIXTURES_DIR, else the programs alone
 *     --sample N              so many of the files, evenly spread (default 50); --all takes every file
 *     --steps-per-fixture N   steps of a file that the contracts verify, evenly spread (default 2,000; 0: every step)
 *     --shard i/n             the i-th of n parts of the files, i from 1
 *     --evm anvil             revm inside Anvil runs the contracts instead of @ethereumjs/evm: many times as many steps a second
 *     --mutations N           instead: N changed witnesses of each kind of step; each must revert or change nothing
 *     --fuzz N                instead: N random batches by ethereumjs, the mirror and the contracts
 *     --tries N               instead: N random tries edited by @ethereumjs/mpt, our trie and the verifier's library
 *     --seed N                of mutations, or the first of the fuzzers' (default 1)
 *
 * Progress goes to stderr. Exit code 0 only if no step disagrees and no pair of an opcode or phase and an outcome is missing.
 */
import { initKeccak } from '../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import { integerFlag, readFlags, runTool, SEED_RANGE, shardFlag, UsageError } from './arguments.ts'
import { createAnvilJudge } from './conformance/anvilJudge.ts'
import { batchEntries, batchMessages } from './conformance/batches.ts'
import { evenSample, fixtureFiles } from './conformance/corpus.ts'
import { createOwnJudge, type Judge } from './conformance/evm.ts'
import { deployFamily, type Family } from './conformance/family.ts'
import { runFuzz } from './conformance/fuzz.ts'
import { runMutations } from './conformance/mutations.ts'
import { printConformance } from './conformance/print.ts'
import { runFixture, runPrograms } from './conformance/run.ts'
import { createTally, reportOf, type Tally } from './conformance/tally.ts'
import { openTrieLibrary, runTries } from './conformance/tries.ts'

const SAMPLE = 50
const STEPS_PER_FIXTURE = 2_000
/** Steps of a random batch that the contracts verify. */
const VERIFIED_PER_SEED = 100
const EDITS_PER_TRIE = 80
const COUNT_RANGE: readonly [number, number] = [0, 1e9]

await runTool(main)

async function main(): Promise<void> {
  const flags = readFlags({
    fixtures: { type: 'string' },
    sample: { type: 'string' },
    all: { type: 'boolean' },
    shard: { type: 'string' },
    evm: { type: 'string' },
    'steps-per-fixture': { type: 'string' },
    mutations: { type: 'string' },
    fuzz: { type: 'string' },
    tries: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
  })
  await Promise.all([initKeccak(), initSecp256k1()])
  if ([flags.mutations, flags.fuzz, flags.tries].some((flag) => flag !== undefined))
    return attack(flags)
  const folder = flags.fixtures ?? process.env['FIXTURES_DIR']
  const perFixture = flags['steps-per-fixture']
  const stepsMax = integerFlag('steps-per-fixture', perFixture, STEPS_PER_FIXTURE, COUNT_RANGE)
  const count = integerFlag('sample', flags.sample, SAMPLE, [1, 1e9])
  const all = typeof folder === 'string' ? fixtureFiles(folder) : []
  const [i, n] = shardFlag(flags.shard)
  const chosen = flags.all === true ? all : evenSample(all, count)
  // Every n-th file from the i-th on.
  const files = chosen.filter((_, index) => index % n === i - 1)
  const judge = await judgeFlag(flags.evm)
  const family = await deployFamily(batchEntries, batchMessages, { judge })
  const tally = createTally()
  await runFixtures(family, tally, files, stepsMax === 0 ? Number.POSITIVE_INFINITY : stepsMax)
  say('programs of the repository')
  await runPrograms(family, tally)
  judge.close()
  const report = reportOf(tally)
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(report)}\n` : printConformance(report),
  )
  process.exitCode = report.disagreements === 0 && report.missing === 0 ? 0 : 1
}

/** Mutations or fuzzing; exit code 0 only if nothing false was accepted. */
async function attack(flags: ReturnType<typeof readFlags>): Promise<void> {
  const report = await attackBy(flags, integerFlag('seed', flags['seed'], 1, SEED_RANGE))
  const indent = flags['json'] === true ? 0 : 2
  process.stdout.write(`${JSON.stringify(report, null, indent)}\n`)
  process.exitCode = report.failures.length === 0 ? 0 : 1
}

async function attackBy(flags: ReturnType<typeof readFlags>, seed: number) {
  if (flags['mutations'] !== undefined)
    return runMutations(await deployFamily(batchEntries, batchMessages), {
      perKind: integerFlag('mutations', flags['mutations'], 0, [1, 1e6]),
      seed,
      onProgress: say,
    })
  const seeds = (name: string) => integerFlag(name, flags[name], 0, [1, 1e9])
  if (flags['tries'] !== undefined)
    return runTries(await openTrieLibrary(), {
      firstSeed: seed,
      seeds: seeds('tries'),
      editsPerSeed: EDITS_PER_TRIE,
      onProgress: say,
    })
  return runFuzz({
    firstSeed: seed,
    seeds: seeds('fuzz'),
    verifiedPerSeed: VERIFIED_PER_SEED,
    onProgress: say,
  })
}

async function runFixtures(
  family: Family,
  tally: Tally,
  files: readonly string[],
  stepsMax: number,
): Promise<void> {
  for (const [index, file] of files.entries()) {
    await runFixture(family, tally, file, stepsMax)
    const { steps, failures } = tally
    say(`${index + 1}/${files.length} ${file}: ${steps} steps, ${failures.length} disagreements`)
  }
}

async function judgeFlag(value: unknown): Promise<Judge> {
  if (value === undefined || value === 'ethereumjs') return createOwnJudge()
  if (value === 'anvil') return createAnvilJudge()
  throw new UsageError(`--evm must be "ethereumjs" or "anvil", is "${String(value)}".`)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

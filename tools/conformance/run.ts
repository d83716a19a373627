/** Gives steps of fixtures and of the repository's programs to the contracts, whose post-state hash must be the mirror's. */
import { bytesToHex } from '../../workers/rollup/bytes.ts'
import { step } from '../../workers/rollup/machine/step.ts'
import {
  contextOf,
  runStateTest,
  stateTestState,
} from '../../workers/rollup/machine/testing/stateTest.ts'
import {
  L2_RULES,
  type MachineContext,
  type MachineState,
  PHASE,
} from '../../workers/rollup/machine/types.ts'
import { worldRoot } from '../../workers/rollup/trie/world.ts'
import { casesOf, type StateCase } from './corpus.ts'
import { type Family, verify } from './family.ts'
import { kindOf, type Pair, pairOf } from './outcome.ts'
import { stepOfEach } from './programs.ts'
import { countExcluded, missingPairs, type Tally } from './tally.ts'

/** A step as it is given to the contracts. */
interface GivenStep {
  readonly where: string
  readonly index: number
  readonly pair: Pair
  readonly before: MachineState
  readonly context: MachineContext
  readonly traceIndex: bigint
}

/** All cases of one file; of their steps at most `stepsMax` and one of each pair, evenly spread. */
export async function runFixture(
  family: Family,
  tally: Tally,
  file: string,
  stepsMax: number,
): Promise<void> {
  const cases = casesOf(file)
  if (cases.length > 0) tally.fixtures++
  const context = contextOf(L2_RULES)
  const runs = cases.map((one) => ({ one, run: scanCase(one, context) }))
  const total = runs.reduce((sum, { run }) => sum + run.steps, 0)
  const stride = Math.max(1, Math.ceil(total / stepsMax))
  const met = new Set<Pair>()
  const crowd = createCrowd((given) => verifyStep(family, tally, given))
  for (const { one, run } of runs) {
    tally.cases++
    tally.executed += run.steps
    checkRoot(tally, one, run)
    let index = 0
    for (const given of stepsOf(one, context)) {
      const isFirst = !met.has(given.pair)
      met.add(given.pair)
      if (isFirst || index % stride === 0) {
        await crowd.add(given)
        tally.coveredByFixtures.add(given.pair)
      }
      index++
    }
  }
  await crowd.end()
}

/** Steps that go to the contracts at the same time: some EVMs take many in one request. */
const CROWD = 64

interface Crowd {
  /** Waits while a crowd before the last one is under way. Rejects with what a step before it rejected with. */
  readonly add: (given: GivenStep) => Promise<void>
  readonly end: () => Promise<void>
}

function createCrowd(verifyOne: (given: GivenStep) => Promise<void>): Crowd {
  let gathered: Promise<void>[] = []
  let underWay: Promise<unknown> = Promise.resolve()
  const next = async () => {
    const before = underWay
    underWay = Promise.all(gathered)
    underWay.catch(() => undefined)
    gathered = []
    await before
    // The crowd's calls leave while the steps of the next are computed.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    add: async (given) => {
      gathered.push(verifyOne(given))
      if (gathered.length >= CROWD) await next()
    },
    end: async () => {
      await next()
      await underWay
    },
  }
}

/** The pairs that are still missing, from the repository's programs. */
export async function runPrograms(family: Family, tally: Tally): Promise<void> {
  for (const [pair, one] of stepOfEach(missingPairs(tally))) {
    await verifyStep(family, tally, { ...one, where: 'programs', index: 0 })
    tally.coveredByPrograms.add(pair)
  }
}

async function verifyStep(family: Family, tally: Tally, given: GivenStep): Promise<void> {
  const { before, context, traceIndex, pair, where, index } = given
  const verified = await verify(family, before, context, traceIndex)
  tally.steps++
  const kind = kindOf(before)
  const gas = tally.gas.get(kind) ?? []
  tally.gas.set(kind, gas)
  gas.push(Number(verified.transactionGas))
  const fail = (what: string) => tally.failures.push({ where, step: index, pair, what })
  if (verified.result !== verified.expected)
    fail(verified.error ?? `the contracts say ${verified.result}, the mirror ${verified.expected}`)
  if (!tally.declared.has(pair)) fail('the pair is not declared')
}

interface CaseRun {
  readonly steps: number
  readonly pairs: ReadonlySet<Pair>
  readonly root: string
}

/** Runs a case without the contracts. */
function scanCase({ test, post }: StateCase, context: MachineContext): CaseRun {
  const pairs = new Set<Pair>()
  let state = stateTestState(test, post)
  let steps = 0
  do {
    const after = step(state, context)
    pairs.add(pairOf(state, after, context))
    state = after
    steps++
  } while (state.phase !== PHASE.TX_NEXT)
  return { steps, pairs, root: bytesToHex(worldRoot(state.world.state)) }
}

function* stepsOf({ name, test, post }: StateCase, context: MachineContext): Generator<GivenStep> {
  let before = stateTestState(test, post)
  for (let index = 0; index === 0 || before.phase !== PHASE.TX_NEXT; index++) {
    const after = step(before, context)
    const pair = pairOf(before, after, context)
    yield { where: name, index, pair, before, context, traceIndex: 0n }
    before = after
  }
}

/** The final root is the fixture's, unless a listed deviation of MACHINE.md, section 6, was met. */
function checkRoot(tally: Tally, one: StateCase, run: CaseRun): void {
  if (run.root === one.post.hash) return
  const reason = deviationOf(one, run)
  if (reason !== null) countExcluded(tally, reason)
  else
    tally.failures.push({
      where: one.name,
      step: run.steps,
      pair: 'final root',
      what: `the mirror's is ${run.root}, the fixture's ${one.post.hash}`,
    })
}

/** The cap that a case met; with the caps lifted, the mirror must find the fixture's root. */
function deviationOf({ test, post }: StateCase, { pairs }: CaseRun): string | null {
  if (post.txbytes.startsWith('0x03')) return 'blob transactions are invalid on L2'
  if (bytesToHex(worldRoot(runStateTest(test, post))) !== post.hash) return null
  const met = [...pairs]
  if (met.some((pair) => pair.endsWith(': memory cap'))) return CAPS.range
  if (met.some((pair) => pair.endsWith(': gas above the cap'))) return CAPS.precompile
  return null
}

const CAPS = {
  range: `a memory range is at most ${L2_RULES.rangeMax} bytes`,
  precompile: `a precompile call is at most ${L2_RULES.precompileGasMax} gas`,
} as const

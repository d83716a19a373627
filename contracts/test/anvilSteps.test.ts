/** The mirror beside anvil (revm): each opcode of the repository's programs, step by step, from one pre-state. */
import fc from 'fast-check'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { assemble, SELF, transaction, worldWith } from '../../tools/conformance/states.ts'
import { compareLogs, mirrorTrace } from '../../tools/conformance/structLogs.ts'
import { AUTHORITY, allCases, type Case } from '../../tools/conformance/transactions.ts'
import { randomCode } from '../../workers/chain/testing/code.ts'
import { initKeccak, keccak256 } from '../../workers/rollup/keccak.ts'
import { OPCODES } from '../../workers/rollup/machine/opcodes.ts'
import { opcodePrograms } from '../../workers/rollup/machine/testing/opcodePrograms.ts'
import { contextOf, ETHEREUM_RULES } from '../../workers/rollup/machine/testing/stateTest.ts'
import { type MachineState, SOURCE } from '../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../workers/rollup/secp256k1.ts'
import {
  EMPTY_ACCOUNT,
  putCode,
  setAccount,
  type WorldState,
} from '../../workers/rollup/trie/world.ts'
import { type Anvil, startAnvil } from './anvilNode.ts'
import { openStepNode, type StepNode } from './anvilSteps.ts'

const CHAIN_ID = 7_331_002
const context = contextOf(ETHEREUM_RULES)
/** Gas of a call, and whether it is static. */
const CALLS: readonly (readonly [bigint, boolean])[] = [
  [40_000n, false],
  [2n, false],
  [2_310n, false],
  [9_200n, false],
  [40_000n, true],
]
/** Where `randomCode` calls. */
const RANDOM_ADDRESSES = [0, 1, 2, 3, 4, 5].map((last) =>
  new Uint8Array(20).fill(0xc0).fill(last, 19),
)
const RANDOM_SEEDS = 20
const TARGETS_PER_TRANSACTION = 60
/** Traces with a stack of 1,024 words at each step are too long to be sent. */
const targets = opcodePrograms().filter(({ name }) => !name.endsWith('stack full'))

let anvil: Anvil
beforeAll(() => Promise.all([initKeccak(), initSecp256k1()]))
beforeEach(async () => {
  anvil = await startAnvil(CHAIN_ID, ['--steps-tracing'])
})
afterEach(() => anvil.stop())

const NO_CODE = new Uint8Array(0)

function putContract(world: WorldState, address: Uint8Array, code: Uint8Array): WorldState {
  const account = { ...EMPTY_ACCOUNT, nonce: 1n, balance: 1_000n, codeHash: keccak256(code) }
  return setAccount(putCode(world, code), address, account)
}

const withState = (start: MachineState, state: WorldState): MachineState => ({
  ...start,
  world: { ...start.world, state },
})

/** A transaction to `SELF`, which calls each of the contracts in each way. */
function callerOf(addresses: readonly Uint8Array[], world: WorldState): MachineState {
  const calls = addresses.flatMap((address) =>
    CALLS.flatMap(([gas, isStatic]) => [
      ...[64n, 64n, 64n, 0n, ...(isStatic ? [] : [0n])],
      ...[address, gas, isStatic ? 0xfa : 0xf1, 0x50],
    ]),
  )
  const start = transaction(NO_CODE, { gasLimit: 16_000_000n })
  return withState(start, putContract(world, SELF, assemble(...calls)))
}

function opcodeCases(world: WorldState): readonly Case[] {
  const cases: Case[] = []
  for (let from = 0; from < targets.length; from += TARGETS_PER_TRANSACTION) {
    const chunk = targets.slice(from, from + TARGETS_PER_TRANSACTION)
    const addresses = chunk.map(({ address }) => address)
    const name = `${chunk[0]?.name} to ${chunk.at(-1)?.name}`
    cases.push({ name, start: callerOf(addresses, world) })
  }
  return cases
}

/** Anvil’s database answers for any account as if it existed, so that an authorization by an absent one is refunded too: here it does exist. */
const withAuthority = ({ name, start }: Case): Case => ({
  name,
  start: withState(
    start,
    setAccount(start.world.state, AUTHORITY, { ...EMPTY_ACCOUNT, balance: 1n }),
  ),
})

/** Ethereum has no deposits, and a node takes no invalid transaction. */
const runsOnEthereum = ({ start }: Case): boolean =>
  start.tx.source === SOURCE.PAYLOAD && mirrorTrace(start, context).gasUsed > 0

interface Compared {
  readonly differences: readonly string[]
  readonly steps: number
  readonly opcodes: ReadonlySet<string | null>
}

async function compare(node: StepNode, cases: readonly Case[]): Promise<Compared> {
  const differences: string[] = []
  const opcodes = new Set<string | null>()
  let steps = 0
  for (const { name, start } of cases) {
    const theirs = await node.trace(start)
    const ours = mirrorTrace(theirs.start, context)
    steps += ours.logs.length
    for (const { op } of ours.logs) opcodes.add(op)
    const found = compareLogs(ours.logs, theirs.logs)
    for (const field of ['gasUsed', 'status'] as const)
      if (ours[field] !== theirs[field])
        found.push(`${field} is ${ours[field]}, the node’s ${theirs[field]}`)
    differences.push(...found.map((what) => `${name}: ${what}`))
  }
  return { differences, steps, opcodes }
}

/** Random programs that call one another, one set of them a seed. */
function randomCases(seeds: number): readonly Case[] {
  return Array.from({ length: seeds }, (_, seed) => {
    // The later ones of a sample are longer.
    const programs = fc.sample(randomCode, { seed, numRuns: 40 }).slice(-RANDOM_ADDRESSES.length)
    let world = worldWith(NO_CODE)
    for (const [i, address] of RANDOM_ADDRESSES.entries())
      world = putContract(world, address, programs[i] ?? NO_CODE)
    return { name: `seed ${seed}`, start: callerOf(RANDOM_ADDRESSES, world) }
  })
}

describe('beside anvil, step by step', () => {
  it('calls, creates and ends frames as revm does', async () => {
    const base = worldWith(NO_CODE)
    const cases = allCases().filter(runsOnEthereum).map(withAuthority)
    const node = await openStepNode(anvil.client, base, [])
    const { differences, steps } = await compare(node, cases)
    expect(differences).toEqual([])
    expect(steps).toBeGreaterThan(1_000)
  })

  it('runs random programs as revm does', async () => {
    const node = await openStepNode(anvil.client, worldWith(NO_CODE), RANDOM_ADDRESSES)
    const { differences, steps } = await compare(node, randomCases(RANDOM_SEEDS))
    expect(differences).toEqual([])
    expect(steps).toBeGreaterThan(10_000)
  })

  it('runs every opcode as revm does, in each way that it can end', async () => {
    let base = worldWith(NO_CODE)
    for (const { address, code } of targets) base = putContract(base, address, code)
    const addresses = targets.map(({ address }) => address)
    const node = await openStepNode(anvil.client, base, addresses)
    const { differences, steps, opcodes } = await compare(node, opcodeCases(base))
    expect(differences).toEqual([])
    const names = OPCODES.flatMap((opcode) => (opcode === undefined ? [] : [opcode.name]))
    const missing = names.filter((name) => !opcodes.has(name))
    expect(missing).toEqual(['PREVRANDAO'])
    expect(opcodes).toContain('DIFFICULTY')
    expect(steps).toBeGreaterThan(40_000)
  })
})

import { testConfig } from '../workers/chain/testing/accounts.ts'
import { createOracle } from '../workers/chain/testing/oracle.ts'
import { bytesToHex } from '../workers/rollup/bytes.ts'
import {
  MAX_DEPTH,
  movePosition,
  ROOT_POSITION,
  STEP_BITS,
  traceIndex,
} from '../workers/rollup/game/position.ts'
import { createProver } from '../workers/rollup/game/prover.ts'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { stateHash } from '../workers/rollup/machine/hash.ts'
import { createMachine } from '../workers/rollup/machine/machine.ts'
import { isBoundary, isFinished, step, witness } from '../workers/rollup/machine/step.ts'
import type { ExecutedEntry } from '../workers/rollup/machine/testing/rollup.ts'
import { type MachineState, PHASE } from '../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import {
  type BenchOptions,
  MeasurementError,
  median,
  quantile,
  type Report,
  round,
  type Spent,
  timed,
} from './figure.ts'
import { tokenAccounts, tokenEntry } from './tokenEntry.ts'

const FULL = 1_000
const QUICK = 60
const WITNESSES = 400

export async function measureProver({ isQuick }: BenchOptions, report: Report): Promise<void> {
  await Promise.all([initKeccak(), initSecp256k1()])
  const count = isQuick ? QUICK : FULL
  const entry = await tokenEntry(count)
  await report.attempt('steps', () => measureSteps(entry, count, report))
  await report.attempt('hashes', async () => measureHashes(entry, report))
  await report.attempt('witness', async () => measureWitnesses(entry, report))
  await report.attempt('move', () => measureMoves(entry, count, report))
}

const perSecond = (count: number, { wallMs }: Spent): number => (1000 * count) / wallMs

async function measureSteps(entry: ExecutedEntry, count: number, report: Report): Promise<void> {
  const { start, context, expectedEnd } = entry
  let steps = 0
  let opcodes = 0
  const [end, spent] = await timed(() => {
    let state = start
    while (!isFinished(state, context)) {
      if (state.phase === PHASE.EXEC) opcodes += 1
      state = step(state, context)
      steps += 1
    }
    return state
  })
  if (bytesToHex(stateHash(end)) !== bytesToHex(stateHash(expectedEnd)))
    throw new MeasurementError('The mirror and the chain engine end in different states.')
  const block = entry.blocks.find(({ transactions }) => transactions.length === count)
  if (block === undefined) throw new MeasurementError('There is no block of all transactions.')
  const oracle = await createOracle(testConfig('l2', tokenAccounts()))
  const [ran, plain] = await timed(() => oracle.run(block))
  if (ran.gasUsed !== block.header.gasUsed)
    throw new MeasurementError(`runBlock used ${ran.gasUsed} gas, not ${block.header.gasUsed}.`)
  report.figure({
    name: 'prover/steps without hashing',
    unit: 'steps/s',
    value: round(perSecond(steps, spent)),
    peer: { name: '@ethereumjs/vm runBlock, opcodes/s', value: round(perSecond(opcodes, plain)) },
    note: `${count} token transfers in one block: ${steps} steps, ${opcodes} of them opcodes, in ${round(spent.wallMs)} ms (${round(spent.cpuMs)} ms of processor); runBlock ran the same block in ${round(plain.wallMs)} ms; the mirror ended in the chain engine's state, runBlock used the same gas`,
  })
}

/** Every state of some transactions of the middle, hashed in order as a game's checkpoints would be. */
function statesOfTransactions(entry: ExecutedEntry, from: number, count: number): MachineState[] {
  const states: MachineState[] = []
  let state = entry.start
  let item = 0
  while (!isFinished(state, entry.context) && item < from + count) {
    state = step(state, entry.context)
    if (isBoundary(state.phase)) item += 1
    if (item >= from) states.push(state)
  }
  return states
}

const FIRST_ITEM = 20
const ITEMS = 10

async function measureHashes(entry: ExecutedEntry, report: Report): Promise<void> {
  const states = statesOfTransactions(entry, FIRST_ITEM, ITEMS)
  const [, spent] = await timed(() => states.map(stateHash))
  const [, again] = await timed(() => states.map(stateHash))
  report.figure({
    name: 'prover/state hashes',
    unit: 'hashes/s',
    value: round(perSecond(states.length, spent)),
    peer: { name: 'the same states hashed again', value: round(perSecond(states.length, again)) },
    note: `each of ${states.length} successive states of ${ITEMS} token transfers once; the difference to hashing them again is what changed since the last state: tries, memory, stack`,
  })
}

async function measureWitnesses(entry: ExecutedEntry, report: Report): Promise<void> {
  const states = statesOfTransactions(entry, FIRST_ITEM, ITEMS)
  const stride = Math.max(1, Math.floor(states.length / WITNESSES))
  const chosen = states.filter((_, index) => index % stride === 0)
  const sizes: number[] = []
  const [, spent] = await timed(() => {
    for (const state of chosen) sizes.push(witness(state, entry.context).length)
  })
  report.figure({
    name: 'prover/witness',
    unit: 'bytes',
    value: median(sizes),
    peer: { name: 'one blob', value: 131_072 },
    note: `median over ${sizes.length} steps of ${ITEMS} token transfers; min ${Math.min(...sizes)}, 99 % ${quantile(sizes, 0.99)}, max ${Math.max(...sizes)}; ${round(perSecond(sizes.length, spent))} witnesses a second`,
  })
}

/** A whole bisection to a step in the middle of the last transaction, as the challenger's prover answers it. */
async function measureMoves(entry: ExecutedEntry, count: number, report: Report): Promise<void> {
  const { start, context } = entry
  const prover = createProver({ machine: createMachine(context), start })
  // Items: the batch's opening, the block's start, then one per transaction.
  const target = (BigInt(count + 1) << BigInt(STEP_BITS)) + 200n
  const moves: number[] = []
  let position = ROOT_POSITION
  while (moves.length < MAX_DEPTH) {
    const isRight = traceIndex(position) < target
    position = moves.length === 0 ? movePosition(position, true) : movePosition(position, !isRight)
    const [, { wallMs }] = await timed(() => prover.stateHashAt(traceIndex(position)))
    moves.push(wallMs)
  }
  const [bytes, spent] = await timed(() => prover.witnessAt(target))
  const first = moves[0] ?? 0
  const note = `${moves.length} state hashes of a bisection to step 200 of the last of ${count} token transfers`
  report.figure({
    name: 'prover/slowest move',
    unit: 'ms',
    value: Math.max(...moves),
    peer: { name: 'one L1 slot of the demo', value: 2_000 },
    note: `${note}; the first, which runs the whole batch, took ${round(first)} ms`,
  })
  report.figure({
    name: 'prover/later move',
    unit: 'ms',
    value: median(moves.slice(1)),
    note: `median; ${note}; 90 % ${round(quantile(moves.slice(1), 0.9), 2)} ms; then the witness of ${bytes.length} bytes in ${round(spent.wallMs, 1)} ms`,
  })
}

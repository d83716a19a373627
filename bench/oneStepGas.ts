/** Gas of an L1 transaction that verifies one step, by kind of step: the mirror's witness through the deployed contracts. */

import { dearestOpcodes } from '../tools/conformance/dearest.ts'
import { GAS_LIMIT } from '../tools/conformance/evm.ts'
import { deployFamily, type Family, verify } from '../tools/conformance/family.ts'
import { kindOf, opcodeKind } from '../tools/conformance/outcome.ts'
import { rareTransactions } from '../tools/conformance/phaseStates.ts'
import { context, executing } from '../tools/conformance/states.ts'
import { allCases } from '../tools/conformance/transactions.ts'
import { hashEntry } from '../workers/rollup/batch/entry.ts'
import { bytesToHex, ZERO_HASH } from '../workers/rollup/bytes.ts'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { OPCODES } from '../workers/rollup/machine/opcodes.ts'
import { isFinished, step } from '../workers/rollup/machine/step.ts'
import { type MachineContext, type MachineState, PHASE } from '../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import { type BenchOptions, MeasurementError, median, type Report, round, timed } from './figure.ts'
import { tokenEntry } from './tokenEntry.ts'

/** Families of kinds, in the order in which they are told. The last one takes every phase that is no opcode. */
const FAMILIES: readonly { readonly name: string; readonly opcodes: readonly number[] }[] = [
  { name: 'arithmetic and bits', opcodes: range(0x01, 0x1e) },
  { name: 'KECCAK256', opcodes: [0x20] },
  { name: 'environment and block', opcodes: range(0x30, 0x4a) },
  { name: 'stack', opcodes: [0x50, ...range(0x5f, 0x9f)] },
  { name: 'memory', opcodes: [0x51, 0x52, 0x53, 0x59, 0x5e] },
  { name: 'SLOAD', opcodes: [0x54] },
  { name: 'SSTORE', opcodes: [0x55] },
  { name: 'transient storage', opcodes: [0x5c, 0x5d] },
  { name: 'jumps', opcodes: [0x56, 0x57, 0x58, 0x5a, 0x5b] },
  { name: 'LOG', opcodes: range(0xa0, 0xa4) },
  { name: 'calls', opcodes: [0xf1, 0xf2, 0xf4, 0xfa] },
  { name: 'creations', opcodes: [0xf0, 0xf5] },
  { name: 'ends of frames', opcodes: [0x00, 0xf3, 0xfd, 0xfe, 0xff] },
]

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

interface Sample {
  readonly gas: number
  /** Bytes of the witness. */
  readonly bytes: number
}

/** What each verified step took, by kind, and the time of all. */
interface Gathered {
  readonly byKind: Map<string, Sample[]>
  readonly spent: { wallMs: number; cpuMs: number }
}

const samplesOf = ({ byKind }: Gathered): readonly Sample[] => [...byKind.values()].flat()

export async function measureOneStepGas(options: BenchOptions, report: Report): Promise<void> {
  await Promise.all([initKeccak(), initSecp256k1()])
  const family = await deployFamily()
  const spent = { wallMs: 0, cpuMs: 0 }
  const gathered: Gathered = { byKind: new Map(), spent }
  await gatherOpcodes(family, gathered)
  await gatherTransactions(family, gathered, options.isQuick ? 12 : 1)
  await gatherBatch(gathered)
  await report.attempt('speed', async () => tellSpeed(gathered, report))
  for (const { name, opcodes } of FAMILIES) {
    const kinds = opcodes.map(opcodeKind)
    const isOf = (kind: string): boolean => kinds.includes(kind)
    await report.attempt(name, async () => tell(name, isOf, gathered, report))
  }
  const phases = new Set([...gathered.byKind.keys()].map(phaseOf).sort())
  phases.delete('EXEC')
  for (const phase of phases) {
    const isOf = (kind: string): boolean => phaseOf(kind) === phase
    await report.attempt(phase, async () => tell(phase, isOf, gathered, report))
  }
  await report.attempt('dearest', () => measureDearest(family, gathered, report))
}

/** `EXEC` of `EXEC ADD`, `PRECOMPILE` of `PRECOMPILE 0x05`. */
const phaseOf = (kind: string): string => kind.split(' ')[0] ?? kind

/** Verifies the step and keeps its gas. Throws `MeasurementError` if the contracts and the mirror differ. */
async function gather(
  family: Family,
  state: MachineState,
  gathered: Gathered,
  source: MachineContext = context,
): Promise<bigint> {
  const kind = kindOf(state)
  const [verified, { wallMs, cpuMs }] = await timed(() => verify(family, state, source))
  const { result, expected, error, transactionGas, witnessSize } = verified
  if (result !== expected)
    throw new MeasurementError(`${kind}: ${error ?? 'the contracts and the mirror differ'}.`)
  const known = gathered.byKind.get(kind) ?? []
  known.push({ gas: Number(transactionGas), bytes: witnessSize })
  gathered.byKind.set(kind, known)
  gathered.spent.wallMs += wallMs
  gathered.spent.cpuMs += cpuMs
  return transactionGas
}

const OPERANDS: readonly (readonly bigint[])[] = [
  [3n, 5n, 7n, 2n, 1n, 0n, 9n],
  [64n, 32n, 31n, 96n, 20n, 8n, 4n],
]

/** Each defined opcode with operands of ordinary size. */
async function gatherOpcodes(family: Family, gathered: Gathered): Promise<void> {
  for (let opcode = 0; opcode < 256; opcode += 1) {
    if (OPCODES[opcode] === undefined) continue
    const deep = opcode >= 0x80 && opcode <= 0x9f ? range(0, 16).map(BigInt) : []
    for (const operands of OPERANDS)
      await gather(family, executing(opcode, [...operands, ...deep]), gathered)
  }
}

/** Whole transactions of every sort, step by step, as far as they differ: each kind a few times per transaction. */
async function gatherTransactions(
  family: Family,
  gathered: Gathered,
  stride: number,
): Promise<void> {
  const starts = [...allCases().map(({ start }) => start), ...rareTransactions()]
  for (const [index, start] of starts.entries()) {
    if (index % stride !== 0) continue
    const seen = new Set<string>()
    let state = start
    while (state.phase !== PHASE.TX_NEXT) {
      const kind = kindOf(state)
      if (!seen.has(kind)) await gather(family, state, gathered)
      seen.add(kind)
      state = step(state, context)
    }
  }
}

const BATCH_TRANSACTIONS = 20

/** The phases between transactions, over a real batch whose entry is in the inbox. */
async function gatherBatch(gathered: Gathered): Promise<void> {
  const entry = await tokenEntry(BATCH_TRANSACTIONS)
  const none = bytesToHex(ZERO_HASH)
  const family = await deployFamily([none, bytesToHex(hashEntry(entry.context.source.entry(1n)))])
  const between: readonly number[] = [...BOUNDARY_PHASES, PHASE.SYSTEM]
  let state = entry.start
  while (!isFinished(state, entry.context)) {
    if (between.includes(state.phase)) await gather(family, state, gathered, entry.context)
    state = step(state, entry.context)
  }
}

const BOUNDARY_PHASES = [PHASE.BATCH_OPEN, PHASE.BLOCK_START, PHASE.TX_NEXT, PHASE.BLOCK_END]

function tell(
  name: string,
  isOf: (kind: string) => boolean,
  gathered: Gathered,
  report: Report,
): void {
  const kinds = [...gathered.byKind].filter(([kind]) => isOf(kind))
  const samples = kinds.flatMap(([, ofKind]) => ofKind)
  const gas = samples.map((sample) => sample.gas)
  const bytes = samples.map((sample) => sample.bytes)
  report.figure({
    name: `one-step-gas/${name}`,
    unit: 'gas',
    value: median(gas),
    peer: { name: 'transaction limit of Ethereum (EIP-7825)', value: Number(GAS_LIMIT) },
    note: `${spread(gas)}; intrinsic and calldata gas of the witness included`,
    detail: kinds.map(([kind, ofKind]) => {
      const values = ofKind.map((sample) => sample.gas)
      return {
        kind,
        min: Math.min(...values),
        median: median(values),
        max: Math.max(...values),
      }
    }),
  })
  report.figure({
    name: `proof-bytes/${name}`,
    unit: 'bytes',
    value: median(bytes),
    peer: { name: 'one blob', value: 131_072 },
    note: `${spread(bytes)}; the witness, all of it calldata`,
  })
}

function spread(values: readonly number[]): string {
  return `median of ${values.length} steps, min ${Math.min(...values)}, max ${Math.max(...values)}`
}

/** Witness, hashes and the contracts' run inside @ethereumjs/evm, for all steps that were gathered. */
function tellSpeed(gathered: Gathered, report: Report): void {
  const { wallMs, cpuMs } = gathered.spent
  const steps = samplesOf(gathered).length
  report.figure({
    name: 'one-step-gas/steps proven',
    unit: 'steps/s',
    value: round((1_000 * steps) / wallMs, 1),
    note: `${steps} steps of all kinds in ${round(wallMs)} ms, ${round((1_000 * steps) / cpuMs, 1)} per second of processor: the mirror steps, hashes and writes the witness, the contracts verify it inside @ethereumjs/evm`,
  })
}

/** Memory, input and code as large as a step may meet them, full of noise. */
async function measureDearest(family: Family, gathered: Gathered, report: Report): Promise<void> {
  const gas: { readonly name: string; readonly gas: number }[] = []
  for (const [name, make] of Object.entries(dearestOpcodes))
    gas.push({ name, gas: Number(await gather(family, make(), gathered)) })
  const max = Math.max(...gas.map((one) => one.gas))
  report.figure({
    name: 'one-step-gas/dearest',
    unit: 'gas',
    value: max,
    peer: { name: 'transaction limit of Ethereum (EIP-7825)', value: Number(GAS_LIMIT) },
    note: `${gas.map((one) => `${one.name} ${one.gas}`).join(', ')}; the largest witness had ${Math.max(...samplesOf(gathered).map(({ bytes }) => bytes))} bytes`,
    detail: gas,
  })
}

/** The whole verifier family in a fresh EVM, and one step of the mirror through it. */
import { bytesToHex, type Hex, toFunctionSelector } from 'viem'
import { ArithmeticStep } from '../../contracts/generated/ArithmeticStep.ts'
import { BlockStep } from '../../contracts/generated/BlockStep.ts'
import { CallStep } from '../../contracts/generated/CallStep.ts'
import { CheatStep } from '../../contracts/generated/CheatStep.ts'
import { CreateStep } from '../../contracts/generated/CreateStep.ts'
import { EnvironmentStep } from '../../contracts/generated/EnvironmentStep.ts'
import { FlowStep } from '../../contracts/generated/FlowStep.ts'
import { FrameStep } from '../../contracts/generated/FrameStep.ts'
import { LogStep } from '../../contracts/generated/LogStep.ts'
import { MemoryStep } from '../../contracts/generated/MemoryStep.ts'
import { OneStepVerifier } from '../../contracts/generated/OneStepVerifier.ts'
import { PrecompileStep } from '../../contracts/generated/PrecompileStep.ts'
import { StackStep } from '../../contracts/generated/StackStep.ts'
import { StorageStep } from '../../contracts/generated/StorageStep.ts'
import { TransactionDecoder } from '../../contracts/generated/TransactionDecoder.ts'
import { TransactionEndStep } from '../../contracts/generated/TransactionEndStep.ts'
import { TransactionStep } from '../../contracts/generated/TransactionStep.ts'
import { InboxProbe } from '../../contracts/generated/test/InboxProbe.ts'
import { concatBytes, hexToBytes, padLeft, word } from '../../workers/rollup/bytes.ts'
import { type CodeLimits, ETHEREUM_CODE_LIMITS } from '../../workers/rollup/codeLimits.ts'
import { stateHash } from '../../workers/rollup/machine/hash.ts'
import { isBoundary, step, witness } from '../../workers/rollup/machine/step.ts'
import type { MachineContext, MachineState } from '../../workers/rollup/machine/types.ts'
import { type Answer, type Artifact, createOwnJudge, type Deployed, type Judge } from './evm.ts'

export interface Family {
  readonly judge: Judge
  readonly verifier: Deployed
  readonly inbox: Hex
  /** Each member by its name, to be asked directly. */
  readonly members: Readonly<Record<string, Deployed>>
}

const MEMBERS: Readonly<Record<string, Artifact>> = {
  arithmetic: ArithmeticStep,
  stack: StackStep,
  flow: FlowStep,
  memory_: MemoryStep,
  environment: EnvironmentStep,
  storage_: StorageStep,
  log: LogStep,
  call: CallStep,
  precompile: PrecompileStep,
  transactionEnd: TransactionEndStep,
  block_: BlockStep,
}

export interface FamilyOptions {
  readonly allowsCheats?: boolean
  /** Default: Ethereum's. */
  readonly codeLimits?: CodeLimits
  readonly judge?: Judge
}

/** Deploys the family over an inbox with these hashes of entries and messages. */
export async function deployFamily(
  entries: readonly Hex[] = [],
  messages: readonly Hex[] = [],
  options: FamilyOptions = {},
): Promise<Family> {
  const judge = options.judge ?? (await createOwnJudge())
  const { codeSizeMax, initcodeSizeMax } = options.codeLimits ?? ETHEREUM_CODE_LIMITS
  const decoder = (await judge.deploy(TransactionDecoder, [initcodeSizeMax])).address.toString()
  const members: Record<string, Deployed> = {}
  for (const [name, artifact] of Object.entries(MEMBERS))
    members[name] = await judge.deploy(artifact)
  members['transaction'] = await judge.deploy(TransactionStep, [decoder, initcodeSizeMax])
  members['create'] = await judge.deploy(CreateStep, [initcodeSizeMax])
  members['frame'] = await judge.deploy(FrameStep, [codeSizeMax])
  members['cheat'] = await judge.deploy(CheatStep, [decoder, options.allowsCheats ?? true])
  const addresses = Object.entries(members).map(([name, { address }]) => [name, address.toString()])
  const verifier = await judge.deploy(OneStepVerifier, [Object.fromEntries(addresses)])
  const inbox = await judge.deploy(InboxProbe, [entries, messages])
  return {
    judge,
    verifier: { ...verifier, abi: [...verifier.abi, ...errorsOf(MEMBERS)] },
    inbox: inbox.address.toString() as Hex,
    members,
  }
}

/** Errors of every member, so that a revert is told by its name. */
function errorsOf(artifacts: Readonly<Record<string, Artifact>>): Deployed['abi'] {
  const all = [
    ...Object.values(artifacts),
    CreateStep,
    FrameStep,
    TransactionStep,
    CheatStep,
    TransactionDecoder,
  ].flatMap((item) => item.abi as Deployed['abi'])
  return all.filter((item) => item.type === 'error')
}

export interface Verified extends Answer {
  readonly expected: Hex
  readonly witnessSize: number
  /** Gas of a transaction that does this call alone: intrinsic and calldata gas included. */
  readonly transactionGas: bigint
}

/** What the contracts say about the mirror's step; `result` is to equal `expected`. */
export async function verify(
  family: Family,
  state: MachineState,
  context: MachineContext,
  traceIndex = 0n,
): Promise<Verified> {
  const isStutter = isBoundary(state.phase) && traceIndex % (1n << 25n) !== 0n
  const bytes = witness(state, context, isStutter)
  const after = isStutter ? state : step(state, context)
  const expected = bytesToHex(stateHash(after))
  const answer = await check(
    family,
    bytesToHex(stateHash(state)),
    bytes,
    context.endEntry,
    traceIndex,
  )
  let tokens = 0n
  for (const byte of bytes) tokens += byte === 0 ? 1n : 4n
  const standard = 21_000n + 4n * tokens + answer.gas
  const floor = 21_000n + 10n * tokens
  return {
    ...answer,
    expected,
    witnessSize: bytes.length,
    transactionGas: standard > floor ? standard : floor,
  }
}

/** Calls the verifier with these bytes. */
export async function check(
  family: Family,
  preState: Hex,
  bytes: Uint8Array,
  endEntry: bigint,
  traceIndex = 0n,
): Promise<Answer> {
  const data = encodeStep(family.inbox, { preState, bytes, endEntry, traceIndex })
  const { returned, gas, error } = await family.judge.call(family.verifier, data)
  return error === undefined
    ? { result: bytesToHex(returned), gas }
    : { result: undefined, gas, error }
}

interface StepCall {
  readonly preState: Hex
  /** The witness. */
  readonly bytes: Uint8Array
  readonly endEntry: bigint
  readonly traceIndex: bigint
}

/** Where the witness begins in the calldata of a step. */
export const WITNESS_OFFSET = 4 + 6 * 32

export function encodeStep(inbox: Hex, call: StepCall): Uint8Array {
  const { preState, bytes, endEntry, traceIndex } = call
  const padding = new Uint8Array((32 - (bytes.length % 32)) % 32)
  return concatBytes(
    SELECTOR,
    padLeft(hexToBytes(inbox), 32),
    word(endEntry),
    word(traceIndex),
    hexToBytes(preState),
    word(160),
    word(bytes.length),
    bytes,
    padding,
  )
}

const SELECTOR = hexToBytes(toFunctionSelector('step((address,uint256,uint256),bytes32,bytes)'))

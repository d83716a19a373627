/** geth's default tracer: one entry for each opcode. */
import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, padLeft, word } from '../../rollup/bytes.ts'
import type { Executor } from '../evm/executor.ts'
import { executionError } from './errors.ts'
import type { Trace } from './trace.ts'

export interface StructLogOptions {
  readonly withMemory: boolean
  readonly withStack: boolean
  readonly withStorage: boolean
  readonly withReturnData: boolean
  /** Entries at most; 0: no bound but the tracer's own. */
  readonly limit: number
}

/** More entries than this fill the memory of a tab. */
const ENTRIES_MAX = 500_000
const SLOAD = 0x54
const SSTORE = 0x55
/** Opcodes whose price counts the gas that they hand on. */
const CALLS: ReadonlySet<string> = new Set(['CALL', 'CALLCODE', 'DELEGATECALL', 'STATICCALL'])
/** Added to what a call with value hands on, and not paid by it. */
const STIPEND = 2_300n
/** Errors that stop an opcode before it does anything. */
const EARLY: ReadonlySet<string> = new Set(['out of gas', 'stack underflow', 'stack overflow'])
const NAMES: Readonly<Record<string, string>> = { SHA3: 'KECCAK256', KECCAK: 'KECCAK256' }

type Entry = { [key: string]: Json }

interface OpenFrame {
  returnData: Uint8Array
  /** The entry of the opcode that runs. */
  entry: Entry | undefined
}

/** The opcodes that a transaction executes. */
export function traceOpcodes(options: StructLogOptions): Trace {
  return async (executor, _, work) => {
    const entries: Entry[] = []
    const stop = listen(executor, options, entries)
    try {
      const outcome = await work()
      return {
        gas: Number(outcome.gasUsed),
        failed: !outcome.succeeded,
        returnValue: bytesToHex(outcome.output),
        structLogs: entries,
      }
    } finally {
      stop()
    }
  }
}

function listen(executor: Executor, options: StructLogOptions, entries: Entry[]): () => void {
  const { events } = executor.evm
  const limit = options.limit === 0 ? ENTRIES_MAX : Math.min(options.limit, ENTRIES_MAX)
  const storages = new Map<string, Map<string, string>>()
  const frames: OpenFrame[] = []
  const step = (event: InterpreterStep): void => {
    const frame = frames.at(-1)
    const entry = entries.length < limit ? formatStep(event, options) : undefined
    if (entry !== undefined) {
      addReturnData(entry, frame, options)
      if (options.withStorage) addStorage(entry, executor, event, storages)
      if (event.gasRefund !== 0n) entry.refund = Number(event.gasRefund)
      entries.push(entry)
    }
    if (frame !== undefined) frame.entry = entry
  }
  const before = (message: Message): void => {
    const entry = frames.at(-1)?.entry
    if (entry !== undefined && CALLS.has(String(entry.op))) {
      const paysStipend = message.value > 0n && !message.delegatecall
      entry.gasCost =
        Number(entry.gasCost) + Number(message.gasLimit - (paysStipend ? STIPEND : 0n))
    }
    frames.push({ returnData: new Uint8Array(0), entry: undefined })
  }
  const after = ({ execResult, createdAddress }: EVMResult): void => {
    const error = execResult.exceptionError?.error
    const entry = frames.pop()?.entry
    if (entry !== undefined && error !== undefined && EARLY.has(error)) {
      entry.error = executionError(error)
    }
    const parent = frames.at(-1)
    const isKept = error === 'revert' || (error === undefined && createdAddress === undefined)
    if (parent !== undefined)
      parent.returnData = isKept ? execResult.returnValue : new Uint8Array(0)
  }
  events.on('step', step)
  events.on('beforeMessage', before)
  events.on('afterMessage', after)
  return () => {
    events.off('step', step)
    events.off('beforeMessage', before)
    events.off('afterMessage', after)
  }
}

function formatStep(step: InterpreterStep, options: StructLogOptions): Entry {
  const { name } = step.opcode
  return {
    pc: step.pc,
    op: NAMES[name] ?? name,
    gas: Number(step.gasLeft),
    gasCost: Number(step.opcode.dynamicFee ?? BigInt(step.opcode.fee)),
    depth: step.depth + 1,
    ...(options.withStack ? { stack: step.stack.map((item) => `0x${item.toString(16)}`) } : {}),
    ...(options.withMemory && step.memory.length > 0 ? { memory: wordsOf(step.memory) } : {}),
  }
}

function addReturnData(
  entry: Entry,
  frame: OpenFrame | undefined,
  options: StructLogOptions,
): void {
  if (!options.withReturnData || frame === undefined || frame.returnData.length === 0) return
  entry.returnData = bytesToHex(frame.returnData)
}

/** The slots of the account that the transaction has touched so far, told where one is touched. */
function addStorage(
  entry: Entry,
  { state }: Executor,
  { opcode, stack, address }: InterpreterStep,
  storages: Map<string, Map<string, string>>,
): void {
  const slot = stack.at(-1)
  if ((opcode.code !== SLOAD && opcode.code !== SSTORE) || slot === undefined) return
  const key = word(slot)
  const known = storages.get(address.toString()) ?? new Map<string, string>()
  storages.set(address.toString(), known)
  const value =
    opcode.code === SSTORE ? word(stack.at(-2) ?? 0n) : padLeft(state.slot(address.bytes, key), 32)
  known.set(bytesToHex(key), bytesToHex(value))
  entry.storage = Object.fromEntries(known)
}

function wordsOf(memory: Uint8Array): string[] {
  const words: string[] = []
  for (let at = 0; at < memory.length; at += 32) {
    words.push(bytesToHex(memory.subarray(at, at + 32)))
  }
  return words
}

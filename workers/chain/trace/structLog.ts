/** geth's default tracer: one entry for each opcode. */
import type { InterpreterStep } from '@ethereumjs/evm'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import type { Executor, Outcome } from '../evm/executor.ts'
import type { JsonObject } from '../rpc/params.ts'

export interface StructLogOptions {
  readonly withMemory: boolean
  readonly withStack: boolean
  /** Entries at most; 0: no bound but the tracer's own. */
  readonly limit: number
}

/** More entries than this fill the memory of a tab. */
const ENTRIES_MAX = 500_000

/** Runs `work` and lists the opcodes that it executed. */
export async function traceOpcodes(
  executor: Executor,
  options: StructLogOptions,
  work: () => Promise<Outcome>,
): Promise<Json> {
  const entries: JsonObject[] = []
  const limit = options.limit === 0 ? ENTRIES_MAX : Math.min(options.limit, ENTRIES_MAX)
  const listener = (step: InterpreterStep): void => {
    if (entries.length < limit) entries.push(formatStep(step, options))
  }
  executor.evm.events.on('step', listener)
  try {
    const outcome = await work()
    return {
      gas: Number(outcome.gasUsed),
      failed: !outcome.succeeded,
      returnValue: bytesToHex(outcome.output).slice(2),
      structLogs: entries,
    }
  } finally {
    executor.evm.events.off('step', listener)
  }
}

function formatStep(step: InterpreterStep, options: StructLogOptions): JsonObject {
  return {
    pc: step.pc,
    op: step.opcode.name,
    gas: Number(step.gasLeft),
    gasCost: Number(step.opcode.dynamicFee ?? BigInt(step.opcode.fee)),
    depth: step.depth + 1,
    ...(options.withStack ? { stack: step.stack.map((word) => `0x${word.toString(16)}`) } : {}),
    ...(options.withMemory ? { memory: wordsOf(step.memory) } : {}),
  }
}

function wordsOf(memory: Uint8Array): string[] {
  const words: string[] = []
  for (let at = 0; at < memory.length; at += 32) {
    words.push(bytesToHex(memory.subarray(at, at + 32)).slice(2))
  }
  return words
}

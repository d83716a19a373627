/** The tree of calls that a transaction makes. Call tracers of every format are written from it. */
import type { EVMResult, InterpreterStep, Message } from '@ethereumjs/evm'
import { bigintToBytes, bytesToHex } from '../../rollup/bytes.ts'
import type { Executor } from '../evm/executor.ts'
import type { Log } from '../types.ts'
import { logOf } from './logs.ts'

export type FrameType =
  | 'CALL'
  | 'CALLCODE'
  | 'DELEGATECALL'
  | 'STATICCALL'
  | 'CREATE'
  | 'CREATE2'
  | 'SELFDESTRUCT'

export interface FrameLog extends Log {
  /** Calls of the frame before it. */
  readonly position: number
  /** Its place among all logs of the transaction that stay. */
  index: number
}

export interface Frame {
  readonly type: FrameType
  readonly from: Uint8Array
  /** Null: a creation that failed. */
  to: Uint8Array | null
  readonly value: bigint
  readonly gas: bigint
  readonly input: Uint8Array
  gasUsed: bigint
  output: Uint8Array
  /** The EVM's name of what went wrong; empty if nothing did. */
  error: string
  readonly calls: Frame[]
  readonly logs: FrameLog[]
}

const SELFDESTRUCT = 0xff

/** Runs `work` and gives its top frame with all below it; undefined where it ran none. */
export async function collectFrames<Result>(
  executor: Executor,
  work: () => Promise<Result>,
): Promise<{ readonly top: Frame | undefined; readonly result: Result }> {
  const { evm, state } = executor
  const open: Frame[] = []
  let top: Frame | undefined
  const before = (message: Message): void => {
    const frame = openFrame(message)
    open.at(-1)?.calls.push(frame)
    open.push(frame)
    top ??= frame
  }
  const after = (result: EVMResult): void => closeFrame(open.pop(), result)
  const step = (event: InterpreterStep): void => {
    const frame = open.at(-1)
    const log = logOf(event)
    if (log !== undefined) frame?.logs.push({ ...log, position: frame.calls.length, index: 0 })
    if (event.opcode.code !== SELFDESTRUCT) return
    const value = state.account(event.address.bytes)?.balance ?? 0n
    frame?.calls.push(selfdestruct(event, value))
  }
  evm.events.on('beforeMessage', before)
  evm.events.on('afterMessage', after)
  evm.events.on('step', step)
  try {
    const result = await work()
    if (top !== undefined) numberLogs(top)
    return { top, result }
  } finally {
    evm.events.off('beforeMessage', before)
    evm.events.off('afterMessage', after)
    evm.events.off('step', step)
  }
}

function openFrame(message: Message): Frame {
  const type = typeOf(message)
  const borrows = type === 'DELEGATECALL' || type === 'CALLCODE'
  const to = borrows ? message.codeAddress : message.to
  return {
    type,
    // A delegate call keeps the caller of the frame that makes it; who makes it is that frame's own account.
    from: (type === 'DELEGATECALL' ? (message.to ?? message.caller) : message.caller).bytes,
    to: to?.bytes ?? null,
    value: message.value,
    gas: message.gasLimit,
    input: message.data,
    gasUsed: 0n,
    output: new Uint8Array(0),
    error: '',
    calls: [],
    logs: [],
  }
}

function typeOf(message: Message): FrameType {
  if (message.to === undefined) return message.salt === undefined ? 'CREATE' : 'CREATE2'
  if (message.delegatecall) return 'DELEGATECALL'
  if (bytesToHex(message.codeAddress.bytes) !== bytesToHex(message.to.bytes)) return 'CALLCODE'
  return message.isStatic ? 'STATICCALL' : 'CALL'
}

function closeFrame(frame: Frame | undefined, { execResult, createdAddress }: EVMResult): void {
  if (frame === undefined) return
  const error = execResult.exceptionError?.error ?? ''
  frame.error = error
  frame.gasUsed = execResult.executionGasUsed
  if (error === '' || error === 'revert') frame.output = execResult.returnValue
  const isCreation = frame.type === 'CREATE' || frame.type === 'CREATE2'
  if (isCreation) frame.to = error === '' ? (createdAddress?.bytes ?? null) : null
  if (error !== '') forgetLogs(frame)
}

function selfdestruct({ address, stack }: InterpreterStep, value: bigint): Frame {
  return {
    type: 'SELFDESTRUCT',
    from: address.bytes,
    to: bigintToBytes(BigInt.asUintN(160, stack.at(-1) ?? 0n), 20),
    value,
    gas: 0n,
    input: new Uint8Array(0),
    gasUsed: 0n,
    output: new Uint8Array(0),
    error: '',
    calls: [],
    logs: [],
  }
}

/** What a failed frame and those below it logged is gone. */
function forgetLogs(frame: Frame): void {
  frame.logs.length = 0
  frame.calls.forEach(forgetLogs)
}

/** Logs in the order in which they were written: a frame's own between those of its calls. */
function numberLogs(top: Frame): void {
  let next = 0
  const visit = (frame: Frame): void => {
    let at = 0
    for (const [position, call] of frame.calls.entries()) {
      for (; (frame.logs[at]?.position ?? Number.POSITIVE_INFINITY) <= position; at += 1) {
        ;(frame.logs[at] as FrameLog).index = next++
      }
      visit(call)
    }
    for (; at < frame.logs.length; at += 1) (frame.logs[at] as FrameLog).index = next++
  }
  visit(top)
}

/** geth's `callTracer`: the tree of frames. */
import type { EVMResult, Message } from '@ethereumjs/evm'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import type { Executor } from '../evm/executor.ts'
import { quantity } from '../rpc/format.ts'
import type { JsonObject } from '../rpc/params.ts'
import { revertReason } from '../rpc/revertReason.ts'

export interface CallTracerOptions {
  readonly onlyTopCall: boolean
  readonly withLog: boolean
}

interface Frame {
  readonly message: Message
  readonly input: Uint8Array
  readonly type: string
  readonly calls: JsonObject[]
}

/** Runs `work` and gives its top frame with all below it. */
export async function traceCalls(
  executor: Executor,
  options: CallTracerOptions,
  work: () => Promise<unknown>,
): Promise<Json> {
  const open: Frame[] = []
  let top: JsonObject | null = null
  const before = (message: Message): void => {
    const parent = open.at(-1)
    open.push({ message, input: message.data, type: typeOf(message, parent), calls: [] })
  }
  const after = (result: EVMResult): void => {
    const frame = open.pop()
    if (frame === undefined) return
    const formatted = formatFrame(frame, result, options)
    const parent = open.at(-1)
    if (parent === undefined) top = formatted
    else if (!options.onlyTopCall) parent.calls.push(formatted)
  }
  executor.evm.events.on('beforeMessage', before)
  executor.evm.events.on('afterMessage', after)
  try {
    await work()
    return top
  } finally {
    executor.evm.events.off('beforeMessage', before)
    executor.evm.events.off('afterMessage', after)
  }
}

function typeOf(message: Message, parent: Frame | undefined): string {
  if (message.to === undefined) return message.salt === undefined ? 'CREATE' : 'CREATE2'
  if (message.delegatecall) return 'DELEGATECALL'
  const isOwnCode = bytesToHex(message.codeAddress.bytes) === bytesToHex(message.to.bytes)
  if (!isOwnCode) return 'CALLCODE'
  return message.isStatic && parent?.message.isStatic !== true ? 'STATICCALL' : 'CALL'
}

function formatFrame(frame: Frame, result: EVMResult, options: CallTracerOptions): JsonObject {
  const { message, type, input, calls } = frame
  const { execResult, createdAddress } = result
  const target = type === 'DELEGATECALL' || type === 'CALLCODE' ? message.codeAddress : message.to
  const to = createdAddress ?? target
  const error = execResult.exceptionError?.error
  const reason = error === 'revert' ? revertReason(execResult.returnValue) : undefined
  return {
    type,
    from: bytesToHex(message.caller.bytes),
    ...(to === undefined ? {} : { to: bytesToHex(to.bytes) }),
    ...(message.isStatic ? {} : { value: quantity(message.value) }),
    gas: quantity(message.gasLimit),
    gasUsed: quantity(execResult.executionGasUsed),
    input: bytesToHex(input),
    ...(execResult.returnValue.length === 0 ? {} : { output: bytesToHex(execResult.returnValue) }),
    ...(error === undefined ? {} : { error: error === 'revert' ? 'execution reverted' : error }),
    ...(reason === undefined ? {} : { revertReason: reason }),
    ...(calls.length === 0 ? {} : { calls }),
    ...(options.withLog && error === undefined ? { logs: formatLogs(result) } : {}),
  }
}

function formatLogs({ execResult }: EVMResult): Json {
  return (execResult.logs ?? []).map(([address, topics, data]) => ({
    address: bytesToHex(address),
    topics: topics.map(bytesToHex),
    data: bytesToHex(data),
  }))
}

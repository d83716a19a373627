/** geth's `callTracer` and `4byteTracer`. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { quantity } from '../rpc/format.ts'
import type { JsonObject } from '../rpc/params.ts'
import { revertReason } from '../rpc/revertReason.ts'
import { executionError } from './errors.ts'
import { collectFrames, type Frame, type FrameLog } from './frames.ts'
import type { Trace } from './trace.ts'

export interface CallTracerOptions {
  readonly onlyTopCall: boolean
  readonly withLog: boolean
}

/** The tree of frames. The top one tells the gas of the whole transaction. */
export function traceCalls(options: CallTracerOptions): Trace {
  return async (executor, subject, work) => {
    const { top, result } = await collectFrames(executor, work)
    if (top === undefined) return {}
    const logOffset = subject.logOffset
    return formatFrame(
      { ...top, gas: subject.gasLimit, gasUsed: result.gasUsed },
      { ...options, logOffset },
    )
  }
}

type FormatOptions = CallTracerOptions & { readonly logOffset: number }

function formatFrame(frame: Frame, options: FormatOptions): JsonObject {
  const { type, from, to, value, gas, gasUsed, input, output, error, calls, logs } = frame
  const reason = error === 'revert' ? revertReason(output) : undefined
  const below = options.onlyTopCall ? [] : calls
  return {
    from: bytesToHex(from),
    gas: quantity(gas),
    gasUsed: quantity(gasUsed),
    ...(to === null ? {} : { to: bytesToHex(to) }),
    input: bytesToHex(input),
    ...(output.length === 0 ? {} : { output: bytesToHex(output) }),
    ...(error === '' ? {} : { error: executionError(error) }),
    ...(reason === undefined ? {} : { revertReason: reason }),
    ...(below.length === 0 ? {} : { calls: below.map((call) => formatFrame(call, options)) }),
    ...(options.withLog && logs.length > 0
      ? { logs: logs.map((log) => formatLog(log, options.logOffset)) }
      : {}),
    ...(type === 'STATICCALL' ? {} : { value: quantity(value) }),
    type,
  }
}

function formatLog({ address, topics, data, index, position }: FrameLog, offset: number): Json {
  return {
    address: bytesToHex(address),
    topics: topics.map(bytesToHex),
    data: bytesToHex(data),
    index: quantity(offset + index),
    position: quantity(position),
  }
}

/** How often each selector was called with how many bytes of arguments. */
export const traceSelectors: Trace = async (executor, _, work) => {
  const { top } = await collectFrames(executor, work)
  const counts: { [selector: string]: number } = {}
  const visit = (frame: Frame): void => {
    const { type, input, to } = frame
    const isCall = type.endsWith('CALL') || type === 'CALLCODE'
    const isPrecompile = to !== null && executor.evm.precompiles.has(bytesToHex(to).slice(2))
    if (isCall && input.length >= 4 && !isPrecompile) {
      const key = `${bytesToHex(input.subarray(0, 4))}-${input.length - 4}`
      counts[key] = (counts[key] ?? 0) + 1
    }
    frame.calls.forEach(visit)
  }
  if (top !== undefined) visit(top)
  return counts
}

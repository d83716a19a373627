/** Traces as Parity's `trace_` methods and geth's `flatCallTracer` list them: every frame by its path in the tree. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { quantity } from '../rpc/format.ts'
import type { JsonObject } from '../rpc/params.ts'
import { executionError } from './errors.ts'
import { collectFrames, type Frame } from './frames.ts'
import type { Trace } from './trace.ts'

export const traceFlat: Trace = async (executor, _, work) => {
  const { top } = await collectFrames(executor, work)
  return top === undefined ? [] : flatten(top)
}

/** The frame and all below it, parents first. Its gas is without what the transaction costs before its first opcode. */
export function flatten(frame: Frame, traceAddress: readonly number[] = []): JsonObject[] {
  const own = {
    action: actionOf(frame),
    ...(frame.error === '' ? { result: resultOf(frame) } : { error: errorOf(frame) }),
    subtraces: frame.calls.length,
    traceAddress,
    type: typeOf(frame),
  }
  const below = frame.calls.flatMap((call, index) => flatten(call, [...traceAddress, index]))
  return [own, ...below]
}

function typeOf({ type }: Frame): string {
  if (type === 'SELFDESTRUCT') return 'suicide'
  return isCreation(type) ? 'create' : 'call'
}

function actionOf({ type, from, to, value, gas, input }: Frame): JsonObject {
  const target = to === null ? null : bytesToHex(to)
  if (type === 'SELFDESTRUCT') {
    return { address: bytesToHex(from), balance: quantity(value), refundAddress: target }
  }
  const shared = { from: bytesToHex(from), gas: quantity(gas), value: quantity(value) }
  if (isCreation(type)) {
    return { ...shared, creationMethod: type.toLowerCase(), init: bytesToHex(input) }
  }
  return { ...shared, callType: type.toLowerCase(), input: bytesToHex(input), to: target }
}

function resultOf({ type, to, gasUsed, output }: Frame): Json {
  if (type === 'SELFDESTRUCT') return null
  if (!isCreation(type)) return { gasUsed: quantity(gasUsed), output: bytesToHex(output) }
  const address = to === null ? null : bytesToHex(to)
  return { address, code: bytesToHex(output), gasUsed: quantity(gasUsed) }
}

function errorOf({ error }: Frame): string {
  return error === 'revert' ? 'Reverted' : executionError(error)
}

function isCreation(type: Frame['type']): boolean {
  return type === 'CREATE' || type === 'CREATE2'
}

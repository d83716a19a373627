/** Parameters of the world's own JSON-RPC methods. */
import type { Json } from '../../protocol/world.ts'
import { RPC_CODE, RpcError } from '../errors.ts'

/** A number as text. */
export const NUMBER = /^(0x[0-9a-fA-F]+|\d+)$/

/** Numbers, decimal texts and hexadecimal quantities are all in use by tools. */
export function quantity(params: readonly Json[], index: number, max: number): number {
  const value = params[index]
  const isText = typeof value === 'string' && NUMBER.test(value)
  const number = isText || typeof value === 'number' ? Number(value) : Number.NaN
  if (Number.isSafeInteger(number) && number >= 0 && number <= max) return number
  throw invalid(index, `an integer from 0 to ${max}`)
}

export function invalid(index: number, accepted: string): RpcError {
  return new RpcError(`Parameter ${index} must be ${accepted}.`, RPC_CODE.invalidParams)
}

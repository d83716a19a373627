/** Readers of JSON-RPC parameters. Each throws `InvalidParamsError` naming the field. */
import type { Json } from '../../protocol/world.ts'
import { hexToBytes, isHex, padLeft } from '../../rollup/bytes.ts'
import type { Chain } from '../chain.ts'
import type { Block, BlockId, BlockTag } from '../types.ts'
import { InvalidParamsError, ResourceNotFoundError } from './errors.ts'

export type JsonObject = { readonly [key: string]: Json }

const TAGS: ReadonlySet<string> = new Set([
  'earliest',
  'latest',
  'pending',
  'unsafe',
  'safe',
  'settled',
  'finalized',
])

/** A hexadecimal integer, e.g. `0x1f`. */
export function readQuantity(value: Json | undefined, field: string): bigint {
  if (isQuantity(value)) return BigInt(value)
  throw new InvalidParamsError(field, 'a hexadecimal quantity such as 0x1f', value)
}

/** Clients that count in numbers are understood as well. */
function isQuantity(value: Json | undefined): value is string | number {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0
  return typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)
}

export function readData(value: Json | undefined, field: string, size?: number): Uint8Array {
  if (isHex(value, size)) return hexToBytes(value)
  const expected = size === undefined ? 'hexadecimal bytes' : `${size} bytes in hexadecimal`
  throw new InvalidParamsError(field, expected, value)
}

export const readAddress = (value: Json | undefined, field: string): Uint8Array =>
  readData(value, field, 20)

export const readHash = (value: Json | undefined, field: string): Uint8Array =>
  readData(value, field, 32)

/** A storage slot: 32 bytes, or a quantity. */
export function readSlot(value: Json | undefined, field: string): Uint8Array {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{0,64}$/.test(value)) {
    const digits = value.slice(2)
    return padLeft(hexToBytes(digits.length % 2 === 0 ? digits : `0${digits}`), 32)
  }
  throw new InvalidParamsError(field, 'a slot of up to 32 bytes in hexadecimal', value)
}

export function readObject(value: Json | undefined, field: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as JsonObject
  throw new InvalidParamsError(field, 'an object', value)
}

/** An object with no other fields than `known`; their first letter may be a capital, as in Go. */
export function readFields(
  value: Json | undefined,
  field: string,
  known: ReadonlySet<string>,
): JsonObject {
  const entries = Object.entries(readObject(value, field)).map(([key, item]) => {
    const name = `${key.charAt(0).toLowerCase()}${key.slice(1)}`
    if (known.has(name)) return [name, item] as const
    throw new InvalidParamsError(`${field}.${key}`, `one of ${[...known].join(', ')}`)
  })
  return Object.fromEntries(entries)
}

export function readList(value: Json | undefined, field: string): readonly Json[] {
  if (Array.isArray(value)) return value
  throw new InvalidParamsError(field, 'a list', value)
}

export function readBoolean(value: Json | undefined, field: string): boolean {
  if (typeof value === 'boolean') return value
  throw new InvalidParamsError(field, 'true or false', value)
}

export function readText(value: Json | undefined, field: string): string {
  if (typeof value === 'string') return value
  throw new InvalidParamsError(field, 'a text', value)
}

/** `read(value)`, or undefined where the value is missing or null. */
export function optional<Value>(
  value: Json | undefined,
  field: string,
  read: (value: Json, field: string) => Value,
): Value | undefined {
  return value === undefined || value === null ? undefined : read(value, field)
}

/** A tag, a height, a hash, or an object of EIP-1898. Missing means `latest`. */
export function readBlockId(value: Json | undefined, field: string): BlockId {
  if (value === undefined || value === null) return 'latest'
  if (typeof value === 'object') {
    const id = readObject(value, field)
    if (id.blockHash !== undefined) return readHash(id.blockHash, `${field}.blockHash`)
    return readBlockId(id.blockNumber, `${field}.blockNumber`)
  }
  if (typeof value === 'string' && TAGS.has(value)) return value as BlockTag
  if (isHex(value, 32)) return hexToBytes(value)
  if (!isQuantity(value)) throw new InvalidParamsError(field, 'a block tag, number or hash', value)
  return BigInt(value)
}

/** The block that a parameter names. Throws `ResourceNotFoundError` where the chain does not hold it. */
export function requireBlock(chain: Chain, value: Json | undefined, field: string): Block {
  const block = chain.block(readBlockId(value, field))
  if (block === undefined)
    throw new ResourceNotFoundError(`block not found: ${JSON.stringify(value)}`)
  return block
}

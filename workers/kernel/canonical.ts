/**
 * One byte string for each `Plain` value, and back. Event hashes, ordered blocks and shares are made of it.
 *
 *     value := 00                              null
 *            | 01 | 02                         false | true
 *            | 03 float64                      finite, not -0
 *            | 04 size:u32 utf8
 *            | 05 sign:u8 size:u32 magnitude   bigint; sign 1 = negative; magnitude without leading zeros
 *            | 06 size:u32 bytes
 *            | 07 count:u32 value*
 *            | 08 count:u32 (size:u32 utf8 value)*   keys strictly ascending by UTF-16 code units
 *
 * Integers are big-endian. `undefined`, -0, NaN, infinities, functions, symbols, lone surrogates and objects other
 * than plain ones are refused with `CanonicalError`, so that equal bytes mean equal values and the reverse.
 */
import { CanonicalError } from './errors.ts'
import type { Plain } from './role.ts'
import { utf8Decode, utf8Size, utf8Write } from './utf8.ts'

const NULL = 0
const FALSE = 1
const TRUE = 2
const NUMBER = 3
const STRING = 4
const BIGINT = 5
const BYTES = 6
const ARRAY = 7
const OBJECT = 8
/** Deeper nesting is refused: it is a cycle or an attack. */
export const DEPTH_MAX = 64

/** Canonical bytes of `value`. Throws `CanonicalError` naming the path of what is not `Plain`. */
export function canonicalEncode(value: Plain): Uint8Array {
  const writer: Writer = { bytes: new Uint8Array(256), view: undefined, at: 0 }
  writeValue(writer, value, { parent: undefined, key: '' }, 0)
  return writer.bytes.slice(0, writer.at)
}

/** The value of canonical `bytes`. Throws `CanonicalError` on anything that `canonicalEncode` would not write. */
export function canonicalDecode(bytes: Uint8Array): Plain {
  const reader: Reader = {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    at: 0,
  }
  const value = readValue(reader, 0)
  if (reader.at !== bytes.length) {
    throw new CanonicalError(`${bytes.length - reader.at} bytes behind the value.`)
  }
  return value
}

/** Whether two plain values have the same canonical bytes. */
export function isPlainEqual(a: Plain, b: Plain): boolean {
  const left = canonicalEncode(a)
  const right = canonicalEncode(b)
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}

interface Writer {
  bytes: Uint8Array
  view: DataView | undefined
  at: number
}

interface Path {
  readonly parent: Path | undefined
  readonly key: string | number
}

function reserve(writer: Writer, size: number): void {
  const needed = writer.at + size
  if (needed <= writer.bytes.length) return
  const grown = new Uint8Array(Math.max(needed, writer.bytes.length * 2))
  grown.set(writer.bytes.subarray(0, writer.at))
  writer.bytes = grown
  writer.view = undefined
}

function viewOf(writer: Writer): DataView {
  writer.view ??= new DataView(writer.bytes.buffer)
  return writer.view
}

function writeValue(writer: Writer, value: unknown, path: Path, depth: number): void {
  if (depth > DEPTH_MAX) throw refuse(path, `nested deeper than ${DEPTH_MAX} levels`)
  switch (typeof value) {
    case 'boolean':
      writeTag(writer, value ? TRUE : FALSE, 0)
      return
    case 'number':
      writeNumber(writer, value, path)
      return
    case 'string':
      writeTag(writer, STRING, 0)
      writeText(writer, value, path)
      return
    case 'bigint':
      writeBigint(writer, value)
      return
    case 'object':
      if (value === null) {
        writeTag(writer, NULL, 0)
        return
      }
      writeObject(writer, value, path, depth)
      return
    default:
      throw refuse(path, `of type ${typeof value}`)
  }
}

function writeTag(writer: Writer, tag: number, room: number): void {
  reserve(writer, 1 + room)
  writer.bytes[writer.at++] = tag
}

function writeUint32(writer: Writer, value: number): void {
  reserve(writer, 4)
  viewOf(writer).setUint32(writer.at, value)
  writer.at += 4
}

function writeNumber(writer: Writer, value: number, path: Path): void {
  if (!Number.isFinite(value) || Object.is(value, -0)) throw refuse(path, String(value))
  writeTag(writer, NUMBER, 8)
  viewOf(writer).setFloat64(writer.at, value)
  writer.at += 8
}

function writeText(writer: Writer, text: string, path: Path): void {
  let size: number
  try {
    size = utf8Size(text)
  } catch (cause) {
    throw refuse(path, 'a string with a lone surrogate', cause)
  }
  writeUint32(writer, size)
  reserve(writer, size)
  writer.at = utf8Write(text, writer.bytes, writer.at)
}

function writeBigint(writer: Writer, value: bigint): void {
  const isNegative = value < 0n
  const magnitude = value === 0n ? '' : (isNegative ? -value : value).toString(16)
  const size = (magnitude.length + 1) >> 1
  writeTag(writer, BIGINT, 5 + size)
  writer.bytes[writer.at++] = isNegative ? 1 : 0
  writeUint32(writer, size)
  const digits = magnitude.length % 2 === 0 ? magnitude : `0${magnitude}`
  for (let i = 0; i < size; i++) {
    writer.bytes[writer.at++] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  }
}

function writeObject(writer: Writer, value: object, path: Path, depth: number): void {
  if (value instanceof Uint8Array) {
    writeTag(writer, BYTES, 4 + value.length)
    writeUint32(writer, value.length)
    writer.bytes.set(value, writer.at)
    writer.at += value.length
    return
  }
  if (Array.isArray(value)) {
    writeTag(writer, ARRAY, 4)
    writeUint32(writer, value.length)
    // An index loop also visits holes, which are refused as `undefined`.
    for (let i = 0; i < value.length; i++) {
      writeValue(writer, value[i], { parent: path, key: i }, depth + 1)
    }
    return
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw refuse(path, `an instance of ${value.constructor?.name ?? 'a class'}`)
  }
  const keys = Object.keys(value).sort(byCodeUnits)
  writeTag(writer, OBJECT, 4)
  writeUint32(writer, keys.length)
  for (const key of keys) {
    const inner = { parent: path, key }
    writeText(writer, key, inner)
    writeValue(writer, (value as Record<string, unknown>)[key], inner, depth + 1)
  }
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

interface Reader {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
}

function readValue(reader: Reader, depth: number): Plain {
  if (depth > DEPTH_MAX) throw new CanonicalError(`Nested deeper than ${DEPTH_MAX} levels.`)
  const tag = take(reader, 1)[0]
  switch (tag) {
    case NULL:
      return null
    case FALSE:
      return false
    case TRUE:
      return true
    case NUMBER:
      return readNumber(reader)
    case STRING:
      return readText(reader)
    case BIGINT:
      return readBigint(reader)
    case BYTES:
      return take(reader, readUint32(reader)).slice()
    case ARRAY: {
      const count = readCount(reader)
      return Array.from({ length: count }, () => readValue(reader, depth + 1))
    }
    case OBJECT:
      return readObject(reader, depth)
    default:
      throw new CanonicalError(`Unknown tag ${tag} at offset ${reader.at - 1}.`)
  }
}

function take(reader: Reader, size: number): Uint8Array {
  if (size > reader.bytes.length - reader.at) {
    throw new CanonicalError(`Bytes end at ${reader.bytes.length}, ${size} wanted at ${reader.at}.`)
  }
  const taken = reader.bytes.subarray(reader.at, reader.at + size)
  reader.at += size
  return taken
}

function readUint32(reader: Reader): number {
  const at = reader.at
  take(reader, 4)
  return reader.view.getUint32(at)
}

/** A count is checked against the bytes left, so that a forged one cannot allocate memory. */
function readCount(reader: Reader): number {
  const count = readUint32(reader)
  if (count > reader.bytes.length - reader.at)
    throw new CanonicalError(`Count ${count} is too large.`)
  return count
}

function readNumber(reader: Reader): number {
  const at = reader.at
  take(reader, 8)
  const value = reader.view.getFloat64(at)
  if (!Number.isFinite(value) || Object.is(value, -0)) {
    throw new CanonicalError(`Number at offset ${at} is ${Object.is(value, -0) ? '-0' : value}.`)
  }
  return value
}

function readText(reader: Reader): string {
  return utf8Decode(take(reader, readUint32(reader)))
}

function readBigint(reader: Reader): bigint {
  const sign = take(reader, 1)[0]
  const magnitude = take(reader, readUint32(reader))
  const isMinimal = magnitude.length === 0 ? sign === 0 : magnitude[0] !== 0
  if (!isMinimal || (sign !== 0 && sign !== 1)) {
    throw new CanonicalError(`Bigint before offset ${reader.at} is not minimal.`)
  }
  if (magnitude.length === 0) return 0n
  let hex = '0x'
  for (const byte of magnitude) hex += byte.toString(16).padStart(2, '0')
  return sign === 1 ? -BigInt(hex) : BigInt(hex)
}

function readObject(reader: Reader, depth: number): Plain {
  const count = readCount(reader)
  const entries: [string, Plain][] = []
  for (let i = 0; i < count; i++) {
    const key = readText(reader)
    const previous = entries.at(-1)
    if (previous !== undefined && byCodeUnits(previous[0], key) >= 0) {
      throw new CanonicalError(`Key "${key}" is out of order or doubled.`)
    }
    entries.push([key, readValue(reader, depth + 1)])
  }
  return Object.fromEntries(entries)
}

function refuse(path: Path, what: string, cause?: unknown): CanonicalError {
  const keys: (string | number)[] = []
  for (let at: Path | undefined = path; at?.parent !== undefined; at = at.parent)
    keys.unshift(at.key)
  return new CanonicalError(`Value is ${what}, which is not plain data.`, {
    cause,
    metaMessages: [`Path: ${keys.length === 0 ? '(the value itself)' : keys.join('.')}`],
  })
}

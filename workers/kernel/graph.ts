/**
 * Bytes of a whole graph of values, and back: what the state of a role is made of. Unlike the canonical encoding it keeps sharing
 * (an object that two others hold is one object again), maps, sets and `undefined`, and it names what has no bytes: functions
 * and other values of the code itself, which the reader's build knows by the same names.
 *
 *     value := 00 undefined | 01 null | 02 false | 03 true
 *            | 04 zigzag                        integer
 *            | 05 float64                       any other number
 *            | 06 sign:u8 size magnitude        bigint
 *            | 07 size utf8 | 08 index          text, at first and again
 *            | 09 size bytes                    Uint8Array
 *            | 0a count value*                  array
 *            | 0b shape value*                  object; its shape is a list of keys
 *            | 0c count (value value)*          Map
 *            | 0d count value*                  Set
 *            | 0e index                         an object that came before, in order of their beginnings
 *            | 0f text                          a value by name
 *     shape := 0 count text* | index + 1
 *
 * Sizes, counts and indices are base-128 varints, low group first.
 */
import { BaseError } from './errors.ts'
import { utf8Decode, utf8Encode } from './utf8.ts'

/** A value that cannot be written, or bytes that no writer wrote. */
export class GraphError extends BaseError {
  override name = 'GraphError'
}

/** Values of the code by name: codecs, constants that are compared by identity. */
export type NamedValues = ReadonlyMap<string, unknown>

const UNDEFINED = 0
const NULL = 1
const FALSE = 2
const TRUE = 3
const INTEGER = 4
const FLOAT = 5
const BIGINT = 6
const TEXT = 7
const TEXT_AGAIN = 8
const BYTES = 9
const ARRAY = 10
const OBJECT = 11
const MAP = 12
const SET = 13
const SEEN = 14
const NAMED = 15

/** Deeper nesting is refused before it overflows the stack. */
const DEPTH_MAX = 1_100
const INITIAL_BYTES = 1 << 16
/** Larger magnitudes are written as floats. */
const INTEGER_MAX = 2 ** 51

/** Throws `GraphError` naming the path of what has neither bytes nor a name. */
export function encodeGraph(value: unknown, named: NamedValues = new Map()): Uint8Array {
  const writer: Writer = {
    bytes: new Uint8Array(INITIAL_BYTES),
    at: 0,
    names: new Map([...named].map(([name, one]) => [one, name])),
    seen: new Map(),
    texts: new Map(),
    shapes: new Map(),
    path: [],
  }
  write(writer, value)
  return writer.bytes.slice(0, writer.at)
}

/** Throws `GraphError` on bytes that `encodeGraph` would not write with these names. */
export function decodeGraph(bytes: Uint8Array, named: NamedValues = new Map()): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reader: Reader = { bytes, view, at: 0, named, seen: [], texts: [], shapes: [], depth: 0 }
  const value = read(reader)
  if (reader.at !== bytes.length) throw damaged(reader, 'bytes behind the value')
  return value
}

interface Writer {
  bytes: Uint8Array
  at: number
  readonly names: ReadonlyMap<unknown, string>
  readonly seen: Map<object, number>
  readonly texts: Map<string, number>
  readonly shapes: Map<string, number>
  readonly path: (string | number)[]
}

function write(writer: Writer, value: unknown): void {
  switch (typeof value) {
    case 'undefined':
      writeByte(writer, UNDEFINED)
      return
    case 'boolean':
      writeByte(writer, value ? TRUE : FALSE)
      return
    case 'number':
      writeNumber(writer, value)
      return
    case 'bigint':
      writeBigint(writer, value)
      return
    case 'string':
      writeText(writer, value)
      return
    case 'object':
    case 'function':
      writeReference(writer, value)
      return
    default:
      throw refused(writer, `is a ${typeof value}`)
  }
}

function writeReference(writer: Writer, value: object | null): void {
  if (value === null) {
    writeByte(writer, NULL)
    return
  }
  const name = writer.names.get(value)
  if (name !== undefined) {
    writeByte(writer, NAMED)
    writeText(writer, name)
    return
  }
  const index = writer.seen.get(value)
  if (index !== undefined) {
    writeByte(writer, SEEN)
    writeVarint(writer, index)
    return
  }
  if (typeof value === 'function') throw refused(writer, `is the function "${value.name}"`)
  if (writer.path.length > DEPTH_MAX) throw refused(writer, `is nested deeper than ${DEPTH_MAX}`)
  writer.seen.set(value, writer.seen.size)
  writeObject(writer, value)
}

function writeObject(writer: Writer, value: object): void {
  if (value instanceof Uint8Array) {
    writeByte(writer, BYTES)
    writeBytes(writer, value)
  } else if (Array.isArray(value)) {
    writeByte(writer, ARRAY)
    writeVarint(writer, value.length)
    for (let index = 0; index < value.length; index++) writeBelow(writer, index, value[index])
  } else if (value instanceof Map) {
    writeByte(writer, MAP)
    writeVarint(writer, value.size)
    for (const [key, one] of value) {
      writeBelow(writer, 'key', key)
      writeBelow(writer, String(key), one)
    }
  } else if (value instanceof Set) {
    writeByte(writer, SET)
    writeVarint(writer, value.size)
    for (const one of value) writeBelow(writer, 'member', one)
  } else {
    writeRecord(writer, value)
  }
}

function writeRecord(writer: Writer, value: object): void {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw refused(writer, `is of class ${value.constructor.name}`)
  }
  const keys = Object.keys(value)
  writeByte(writer, OBJECT)
  writeShape(writer, keys)
  for (const key of keys) writeBelow(writer, key, (value as Record<string, unknown>)[key])
}

function writeShape(writer: Writer, keys: readonly string[]): void {
  const joined = JSON.stringify(keys)
  const index = writer.shapes.get(joined)
  if (index !== undefined) {
    writeVarint(writer, index + 1)
    return
  }
  writer.shapes.set(joined, writer.shapes.size)
  writeVarint(writer, 0)
  writeVarint(writer, keys.length)
  for (const key of keys) writeText(writer, key)
}

function writeBelow(writer: Writer, key: string | number, value: unknown): void {
  writer.path.push(key)
  write(writer, value)
  writer.path.pop()
}

function writeNumber(writer: Writer, value: number): void {
  if (Number.isInteger(value) && Math.abs(value) < INTEGER_MAX && !Object.is(value, -0)) {
    writeByte(writer, INTEGER)
    writeVarint(writer, value < 0 ? -2 * value - 1 : 2 * value)
    return
  }
  writeByte(writer, FLOAT)
  reserve(writer, 8)
  new DataView(writer.bytes.buffer).setFloat64(writer.at, value)
  writer.at += 8
}

function writeBigint(writer: Writer, value: bigint): void {
  const digits = (value < 0n ? -value : value).toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  const size = even.length / 2
  writeByte(writer, BIGINT)
  writeByte(writer, value < 0n ? 1 : 0)
  writeVarint(writer, size)
  reserve(writer, size)
  for (let index = 0; index < size; index++) {
    writer.bytes[writer.at++] = Number.parseInt(even.slice(2 * index, 2 * index + 2), 16)
  }
}

function writeText(writer: Writer, text: string): void {
  const index = writer.texts.get(text)
  if (index !== undefined) {
    writeByte(writer, TEXT_AGAIN)
    writeVarint(writer, index)
    return
  }
  writer.texts.set(text, writer.texts.size)
  writeByte(writer, TEXT)
  writeBytes(writer, utf8Encode(text))
}

function writeBytes(writer: Writer, bytes: Uint8Array): void {
  writeVarint(writer, bytes.length)
  reserve(writer, bytes.length)
  writer.bytes.set(bytes, writer.at)
  writer.at += bytes.length
}

function writeVarint(writer: Writer, value: number): void {
  reserve(writer, 8)
  let rest = value
  while (rest >= 128) {
    writer.bytes[writer.at++] = (rest % 128) + 128
    rest = Math.floor(rest / 128)
  }
  writer.bytes[writer.at++] = rest
}

function writeByte(writer: Writer, byte: number): void {
  reserve(writer, 1)
  writer.bytes[writer.at++] = byte
}

function reserve(writer: Writer, size: number): void {
  const needed = writer.at + size
  if (needed <= writer.bytes.length) return
  const grown = new Uint8Array(Math.max(needed, 2 * writer.bytes.length))
  grown.set(writer.bytes.subarray(0, writer.at))
  writer.bytes = grown
}

function refused(writer: Writer, what: string): GraphError {
  return new GraphError(`A state cannot be written: "${writer.path.join('.')}" ${what}.`)
}

interface Reader {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
  readonly named: NamedValues
  readonly seen: object[]
  readonly texts: string[]
  readonly shapes: (readonly string[])[]
  depth: number
}

function read(reader: Reader): unknown {
  const tag = readByte(reader)
  switch (tag) {
    case UNDEFINED:
      return undefined
    case NULL:
      return null
    case FALSE:
      return false
    case TRUE:
      return true
    case INTEGER:
      return fromZigzag(readVarint(reader))
    case FLOAT:
      need(reader, 8)
      reader.at += 8
      return reader.view.getFloat64(reader.at - 8)
    case BIGINT:
      return readBigint(reader)
    case SEEN:
      return readSeen(reader)
    case NAMED:
      return readNamed(reader)
    case TEXT:
    case TEXT_AGAIN:
      return readTextOf(reader, tag)
    default:
      return readNested(reader, tag)
  }
}

function readNested(reader: Reader, tag: number): object {
  if (++reader.depth > DEPTH_MAX + 1) throw damaged(reader, 'nested too deep')
  const value = readObject(reader, tag)
  reader.depth -= 1
  return value
}

/** An object is known before its content is read: the content may refer to it. */
function readObject(reader: Reader, tag: number): object {
  switch (tag) {
    case BYTES:
      return remember(reader, readBytes(reader).slice())
    case ARRAY: {
      const count = readCount(reader)
      const list: unknown[] = remember(reader, [])
      for (let index = 0; index < count; index++) list.push(read(reader))
      return list
    }
    case OBJECT: {
      const object: Record<string, unknown> = remember(reader, {})
      for (const key of readShape(reader)) object[key] = read(reader)
      return object
    }
    case MAP: {
      const count = readCount(reader)
      const map = remember(reader, new Map<unknown, unknown>())
      for (let index = 0; index < count; index++) {
        const key = read(reader)
        map.set(key, read(reader))
      }
      return map
    }
    case SET: {
      const count = readCount(reader)
      const set = remember(reader, new Set<unknown>())
      for (let index = 0; index < count; index++) set.add(read(reader))
      return set
    }
    default:
      throw damaged(reader, `unknown tag ${tag}`)
  }
}

function remember<Value extends object>(reader: Reader, value: Value): Value {
  reader.seen.push(value)
  return value
}

function readSeen(reader: Reader): object {
  const value = reader.seen[readVarint(reader)]
  if (value === undefined) throw damaged(reader, 'reference to nothing')
  return value
}

function readNamed(reader: Reader): unknown {
  const name = readText(reader)
  if (reader.named.has(name)) return reader.named.get(name)
  throw damaged(reader, `unknown name "${name}"`)
}

function readShape(reader: Reader): readonly string[] {
  const index = readVarint(reader)
  if (index > 0) {
    const shape = reader.shapes[index - 1]
    if (shape === undefined) throw damaged(reader, 'shape of nothing')
    return shape
  }
  const count = readCount(reader)
  const keys = Array.from({ length: count }, () => readText(reader))
  reader.shapes.push(keys)
  return keys
}

function readText(reader: Reader): string {
  return readTextOf(reader, readByte(reader))
}

function readTextOf(reader: Reader, tag: number): string {
  if (tag === TEXT_AGAIN) {
    const text = reader.texts[readVarint(reader)]
    if (text === undefined) throw damaged(reader, 'text of nothing')
    return text
  }
  if (tag !== TEXT) throw damaged(reader, 'no text')
  const text = utf8Decode(readBytes(reader))
  reader.texts.push(text)
  return text
}

function readBigint(reader: Reader): bigint {
  const isNegative = readByte(reader) === 1
  const magnitude = readBytes(reader)
  if (magnitude.length === 0) throw damaged(reader, 'a number without digits')
  let digits = ''
  for (const byte of magnitude) digits += byte.toString(16).padStart(2, '0')
  const value = BigInt(`0x${digits}`)
  return isNegative ? -value : value
}

function readBytes(reader: Reader): Uint8Array {
  const size = readVarint(reader)
  need(reader, size)
  reader.at += size
  return reader.bytes.subarray(reader.at - size, reader.at)
}

/** Every counted thing takes a byte at least, so that a damaged count cannot ask for more memory than there are bytes. */
function readCount(reader: Reader): number {
  const count = readVarint(reader)
  need(reader, count)
  return count
}

function fromZigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

function readVarint(reader: Reader): number {
  let value = 0
  for (let scale = 1; ; scale *= 128) {
    const byte = readByte(reader)
    value += (byte % 128) * scale
    if (value > Number.MAX_SAFE_INTEGER) throw damaged(reader, 'number too large')
    if (byte < 128) return value
  }
}

function readByte(reader: Reader): number {
  need(reader, 1)
  return reader.bytes[reader.at++] as number
}

function need(reader: Reader, size: number): void {
  if (reader.at + size > reader.bytes.length) throw damaged(reader, 'cut off')
}

function damaged(reader: Reader, what: string): GraphError {
  return new GraphError(`Damaged state at byte ${reader.at}: ${what}.`)
}

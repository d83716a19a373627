/** What a person types into the form of a function, as the value that its ABI wants. */
import type { AbiParameter } from 'viem'

/** Throws a `TypeError` that names the argument and what it takes. */
export function parseArgument(parameter: AbiParameter, text: string): unknown {
  const { type } = parameter
  const name = parameter.name || type
  const isNested = type.endsWith(']') || type === 'tuple'
  return isNested
    ? fromJson(parameter, readJson(name, text), name)
    : single(type, text.trim(), name)
}

function readJson(name: string, text: string): unknown {
  try {
    // Integers beyond 2^53 would lose digits as numbers.
    return JSON.parse(text.replace(/(?<=[[,:\s]|^)-?\d{16,}(?=[\],}\s]|$)/g, '"$&"'))
  } catch (cause) {
    throw new TypeError(`${name} is JSON, e.g. [1, 2] or {"amount": 5}.`, { cause })
  }
}

function fromJson(parameter: AbiParameter, value: unknown, name: string): unknown {
  const { type } = parameter
  if (type.endsWith(']')) return list(parameter, value, name)
  if (type === 'tuple') return tuple(parameter, value, name)
  if (type === 'bool' && typeof value === 'boolean') return value
  return single(type, typeof value === 'number' ? String(value) : asText(value, name), name)
}

function list(parameter: AbiParameter, value: unknown, name: string): readonly unknown[] {
  const { type } = parameter
  const open = type.lastIndexOf('[')
  const length = type.slice(open + 1, -1)
  if (!Array.isArray(value)) throw new TypeError(`${name} is a JSON array.`)
  if (length !== '' && value.length !== Number(length)) {
    throw new TypeError(`${name} takes exactly ${length} values.`)
  }
  const inner = { ...parameter, type: type.slice(0, open) } as AbiParameter
  return value.map((item, index) => fromJson(inner, item, `${name}[${index}]`))
}

function tuple(parameter: AbiParameter, value: unknown, name: string): unknown {
  const components = 'components' in parameter ? parameter.components : []
  const parts = Array.isArray(value)
    ? value
    : components.map((part) => (value as Record<string, unknown> | null)?.[part.name ?? ''])
  if (typeof value !== 'object' || value === null || parts.length !== components.length) {
    throw new TypeError(`${name} is a JSON object or array of ${components.length} values.`)
  }
  const read = components.map((part, index) =>
    fromJson(part, parts[index], `${name}.${part.name || index}`),
  )
  const isNamed = components.every((part) => part.name)
  return isNamed
    ? Object.fromEntries(components.map((part, index) => [part.name, read[index]]))
    : read
}

function asText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`${name} is missing or of another type.`)
  return value
}

function single(type: string, text: string, name: string): unknown {
  const integer = /^(u?)int(\d*)$/.exec(type)
  if (integer !== null) return readInteger(text, name, integer[1] === '', Number(integer[2] || 256))
  if (type === 'bool') {
    if (text !== 'true' && text !== 'false') throw new TypeError(`${name} is true or false.`)
    return text === 'true'
  }
  if (type === 'address' && !/^0x[0-9a-fA-F]{40}$/.test(text)) {
    throw new TypeError(`${name} is an address: 0x and 40 hexadecimal digits.`)
  }
  if (type.startsWith('bytes')) return readBytes(text, name, type.slice(5))
  return text
}

function readInteger(text: string, name: string, signed: boolean, bits: number): bigint {
  if (!/^(-?\d[\d_]*|0x[0-9a-fA-F]+)$/.test(text)) throw new TypeError(`${name} is an integer.`)
  const value = BigInt(text.replaceAll('_', ''))
  const fits = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
  if (fits !== value) {
    const range = signed ? `−2^${bits - 1} to 2^${bits - 1} − 1` : `0 to 2^${bits} − 1`
    throw new TypeError(`${name} goes from ${range}.`)
  }
  return value
}

function readBytes(text: string, name: string, size: string): string {
  const digits = size === '' ? '(?:[0-9a-fA-F]{2})*' : `[0-9a-fA-F]{${Number(size) * 2}}`
  if (new RegExp(`^0x${digits}$`).test(text)) return text
  const wanted = size === '' ? 'whole bytes' : `${Number(size) * 2} digits`
  throw new TypeError(`${name} is hexadecimal: 0x and ${wanted}.`)
}

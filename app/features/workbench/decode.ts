/** Bytes of calls, logs and errors in the words of the ABI that fits them. */
import {
  type Abi,
  type AbiEvent,
  type AbiFunction,
  type AbiParameter,
  decodeErrorResult,
  decodeEventLog,
  decodeFunctionData,
  type Hex,
  toEventSelector,
  toFunctionSelector,
} from 'viem'
import { formatAbiItem } from 'viem/utils'
import type { KnownContract } from './known-abis.ts'

export interface Argument {
  readonly name: string
  readonly type: string
  /** Text of a single value; members of a tuple or an array. */
  readonly value: string | readonly Argument[]
}

export interface Decoded {
  readonly contract: string
  readonly name: string
  /** `transfer(address to, uint256 value)`. */
  readonly signature: string
  readonly args: readonly Argument[]
}

/** Selectors of an ABI's functions and events, reckoned once. */
interface Index {
  readonly functions: ReadonlyMap<string, AbiFunction>
  readonly events: ReadonlyMap<string, AbiEvent>
}

const indices = new WeakMap<Abi, Index>()

function indexOf(abi: Abi): Index {
  const known = indices.get(abi)
  if (known !== undefined) return known
  const functions = abi.filter((item) => item.type === 'function')
  const events = abi.filter((item) => item.type === 'event')
  const index: Index = {
    functions: new Map(functions.map((item) => [toFunctionSelector(item), item])),
    events: new Map(events.map((item) => [toEventSelector(item), item])),
  }
  indices.set(abi, index)
  return index
}

/** The first contract whose ABI has this function, with its arguments; null if none fits. */
export function decodeInput(input: Hex, contracts: readonly KnownContract[]): Decoded | null {
  const selector = input.slice(0, 10)
  return firstFit(contracts, ({ name, abi }) => {
    const item = indexOf(abi).functions.get(selector)
    if (item === undefined) return null
    const { args = [] } = decodeFunctionData({ abi: [item], data: input })
    return described(name, item, args as readonly unknown[])
  })
}

export interface LogBytes {
  readonly topics: readonly Hex[]
  readonly data: Hex
}

export function decodeLog(
  { topics, data }: LogBytes,
  contracts: readonly KnownContract[],
): Decoded | null {
  const [topic] = topics
  if (topic === undefined) return null
  return firstFit(contracts, ({ name, abi }) => {
    const item = indexOf(abi).events.get(topic)
    if (item === undefined) return null
    const { args = [] } = decodeEventLog({
      abi: [item],
      data,
      topics: topics as [Hex, ...Hex[]],
    }) as { readonly args?: readonly unknown[] | Readonly<Record<string, unknown>> }
    return described(name, item, args)
  })
}

/** What a call reverted with: `Error(string)`, a panic, or a contract's own error. */
export function decodeError(data: Hex, contracts: readonly KnownContract[]): Decoded | null {
  if (data.length < 10) return null
  return firstFit([{ name: 'Solidity', abi: [] }, ...contracts], ({ name, abi }) => {
    const errors = abi.filter((item) => item.type === 'error')
    const { abiItem, args = [] } = decodeErrorResult({ abi: errors as Abi, data })
    return abiItem.type === 'error' ? described(name, abiItem, args as readonly unknown[]) : null
  })
}

/** An ABI may share a selector and yet not fit the bytes: then the next one is tried. */
function firstFit(
  contracts: readonly KnownContract[],
  read: (contract: KnownContract) => Decoded | null,
): Decoded | null {
  for (const contract of contracts) {
    try {
      const decoded = read(contract)
      if (decoded !== null) return decoded
    } catch {
      // Does not fit.
    }
  }
  return null
}

type Values = readonly unknown[] | Readonly<Record<string, unknown>>

function described(
  contract: string,
  item: { readonly name: string; readonly inputs: readonly AbiParameter[] },
  args: Values,
): Decoded {
  return {
    contract,
    name: item.name,
    signature: formatAbiItem(item as AbiFunction, { includeName: true }),
    args: argumentsOf(item.inputs, args),
  }
}

export function argumentsOf(inputs: readonly AbiParameter[], values: Values): readonly Argument[] {
  return inputs.map((input, index) => {
    const value = Array.isArray(values)
      ? values[index]
      : (values as Readonly<Record<string, unknown>>)[input.name ?? '']
    return toArgument(input, value, input.name || `${index}`)
  })
}

function toArgument(input: AbiParameter, value: unknown, name: string): Argument {
  const { type } = input
  if (type.endsWith(']')) {
    const inner = { ...input, type: type.slice(0, type.lastIndexOf('[')) } as AbiParameter
    const items = Array.isArray(value) ? value : []
    return { name, type, value: items.map((item, at) => toArgument(inner, item, `${at}`)) }
  }
  if (type === 'tuple' && 'components' in input) {
    return { name, type, value: argumentsOf(input.components, (value ?? []) as Values) }
  }
  return { name, type, value: String(value) }
}

/** `transfer(0x7099…79c8, 5)`: a decoded call in one line. */
export function inOneLine({ name, args }: Decoded, short: (value: string) => string): string {
  const text = (argument: Argument): string =>
    typeof argument.value === 'string'
      ? short(argument.value)
      : `[${argument.value.map(text).join(', ')}]`
  return `${name}(${args.map(text).join(', ')})`
}

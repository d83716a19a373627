/** `eth_getLogs`. */
import type { Json } from '../../protocol/world.ts'
import { equalBytes } from '../../rollup/bytes.ts'
import { isInBloom } from '../bloom.ts'
import type { Chain } from '../chain.ts'
import type { Block, Log } from '../types.ts'
import type { MethodTable } from './backend.ts'
import { InvalidParamsError, ServerError } from './errors.ts'
import { formatLog } from './format.ts'
import { optional, readAddress, readFields, readHash, requireBlock } from './params.ts'

/** More than this in one answer is refused: ask for fewer blocks. */
const LOGS_MAX = 20_000
const TOPICS_MAX = 4

interface Criteria {
  /** Empty: any. */
  readonly addresses: readonly Uint8Array[]
  /** By position; empty: any. */
  readonly topics: readonly (readonly Uint8Array[])[]
}

const FILTER_FIELDS: ReadonlySet<string> = new Set([
  'address',
  'topics',
  'fromBlock',
  'toBlock',
  'blockHash',
])

export const logMethods: MethodTable = {
  eth_getLogs({ chain }, params) {
    const filter = readFields(params[0], 'filter', FILTER_FIELDS)
    const criteria = {
      addresses: readAlternatives(filter.address, 'filter.address', readAddress),
      topics: readTopics(filter.topics),
    }
    const found: Json[] = []
    for (const block of readRange(chain, filter)) {
      collect(block, criteria, found)
      if (found.length > LOGS_MAX) {
        throw new ServerError(`query returned more than ${LOGS_MAX} results; ask for fewer blocks`)
      }
    }
    return found
  },
}

function* readRange(chain: Chain, filter: { readonly [key: string]: Json }): Generator<Block> {
  if (isGiven(filter.blockHash)) {
    if (isGiven(filter.fromBlock) || isGiven(filter.toBlock)) {
      throw new InvalidParamsError('filter', 'either blockHash or fromBlock and toBlock')
    }
    const hash = readHash(filter.blockHash, 'filter.blockHash')
    const block = chain.block(hash)
    if (block === undefined) throw new ServerError('unknown block')
    yield block
    return
  }
  const head = chain.head().header.number
  const from = heightOf(chain, filter.fromBlock, 'filter.fromBlock')
  const to = heightOf(chain, filter.toBlock, 'filter.toBlock')
  if (to > head) {
    throw new InvalidParamsError('filter.toBlock', `at most the head, which is ${head}`, `${to}`)
  }
  if (from > to) {
    throw new InvalidParamsError('filter', 'a range whose fromBlock is not above its toBlock')
  }
  for (let number = from; number <= to; number += 1n) {
    const block = chain.block(number)
    if (block !== undefined) yield block
  }
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null
}

function heightOf(chain: Chain, value: Json | undefined, field: string): bigint {
  if (typeof value === 'string' && /^0x[0-9a-f]{1,16}$/i.test(value)) return BigInt(value)
  return requireBlock(chain, value, field).header.number
}

function readTopics(value: Json | undefined): (readonly Uint8Array[])[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.length > TOPICS_MAX) {
    throw new InvalidParamsError('filter.topics', `a list of up to ${TOPICS_MAX} topics`, value)
  }
  return value.map((topic, index) => readAlternatives(topic, `filter.topics[${index}]`, readHash))
}

function readAlternatives(
  value: Json | undefined,
  field: string,
  read: (value: Json, field: string) => Uint8Array,
): readonly Uint8Array[] {
  if (Array.isArray(value)) return value.map((item, index) => read(item, `${field}[${index}]`))
  const single = optional(value, field, read)
  return single === undefined ? [] : [single]
}

function collect(block: Block, criteria: Criteria, found: Json[]): void {
  if (!mayMatch(block.header.logsBloom, criteria)) return
  let logIndex = 0
  for (const [index, receipt] of block.receipts.entries()) {
    for (const log of receipt.logs) {
      if (matches(log, criteria)) found.push(formatLog(log, { block, index, logIndex }))
      logIndex += 1
    }
  }
}

function mayMatch(bloom: Uint8Array, { addresses, topics }: Criteria): boolean {
  return [addresses, ...topics].every(
    (alternatives) =>
      alternatives.length === 0 || alternatives.some((item) => isInBloom(bloom, item)),
  )
}

function matches(log: Log, { addresses, topics }: Criteria): boolean {
  if (!isAmong(log.address, addresses) || topics.length > log.topics.length) return false
  return topics.every((alternatives, position) => isAmong(log.topics[position], alternatives))
}

function isAmong(item: Uint8Array | undefined, alternatives: readonly Uint8Array[]): boolean {
  if (alternatives.length === 0) return true
  return item !== undefined && alternatives.some((alternative) => equalBytes(alternative, item))
}

/** Parity's `trace_` methods. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { replayOne } from '../replay.ts'
import { flatten } from '../trace/flat.ts'
import { collectFrames, type Frame } from '../trace/frames.ts'
import type { Block } from '../types.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { readRequest, withCall } from './call.ts'
import { requireLocation, withReplay } from './debug.ts'
import { InvalidParamsError, ServerError } from './errors.ts'
import {
  type JsonObject,
  optional,
  readAddress,
  readFields,
  readList,
  readQuantity,
  requireBlock,
} from './params.ts'

/** Blocks that one `trace_filter` runs again. */
const FILTER_BLOCKS_MAX = 1_000n
const FILTER_TRACES_MAX = 10_000

export const traceMethods: MethodTable = {
  async trace_transaction(backend, params) {
    const { block, index } = requireLocation(backend, params[0])
    return (await tracesOf(backend, block))
      .filter((trace) => trace.index === index)
      .map(({ json }) => json)
  },
  async trace_get(backend, params) {
    const { block, index } = requireLocation(backend, params[0])
    const path = readList(params[1], 'trace address').map((item) =>
      Number(readQuantity(item, 'trace address')),
    )
    const traces = await tracesOf(backend, block)
    const found = traces.find(
      (trace) => trace.index === index && String(trace.json.traceAddress) === String(path),
    )
    return found?.json ?? null
  },
  async trace_block(backend, params) {
    const block = requireBlock(backend.chain, params[0], 'block')
    if (block === backend.chain.genesis) return []
    return (await tracesOf(backend, block)).map(({ json }) => json)
  },
  trace_filter: filterTraces,
  trace_call: traceCall,
}

interface LocatedTrace {
  /** Of its transaction. */
  readonly index: number
  readonly json: JsonObject
}

async function tracesOf(backend: RpcBackend, block: Block): Promise<LocatedTrace[]> {
  const frames = await framesOf(backend, block)
  return frames.flatMap((top, index) => {
    const located = {
      blockHash: bytesToHex(block.hash),
      blockNumber: Number(block.header.number),
      transactionHash: bytesToHex(block.transactions[index]?.hash ?? block.hash),
      transactionPosition: index,
    }
    return flatten(top).map((trace) => ({ index, json: { ...trace, ...located } }))
  })
}

/** The top frame of every transaction of a block. */
export async function framesOf(backend: RpcBackend, block: Block): Promise<Frame[]> {
  return withReplay(backend, block, 0, async (executor) => {
    const frames: Frame[] = []
    for (const index of block.transactions.keys()) {
      const { top } = await collectFrames(executor, () => replayOne(executor, block, index))
      if (top !== undefined) frames.push(top)
    }
    return frames
  })
}

const FILTER_FIELDS: ReadonlySet<string> = new Set([
  'fromBlock',
  'toBlock',
  'fromAddress',
  'toAddress',
  'after',
  'count',
])

async function filterTraces(backend: RpcBackend, params: readonly Json[]): Promise<Json> {
  const { chain } = backend
  const filter = readFields(params[0], 'filter', FILTER_FIELDS)
  const from = requireBlock(chain, filter.fromBlock, 'filter.fromBlock').header.number
  const to = requireBlock(chain, filter.toBlock, 'filter.toBlock').header.number
  if (to - from >= FILTER_BLOCKS_MAX) {
    throw new InvalidParamsError('filter', `a range of at most ${FILTER_BLOCKS_MAX} blocks`)
  }
  const senders = addresses(filter.fromAddress, 'filter.fromAddress')
  const recipients = addresses(filter.toAddress, 'filter.toAddress')
  const after = Number(optional(filter.after, 'filter.after', readQuantity) ?? 0n)
  const asked = optional(filter.count, 'filter.count', readQuantity) ?? BigInt(FILTER_TRACES_MAX)
  const found: Json[] = []
  for (let number = from; number <= to; number += 1n) {
    const block = chain.block(number)
    if (block === undefined || block === chain.genesis) continue
    const traces = await tracesOf(backend, block)
    found.push(...traces.map(({ json }) => json).filter(isMatch(senders, recipients)))
    if (found.length > FILTER_TRACES_MAX) {
      throw new ServerError(`more than ${FILTER_TRACES_MAX} traces; ask for fewer blocks`)
    }
  }
  return found.slice(after, after + Number(asked < 10_000n ? asked : 10_000n))
}

function addresses(value: Json | undefined, field: string): ReadonlySet<string> | undefined {
  const list = optional(value, field, readList)
  return list && new Set(list.map((item) => bytesToHex(readAddress(item, field))))
}

function isMatch(
  senders: ReadonlySet<string> | undefined,
  recipients: ReadonlySet<string> | undefined,
): (trace: JsonObject) => boolean {
  const among = (known: ReadonlySet<string> | undefined, item: Json | undefined): boolean =>
    known === undefined || known.size === 0 || known.has(String(item))
  return ({ action, result }) => {
    const { from, to, address, refundAddress } = action as JsonObject
    const created = (result as JsonObject | null)?.address
    return among(senders, from ?? address) && among(recipients, to ?? refundAddress ?? created)
  }
}

/** `[call, what to tell, block]`; of Parity's three kinds it tells `trace`. */
async function traceCall(backend: RpcBackend, params: readonly Json[]): Promise<Json> {
  const kinds = readList(params[1], 'traces')
  const unknown = kinds.find((kind) => kind !== 'trace')
  if (unknown !== undefined) {
    const expected = 'a list of "trace"; for state use debug_traceCall with the prestateTracer'
    throw new InvalidParamsError('traces', expected, unknown)
  }
  const request = readRequest(backend, [params[0] ?? null, params[2] ?? null])
  return withCall(backend, request, async (executor, run) => {
    const { top, result } = await collectFrames(executor, run)
    return {
      output: bytesToHex(result.result.returnValue),
      stateDiff: null,
      trace: kinds.length > 0 && top !== undefined ? flatten(top) : [],
      vmTrace: null,
    }
  })
}

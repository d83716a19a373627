/** Traces, and raw encodings. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, hexToBytes, word } from '../../rollup/bytes.ts'
import { trieEntries } from '../../rollup/trie/trie.ts'
import { getAccount } from '../../rollup/trie/world.ts'
import type { Executor } from '../evm/executor.ts'
import { replayOne, replayTo } from '../replay.ts'
import { encodeReceipt } from '../roots.ts'
import type { Trace } from '../trace/trace.ts'
import type { Block } from '../types.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { rawTransaction } from './blocks.ts'
import { readRequest, toMessage, withCall } from './call.ts'
import { InvalidParamsError, ResourceNotFoundError, ServerError } from './errors.ts'
import { blockRlp } from './format.ts'
import {
  optional,
  readAddress,
  readFields,
  readHash,
  readQuantity,
  readSlot,
  requireBlock,
} from './params.ts'
import { readTracer, TRACE_FIELDS } from './tracers.ts'

export const debugMethods: MethodTable = {
  debug_getRawHeader: ({ chain }, params) =>
    bytesToHex(requireBlock(chain, params[0], 'block').headerRlp),
  debug_getRawBlock: ({ chain }, params) =>
    bytesToHex(blockRlp(requireBlock(chain, params[0], 'block'))),
  debug_getRawReceipts: ({ chain }, params) =>
    requireBlock(chain, params[0], 'block').receipts.map((receipt) =>
      bytesToHex(encodeReceipt(receipt)),
    ),
  debug_getRawTransaction: rawTransaction,
  debug_getBadBlocks: () => [],
  async debug_traceTransaction(backend, params) {
    const trace = beginTrace(backend, params[1])
    const { block, index } = requireLocation(backend, params[0])
    return withReplay(backend, block, index, (executor) => traceOne(executor, trace, block, index))
  },
  debug_traceBlockByHash: (backend, params) => {
    readHash(params[0], 'block hash')
    return traceBlock(backend, params)
  },
  debug_traceBlockByNumber: (backend, params) => traceBlock(backend, params),
  debug_traceCall: traceCall,
  debug_storageRangeAt: storageRange,
}

/** The tracer that the options ask for; from now on their `timeout` counts. */
function beginTrace(
  { patience }: RpcBackend,
  options: Json | undefined,
  more: readonly string[] = [],
): Trace {
  const { trace, timeoutMs } = readTracer(options, more)
  if (timeoutMs !== undefined) patience?.allow(timeoutMs)
  return trace
}

export function requireLocation(
  { chain }: RpcBackend,
  value: Json | undefined,
): { readonly block: Block; readonly index: number } {
  const location = chain.transaction(readHash(value, 'transaction hash'))
  if (location === undefined) throw new ResourceNotFoundError('transaction not found')
  return location
}

/** Runs `work` on the state before a transaction of a block. Throws `ServerError` for the genesis. */
export async function withReplay<Result>(
  { chain }: RpcBackend,
  block: Block,
  index: number,
  work: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  if (block === chain.genesis) throw new ServerError('genesis is not traceable')
  return chain.withExecutor(block.header, async (executor) => {
    await replayTo(executor, chain, block, index)
    return work(executor)
  })
}

async function traceOne(
  executor: Executor,
  trace: Trace,
  block: Block,
  index: number,
): Promise<Json> {
  const transaction = block.transactions[index]
  if (transaction === undefined) throw new ResourceNotFoundError('transaction not found')
  const logOffset = block.receipts.slice(0, index).reduce((sum, { logs }) => sum + logs.length, 0)
  return trace(executor, { ...transaction, logOffset }, () => replayOne(executor, block, index))
}

async function traceBlock(backend: RpcBackend, params: readonly Json[]): Promise<Json> {
  const trace = beginTrace(backend, params[1])
  const block = requireBlock(backend.chain, params[0], 'block')
  return withReplay(backend, block, 0, async (executor) => {
    const results: Json[] = []
    for (const [index, { hash }] of block.transactions.entries()) {
      results.push({
        txHash: bytesToHex(hash),
        result: await traceOne(executor, trace, block, index),
      })
    }
    return results
  })
}

const OVERRIDE_FIELDS = ['stateOverrides', 'blockOverrides', 'txIndex'] as const
const CALL_OPTION_FIELDS: ReadonlySet<string> = new Set([...TRACE_FIELDS, ...OVERRIDE_FIELDS])

/** `[call, block, options]`; overrides stand among the options. */
async function traceCall(backend: RpcBackend, params: readonly Json[]): Promise<Json> {
  const trace = beginTrace(backend, params[2], OVERRIDE_FIELDS)
  const options =
    optional(params[2], 'options', (value) => readFields(value, 'options', CALL_OPTION_FIELDS)) ??
    {}
  const { stateOverrides = null, blockOverrides = null } = options
  const request = readRequest(backend, [
    params[0] ?? null,
    params[1] ?? null,
    stateOverrides,
    blockOverrides,
  ])
  const { from, to, gasLimit } = toMessage(request.call)
  return withCall(backend, request, (executor, run) =>
    trace(executor, { from, to, gasLimit, logOffset: 0 }, async () => {
      const { result, gasUsed } = await run()
      const succeeded = result.exceptionError === undefined
      return { succeeded, gasUsed, output: result.returnValue }
    }),
  )
}

const RANGE_MAX = 1_024n

/** `[block, transaction index, address, first key, how many]`: slots by their hashes, as they are before the transaction. */
async function storageRange(backend: RpcBackend, params: readonly Json[]): Promise<Json> {
  const block = requireBlock(backend.chain, params[0], 'block')
  const index = Number(readQuantity(params[1], 'transaction index'))
  const address = readAddress(params[2], 'address')
  const first = bytesToHex(readSlot(params[3] ?? '0x', 'first key'))
  const count = readQuantity(params[4], 'maximal count')
  if (count > RANGE_MAX) throw new InvalidParamsError('maximal count', `at most ${RANGE_MAX}`)
  if (index > block.transactions.length) {
    throw new InvalidParamsError('transaction index', `at most ${block.transactions.length}`)
  }
  const world =
    block === backend.chain.genesis
      ? block.world
      : await withReplay(backend, block, index, async ({ state }) => state.flush())
  const account = getAccount(world, address)
  const slots = account === undefined ? [] : [...trieEntries(account.storage)]
  const listed = slots
    .map(([hash, value]) => [bytesToHex(hash), value] as const)
    .filter(([hash]) => hash >= first)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  const shown = listed.slice(0, Number(count))
  return {
    storage: Object.fromEntries(
      shown.map(([hash, value]) => {
        const slot = backend.chain.preimage(hexToBytes(hash))
        const key = slot === undefined ? null : bytesToHex(slot)
        return [hash, { key, value: bytesToHex(word(value)) }]
      }),
    ),
    nextKey: listed[Number(count)]?.[0] ?? null,
  }
}

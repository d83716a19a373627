/** Traces, and raw encodings. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import type { Executor, Outcome } from '../evm/executor.ts'
import { replayOne, replayTo } from '../replay.ts'
import { encodeReceipt } from '../roots.ts'
import { traceCalls } from '../trace/calls.ts'
import { traceOpcodes } from '../trace/structLog.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { rawTransaction } from './blocks.ts'
import { InvalidParamsError, ResourceNotFoundError, ServerError } from './errors.ts'
import { blockRlp } from './format.ts'
import {
  type JsonObject,
  optional,
  readBoolean,
  readHash,
  readObject,
  readQuantity,
  readText,
  requireBlock,
} from './params.ts'

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
  async debug_traceTransaction(backend, params) {
    const hash = readHash(params[0], 'transaction hash')
    const location = backend.chain.transaction(hash)
    if (location === undefined) throw new ResourceNotFoundError('transaction not found')
    const trace = readTracer(params[1])
    return backend.chain.withExecutor(location.block.header, async (executor) => {
      await replayTo(executor, backend.chain, location.block, location.index)
      return trace(executor, () => replayOne(executor, location.block, location.index))
    })
  },
  debug_traceBlockByHash: (backend, params) => traceBlock(backend, params),
  debug_traceBlockByNumber: (backend, params) => traceBlock(backend, params),
}

type Trace = (executor: Executor, work: () => Promise<Outcome>) => Promise<Json>

function readTracer(value: Json | undefined): Trace {
  const options: JsonObject = optional(value, 'options', readObject) ?? {}
  const name = optional(options.tracer, 'options.tracer', readText)
  const config: JsonObject =
    optional(options.tracerConfig, 'options.tracerConfig', readObject) ?? {}
  const flag = (source: JsonObject, key: string): boolean =>
    optional(source[key], `options.${key}`, readBoolean) ?? false
  if (name === 'callTracer') {
    const chosen = { onlyTopCall: flag(config, 'onlyTopCall'), withLog: flag(config, 'withLog') }
    return (executor, work) => traceCalls(executor, chosen, work)
  }
  if (name !== undefined && name !== '') {
    throw new InvalidParamsError('options.tracer', '"callTracer" or left out', name)
  }
  const chosen = {
    withMemory: flag(options, 'enableMemory'),
    withStack: !flag(options, 'disableStack'),
    limit: Number(optional(options.limit, 'options.limit', readQuantity) ?? 0n),
  }
  return (executor, work) => traceOpcodes(executor, chosen, work)
}

async function traceBlock({ chain }: RpcBackend, params: readonly Json[]): Promise<Json> {
  const block = requireBlock(chain, params[0], 'block')
  if (block === chain.genesis) throw new ServerError('genesis is not traceable')
  const trace = readTracer(params[1])
  return chain.withExecutor(block.header, async (executor) => {
    await replayTo(executor, chain, block, 0)
    const results: Json[] = []
    for (const [index, { hash }] of block.transactions.entries()) {
      const result = await trace(executor, () => replayOne(executor, block, index))
      results.push({ txHash: bytesToHex(hash), result })
    }
    return results
  })
}

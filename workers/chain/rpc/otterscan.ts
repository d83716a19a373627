/** `ots_`, API level 8: what Otterscan asks of a node beside `eth_`. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, equalBytes } from '../../rollup/bytes.ts'
import { getAccount } from '../../rollup/trie/world.ts'
import { worldReader } from '../check.ts'
import { replayOne } from '../replay.ts'
import { collectFrames, type Frame } from '../trace/frames.ts'
import type { Block, Receipt } from '../types.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { requireLocation, withReplay } from './debug.ts'
import { InvalidParamsError, ResourceNotFoundError } from './errors.ts'
import { formatBlock, formatHeader, formatMined, formatReceipt, quantity } from './format.ts'
import {
  type JsonObject,
  optional,
  readAddress,
  readBlockId,
  readHash,
  readQuantity,
  requireBlock,
} from './params.ts'
import { findBySender, firstBlockWhere } from './search.ts'
import { framesOf } from './trace.ts'

const API_LEVEL = 8
const PAGE_MAX = 1_000n

export const otterscanMethods: MethodTable = {
  ots_getApiLevel: () => API_LEVEL,
  erigon_getHeaderByNumber: ({ chain }, params) => {
    const block = chain.block(readBlockId(params[0], 'block'))
    return block === undefined ? null : formatHeader(block)
  },
  ots_hasCode({ chain }, params) {
    const address = readAddress(params[0], 'address')
    return worldReader(requireBlock(chain, params[1], 'block').world).code(address).length > 0
  },
  ots_getInternalOperations: internalOperations,
  ots_getTransactionError(backend, params) {
    const { block, index } = requireLocation(backend, params[0])
    const receipt = block.receipts[index]
    return receipt === undefined || receipt.succeeded ? '0x' : bytesToHex(receipt.output)
  },
  async ots_traceTransaction(backend, params) {
    const top = await frameOf(backend, params[0])
    return top === undefined ? [] : listFrames(top, 0)
  },
  ots_getBlockDetails: ({ chain }, params) => {
    const block = chain.block(readBlockId(params[0], 'block'))
    return block === undefined ? null : blockDetails(block)
  },
  ots_getBlockDetailsByHash: ({ chain }, params) => {
    const block = chain.block(readHash(params[0], 'block hash'))
    return block === undefined ? null : blockDetails(block)
  },
  ots_getBlockTransactions: blockTransactions,
  ots_searchTransactionsBefore: (backend, params) => searchTransactions(backend, params, 'before'),
  ots_searchTransactionsAfter: (backend, params) => searchTransactions(backend, params, 'after'),
  ots_getTransactionBySenderAndNonce({ chain }, params) {
    const address = readAddress(params[0], 'address')
    const nonce = readQuantity(params[1], 'nonce')
    const found = findBySender(chain, address, nonce)
    const transaction = found?.block.transactions[found.index]
    return transaction === undefined ? null : bytesToHex(transaction.hash)
  },
  ots_getContractCreator: contractCreator,
}

async function frameOf(backend: RpcBackend, hash: Json | undefined): Promise<Frame | undefined> {
  const { block, index } = requireLocation(backend, hash)
  return withReplay(backend, block, index, async (executor) => {
    const { top } = await collectFrames(executor, () => replayOne(executor, block, index))
    return top
  })
}

/** Numbers of Otterscan. */
const OPERATION: Readonly<Partial<Record<Frame['type'], number>>> = {
  CALL: 0,
  SELFDESTRUCT: 1,
  CREATE: 2,
  CREATE2: 3,
}

/** What moves ether or makes contracts below the transaction itself. */
async function internalOperations(backend: RpcBackend, params: readonly Json[]): Promise<Json> {
  const top = await frameOf(backend, params[0])
  const operations: Json[] = []
  const visit = (frame: Frame): void => {
    if (frame.error !== '') return
    const type = OPERATION[frame.type]
    const isShown = type !== undefined && (type !== 0 || frame.value > 0n)
    if (isShown && frame !== top) {
      operations.push({
        type,
        from: bytesToHex(frame.from),
        to: bytesToHex(frame.to ?? new Uint8Array(20)),
        value: quantity(frame.value),
      })
    }
    frame.calls.forEach(visit)
  }
  if (top !== undefined) visit(top)
  return operations
}

function listFrames(frame: Frame, depth: number): Json[] {
  const { type, from, to, value, input, output, calls } = frame
  const own = {
    type,
    depth,
    from: bytesToHex(from),
    to: to === null ? null : bytesToHex(to),
    value: type === 'STATICCALL' || type === 'DELEGATECALL' ? null : quantity(value),
    input: bytesToHex(input),
    output: bytesToHex(output),
  }
  return [own, ...calls.flatMap((call) => listFrames(call, depth + 1))]
}

function blockDetails(block: Block): Json {
  const { transactions: _, logsBloom: __, ...shown } = formatBlock(block, false)
  const totalFees = block.receipts.reduce(
    (sum, { gasUsed, effectiveGasPrice }) => sum + gasUsed * effectiveGasPrice,
    0n,
  )
  return {
    block: { ...shown, transactionCount: block.transactions.length },
    issuance: { blockReward: '0x0', uncleReward: '0x0', issuance: '0x0' },
    totalFees: quantity(totalFees),
  }
}

/** `[height, page, page size]`, the first page being 0. */
function blockTransactions({ chain }: RpcBackend, params: readonly Json[]): Json {
  const block = requireBlock(chain, params[0], 'block')
  const page = Number(readQuantity(params[1], 'page'))
  const size = readSize(params[2])
  const indexes = [...block.transactions.keys()].slice(page * size, (page + 1) * size)
  const { logsBloom: _, ...full } = formatBlock(block, true)
  const shown = (full.transactions as readonly JsonObject[]).filter((__, at) =>
    indexes.includes(at),
  )
  return {
    fullblock: {
      ...full,
      transactionCount: block.transactions.length,
      // The page shows the method that is called, which four bytes name.
      transactions: shown.map((item) => ({ ...item, input: String(item.input).slice(0, 10) })),
    },
    receipts: indexes.map((index) => ({
      ...formatReceipt(block, index),
      logs: null,
      logsBloom: null,
    })),
  }
}

function readSize(value: Json | undefined): number {
  const size = readQuantity(value, 'page size')
  if (size >= 1n && size <= PAGE_MAX) return Number(size)
  throw new InvalidParamsError('page size', `from 1 to ${PAGE_MAX}`, String(size))
}

/**
 * `[address, height, page size]`, newest first; whole blocks, so that a page may be longer. An account takes part as sender,
 * recipient, created contract, or in a log.
 */
function searchTransactions(
  { chain }: RpcBackend,
  params: readonly Json[],
  direction: 'before' | 'after',
): Json {
  const address = readAddress(params[0], 'address')
  const bound = optional(params[1], 'block', readQuantity) ?? 0n
  const size = readSize(params[2])
  const head = chain.head().header.number
  const goesUp = direction === 'after'
  const step = goesUp ? 1n : -1n
  const start = bound === 0n ? (goesUp ? 0n : head) : bound + step
  const found: { block: Block; index: number }[] = []
  let number = start
  for (; number >= 0n && number <= head && found.length < size; number += step) {
    const block = chain.block(number)
    if (block === undefined) continue
    const own = block.receipts.flatMap((receipt, index) =>
      takesPart(receipt, address) ? [{ block, index }] : [],
    )
    found.push(...(goesUp ? own : own.reverse()))
  }
  const isEnd = number < 0n || number > head
  const newestFirst = goesUp ? found.reverse() : found
  return {
    txs: newestFirst.map(({ block, index }) => {
      const transaction = block.transactions[index]
      if (transaction === undefined) throw new ResourceNotFoundError('transaction not found')
      return formatMined(transaction, block, index)
    }),
    receipts: newestFirst.map(({ block, index }) => ({
      ...formatReceipt(block, index),
      timestamp: Number(block.header.timestamp),
    })),
    firstPage: goesUp ? isEnd : bound === 0n,
    lastPage: goesUp ? bound === 0n : isEnd,
  }
}

function takesPart(receipt: Receipt, address: Uint8Array): boolean {
  const { from, to, contractAddress, logs } = receipt
  const named = [from, to, contractAddress, ...logs.map((log) => log.address)]
  const inTopics = logs.some(({ topics }) =>
    topics.some((topic) => equalBytes(topic.subarray(12), address) && isPadded(topic)),
  )
  return inTopics || named.some((other) => other !== null && equalBytes(other, address))
}

function isPadded(topic: Uint8Array): boolean {
  return topic.subarray(0, 12).every((byte) => byte === 0)
}

/** The transaction that made a contract, and who sent or made it. */
async function contractCreator(backend: RpcBackend, params: readonly Json[]): Promise<Json> {
  const { chain } = backend
  const address = readAddress(params[0], 'address')
  const hasCode = (block: Block): boolean => worldReader(block.world).code(address).length > 0
  if (!hasCode(chain.head()) || getAccount(chain.genesis.world, address) !== undefined) return null
  const block = firstBlockWhere(chain, hasCode)
  if (block === undefined || block === chain.genesis) return null
  for (const [index, top] of (await framesOf(backend, block)).entries()) {
    const creation = findCreation(top, address)
    const transaction = block.transactions[index]
    if (creation === undefined || transaction === undefined) continue
    return { hash: bytesToHex(transaction.hash), creator: bytesToHex(creation.from) }
  }
  return null
}

function findCreation(frame: Frame, address: Uint8Array): Frame | undefined {
  const isCreation = frame.type === 'CREATE' || frame.type === 'CREATE2'
  if (isCreation && frame.to !== null && equalBytes(frame.to, address)) return frame
  for (const call of frame.calls) {
    const found = findCreation(call, address)
    if (found !== undefined) return found
  }
  return undefined
}

/** `eth_simulateV1`: blocks that never were, each with calls on the state that the one before it left. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import type { Executor } from '../evm/executor.ts'
import { applyMessage, InvalidMessageError, type MessageOutcome } from '../message.ts'
import { CALL_GAS_MAX } from '../simulate.ts'
import { executionError } from '../trace/errors.ts'
import { type TransferTrace, traceTransfers } from '../trace/transfers.ts'
import type { Block, Log } from '../types.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { checkChainId, toMessage } from './call.ts'
import {
  type AccountOverride,
  type BlockOverride,
  type CallRequest,
  readBlockOverrides,
  readCall,
  readStateOverrides,
} from './callParams.ts'
import { ExecutionRevertedError, InvalidParamsError, ServerError } from './errors.ts'
import { formatBlock, formatLog, quantity } from './format.ts'
import { optional, readBoolean, readFields, readList, requireBlock } from './params.ts'
import { finishBlock, type OpenedBlock, openSimulatedBlock } from './simulatedBlock.ts'
import { toUnsignedTransaction } from './unsigned.ts'

export interface SimulatedBlock {
  readonly blockOverrides: BlockOverride
  readonly stateOverrides: readonly AccountOverride[]
  readonly calls: readonly CallRequest[]
}

interface Options {
  readonly blocks: readonly SimulatedBlock[]
  readonly tracesTransfers: boolean
  readonly validates: boolean
  readonly returnsFullTransactions: boolean
}

interface CallReport {
  readonly outcome: MessageOutcome
  readonly logs: readonly Log[]
}

/** Blocks above the base that one request may simulate. */
const BLOCKS_MAX = 256n
/** Seconds between simulated blocks that name no time. */
const BLOCK_SECONDS = 12n

/** Codes of execution-apis for what makes a simulation invalid. */
const CODES: Readonly<Partial<Record<InvalidMessageError['reason'], number>>> = {
  nonceTooLow: -38010,
  nonceTooHigh: -38011,
  feeCapTooLow: -38012,
  intrinsicGas: -38013,
  floorGas: -38013,
  insufficientFunds: -38014,
  initcodeTooLarge: -38025,
  tipAboveFeeCap: -32602,
}
const CODE = {
  blockGasLimit: -38015,
  blockNumber: -38020,
  timestamp: -38021,
  tooMany: -38026,
  reverted: 3,
  failed: -32015,
} as const

export const simulateMethods: MethodTable = {
  async eth_simulateV1(backend, params) {
    const options = readOptions(params[0])
    const base = requireBlock(backend.chain, params[1], 'block')
    const results: Json[] = []
    const parents: Block[] = [base]
    let gasLeft = CALL_GAS_MAX
    for (const block of orderBlocks(options.blocks, base)) {
      const done = await simulateBlock(backend, { options, block, parents, gasLeft })
      parents.push(done.block)
      gasLeft = done.gasLeft
      results.push(formatResult(done, options))
    }
    return results
  },
}

const OPTION_FIELDS: ReadonlySet<string> = new Set([
  'blockStateCalls',
  'traceTransfers',
  'validation',
  'returnFullTransactions',
])
const BLOCK_FIELDS: ReadonlySet<string> = new Set(['blockOverrides', 'stateOverrides', 'calls'])

function readOptions(value: Json | undefined): Options {
  const given = readFields(value, 'payload', OPTION_FIELDS)
  const list = readList(given.blockStateCalls, 'payload.blockStateCalls')
  const flag = (name: string): boolean =>
    optional(given[name], `payload.${name}`, readBoolean) ?? false
  if (list.length === 0) {
    throw new InvalidParamsError('payload.blockStateCalls', 'a list of at least one block')
  }
  if (BigInt(list.length) > BLOCKS_MAX) throw tooMany()
  return {
    blocks: list.map((item, index) => {
      const field = `payload.blockStateCalls[${index}]`
      const block = readFields(item, field, BLOCK_FIELDS)
      const calls = optional(block.calls, `${field}.calls`, readList) ?? []
      return {
        blockOverrides: readBlockOverrides(block.blockOverrides),
        stateOverrides: readStateOverrides(block.stateOverrides),
        calls: calls.map((call, at) => readCall(call, `${field}.calls[${at}]`)),
      }
    }),
    tracesTransfers: flag('traceTransfers'),
    validates: flag('validation'),
    returnsFullTransactions: flag('returnFullTransactions'),
  }
}

/** Gives every block a height and a time above the one before; gaps are filled with empty blocks. */
function orderBlocks(blocks: readonly SimulatedBlock[], base: Block): SimulatedBlock[] {
  const ordered: SimulatedBlock[] = []
  let { number, timestamp } = base.header
  for (const block of blocks) {
    const wanted = block.blockOverrides.number ?? number + 1n
    if (wanted <= number) {
      const text = `block numbers must be in order: ${wanted} <= ${number}`
      throw new ServerError(text, { code: CODE.blockNumber })
    }
    if (wanted - base.header.number > BLOCKS_MAX) throw tooMany()
    for (; number + 1n < wanted; number += 1n) {
      timestamp += BLOCK_SECONDS
      ordered.push(emptyBlock(number + 1n, timestamp))
    }
    const time = block.blockOverrides.timestamp ?? timestamp + BLOCK_SECONDS
    if (time <= timestamp) {
      const text = `block timestamps must be in order: ${time} <= ${timestamp}`
      throw new ServerError(text, { code: CODE.timestamp })
    }
    number = wanted
    timestamp = time
    ordered.push({ ...block, blockOverrides: { ...block.blockOverrides, number, timestamp } })
  }
  return ordered
}

function emptyBlock(number: bigint, timestamp: bigint): SimulatedBlock {
  const blockOverrides = { ...readBlockOverrides({}), number, timestamp }
  return { blockOverrides, stateOverrides: [], calls: [] }
}

function tooMany(): ServerError {
  return new ServerError('too many blocks', { code: CODE.tooMany })
}

interface Task {
  readonly options: Options
  readonly block: SimulatedBlock
  /** The base, and the blocks that were simulated on it. */
  readonly parents: readonly Block[]
  /** What the whole request may still use. */
  readonly gasLeft: bigint
}

interface Done {
  readonly block: Block
  readonly reports: readonly CallReport[]
  readonly gasLeft: bigint
}

async function simulateBlock(backend: RpcBackend, task: Task): Promise<Done> {
  const { options, block, parents } = task
  const { chain } = backend
  for (const call of block.calls) checkChainId(backend, call)
  const trace = options.tracesTransfers ? traceTransfers() : undefined
  let { gasLeft } = task
  const reports: CallReport[] = []
  const done = await openSimulatedBlock(
    { chain, parents, block, validates: options.validates },
    async (executor, opened) => {
      const stop = trace?.attach(executor)
      try {
        for (const call of block.calls) {
          const filled = fillCall(call, { executor, opened, gasLeft })
          const report = await runCall(executor, filled, options.validates, trace)
          reports.push(report)
          gasLeft -= report.outcome.gasUsed
          opened.add(toUnsignedTransaction(filled, chain.config.chainId), report.outcome)
        }
      } finally {
        stop?.()
      }
      return finishBlock(executor, opened)
    },
  )
  return { block: done, reports, gasLeft }
}

interface Filling {
  readonly executor: Executor
  readonly opened: OpenedBlock
  readonly gasLeft: bigint
}

/** What the call leaves out: its nonce by the state, its gas by what the block has left. */
function fillCall(call: CallRequest, { executor, opened, gasLeft }: Filling): CallRequest {
  const { gasLimit } = opened.header
  const remaining = gasLimit - opened.gasUsed()
  const gas = call.gas ?? remaining
  if (gas > remaining) {
    throw new ServerError(`block gas limit reached: ${opened.gasUsed() + gas} >= ${gasLimit}`, {
      code: CODE.blockGasLimit,
    })
  }
  return {
    ...call,
    nonce: call.nonce ?? executor.state.account(call.from)?.nonce ?? 0n,
    gas: gas < gasLeft ? gas : gasLeft,
  }
}

async function runCall(
  executor: Executor,
  call: CallRequest,
  validates: boolean,
  trace: TransferTrace | undefined,
): Promise<CallReport> {
  try {
    const strict = validates ? { strictNonce: call.nonce ?? 0n } : {}
    const outcome = await applyMessage(executor, toMessage(call), strict)
    return { outcome, logs: trace?.take() ?? logsOf(outcome) }
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error
    throw new ServerError(error.shortMessage, { code: CODES[error.reason] ?? -32603, cause: error })
  }
}

function logsOf({ result }: MessageOutcome): readonly Log[] {
  if (result.exceptionError !== undefined) return []
  return (result.logs ?? []).map(([address, topics, data]) => ({ address, topics, data }))
}

function formatResult({ block, reports }: Done, options: Options): Json {
  let logIndex = 0
  const calls = reports.map(({ outcome, logs }, index): Json => {
    const error = outcome.result.exceptionError?.error
    const output = error === undefined ? outcome.result.returnValue : new Uint8Array(0)
    return {
      returnData: bytesToHex(output),
      logs: logs.map((log) => formatLog(log, { block, index, logIndex: logIndex++ })),
      gasUsed: quantity(outcome.gasUsed),
      maxUsedGas: quantity(outcome.peakGas),
      status: error === undefined ? '0x1' : '0x0',
      ...(error === undefined ? {} : { error: formatError(error, outcome) }),
    }
  })
  return { ...formatBlock(block, options.returnsFullTransactions), calls }
}

function formatError(error: string, { result }: MessageOutcome): Json {
  if (error !== 'revert') return { message: executionError(error), code: CODE.failed }
  const { shortMessage, data } = new ExecutionRevertedError(result.returnValue)
  return { message: shortMessage, code: CODE.reverted, data: String(data) }
}

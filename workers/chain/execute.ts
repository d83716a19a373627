/** Execution of one block on its parent's state: a function of its request, whatever the chain does meanwhile. */
import { sha256 } from '@noble/hashes/sha2.js'
import { BaseError } from '../kernel/errors.ts'
import { concatBytes, EMPTY_BYTES, hexToBytes } from '../rollup/bytes.ts'
import { ETHEREUM_CODE_LIMITS } from '../rollup/codeLimits.ts'
import {
  type BlockHeader,
  blobBaseFee,
  HEADER_DEFAULTS,
  headerRlp,
  nextExcessBlobGas,
} from '../rollup/header.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { EMPTY_REQUESTS_HASH, nextBaseFee } from '../rollup/l2Header.ts'
import { parseTransaction } from '../rollup/transaction/decode.ts'
import {
  type InvalidReason,
  InvalidTransactionError,
  type Transaction,
} from '../rollup/transaction/transaction.ts'
import { type WorldState, worldRoot } from '../rollup/trie/world.ts'
import { type BlockProgress, checkTransaction } from './check.ts'
import { runCheat } from './evm/cheat.ts'
import { runDeposit } from './evm/deposit.ts'
import {
  type BlockContext,
  type Executor,
  type Outcome,
  openBlock,
  runSigned,
  runSystemCall,
} from './evm/executor.ts'
import { bodyRoots } from './roots.ts'
import type {
  Block,
  BlockEnvironment,
  BlockRequest,
  ChainConfig,
  Receipt,
  SkippedTransaction,
  SystemCall,
} from './types.ts'

/** A block whose environment its parent forbids. */
export class InvalidBlockError extends BaseError {
  override name = 'InvalidBlockError'
}

export const HISTORY_ADDRESS: Uint8Array = hexToBytes('0x0000F90827F1C53a10cb7A02335B175320002935')
export const BEACON_ROOTS_ADDRESS: Uint8Array = hexToBytes(
  '0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02',
)
/** EIP-7002 and EIP-7251, with the types of their requests. */
export const REQUEST_CONTRACTS = [
  { type: 1, address: hexToBytes('0x00000961Ef480Eb55e80D19ad83579A64c007002') },
  { type: 2, address: hexToBytes('0x0000BBdDc7CE488642fb579F8B00f3a590007251') },
] as const

export interface ExecutionInput {
  readonly config: ChainConfig
  readonly parent: Block
  readonly request: BlockRequest
  /** Hash of an ancestor by height. */
  readonly hashOf: (number: bigint) => Uint8Array
}

/** What grows while the transactions run. */
interface Progress {
  gasUsed: bigint
  blobGasUsed: bigint
  readonly transactions: Transaction[]
  readonly receipts: Receipt[]
  readonly skipped: SkippedTransaction[]
  readonly worlds: WorldState[]
}

/** Runs a block. Throws `InvalidBlockError`; on L1 also `InvalidTransactionError` for the first invalid transaction. */
export async function executeBlock(executor: Executor, input: ExecutionInput): Promise<Block> {
  const { parent, request, config } = input
  checkEnvironment(config, parent.header, request.environment)
  const context = blockContext(input)
  const { state } = executor
  openBlock(executor, parent.world, context)
  await runPrologue(executor, {
    parentHash: parent.hash,
    beaconRoot: request.environment.parentBeaconBlockRoot,
    systemCalls: request.systemCalls ?? [],
  })
  const progress: Progress = {
    gasUsed: 0n,
    blobGasUsed: 0n,
    transactions: [],
    receipts: [],
    skipped: [],
    worlds: [],
  }
  if (request.keepWorlds) progress.worlds.push(state.flush())
  for (let index = 0; index < request.transactions.length; index += 1) {
    await runNext(executor, input, context, progress, index)
    if (request.keepWorlds) progress.worlds.push(state.flush())
  }
  const requestsHash = config.kind === 'l1' ? await collectRequests(executor) : EMPTY_REQUESTS_HASH
  return sealBlock(input, context, progress, state.flush(), requestsHash)
}

export interface Prologue {
  readonly parentHash: Uint8Array
  readonly beaconRoot: Uint8Array
  readonly systemCalls: readonly SystemCall[]
}

/** The system calls that a block begins with, as far as its fork has them. */
export async function runPrologue(executor: Executor, prologue: Prologue): Promise<void> {
  const { parentHash, beaconRoot, systemCalls } = prologue
  const { common } = executor.vm
  if (common.isActivatedEIP(2935)) {
    await runSystemCall(executor, { to: HISTORY_ADDRESS, data: parentHash })
  }
  if (common.isActivatedEIP(4788)) {
    await runSystemCall(executor, { to: BEACON_ROOTS_ADDRESS, data: beaconRoot })
  }
  for (const systemCall of systemCalls) await runSystemCall(executor, systemCall)
}

/** The context that the EVM sees in a block of this request. */
export function blockContext(input: ExecutionInput): BlockContext {
  const { parent, request, config, hashOf } = input
  const { environment } = request
  return {
    number: parent.header.number + 1n,
    coinbase: environment.coinbase,
    timestamp: environment.timestamp,
    gasLimit: environment.gasLimit,
    baseFee: environment.baseFee ?? nextBaseFee(parent.header),
    prevrandao: environment.prevrandao,
    excessBlobGas: config.kind === 'l1' ? nextExcessBlobGas(parent.header) : 0n,
    hashOf,
  }
}

function checkEnvironment(
  config: ChainConfig,
  parent: BlockHeader,
  environment: BlockEnvironment,
): void {
  const earliest = config.kind === 'l1' ? parent.timestamp + 1n : parent.timestamp
  if (environment.timestamp < earliest) {
    throw new InvalidBlockError(
      `timestamp is ${environment.timestamp}; at least ${earliest} is valid after block ${parent.number}.`,
    )
  }
}

async function runNext(
  executor: Executor,
  input: ExecutionInput,
  context: BlockContext,
  progress: Progress,
  index: number,
): Promise<void> {
  const { config, request } = input
  const given = request.transactions[index]
  if (given === undefined) return
  try {
    const transaction = given instanceof Uint8Array ? parseCopy(given, config) : given
    checkPlace(input, transaction, index)
    const block = { ...context, kind: config.kind, ...counts(progress) }
    const reason = reasonAgainst(executor, transaction, block)
    if (reason !== undefined) throw invalid(reason)
    record(progress, transaction, await runTransaction(executor, transaction), context)
  } catch (error) {
    if (request.onInvalid !== 'skip' && config.kind === 'l1') throw error
    if (!(error instanceof InvalidTransactionError)) throw error
    progress.skipped.push({ index, reason: error.reason })
  }
}

/** Executes a transaction that is valid here. */
export function runTransaction(executor: Executor, transaction: Transaction): Promise<Outcome> {
  switch (transaction.kind) {
    case 'signed':
      return runSigned(executor, transaction)
    case 'deposit':
      return runDeposit(executor, transaction)
    case 'cheat':
      return runCheat(executor, transaction)
  }
}

/** Deposits never skip. */
function reasonAgainst(
  executor: Executor,
  transaction: Transaction,
  block: BlockProgress,
): InvalidReason | undefined {
  if (transaction.kind === 'signed') return checkTransaction(executor.state, transaction, block)
  const isTooMuch = block.gasUsed + transaction.gasLimit > block.gasLimit
  return transaction.kind === 'cheat' && isTooMuch ? 'blockGasExhausted' : undefined
}

/** Bytes that are handed in may be a view into a payload; what is kept is not. */
function parseCopy(raw: Uint8Array, config: ChainConfig): Transaction {
  const { chainId, codeLimits = ETHEREUM_CODE_LIMITS } = config
  return parseTransaction(raw.slice(), { chainId, initcodeSizeMax: codeLimits.initcodeSizeMax })
}

function counts(progress: Progress): { gasUsed: bigint; blobGasUsed: bigint } {
  return { gasUsed: progress.gasUsed, blobGasUsed: progress.blobGasUsed }
}

/** Deposits come from the inbox alone, cheats never do. */
function checkPlace(input: ExecutionInput, { kind }: Transaction, index: number): void {
  const { config, request } = input
  const isMessage = config.kind === 'l2' && index < (request.inboxMessages ?? 0)
  if (kind === 'deposit' && !isMessage) {
    throw new InvalidTransactionError(
      'unsupportedType',
      'A deposit is valid from the inbox of L2 only.',
    )
  }
  if (kind === 'cheat' && (isMessage || config.allowsCheats !== true)) {
    throw new InvalidTransactionError(
      'unsupportedType',
      'A cheat is valid on a devnet only, and never from the inbox.',
    )
  }
}

function invalid(reason: InvalidReason): InvalidTransactionError {
  return new InvalidTransactionError(reason, `The transaction is invalid here: ${reason}.`)
}

function record(
  progress: Progress,
  transaction: Transaction,
  outcome: Outcome,
  context: BlockContext,
): void {
  progress.gasUsed += outcome.gasUsed
  progress.blobGasUsed += outcome.blobGasUsed
  progress.transactions.push(transaction)
  progress.receipts.push({
    ...outcome,
    transactionHash: transaction.hash,
    type: transaction.type,
    from: transaction.from,
    to: transaction.to,
    cumulativeGasUsed: progress.gasUsed,
    blobGasPrice: outcome.blobGasUsed === 0n ? 0n : blobBaseFee(context.excessBlobGas),
  })
}

/** EIP-7685: hash of the deposits and of what the request contracts hand out at the end of a block. */
export async function collectRequests(
  executor: Executor,
  deposits: Uint8Array = EMPTY_BYTES,
): Promise<Uint8Array> {
  const hashes: Uint8Array[] = []
  if (deposits.length > 0) hashes.push(sha256(concatBytes(Uint8Array.of(0), deposits)))
  for (const { type, address } of REQUEST_CONTRACTS) {
    const data = await runSystemCall(executor, { to: address, data: EMPTY_BYTES })
    if (data.length > 0) hashes.push(sha256(concatBytes(Uint8Array.of(type), data)))
  }
  return hashes.length === 0 ? EMPTY_REQUESTS_HASH : sha256(concatBytes(...hashes))
}

function sealBlock(
  input: ExecutionInput,
  context: BlockContext,
  progress: Progress,
  world: WorldState,
  requestsHash: Uint8Array,
): Block {
  const { environment } = input.request
  const { transactions, receipts, skipped, worlds } = progress
  const header: BlockHeader = {
    ...HEADER_DEFAULTS,
    ...bodyRoots(input.config.kind, transactions, receipts),
    parentHash: input.parent.hash,
    coinbase: environment.coinbase,
    stateRoot: worldRoot(world),
    number: context.number,
    gasLimit: environment.gasLimit,
    gasUsed: progress.gasUsed,
    timestamp: environment.timestamp,
    extraData: environment.extraData ?? HEADER_DEFAULTS.extraData,
    prevrandao: environment.prevrandao,
    baseFee: context.baseFee,
    blobGasUsed: progress.blobGasUsed,
    excessBlobGas: context.excessBlobGas,
    parentBeaconBlockRoot: environment.parentBeaconBlockRoot,
    requestsHash,
  }
  const rlp = headerRlp(header)
  return {
    hash: keccak256(rlp),
    header,
    headerRlp: rlp,
    transactions,
    receipts,
    skipped,
    systemCalls: input.request.systemCalls ?? [],
    world,
    worlds,
  }
}

/** `eth_call` and what is estimated by calling. */
import type { ExecResult } from '@ethereumjs/evm'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { createAddress } from '../../rollup/transaction/address.ts'
import type { AccessListItem } from '../../rollup/transaction/transaction.ts'
import { getAccount } from '../../rollup/trie/world.ts'
import type { Executor } from '../evm/executor.ts'
import { type Fork, forkAt } from '../forks.ts'
import {
  applyMessage,
  InvalidMessageError,
  type Message,
  type MessageOptions,
  type MessageOutcome,
} from '../message.ts'
import {
  CALL_GAS_MAX,
  gasCeiling,
  pointOf,
  type SimulationBase,
  touchedToAccessList,
  withSimulation,
} from '../simulate.ts'
import { executionError } from '../trace/errors.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { type CallRequest, readBlockOverrides, readCall, readStateOverrides } from './callParams.ts'
import { ExecutionRevertedError, ServerError } from './errors.ts'
import { formatAccessList, quantity } from './format.ts'
import { requireBlock } from './params.ts'

/** Selector of `balanceOf(address)`. */
export const BALANCE_OF = '0x70a08231'
/** Runs until an access list no longer grows. */
const ACCESS_ROUNDS_MAX = 8

export const callMethods: MethodTable = {
  async eth_call(backend, params) {
    const { result } = await simulate(backend, readRequest(backend, params))
    throwIfFailed(result)
    return bytesToHex(result.returnValue)
  },
  eth_estimateGas: async (backend, params) =>
    quantity(await estimateGas(backend, readRequest(backend, params))),
  async eth_createAccessList(backend, params) {
    const request = readRequest(backend, params)
    checkFork(
      { ...request.call, accessList: request.call.accessList ?? [] },
      forkOf(backend, request),
    )
    const { outcome, accessList } = await growAccessList(backend, request)
    const { exceptionError } = outcome.result
    return {
      accessList: formatAccessList(accessList),
      ...(exceptionError === undefined ? {} : { error: executionError(exceptionError.error) }),
      gasUsed: quantity(outcome.gasUsed),
    }
  },
}

export interface Request {
  readonly call: CallRequest
  readonly base: SimulationBase
}

/** `[call, block, state overrides, block overrides]`. */
export function readRequest(backend: RpcBackend, params: readonly Json[]): Request {
  const { chain } = backend
  const request = {
    call: readCall(params[0]),
    base: {
      block: requireBlock(chain, params[1], 'block'),
      stateOverrides: readStateOverrides(params[2]),
      blockOverrides: readBlockOverrides(params[3]),
    },
  }
  checkChainId(backend, request.call)
  checkFork(request.call, forkOf(backend, request))
  return request
}

export function checkChainId({ chain }: RpcBackend, { chainId }: CallRequest): void {
  if (chainId === undefined || chainId === BigInt(chain.config.chainId)) return
  throw new ServerError(
    `chainId does not match node's (have=${chainId}, want=${chain.config.chainId})`,
  )
}

function forkOf({ chain }: RpcBackend, { base }: Request): Fork {
  return forkAt(chain.config.forks, pointOf(base))
}

/** Forks in the order in which they brought fields of transactions. */
const FIELD_FORKS = ['berlin', 'london', 'cancun', 'prague'] as const
const FORK_ORDER = [
  ...['chainstart', 'homestead', 'tangerineWhistle', 'spuriousDragon', 'byzantium'],
  ...['constantinople', 'petersburg', 'istanbul', 'muirGlacier', 'berlin', 'london'],
  ...['arrowGlacier', 'grayGlacier', 'paris', 'shanghai', 'cancun', 'prague', 'osaka'],
]

/** Throws `ServerError` for a field that transactions do not have yet. */
export function checkFork(call: CallRequest, fork: Fork): void {
  const now = FORK_ORDER.indexOf(fork.hardfork)
  const fields: Readonly<Record<(typeof FIELD_FORKS)[number], readonly string[]>> = {
    berlin: call.accessList === undefined ? [] : ['accessList'],
    london: call.hasFeeFields ? ['maxFeePerGas and maxPriorityFeePerGas'] : [],
    cancun:
      (call.blobVersionedHashes ?? call.maxFeePerBlobGas) === undefined
        ? []
        : ['blobVersionedHashes and maxFeePerBlobGas'],
    prague: call.authorizations === undefined ? [] : ['authorizationList'],
  }
  for (const needed of FIELD_FORKS) {
    const [field] = fields[needed]
    if (field === undefined || now >= FORK_ORDER.indexOf(needed)) continue
    throw new ServerError(
      `${field} not valid before ${needed} is active; the block is ${fork.name}`,
    )
  }
}

/** One run of a call. Throws `InvalidMessageError` for what could not even start. */
export async function simulate(
  { chain }: RpcBackend,
  { call, base }: Request,
  change: Partial<Message> = {},
  options: MessageOptions = {},
): Promise<MessageOutcome> {
  return withSimulation(chain, base, hasPrice(call), (executor) =>
    applyMessage(executor, { ...toMessage(call), ...change }, options),
  )
}

/** Runs `work` where a call would run, e.g. to watch it. */
export async function withCall<Result>(
  { chain }: RpcBackend,
  { call, base }: Request,
  work: (executor: Executor, run: () => Promise<MessageOutcome>) => Promise<Result>,
): Promise<Result> {
  return withSimulation(chain, base, hasPrice(call), (executor) =>
    work(executor, () => applyMessage(executor, toMessage(call))),
  )
}

function hasPrice(call: CallRequest): boolean {
  return (call.maxFeePerGas ?? 0n) > 0n || (call.maxPriorityFeePerGas ?? 0n) > 0n
}

export function toMessage(call: CallRequest, gasDefault: bigint = CALL_GAS_MAX): Message {
  const gas = call.gas ?? gasDefault
  return {
    from: call.from,
    to: call.to,
    value: call.value,
    data: call.data,
    gasLimit: gas < CALL_GAS_MAX ? gas : CALL_GAS_MAX,
    maxFeePerGas: call.maxFeePerGas ?? 0n,
    maxPriorityFeePerGas: call.maxPriorityFeePerGas ?? 0n,
    accessList: call.accessList ?? [],
    authorizations: call.authorizations ?? [],
    blobVersionedHashes: call.blobVersionedHashes ?? [],
    maxFeePerBlobGas: call.maxFeePerBlobGas ?? 0n,
  }
}

/** Throws `ExecutionRevertedError` or `ServerError` for a call that failed. */
export function throwIfFailed(result: ExecResult): void {
  const error = result.exceptionError?.error
  if (error === undefined) return
  if (error === 'revert') throw new ExecutionRevertedError(result.returnValue)
  throw new ServerError(executionError(error))
}

/** A transfer to an account without code costs this, whatever it carries. */
const TRANSFER_GAS = 21_000n
/** The estimate is at most 1.5 % too high, as geth's. */
const ESTIMATE_ERROR_MAX = 0.015
/** What a call with value hands over beside its gas; an estimate leaves room for it. */
const STIPEND = 2_300n

/**
 * A gas limit with which the call succeeds and hardly a lower one. Every step is geth's (eth/gasestimator), so that the number is.
 * Throws `ExecutionRevertedError`, `ServerError` or `InvalidMessageError`.
 */
export async function estimateGas(backend: RpcBackend, asked: Request): Promise<bigint> {
  const request = atNextBlock(backend, asked)
  const succeeds = (gasLimit: bigint): Promise<boolean> => runsWith(backend, request, gasLimit)
  let high = await affordable(backend, request)
  if ((await isTransfer(backend, request)) && (await succeeds(TRANSFER_GAS))) return TRANSFER_GAS
  const first = await firstRun(backend, request, high)
  let low = first.gasUsed - 1n
  // Frames keep a 64th of their gas back, so that a little more than what was used usually suffices.
  const likely = ((first.peakGas + STIPEND) * 64n) / 63n
  if (likely < high) {
    if (await succeeds(likely)) high = likely
    else low = likely
  }
  while (low + 1n < high && Number(high - low) / Number(high) >= ESTIMATE_ERROR_MAX) {
    const half = (high + low) / 2n
    // Most calls need little more than they use, so that halving far above it would only cost time.
    const middle = half > low * 2n ? low * 2n : half
    if (await succeeds(middle)) high = middle
    else low = middle
  }
  return high
}

/**
 * Rationale: an estimate tells of a block to come, and contracts measure time (an oracle writes once a second). Of a chain that does
 * not grow no block comes, and clients expect geth's number, which is of the block itself.
 */
export function atNextBlock({ chain, blockMs, nowMs = 0 }: RpcBackend, request: Request): Request {
  const { block, blockOverrides } = request.base
  if (blockMs === undefined || block !== chain.head()) return request
  const slot = block.header.timestamp + BigInt(Math.ceil(blockMs / 1_000))
  const now = chain.genesis.header.timestamp + BigInt(Math.floor(nowMs / 1_000))
  const { number = block.header.number + 1n, timestamp = slot > now ? slot : now } = blockOverrides
  const base = { ...request.base, blockOverrides: { ...blockOverrides, number, timestamp } }
  return { ...request, base }
}

async function isTransfer({ chain }: RpcBackend, { call, base }: Request): Promise<boolean> {
  const { to, data } = call
  if (to === null || data.length > 0) return false
  return withSimulation(chain, base, false, async ({ state }) => state.code(to).length === 0)
}

async function firstRun(
  backend: RpcBackend,
  request: Request,
  gasLimit: bigint,
): Promise<MessageOutcome> {
  try {
    const outcome = await simulate(backend, request, { gasLimit })
    throwIfFailed(outcome.result)
    return outcome
  } catch (error) {
    if (!(error instanceof InvalidMessageError) || !GAS_REASONS.has(error.reason)) throw error
    throw new ServerError(`gas required exceeds allowance (${gasLimit})`, { cause: error })
  }
}

/** Reasons that more gas would mend. */
const GAS_REASONS: ReadonlySet<string> = new Set(['intrinsicGas', 'floorGas'])

async function runsWith(backend: RpcBackend, request: Request, gasLimit: bigint): Promise<boolean> {
  try {
    const { result } = await simulate(backend, request, { gasLimit })
    return result.exceptionError === undefined
  } catch (error) {
    if (error instanceof InvalidMessageError && GAS_REASONS.has(error.reason)) return false
    throw error
  }
}

/** No more gas than the sender can pay for, where the call names a price. */
async function affordable({ chain }: RpcBackend, { call, base }: Request): Promise<bigint> {
  const ceiling = gasCeiling(chain, base.block)
  const asked = call.gas !== undefined && call.gas >= 21_000n ? call.gas : ceiling
  const limited = asked < ceiling ? asked : ceiling
  const price = call.maxFeePerGas ?? 0n
  if (price === 0n) return limited
  const balance = await withSimulation(chain, base, false, async ({ state }) =>
    state.account(call.from),
  ).then((account) => account?.balance ?? 0n)
  const blobs = BigInt(call.blobVersionedHashes?.length ?? 0) * 131_072n
  const rest = balance - call.value - blobs * (call.maxFeePerBlobGas ?? 0n)
  if (rest < 0n) throw new ServerError('insufficient funds for transfer')
  return rest / price < limited ? rest / price : limited
}

async function growAccessList(
  backend: RpcBackend,
  request: Request,
): Promise<{ outcome: MessageOutcome; accessList: readonly AccessListItem[] }> {
  const { call, base } = request
  const nonce = getAccount(base.block.world, call.from)?.nonce ?? 0n
  const to = call.to ?? createAddress(call.from, nonce)
  const excluded = await backend.chain.withExecutor(
    pointOf(base),
    async ({ evm }) =>
      new Set([
        bytesToHex(call.from),
        bytesToHex(to),
        ...[...evm.precompiles.keys()].map((address) => `0x${address}`),
      ]),
  )
  let accessList = call.accessList ?? []
  for (let round = 0; ; round += 1) {
    const outcome = await simulate(backend, request, { accessList }, { reportsAccess: true })
    const touched = touchedToAccessList(outcome.touched, excluded)
    if (round === ACCESS_ROUNDS_MAX || countOf(touched) === countOf(accessList)) {
      return { outcome, accessList }
    }
    accessList = touched
  }
}

function countOf(accessList: readonly AccessListItem[]): number {
  return accessList.reduce((sum, { storageKeys }) => sum + 1 + storageKeys.length, 0)
}

/** `eth_call` and what is estimated by calling. */
import type { ExecResult } from '@ethereumjs/evm'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { createAddress } from '../../rollup/transaction/address.ts'
import { calldataFloorGas, intrinsicGas } from '../../rollup/transaction/gas.ts'
import type { AccessListItem } from '../../rollup/transaction/transaction.ts'
import { getAccount } from '../../rollup/trie/world.ts'
import { worldReader } from '../check.ts'
import type { Executor } from '../evm/executor.ts'
import {
  gasCeiling,
  openSimulation,
  type SimulatedCall,
  type Simulation,
  type SimulationBase,
  simulateCall,
  touchedToAccessList,
} from '../simulate.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { type CallRequest, readBlockOverrides, readCall, readStateOverrides } from './callParams.ts'
import { ExecutionRevertedError, ServerError } from './errors.ts'
import { formatAccessList, quantity } from './format.ts'
import { requireBlock } from './params.ts'

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
    const { simulation, accessList } = await growAccessList(backend, request)
    const { exceptionError } = simulation.result
    return {
      accessList: formatAccessList(accessList),
      gasUsed: quantity(simulation.gasUsed),
      ...(exceptionError === undefined ? {} : { error: exceptionError.error }),
    }
  },
}

interface Request {
  readonly call: CallRequest
  readonly base: SimulationBase
}

/** `[call, block, state overrides, block overrides]`. */
function readRequest({ chain }: RpcBackend, params: readonly Json[]): Request {
  return {
    call: readCall(params[0]),
    base: {
      block: requireBlock(chain, params[1], 'block'),
      stateOverrides: readStateOverrides(params[2]),
      blockOverrides: readBlockOverrides(params[3]),
    },
  }
}

/** One run of a call. Throws `ServerError` for what could not even start. */
async function simulate(
  { chain }: RpcBackend,
  { call, base }: Request,
  change: Partial<SimulatedCall> = {},
): Promise<Simulation> {
  return chain.withExecutor(async (executor) => {
    await openSimulation(executor, chain, base, call.maxFeePerGas !== undefined)
    const simulated = { ...toSimulated(call, base, executor), ...change }
    checkFunds(executor, simulated)
    return simulateCall(executor, simulated)
  })
}

function toSimulated(call: CallRequest, base: SimulationBase, executor: Executor): SimulatedCall {
  const baseFee = executor.context?.baseFee ?? 0n
  const price = call.maxFeePerGas ?? 0n
  if (call.maxFeePerGas !== undefined && price < baseFee) {
    throw new ServerError(`max fee per gas less than block base fee: ${price} < ${baseFee}`)
  }
  const tip = call.maxPriorityFeePerGas ?? price
  const simulated = {
    from: call.from,
    to: call.to,
    value: call.value,
    data: call.data,
    gasPrice: price < baseFee + tip ? price : baseFee + tip,
    accessList: call.accessList ?? [],
    authorizations: call.authorizations,
  }
  const ceiling = gasCeiling(base.block)
  const gasLimit = call.gas === undefined || call.gas > ceiling ? ceiling : call.gas
  const least = intrinsicGas(simulated)
  if (gasLimit < least)
    throw new ServerError(`intrinsic gas too low: have ${gasLimit}, want ${least}`)
  return { ...simulated, gasLimit }
}

function checkFunds(executor: Executor, call: SimulatedCall): void {
  const balance = executor.state.account(call.from)?.balance ?? 0n
  if (balance >= call.value) return
  throw new ServerError(
    `insufficient funds for gas * price + value: address ${bytesToHex(call.from)} have ${balance} want ${call.value}`,
  )
}

/** Throws `ExecutionRevertedError` or `ServerError` for a call that failed. */
export function throwIfFailed(result: ExecResult): void {
  const error = result.exceptionError?.error
  if (error === undefined) return
  if (error === 'revert') throw new ExecutionRevertedError(result.returnValue)
  throw new ServerError(error)
}

/** The least gas limit with which the call succeeds, up to a sixty-fourth above it. */
export async function estimateGas(backend: RpcBackend, request: Request): Promise<bigint> {
  const { call, base } = request
  const isPlain = call.data.length === 0 && call.to !== null && call.authorizations.length === 0
  const minimum = isPlain
    ? intrinsicGas({ ...call, accessList: call.accessList ?? [] })
    : larger(
        intrinsicGas({ ...call, accessList: call.accessList ?? [] }),
        calldataFloorGas(call.data),
      )
  let high = affordable(request, call.gas ?? gasCeiling(base.block))
  if (high < minimum) throw new ServerError(`gas required exceeds allowance (${high})`)
  const first = await simulate(backend, request, { gasLimit: high })
  throwIfFailed(first.result)
  if (isPlain && first.gasUsed === minimum) return minimum
  const succeeds = async (gasLimit: bigint): Promise<boolean> =>
    (await simulate(backend, request, { gasLimit })).result.exceptionError === undefined
  let low = larger(first.gasUsed - 1n, minimum - 1n)
  // Frames keep a 64th of their gas back, so that a little more than what was used usually suffices.
  const likely = ((first.gasUsed + first.refunded + 2_300n) * 64n) / 63n
  if (likely < high && (await succeeds(likely))) high = likely
  while (high - low > 1n && (high - low) * 64n > high) {
    const middle = (low + high) / 2n
    if (await succeeds(middle)) high = middle
    else low = middle
  }
  return high
}

/** No more gas than the sender can pay for, where the call names a price. */
function affordable({ call, base }: Request, gas: bigint): bigint {
  const ceiling = gasCeiling(base.block)
  const limited = gas < ceiling ? gas : ceiling
  if (call.maxFeePerGas === undefined || call.maxFeePerGas === 0n) return limited
  const override = base.stateOverrides.find(
    ({ address }) => bytesToHex(address) === bytesToHex(call.from),
  )
  const balance =
    override?.balance ?? worldReader(base.block.world).account(call.from)?.balance ?? 0n
  if (balance < call.value) return 0n
  const paid = (balance - call.value) / call.maxFeePerGas
  return paid < limited ? paid : limited
}

async function growAccessList(
  backend: RpcBackend,
  request: Request,
): Promise<{ simulation: Simulation; accessList: readonly AccessListItem[] }> {
  const { call, base } = request
  const nonce = getAccount(base.block.world, call.from)?.nonce ?? 0n
  const to = call.to ?? createAddress(call.from, nonce)
  const excluded = await backend.chain.withExecutor(
    async ({ evm }) =>
      new Set([
        bytesToHex(call.from),
        bytesToHex(to),
        ...[...evm.precompiles.keys()].map((address) => `0x${address}`),
      ]),
  )
  let accessList = call.accessList ?? []
  for (let round = 0; ; round += 1) {
    const simulation = await simulate(backend, request, { accessList, reportsAccess: true })
    const touched = touchedToAccessList(simulation.touched, excluded)
    if (round === ACCESS_ROUNDS_MAX || countOf(touched) === countOf(accessList)) {
      return { simulation, accessList }
    }
    accessList = touched
  }
}

function countOf(accessList: readonly AccessListItem[]): number {
  return accessList.reduce((sum, { storageKeys }) => sum + 1 + storageKeys.length, 0)
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right
}

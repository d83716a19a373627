/** L2 as the engine sees it: JSON-RPC alone, like any client. */
import { type Abi, decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { BaseError } from '../kernel/errors.ts'
import type { Json } from '../protocol/world.ts'

/** One JSON-RPC call; rejects as the node answers. */
export type ReadRpc = (method: string, params: readonly Json[]) => Promise<Json>

/** A log with what it is located by. Times are Unix seconds. */
export interface ChainLog {
  readonly address: string
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly blockNumber: number
  readonly timestamp: number
  readonly transactionHash: Hex
  readonly logIndex: number
}

export interface ChainHead {
  readonly number: number
  readonly hash: Hex
  readonly timestamp: number
}

/** The node answered something that is no answer. */
export class ChainAnswerError extends BaseError {
  override name = 'ChainAnswerError'
}

/** Latest block, or the one with that number; null if there is none. */
export async function readBlock(read: ReadRpc, number?: number): Promise<ChainHead | null> {
  const tag = number === undefined ? 'latest' : `0x${number.toString(16)}`
  const block = await read('eth_getBlockByNumber', [tag, false])
  if (block === null) return null
  const { number: height, hash, timestamp } = asObject(block, 'block')
  return { number: Number(height), hash: hash as Hex, timestamp: Number(timestamp) }
}

export async function readLogs(
  read: ReadRpc,
  addresses: readonly string[],
  fromBlock: number,
  toBlock: number,
): Promise<readonly ChainLog[]> {
  const filter = {
    address: addresses,
    fromBlock: `0x${fromBlock.toString(16)}`,
    toBlock: `0x${toBlock.toString(16)}`,
  }
  const logs = await read('eth_getLogs', [filter])
  if (!Array.isArray(logs)) throw new ChainAnswerError('eth_getLogs answered no list.')
  return (logs as readonly Json[]).map((log) => {
    const { address, topics, data, blockNumber, blockTimestamp, transactionHash, logIndex } =
      asObject(log, 'log')
    return {
      address: String(address).toLowerCase(),
      topics: topics as readonly Hex[],
      data: data as Hex,
      blockNumber: Number(blockNumber),
      timestamp: Number(blockTimestamp),
      transactionHash: transactionHash as Hex,
      logIndex: Number(logIndex),
    }
  })
}

export interface ContractRead {
  readonly address: string
  readonly abi: Abi
  readonly functionName: string
  readonly args?: readonly unknown[]
  /** Latest where it is left out. */
  readonly blockNumber?: number
}

/** `eth_call`, decoded. The caller knows the type from the interface. */
export async function readContract<Result>(read: ReadRpc, call: ContractRead): Promise<Result> {
  const { address, abi, functionName, args = [], blockNumber } = call
  const data = encodeFunctionData({ abi, functionName, args: [...args] })
  const tag = blockNumber === undefined ? 'latest' : `0x${blockNumber.toString(16)}`
  const answer = await read('eth_call', [{ to: address, data }, tag])
  if (typeof answer !== 'string') throw new ChainAnswerError(`${functionName} answered no bytes.`)
  return decodeFunctionResult({ abi, functionName, data: answer as Hex }) as Result
}

function asObject(value: Json, what: string): { readonly [key: string]: Json } {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return value as { readonly [key: string]: Json }
  }
  throw new ChainAnswerError(`The node answered no ${what}.`)
}

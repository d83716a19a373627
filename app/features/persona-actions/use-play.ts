import { decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { abi } from '../../../contracts/generated/IEngagements.ts'
import { useRpc } from '../ledger/use-rpc.ts'

const engagements = '0x4200000000000000000000000000000000000035'

/** What the contract has counted for a passport. */
export interface Play {
  readonly x: number
  readonly y: number
  readonly moves: number
  readonly treasures: number
  readonly coins: number
  readonly tasks: number
  readonly hearts: number
}

/** `playOf` of the Engagements contract, at the newest block; null until it answered. */
export function usePlay(passport: number): Play | null {
  const data = encodeFunctionData({ abi, functionName: 'playOf', args: [BigInt(passport)] })
  const { result } = useRpc({
    chain: 'l2',
    method: 'eth_call',
    params: [{ to: engagements, data }, 'latest'],
  })
  if (typeof result !== 'string') return null
  return decodeFunctionResult({ abi, functionName: 'playOf', data: result as Hex })
}

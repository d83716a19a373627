import { useEffect, useState } from 'react'
import type { ChainName, Json } from '../../../workers/protocol/world.ts'
import { useTimeMs } from '../../store/world.ts'
import { errorText, useSession } from '../shell/session-context.ts'

export interface RpcState {
  readonly result: Json | undefined
  readonly error: string | null
}

export interface RpcQuestion {
  readonly chain: ChainName
  readonly method: string
  readonly params: readonly Json[]
}

/** Asks one node by JSON-RPC, and again every two virtual seconds. `null` asks nothing. */
export function useRpc(question: RpcQuestion | null): RpcState {
  return useAnswer(question, useTimeMs(2_000))
}

/** Asks one node by JSON-RPC for what does not change any more. */
export function useRpcOnce(question: RpcQuestion | null): RpcState {
  return useAnswer(question, 0)
}

function useAnswer(question: RpcQuestion | null, timeMs: number): RpcState {
  const { world } = useSession()
  const [state, setState] = useState<RpcState>({ result: undefined, error: null })
  const key = question === null ? '' : JSON.stringify(question)
  useEffect(() => {
    if (key === '') return
    let current = true
    // `timeMs` only paces the question.
    void timeMs
    const { chain, method, params } = JSON.parse(key) as RpcQuestion
    world.rpc(chain, { method, params }).then(
      (result) => current && setState({ result, error: null }),
      (error: unknown) => current && setState({ result: undefined, error: errorText(error) }),
    )
    return () => {
      current = false
    }
  }, [world, key, timeMs])
  return state
}

/** The first chain on which the answer is not null, L2 first: a hash alone does not say where it lives. */
export function useEitherChain(
  method: string,
  params: readonly Json[],
): RpcState & { readonly chain: ChainName } {
  const l2 = useRpc({ chain: 'l2', method, params })
  const missing = l2.result === null || l2.error !== null
  const l1 = useRpc(missing ? { chain: 'l1', method, params } : null)
  return missing && l1.result !== undefined ? { ...l1, chain: 'l1' } : { ...l2, chain: 'l2' }
}

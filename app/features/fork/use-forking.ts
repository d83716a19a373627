import { useState } from 'react'
import type { ForkRequest } from '../../../workers/protocol/fork.ts'
import { rememberSource } from '../../bridge/fork-source.ts'
import { errorText, useSession } from '../shell/session-context.ts'

/** What a new world is to fork, as it was typed. */
export interface ForkDraft {
  /** Empty: no fork. */
  readonly url: string
  /** A height; empty for the newest block. */
  readonly block: string
}

export interface Forking {
  readonly isAsking: boolean
  /** Why the world was not opened yet. */
  readonly problem: string | null
  /** The source gives no proofs, and the person was told. */
  readonly isWarned: boolean
  /**
   * Asks the source for its block before anything is closed. Null where it fails, or the first time that it gives no proofs; then
   * `problem` says so.
   */
  find(): Promise<{ readonly fork: ForkRequest | null } | null>
  /** Something else was typed. */
  reset(): void
}

export function useForking({ url, block }: ForkDraft): Forking {
  const { world } = useSession()
  const [isAsking, setAsking] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [isWarned, setWarned] = useState(false)
  const request = { url: url.trim(), ...(block === '' ? {} : { block: Number(block) }) }
  const find = async () => {
    if (request.url === '') return { fork: null }
    setAsking(true)
    setProblem(null)
    try {
      const point = await world.findFork(request)
      rememberSource(point, request.url)
      if (!point.proofs && !isWarned) {
        setWarned(true)
        setProblem(
          `${point.host} answers no eth_getProof: what it says cannot be verified, and disputes would be off.`,
        )
        return null
      }
      return { fork: { url: request.url, block: point.blockNumber } }
    } catch (error) {
      setProblem(errorText(error))
      return null
    } finally {
      setAsking(false)
    }
  }
  const reset = () => {
    setProblem(null)
    setWarned(false)
  }
  return { isAsking, problem, isWarned, find, reset }
}

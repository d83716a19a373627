/** `rollup_resolvePassport`: its answer, and the request as others send it. */
import { useEffect, useState } from 'react'
import type { Json } from '../../../workers/protocol/world.ts'
import { useTimeMs } from '../../store/world.ts'
import { errorText, useSession } from '../shell/session-context.ts'

export const BLOCK_TAGS = ['latest', 'safe', 'finalized'] as const
export type BlockTag = (typeof BLOCK_TAGS)[number]

export interface Resolving {
  readonly address: string
  readonly blockTag: BlockTag
}

/** As docs/specs/RPC.md has it; quantities are 0x-strings. */
export interface PassportAnswer {
  readonly passport: string
  readonly owner: string
  readonly wallets: readonly string[]
  readonly points: string
  readonly badges: readonly {
    readonly kind: string
    readonly name: string
    readonly value: string
    readonly revokedAt: string | null
  }[]
}

export interface Resolved {
  /** Null for an address without a passport; undefined before there is an answer. */
  readonly answer: PassportAnswer | null | undefined
  readonly error: string | null
}

export const isAddress = (text: string): boolean => /^0x[0-9a-fA-F]{40}$/.test(text)

/** Asks L2 through the page's own provider, as any dApp would, and again every two virtual seconds. */
export function useResolved(question: Resolving): Resolved {
  const { l2 } = useSession()
  const timeMs = useTimeMs(2_000)
  const { address, blockTag } = question
  const [state, setState] = useState<Resolved>({ answer: undefined, error: null })
  useEffect(() => {
    // `timeMs` only paces the question.
    void timeMs
    if (!isAddress(address)) return
    let isCurrent = true
    l2.request(requestOf({ address, blockTag })).then(
      (result) => isCurrent && setState({ answer: result as Json as never, error: null }),
      (error: unknown) => isCurrent && setState({ answer: undefined, error: errorText(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [l2, address, blockTag, timeMs])
  return isAddress(address)
    ? state
    : { answer: undefined, error: 'An address is 0x and 40 hexadecimal digits.' }
}

export function requestOf({ address, blockTag }: Resolving) {
  return { method: 'rollup_resolvePassport', params: [address, blockTag] } as const
}

/** For a module of its own. */
export function asViem({ address, blockTag }: Resolving): string {
  return [
    "import { createPublicClient, http } from 'viem'",
    "import { personaActions } from 'trex-devnet/persona'",
    "import { trexL2 } from 'trex-devnet/viem'",
    '',
    'const client = createPublicClient({ chain: trexL2, transport: http() }).extend(personaActions)',
    `console.log(await client.resolvePassport({ address: '${address}', blockTag: '${blockTag}' }))`,
  ].join('\n')
}

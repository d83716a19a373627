/** Finds the source of a fork, for a new world or for one that came without it. */
import type { ForkPoint, ForkRequest } from '../../protocol/fork.ts'
import { RPC_CODE } from '../errors.ts'
import type { ForkDesk } from './desk.ts'
import { type HttpPost, openEndpoint } from './endpoint.ts'
import { ForkMismatchError, InvalidForkError } from './errors.ts'
import { type ForkSource, openSource, pinBlock } from './source.ts'

/** Asks the source for its block and pins it. Rejects with errors of `errors.ts`. */
export async function forkSource(
  post: HttpPost | undefined,
  { url, block }: ForkRequest,
): Promise<ForkSource> {
  const endpoint = openEndpoint(requirePost(post), url)
  return openSource(endpoint, await pinBlock(endpoint, block))
}

/** Gives a world its source again. Rejects with `ForkMismatchError` where the URL leads to another chain or block. */
export async function connectSource(
  post: HttpPost | undefined,
  { fork, desk }: { readonly fork: ForkPoint | undefined; readonly desk: ForkDesk | null },
  url: string,
): Promise<void> {
  if (fork === undefined || desk === null) {
    throw new InvalidForkError('This world forks no chain; open a new one that does.')
  }
  const endpoint = openEndpoint(requirePost(post), url)
  const found = await pinBlock(endpoint, fork.blockNumber)
  const isSame = found.chainId === fork.chainId && found.blockHash === fork.blockHash
  if (!isSame || (fork.proofs && !found.proofs)) {
    throw new ForkMismatchError(
      `${found.host} is not the source that this world was forked from.`,
      {
        metaMessages: [
          `The world: chain ${fork.chainId}, block ${fork.blockNumber} ${fork.blockHash}${fork.proofs ? ', with proofs' : ''}`,
          `The source: chain ${found.chainId}, block ${found.blockNumber} ${found.blockHash}${found.proofs ? ', with proofs' : ''}`,
        ],
        code: RPC_CODE.invalidParams,
      },
    )
  }
  desk.connect(openSource(endpoint, { ...fork, host: found.host }))
}

function requirePost(post: HttpPost | undefined): HttpPost {
  if (post !== undefined) return post
  throw new InvalidForkError('This host reaches no network; a world here cannot be forked.')
}

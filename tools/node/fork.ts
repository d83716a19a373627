/** `--fork-url` and `--fork-block` of `npm run headless`. */
import type { ForkPoint, ForkRequest } from '../../workers/protocol/fork.ts'
import type { World, WorldStatus } from '../../workers/protocol/world.ts'
import { integerFlag, UsageError } from '../arguments.ts'

interface ForkFlags {
  readonly 'fork-url'?: unknown
  readonly 'fork-block'?: unknown
}

/** What a new world is to fork; nothing where no URL is given. Throws `UsageError`. */
export function forkFlags(flags: ForkFlags): { readonly fork?: ForkRequest } {
  const { 'fork-url': url, 'fork-block': height } = flags
  if (url === undefined && height !== undefined) {
    throw new UsageError('--fork-block names a block of --fork-url: give that, too.')
  }
  if (typeof url !== 'string') return {}
  if (height === undefined) return { fork: { url } }
  const block = integerFlag('fork-block', height, 0, [0, Number.MAX_SAFE_INTEGER])
  return { fork: { url, block } }
}

/** Gives a world that was kept or exported its source again, where the flags name it. Rejects with `UsageError` or a `Fork…` error. */
export async function reconnectFork(
  world: World,
  { options }: WorldStatus,
  flags: ForkFlags,
): Promise<void> {
  const { fork } = forkFlags(flags)
  if (fork === undefined) return
  const held = options.fork
  if (held === undefined) {
    throw new UsageError(
      'The world that is kept forks no chain: leave --fork-url out, or start a new one.',
    )
  }
  if (fork.block !== undefined && fork.block !== held.blockNumber) {
    throw new UsageError(
      `The world was forked at block ${held.blockNumber}, not ${fork.block}: leave --fork-block out.`,
    )
  }
  await world.connectFork(fork.url)
}

/** Of the readiness line; empty for a world that forks no chain. */
export function forkWords(fork: ForkPoint | undefined): string {
  if (fork === undefined) return ''
  const { host, chainId, blockNumber, proofs } = fork
  const words = `, forked from ${host} (chain ${chainId}) at block ${blockNumber}`
  return proofs ? words : `${words} without proofs: disputes are off`
}

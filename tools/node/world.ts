/** The world in Node: in worker threads, in this thread, or in this one with a thread for its long jobs. */
import type { RoleFactory } from '../../workers/kernel/role.ts'
import type { KernelTrace } from '../../workers/kernel/trace.ts'
import type { World } from '../../workers/protocol/world.ts'
import { compose } from '../../workers/simulation/compose.ts'
import {
  createThreadlessHosting,
  type HostContent,
  type Hosting,
  lazyJobs,
} from '../../workers/simulation/host.ts'
import { hostContent, prepareHost } from '../../workers/simulation/roles.ts'
import type { WorldStore } from '../../workers/simulation/store.ts'
import { createWorld } from '../../workers/simulation/world.ts'
import { httpPost } from '../../workers/transport/httpPost.ts'
import { createThreadHosting } from '../../workers/transport/threadWorkers.node.ts'
import { createNodeClock } from '../../workers/transport/wallClock.node.ts'
import { buildHash } from '../buildHash.ts'

/** Set in the package, where everything is built already; see tools/package.ts. */
declare const __BUILD_HASH__: string | undefined

/**
 * - `threads`: a thread for every few roles, and one for jobs
 * - `together`: all roles in this thread, which answers soonest, and jobs in one of their own, so that proofs do not hold up the rest
 * - `inline`: everything in this thread
 */
export type HostKind = 'threads' | 'together' | 'inline'

export interface NodeWorldOptions {
  readonly host: HostKind
  /** Another L1 behind the same messages, in this thread; hosts must be `inline`. */
  readonly l1?: RoleFactory
  /** Where the world is kept; without it, it ends with the process. */
  readonly store?: WorldStore
  readonly onTrace?: (event: KernelTrace) => void
  readonly onRefused?: (type: string, error: Error) => void
}

export function createNodeWorld(options: NodeWorldOptions): World {
  const { host, l1, store, onTrace, onRefused } = options
  const clock = createNodeClock()
  return createWorld({
    buildHash: typeof __BUILD_HASH__ === 'string' ? __BUILD_HASH__ : buildHash(),
    clock,
    hash: hostContent.hash,
    post: httpPost,
    createHosting: () => createHosting(host, { ...(l1 ? withL1(l1) : hostContent), clock }),
    compose: async (options) => {
      await prepareHost()
      return compose(options)
    },
    ...(store === undefined ? {} : { store }),
    ...(onTrace === undefined ? {} : { onTrace }),
    ...(onRefused === undefined ? {} : { onRefused }),
  })
}

function createHosting(host: HostKind, content: HostContent): Hosting {
  const here = createThreadlessHosting(content)
  if (host === 'inline') return here
  const threads = createThreadHosting(roleEntry)
  if (host === 'threads') return threads
  return { ...here, createJobs: async (name) => lazyJobs(() => threads.createJobs(name)) }
}

function withL1(l1: RoleFactory): HostContent {
  return { ...hostContent, roles: async (role) => (role === 'l1' ? l1 : hostContent.roles(role)) }
}

async function roleEntry(): Promise<URL> {
  if (typeof __BUILD_HASH__ === 'string') return new URL('./role.node.js', import.meta.url)
  const { bundleRoleWorker } = await import('./bundle.ts')
  return bundleRoleWorker()
}

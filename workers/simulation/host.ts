/** Where roles run. Three kinds exist: this thread (here), Web Workers and worker threads (`transport`). */
import type { NamedValues } from '../kernel/graph.ts'
import type { HashFunction, JobRunner, RoleHost } from '../kernel/hostPort.ts'
import { createJobRunner, type JobRegistry } from '../kernel/jobs.ts'
import type { WallClock } from '../kernel/pacer.ts'
import { createRoleHost, type RoleRegistry } from '../kernel/roleHost.ts'

export interface Hosting {
  /** A new place for roles; `name` is for people who look at threads. */
  createHost(name: string): Promise<RoleHost>
  /** A new place for long pure functions. */
  createJobs(name: string): Promise<JobRunner>
}

/** What runs in every host, whatever its kind. */
export interface HostContent {
  readonly roles: RoleRegistry
  readonly jobs: JobRegistry
  readonly hash: HashFunction
  /** What states of roles hold that is code, by name. */
  readonly named?: NamedValues
  /** Bounds what is asked from outside. */
  readonly clock?: WallClock
}

/** All roles and jobs in the calling thread. */
export function createThreadlessHosting(content: HostContent): Hosting {
  return {
    createHost: async () => createRoleHost(content),
    createJobs: async () => createJobRunner(content.jobs),
  }
}

/** Jobs in a place that is opened with the first one: a world that is young, or idle, does without. */
export function lazyJobs(open: () => Promise<JobRunner>): JobRunner {
  let opened: Promise<JobRunner> | undefined
  return {
    run: async (job, input) => {
      opened ??= open()
      return (await opened).run(job, input)
    },
    close: async () => (await opened)?.close(),
  }
}

/** What a worker for roles and jobs offers on its port. */
import { type Endpoint, expose } from 'comlink'
import type { JobRunner, RoleHost } from '../kernel/hostPort.ts'
import { createJobRunner } from '../kernel/jobs.ts'
import { createRoleHost } from '../kernel/roleHost.ts'
import type { HostContent } from '../simulation/host.ts'
import { installErrorTransfer } from './errors.ts'

export interface WorkerApi {
  readonly host: RoleHost
  readonly jobs: JobRunner
  /** Resolves once the worker can take calls. */
  ready(): Promise<void>
}

/** `prepare` may load WebAssembly; calls wait for it. */
export function serveRoles(
  endpoint: Endpoint,
  content: HostContent,
  prepare: () => Promise<void> = async () => undefined,
): void {
  installErrorTransfer()
  const prepared = prepare()
  const api: WorkerApi = {
    host: createRoleHost(content),
    jobs: createJobRunner(content.jobs),
    ready: () => prepared,
  }
  expose(api, endpoint)
}

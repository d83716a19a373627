/** Runs jobs in the thread that asks. */
import { JobError } from './errors.ts'
import type { JobRunner } from './hostPort.ts'
import type { Job } from './role.ts'

/** Finds a job by name; undefined for names that it does not know. */
export type JobRegistry = (name: string) => Promise<Job | undefined>

export function createJobRunner(jobs: JobRegistry): JobRunner {
  return {
    run: async (name, input) => {
      const job = await jobs(name)
      if (job === undefined) throw new JobError(`No job "${name}" is registered.`)
      return job(input)
    },
    close: async () => undefined,
  }
}

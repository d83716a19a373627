/** Entry of a worker thread that hosts the kernel's toy roles, for tests. */
import { parentPort } from 'node:worker_threads'
import { assert } from '../kernel/errors.ts'
import { toyHash, toyJobs, toyRoles } from '../kernel/toyRoles.testing.ts'
import { serveRoles } from './serve.ts'
import { threadEndpoint } from './threadWorkers.node.ts'

assert(parentPort !== null, 'This module runs in a worker thread.')
serveRoles(threadEndpoint(parentPort), { roles: toyRoles, jobs: toyJobs, hash: toyHash })

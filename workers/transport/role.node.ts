/** Entry of a worker thread that hosts any roles and jobs of the product. */
import { parentPort } from 'node:worker_threads'
import { assert } from '../kernel/errors.ts'
import { hostContent, prepareHost } from '../simulation/roles.ts'
import { serveRoles } from './serve.ts'
import { threadEndpoint } from './threadWorkers.node.ts'
import { createNodeClock } from './wallClock.node.ts'

assert(parentPort !== null, 'This module runs in a worker thread.')
serveRoles(threadEndpoint(parentPort), { ...hostContent, clock: createNodeClock() }, prepareHost)

/** Entry of a Web Worker that hosts any roles and jobs of the product. */
import type { Endpoint } from 'comlink'
import { hostContent, prepareHost } from '../simulation/roles.ts'
import { serveRoles } from './serve.ts'
import { createWallClock } from './wallClock.ts'

serveRoles(self as unknown as Endpoint, { ...hostContent, clock: createWallClock() }, prepareHost)

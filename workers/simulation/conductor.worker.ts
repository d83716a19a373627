/** Entry of the conductor's worker: it owns the world, creates the roles' workers, and offers `World` to the page. */
import { expose, proxy } from 'comlink'
import type { World } from '../protocol/world.ts'
import { installErrorTransfer } from '../transport/errors.ts'
import { httpPost } from '../transport/httpPost.ts'
import { createIndexedStore } from '../transport/indexedStore.ts'
import { createWallClock } from '../transport/wallClock.ts'
import { createWebHosting } from '../transport/webWorkers.ts'
import { compose } from './compose.ts'
import { hostContent, prepareHost } from './roles.ts'
import { createWorld } from './world.ts'

declare const __BUILD_HASH__: string | undefined

installErrorTransfer()
const world = createWorld({
  buildHash: typeof __BUILD_HASH__ === 'string' ? __BUILD_HASH__ : 'development',
  clock: createWallClock(),
  hash: hostContent.hash,
  createHosting: createWebHosting,
  store: createIndexedStore(),
  post: httpPost,
  compose: async (options) => {
    await prepareHost()
    return compose(options)
  },
})

// Functions cross a port as proxies alone.
const crossing: World = {
  ...world,
  onNotification: async (chain, listener) => proxy(await world.onNotification(chain, listener)),
  subscribe: async (listener) => proxy(await world.subscribe(listener)),
}
expose(crossing)

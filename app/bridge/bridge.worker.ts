/** Serves the calls of `npm start`'s server. It has a port to the world of its own, so that the page's thread is in nobody's way. */
import * as Comlink from 'comlink'
import type { World } from '../../workers/protocol/world.ts'
import { connectBridge } from '../../workers/transport/bridgeClient.ts'
import { installErrorTransfer } from '../../workers/transport/errors.ts'

export interface BridgeApi {
  /** From now on; the server is where the page came from. */
  connect(port: MessagePort): void
}

installErrorTransfer()

const api: BridgeApi = {
  connect(port) {
    const remote = Comlink.wrap<World>(port)
    connectBridge(
      {
        rpc: (chain, request) => remote.rpc(chain, request) as ReturnType<World['rpc']>,
        onNotification: (chain, listener) => remote.onNotification(chain, Comlink.proxy(listener)),
      },
      location.origin,
    )
  },
}
Comlink.expose(api)

/** Serves the calls of `npm start`'s server. It has a port to the world of its own, so that the page's thread is in nobody's way. */
import * as Comlink from 'comlink'
import type { World } from '../../workers/protocol/world.ts'
import { type BridgeClient, createBridgeClient } from '../../workers/transport/bridgeClient.ts'
import { installErrorTransfer } from '../../workers/transport/errors.ts'

export interface BridgeApi extends BridgeClient {
  /** Before all else; the server is where the page came from. */
  connect(port: MessagePort): void
}

installErrorTransfer()

let client: BridgeClient | undefined
const api: BridgeApi = {
  connect(port) {
    const remote = Comlink.wrap<World>(port)
    client = createBridgeClient(
      {
        rpc: (chain, request) => remote.rpc(chain, request) as ReturnType<World['rpc']>,
        onNotification: (chain, listener) => remote.onNotification(chain, Comlink.proxy(listener)),
      },
      location.origin,
    )
  },
  open: () => client?.open(),
  shut: () => client?.shut(),
}
Comlink.expose(api)

import * as Comlink from 'comlink'
import type { World } from '../../workers/protocol/world.ts'
import { installErrorTransfer } from '../../workers/transport/errors.ts'

export interface Connection {
  readonly world: World
  /** A port on which another worker can reach the same world through comlink. */
  createPort(): Promise<MessagePort>
}

/** Starts the conductor in its worker. It creates the other workers itself. */
export function connectWorld(): Connection {
  installErrorTransfer()
  const worker = new Worker(
    new URL('../../workers/simulation/conductor.worker.ts', import.meta.url),
    { type: 'module', name: 'conductor' },
  )
  const remote = Comlink.wrap<World>(worker)
  return { world: withListeners(remote), createPort: () => remote[Comlink.createEndpoint]() }
}

/** Listeners cross the port as proxies; everything else crosses as it is. */
function withListeners(remote: Comlink.Remote<World>): World {
  return {
    open: (options, how) => remote.open(options, how),
    status: () => remote.status(),
    scenarios: () => remote.scenarios(),
    play: () => remote.play(),
    pause: () => remote.pause(),
    step: (unit) => remote.step(unit),
    setSpeed: (speed) => remote.setSpeed(speed),
    setAdvanceOnDemand: (on) => remote.setAdvanceOnDemand(on),
    advance: (byMs) => remote.advance(byMs),
    rpc: (chain, request) => remote.rpc(chain, request) as ReturnType<World['rpc']>,
    onNotification: (chain, listener) => remote.onNotification(chain, Comlink.proxy(listener)),
    fault: (fault) => remote.fault(fault),
    findFork: (request) => remote.findFork(request),
    connectFork: (url) => remote.connectFork(url),
    share: () => remote.share(),
    load: (text) => remote.load(text),
    save: () => remote.save(),
    restore: (file) => remote.restore(file),
    resume: (how) => remote.resume(how),
    checkpoint: () => remote.checkpoint(),
    rollback: (id) => remote.rollback(id),
    subscribe: (listener) => remote.subscribe(Comlink.proxy(listener)),
    query: (node, method, params) =>
      remote.query(node, method, params) as ReturnType<World['query']>,
    close: () => remote.close(),
  }
}

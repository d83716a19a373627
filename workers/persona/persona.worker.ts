/** Entry of the Persona engine's worker: a client of the world like any other. */
import * as Comlink from 'comlink'
import type { PersonaApi, PersonaWorker } from '../protocol/persona.ts'
import type { World } from '../protocol/world.ts'
import { initKeccak } from '../rollup/keccak.ts'
import { initSecp256k1 } from '../rollup/secp256k1.ts'
import { installErrorTransfer } from '../transport/errors.ts'
import { createPersonaEngine } from './engine.ts'

installErrorTransfer()

const worker: PersonaWorker = {
  connect: async (port) => {
    await Promise.all([initKeccak(), initSecp256k1()])
    const world = Comlink.wrap<Pick<World, 'rpc'>>(port as MessagePort) as unknown as Pick<
      World,
      'rpc'
    >
    const engine = createPersonaEngine((method, params) => world.rpc('l2', { method, params }))
    return Comlink.proxy({
      ...engine,
      subscribe: async (listener: Parameters<PersonaApi['subscribe']>[0]) =>
        Comlink.proxy(await engine.subscribe(listener)),
    })
  },
}
Comlink.expose(worker)

/** The providers of this very page: nobody needs to be asked. */
import { createProvider, type Provider, type RpcDoor } from '../../sdk/provider.ts'
import { createGuest, type GuestOptions } from '../../sdk/wallet/guest.ts'
import { chainIdOf, createChainProvider } from '../../sdk/wallet/provider.ts'
import type { ChainName } from '../../workers/protocol/world.ts'

export interface ChainProviders extends Readonly<Record<ChainName, Provider>> {
  /** Has both chains, and begins on L2, where dApps live. */
  readonly wallet: Provider
}

export function createPageProviders(
  world: RpcDoor,
  show: Pick<GuestOptions, 'tell' | 'onToken'>,
): ChainProviders {
  const nodes = { l1: createProvider(world, 'l1'), l2: createProvider(world, 'l2') }
  const permission = { maySteer: true, sinceMs: Date.now() }
  const guest = createGuest({
    ...show,
    origin: location.origin,
    rpc: (chain, request) => nodes[chain].request(request),
    chainIdOf,
    permission: () => permission,
    // The console stays connected whatever a library thinks.
    onRevoke: () => undefined,
  })
  const providerOf = (...chains: readonly [ChainName, ...ChainName[]]) => {
    const provider = createChainProvider(chains, (chain, args) => guest.request(chain, args))
    for (const chain of chains) {
      nodes[chain].on('message', (message) => provider.emit('message', message))
    }
    return provider
  }
  return { l1: providerOf('l1'), l2: providerOf('l2'), wallet: providerOf('l2', 'l1') }
}

/** `wallet_` methods for who speaks plain JSON-RPC: the devnet signs for its ten accounts, so its ports are a wallet, too. */
import type { ChainName } from '../../workers/protocol/world.ts'
import type { RpcDoor } from '../provider.ts'
import { CODES, type ProviderError } from './errors.ts'
import { createGuest, type GuestOptions } from './guest.ts'
import { chainIdOf, createChainProvider } from './provider.ts'

/** The same calls, with those of EIP-5792, EIP-2255, EIP-747, EIP-3085 and EIP-3326 answered. Each port stays on its chain. */
export function createWalletRpc(rpc: RpcDoor['rpc']): RpcDoor['rpc'] {
  const permission = { maySteer: true, sinceMs: Date.now() }
  const guest = createGuest({
    origin: 'devnet',
    rpc,
    chainIdOf,
    permission: () => permission,
    // Nobody was asked, so nothing can be taken back; and there is no screen to show anything on.
    onRevoke: () => undefined,
    tell: () => undefined,
    onToken: () => undefined,
  } satisfies GuestOptions)
  const on = (chain: ChainName) =>
    createChainProvider([chain], (_chain, args) => guest.request(chain, args))
  const wallets = { l1: on('l1'), l2: on('l2') }
  return async (chain, request) => {
    if (!String(request.method).startsWith('wallet_')) return rpc(chain, request)
    try {
      return await wallets[chain].request(request)
    } catch (error) {
      // What no wallet knows is the node's to refuse, in the words of JSON-RPC.
      if ((error as ProviderError).code === CODES.unsupportedMethod) return rpc(chain, request)
      throw error
    }
  }
}

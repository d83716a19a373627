/**
 * `connect.js`: `<script src="http://localhost:5173/connect.js"></script>` gives a page of any origin the devnet as a wallet (EIP-6963),
 * and each of its chains as a provider of its own, `window.trex.l1` and `window.trex.l2`. The devnet is where the script came from.
 */

import { CODES, ProviderError } from '../../sdk/wallet/errors.ts'
import { createChainProvider, type EmittingProvider } from '../../sdk/wallet/provider.ts'
import type { ChainName, Json } from '../../workers/protocol/world.ts'
import { announceWallet } from '../bridge/announce.ts'
import type { Link, LinkListeners } from './link.ts'
import { reachByFrame, reachByWindow } from './reach.ts'

/** A click counts for a few seconds; the frame gets this part of them. */
const frameFirstMs = 1_500
/** Where no tab ran the devnet, one may since have been opened: the next look is at most so often. */
const lookAgainMs = 2_000

const ASKING = new Set(['eth_requestAccounts', 'wallet_requestPermissions'])

function connect(base: URL): void {
  // A wallet library takes word of accounts for the person's choice: a provider that showed the page none stays silent.
  const used = new Set<EmittingProvider>()
  const desk = createDesk(base, {
    connected: () => {
      for (const provider of used) provider.emit('connect', { chainId: provider.chainId() })
    },
    emit: (event, payload) => {
      for (const provider of used) provider.emit(event, payload)
    },
  })
  const providerOf = (...chains: readonly [ChainName, ...ChainName[]]) => {
    const provider = createChainProvider(chains, async (chain, { method, params = [] }) => {
      if (ASKING.has(method) || method === 'eth_subscribe') used.add(provider)
      const result = await desk(chain, method, params)
      if (method === 'eth_accounts' && Array.isArray(result) && result.length > 0) {
        used.add(provider)
      }
      return result
    })
    return provider
  }
  Object.assign(window, { trex: { l1: providerOf('l1'), l2: providerOf('l2') } })
  announceWallet(providerOf('l2', 'l1'))
}

type Desk = (chain: ChainName, method: string, params: readonly Json[]) => Promise<Json>

interface Announcing {
  connected(): void
  emit(event: string, payload: unknown): void
}

/** Keeps at most one link, and opens another when the last is gone. */
function createDesk(base: URL, { connected, emit }: Announcing): Desk {
  let link: Link | null = null
  let looking: Promise<Link | null> | null = null
  let lookedMs = Number.NEGATIVE_INFINITY
  let winning: Promise<Link> | null = null

  const listenersFor = (own: () => Link | null): LinkListeners => ({
    onAccounts: (accounts) => link === own() && emit('accountsChanged', accounts),
    onSubscription: (subscription, result) =>
      emit('message', { type: 'eth_subscription', data: { subscription, result } }),
    onClosed: (error) => {
      if (link !== own()) return
      link = null
      emit('disconnect', error)
    },
  })
  const adopt = async (reach: (listeners: LinkListeners) => Promise<Link>): Promise<Link> => {
    let reached: Link | null = null
    reached = await reach(listenersFor(() => reached))
    link = reached
    connected()
    if (reached.accounts().length > 0) emit('accountsChanged', reached.accounts())
    return reached
  }
  const look = (): Promise<Link | null> => {
    if (link !== null) return Promise.resolve(link)
    if (looking === null && performance.now() - lookedMs > lookAgainMs) {
      lookedMs = performance.now()
      looking = adopt((listeners) => reachByFrame(base, listeners))
        // Nobody there is no failure: a window may open one.
        .catch(() => null)
        .finally(() => {
          lookedMs = performance.now()
          looking = null
        })
    }
    return looking ?? Promise.resolve(null)
  }
  const askPerson = async (): Promise<Link> => {
    const known = link ?? (await Promise.race([look(), after(frameFirstMs)]))
    if (known !== null && known.accounts().length > 0) return known
    winning ??= adopt((listeners) => reachByWindow(base, listeners, known !== null)).finally(() => {
      winning = null
    })
    return winning
  }
  void look()
  return async (chain, method, params) => {
    // The person may have answered in a window while the frame was still looking.
    const door = ASKING.has(method) ? await askPerson() : (link ?? (await look()) ?? link)
    if (door !== null) return door.request(chain, method, params)
    // What a page may know before anybody runs a world.
    if (method === 'eth_accounts' || method === 'wallet_getPermissions') return []
    const text = `No tab of this browser runs the devnet. Open ${base.href}, or call eth_requestAccounts from a click.`
    throw new ProviderError(CODES.disconnected, text)
  }
}

function after(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms))
}

// Read while the script runs: later, nobody knows where it came from.
const script = document.currentScript
if (script instanceof HTMLScriptElement) connect(new URL('.', script.src))
else
  throw new TypeError('connect.js is a classic script: load it with <script src>, not as a module.')

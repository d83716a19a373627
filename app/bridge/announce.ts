/** Announces the providers of both chains to dApps in the page (EIP-6963). */
import type { Provider } from '../../sdk/provider.ts'
import type { ChainName } from '../../workers/protocol/world.ts'

const icon =
  'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzMiAzMiI+PHJlY3Qgd2lkdGg9IjMyIiBoZWlnaHQ9IjMyIiByeD0iOCIgZmlsbD0iIzE0MjExZiIvPjxwYXRoIGQ9Ik0xNiA1bDkuNSA1LjV2MTFMMTYgMjdsLTkuNS01LjV2LTExeiIgZmlsbD0ibm9uZSIgc3Ryb2tlPSIjNWZkMGMwIiBzdHJva2Utd2lkdGg9IjIuNSIvPjwvc3ZnPg=='

const infos = {
  l1: { uuid: '6d1f1d2e-8a0e-4c55-9d0b-7c1e5a1f0001', name: 'trex L1', icon, rdns: 'dev.trex.l1' },
  l2: { uuid: '6d1f1d2e-8a0e-4c55-9d0b-7c1e5a1f0002', name: 'trex L2', icon, rdns: 'dev.trex.l2' },
} as const

/** Announces both providers now and whenever a dApp asks (EIP-6963). */
export function announceProviders(providers: Readonly<Record<ChainName, Provider>>): void {
  const announce = () => {
    for (const chain of ['l1', 'l2'] as const) {
      const detail = Object.freeze({ info: infos[chain], provider: providers[chain] })
      window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
    }
  }
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}

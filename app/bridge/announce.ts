/**
 * Announces the devnet to dApps in the page (EIP-6963): one wallet that has both chains, as wallets do. One per chain would make a
 * library that takes the first of its kind read from one and write to the other.
 */
import type { Provider } from '../../sdk/provider.ts'

const icon =
  'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzMiAzMiI+PHJlY3Qgd2lkdGg9IjMyIiBoZWlnaHQ9IjMyIiByeD0iOCIgZmlsbD0iIzE0MjExZiIvPjxwYXRoIGQ9Ik0xNiA1bDkuNSA1LjV2MTFMMTYgMjdsLTkuNS01LjV2LTExeiIgZmlsbD0ibm9uZSIgc3Ryb2tlPSIjNWZkMGMwIiBzdHJva2Utd2lkdGg9IjIuNSIvPjwvc3ZnPg=='

const info = Object.freeze({
  uuid: '6d1f1d2e-8a0e-4c55-9d0b-7c1e5a1f0003',
  name: 'trex devnet',
  icon,
  rdns: 'dev.trex',
})

/** Announces it now and whenever a dApp asks. */
export function announceWallet(provider: Provider): void {
  const detail = Object.freeze({ info, provider })
  const announce = () => {
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
  }
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}

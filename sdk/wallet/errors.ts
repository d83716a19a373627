import type { Json } from '../../workers/protocol/world.ts'

/** As EIP-1193 and EIP-5792 number them. */
export const CODES = {
  refused: 4001,
  unauthorized: 4100,
  unsupportedMethod: 4200,
  disconnected: 4900,
  unknownChain: 4902,
  unsupportedCapability: 5700,
  unsupportedChain: 5710,
  duplicateBundle: 5720,
  unknownBundle: 5730,
  bundleTooLarge: 5740,
  atomicityUnsupported: 5760,
  invalidRequest: -32600,
  invalidParams: -32602,
  limitExceeded: -32005,
} as const

/** What a provider rejects with: `code` tells a dApp what happened. */
export class ProviderError extends Error {
  override name = 'ProviderError'
  readonly code: number
  readonly data?: Json

  constructor(code: number, message: string, data?: Json) {
    super(message)
    this.code = code
    if (data !== undefined) this.data = data
  }
}

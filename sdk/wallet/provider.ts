/** An EIP-1193 provider that is on one of its chains and switches between them (EIP-3326, EIP-3085). The connect script has it, too. */

import type { ChainName, Json } from '../../workers/protocol/world.ts'
import { createEmitter, type Provider, type RequestArguments } from '../provider.ts'
import { CODES, ProviderError } from './errors.ts'
import { asObject } from './params.ts'

/** As `rollup/parameters.ts` has them for every world. */
const CHAIN_IDS: Readonly<Record<ChainName, string>> = { l1: '0x6fdcb9', l2: '0x6fdcba' }

export const chainIdOf = (chain: ChainName): string => CHAIN_IDS[chain]

export interface EmittingProvider extends Provider {
  /** Of the chain that it is on. */
  chainId(): string
  emit(event: string, payload: unknown): void
}

/** It begins on the first of `chains`; one alone binds it to that. `send` takes a request to the chain that it is on. */
export function createChainProvider(
  chains: readonly [ChainName, ...ChainName[]],
  send: (chain: ChainName, args: RequestArguments) => Promise<Json>,
): EmittingProvider {
  const { emit, add, remove } = createEmitter()
  let [chain] = chains
  const switchTo = (params: readonly Json[]): null => {
    const { chainId } = asObject('params[0]', params[0])
    const found = chains.find((name) => CHAIN_IDS[name] === lowerCase(chainId))
    if (found === undefined) {
      const known = chains.map((name) => `${name.toUpperCase()} is ${CHAIN_IDS[name]}`).join(', ')
      const text = `This provider has no chain ${JSON.stringify(chainId)}: ${known}.`
      throw new ProviderError(CODES.unknownChain, text)
    }
    if (found !== chain) {
      chain = found
      emit('chainChanged', CHAIN_IDS[chain])
    }
    return null
  }
  const provider: EmittingProvider = {
    emit,
    chainId: () => CHAIN_IDS[chain],
    async request(args) {
      const { method, params = [] } = readArguments(args)
      // Known without asking, as a page must not wait for it.
      if (method === 'eth_chainId') return CHAIN_IDS[chain]
      if (method === 'wallet_switchEthereumChain') return switchTo(params)
      // The devnet's chains are there already, and no other can be added.
      if (method === 'wallet_addEthereumChain') return switchTo(params)
      return send(chain, { method, params })
    },
    on(event, listener) {
      add(event, listener)
      return provider
    },
    removeListener(event, listener) {
      remove(event, listener)
      return provider
    },
  }
  return provider
}

function lowerCase(value: Json | undefined): string | null {
  return typeof value === 'string' ? value.toLowerCase() : null
}

function readArguments(value: unknown): RequestArguments {
  const { method, params } = asObject('arguments', value as Json)
  if (typeof method !== 'string' || method === '') {
    throw new ProviderError(CODES.invalidRequest, 'Field "method" must be a text.')
  }
  if (params == null) return { method }
  if (Array.isArray(params)) return { method, params: params as readonly Json[] }
  if (typeof params === 'object') return { method, params: [params] }
  throw new ProviderError(CODES.invalidParams, 'Field "params" must be a list or an object.')
}

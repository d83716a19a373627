/**
 * What one origin may ask of the chains, and the `wallet_` methods that a wallet answers instead of a node: EIP-2255 permissions,
 * EIP-5792 bundles, EIP-747 tokens. Switching chains is the provider's (`provider.ts`).
 */
import type { ChainName, Json, RpcRequest } from '../../workers/protocol/world.ts'
import { createBundles, type Rpc } from './bundles.ts'
import { CODES, ProviderError } from './errors.ts'
import { asAddress, asObject } from './params.ts'

/** Methods that move time, state or the world itself rather than use a chain. */
export const STEERING =
  /^(evm|anvil|hardhat)_|^rollup_(advance|fault|injectFraud|pause|play|setSpeed)/

/** These say nothing of the world's state. */
const openToAll = new Set(['eth_chainId', 'net_version', 'web3_clientVersion'])

export interface Token {
  readonly chain: ChainName
  readonly address: string
  readonly symbol: string
  readonly decimals: number
}

/** What a person granted to an origin; read anew at each request. */
export interface Permission {
  readonly maySteer: boolean
  readonly sinceMs: number
}

export interface GuestOptions {
  readonly origin: string
  readonly rpc: Rpc
  readonly chainIdOf: (chain: ChainName) => string
  readonly permission: () => Permission | null
  /** The guest gives its permission back. */
  readonly onRevoke: () => void
  /** Something to show to the person. */
  readonly tell: (text: string) => void
  readonly onToken: (token: Token) => void
}

export interface Guest {
  /** Rejects with `ProviderError`, or as the world's `rpc` does. */
  request(chain: ChainName, request: RpcRequest): Promise<Json>
  /** The accounts that it may use. */
  accounts(): Promise<readonly string[]>
}

export function createGuest(options: GuestOptions): Guest {
  const { rpc, permission, origin } = options
  const bundles = createBundles(rpc, options.chainIdOf)
  const accounts = async () =>
    permission() === null
      ? []
      : ((await rpc('l1', { method: 'eth_accounts' })) as readonly string[])
  const wallet = createWalletMethods(options, bundles, accounts)
  return {
    accounts,
    async request(chain, request) {
      const { method, params = [] } = request
      if (openToAll.has(method)) return rpc(chain, request)
      if (method === 'eth_accounts') return accounts()
      if (method === 'wallet_getPermissions' && permission() === null) return []
      authorize(origin, permission(), method)
      if (method === 'eth_requestAccounts') return accounts()
      if (!method.startsWith('wallet_')) return rpc(chain, request)
      const answer = wallet[method]
      if (answer === undefined) {
        const text = `The devnet has no method ${method.slice(0, 100)}.`
        throw new ProviderError(CODES.unsupportedMethod, text)
      }
      return answer(chain, params)
    },
  }
}

function authorize(origin: string, permission: Permission | null, method: string): void {
  if (permission === null) {
    const text = `${origin} is not connected to the devnet: call eth_requestAccounts from a click.`
    throw new ProviderError(CODES.unauthorized, text)
  }
  if (!permission.maySteer && STEERING.test(method)) {
    const text = `${origin} was not granted methods that steer the chain, like ${method}.`
    throw new ProviderError(CODES.unauthorized, text)
  }
}

type WalletMethod = (chain: ChainName, params: readonly Json[]) => Promise<Json> | Json

function createWalletMethods(
  options: GuestOptions,
  bundles: ReturnType<typeof createBundles>,
  accounts: () => Promise<readonly string[]>,
): Readonly<Record<string, WalletMethod>> {
  const { origin, permission, chainIdOf } = options
  const permissions = async (): Promise<Json> => [
    {
      id: `${origin}#eth_accounts`,
      invoker: origin,
      parentCapability: 'eth_accounts',
      date: permission()?.sinceMs ?? 0,
      caveats: [{ type: 'restrictReturnedAccounts', value: await accounts() }],
    },
  ]
  return {
    __proto__: null as never,
    wallet_getPermissions: permissions,
    wallet_requestPermissions: (_chain, params) => {
      requireAccountsOnly(params[0])
      return permissions()
    },
    wallet_revokePermissions: (_chain, params) => {
      requireAccountsOnly(params[0])
      options.onRevoke()
      return null
    },
    wallet_sendCalls: (chain, params) => bundles.send(chain, params),
    wallet_getCallsStatus: (_chain, params) => bundles.status(params),
    wallet_showCallsStatus: (_chain, params) => {
      const { status, receipts } = bundles.status(params) as { status: number; receipts: Json[] }
      options.tell(`Calls of ${origin}: ${statusWords(status)}, ${receipts.length} in blocks.`)
      return null
    },
    wallet_getCapabilities: (_chain, [address, chainIds]) => {
      if (address != null) asAddress('params[0]', address)
      const all = (['l1', 'l2'] as const).map(chainIdOf)
      const wanted = Array.isArray(chainIds) ? (chainIds as readonly Json[]) : all
      const known = all.filter((id) => wanted.some((one) => String(one).toLowerCase() === id))
      return Object.fromEntries(known.map((id) => [id, { atomic: { status: 'unsupported' } }]))
    },
    wallet_watchAsset: (chain, params) => watchAsset(options, chain, params),
  }
}

function statusWords(status: number): string {
  if (status === 100) return 'on their way'
  if (status === 200) return 'confirmed'
  return status === 600 ? 'done in part, then failed' : 'failed'
}

function requireAccountsOnly(value: Json | undefined): void {
  for (const name of Object.keys(asObject('params[0]', value))) {
    if (name !== 'eth_accounts') {
      const text = `The only permission is "eth_accounts", not ${JSON.stringify(name.slice(0, 100))}.`
      throw new ProviderError(CODES.invalidParams, text)
    }
  }
}

const symbolCharactersMax = 11

async function watchAsset(
  { rpc, tell, origin, onToken }: GuestOptions,
  chain: ChainName,
  params: readonly Json[],
): Promise<Json> {
  const { type, options } = asObject('params[0]', params[0])
  if (type !== 'ERC20') {
    throw new ProviderError(CODES.invalidParams, 'Field "type" must be "ERC20".')
  }
  const { address: given, symbol, decimals } = asObject('options', options)
  const address = asAddress('options.address', given)
  if (typeof symbol !== 'string' || symbol.length === 0 || symbol.length > symbolCharactersMax) {
    const text = `Field "options.symbol" must be a text of 1 to ${symbolCharactersMax} characters.`
    throw new ProviderError(CODES.invalidParams, text)
  }
  if (!Number.isInteger(decimals) || Number(decimals) < 0 || Number(decimals) > 255) {
    const text = 'Field "options.decimals" must be an integer from 0 to 255.'
    throw new ProviderError(CODES.invalidParams, text)
  }
  if ((await rpc(chain, { method: 'eth_getCode', params: [address, 'latest'] })) === '0x') {
    throw new ProviderError(CODES.invalidParams, `There is no contract at ${address}.`)
  }
  onToken({ chain, address, symbol, decimals: Number(decimals) })
  tell(`${origin} asks to watch the token ${symbol}: it stands under Connections.`)
  return true
}

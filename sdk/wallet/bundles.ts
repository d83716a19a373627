/** EIP-5792: several calls under one id. They are sent one after the other; the first that fails ends the bundle. */
import type { ChainName, Json, RpcRequest } from '../../workers/protocol/world.ts'
import { CODES, ProviderError } from './errors.ts'
import { asAddress, asHex, asObject } from './params.ts'

export type Rpc = (chain: ChainName, request: RpcRequest) => Promise<Json>

export interface Bundles {
  /** `wallet_sendCalls`: returns as soon as the bundle is accepted. */
  send(chain: ChainName, params: readonly Json[]): Promise<Json>
  /** `wallet_getCallsStatus` */
  status(params: readonly Json[]): Json
}

const VERSION = '2.0.0'
const callsMax = 100
const bundlesMax = 1_000
const idCharactersMax = 4_096
const pollMs = 200
/** A transaction that is in no block by then failed. */
const inclusionMs = 600_000

interface Call {
  readonly to?: string
  readonly data?: string
  readonly value?: string
}

interface Bundle {
  readonly id: string
  readonly chainId: string
  readonly chain: ChainName
  readonly from: string
  readonly calls: readonly Call[]
  readonly receipts: Json[]
  /** Ends the pause before the next look for a receipt. */
  lookNow: () => void
  /** 100 pending, 200 confirmed, 400 not included, 500 reverted, 600 reverted in part. */
  status: 100 | 200 | 400 | 500 | 600
}

/** `chainIdOf` says the id of a chain as hexadecimal text. */
export function createBundles(rpc: Rpc, chainIdOf: (chain: ChainName) => string): Bundles {
  const bundles = new Map<string, Bundle>()
  return {
    async send(chain, params) {
      const bundle = await parseBundle(chain, params[0], rpc, chainIdOf)
      if (bundles.has(bundle.id)) {
        throw new ProviderError(CODES.duplicateBundle, `There is a bundle "${bundle.id}" already.`)
      }
      const [oldest] = bundles.keys()
      if (bundles.size >= bundlesMax && oldest !== undefined) bundles.delete(oldest)
      bundles.set(bundle.id, bundle)
      void run(bundle, rpc)
      return { id: bundle.id }
    },
    status([id]) {
      const bundle = typeof id === 'string' ? bundles.get(id) : undefined
      if (bundle === undefined) {
        throw new ProviderError(CODES.unknownBundle, `There is no bundle ${JSON.stringify(id)}.`)
      }
      // The timers of a tab that nobody sees may take a minute: who asks need not wait for them.
      bundle.lookNow()
      const { chainId, status, receipts } = bundle
      return { version: VERSION, id: bundle.id, chainId, status, atomic: false, receipts }
    },
  }
}

async function parseBundle(
  chain: ChainName,
  value: Json | undefined,
  rpc: Rpc,
  chainIdOf: (chain: ChainName) => string,
): Promise<Bundle> {
  const { id, chainId, from, calls, atomicRequired, capabilities } = asObject('params[0]', value)
  if (typeof chainId !== 'string' || chainId.toLowerCase() !== chainIdOf(chain)) {
    const text = `Field "chainId" must be ${chainIdOf(chain)}, the chain of this provider, is ${JSON.stringify(chainId)}.`
    throw new ProviderError(CODES.unsupportedChain, text)
  }
  if (id !== undefined && (typeof id !== 'string' || id.length > idCharactersMax)) {
    const text = `Field "id" must be a text of at most ${idCharactersMax} characters.`
    throw new ProviderError(CODES.invalidParams, text)
  }
  if (atomicRequired === true) {
    const text = 'The devnet sends calls one by one: "atomicRequired" must be false.'
    throw new ProviderError(CODES.atomicityUnsupported, text)
  }
  refuseCapabilities(capabilities)
  return {
    id: id ?? randomId(),
    chainId: chainIdOf(chain),
    chain,
    from: await senderOf(chain, from, rpc),
    calls: parseCalls(calls),
    receipts: [],
    lookNow: () => undefined,
    status: 100,
  }
}

function parseCalls(value: Json | undefined): readonly Call[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new ProviderError(CODES.invalidParams, 'Field "calls" must be a list of calls.')
  }
  if (value.length > callsMax) {
    const text = `A bundle holds at most ${callsMax} calls, not ${value.length}.`
    throw new ProviderError(CODES.bundleTooLarge, text)
  }
  return value.map((item: Json, index) => {
    const call = asObject(`calls[${index}]`, item)
    refuseCapabilities(call['capabilities'])
    return {
      ...(call['to'] == null ? {} : { to: asAddress(`calls[${index}].to`, call['to']) }),
      ...(call['data'] == null ? {} : { data: asHex(`calls[${index}].data`, call['data']) }),
      ...(call['value'] == null ? {} : { value: asHex(`calls[${index}].value`, call['value']) }),
    }
  })
}

/** A capability that is not marked optional must be understood, and the devnet has none. */
function refuseCapabilities(value: Json | undefined): void {
  if (value == null) return
  for (const [name, capability] of Object.entries(asObject('capabilities', value))) {
    const isOptional = (capability as { optional?: Json } | null)?.optional === true
    if (!isOptional) {
      const text = `The capability "${name.slice(0, 100)}" is not supported.`
      throw new ProviderError(CODES.unsupportedCapability, text)
    }
  }
}

async function senderOf(chain: ChainName, from: Json | undefined, rpc: Rpc): Promise<string> {
  if (from !== undefined) return asAddress('from', from)
  const [first] = (await rpc(chain, { method: 'eth_accounts' })) as readonly string[]
  if (first === undefined) throw new ProviderError(CODES.invalidParams, 'Field "from" is missing.')
  return first
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

async function run(bundle: Bundle, rpc: Rpc): Promise<void> {
  for (const call of bundle.calls) {
    const receipt = await perform(bundle, call, rpc)
    if (receipt !== null) bundle.receipts.push(receipt)
    if (receipt?.['status'] !== '0x1') {
      // What came before the failed call stays done.
      const done = bundle.receipts.length - (receipt === null ? 0 : 1)
      bundle.status = done > 0 ? 600 : receipt === null ? 400 : 500
      return
    }
  }
  bundle.status = 200
}

type Receipt = Readonly<Record<string, Json>>

/** The receipt as EIP-5792 shows it; null if the call did not get into a block. */
async function perform(bundle: Bundle, call: Call, rpc: Rpc): Promise<Receipt | null> {
  const { chain, from } = bundle
  try {
    const params = [{ from, ...call }]
    const hash = await rpc(chain, { method: 'eth_sendTransaction', params })
    const untilMs = performance.now() + inclusionMs
    while (performance.now() < untilMs) {
      const found = await rpc(chain, { method: 'eth_getTransactionReceipt', params: [hash] })
      if (found !== null) return shorten(found as Receipt)
      await pause(bundle)
    }
    return null
  } catch {
    // Refused by the node: the bundle's status is where a client of EIP-5792 looks.
    return null
  }
}

function pause(bundle: Bundle): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pollMs)
    bundle.lookNow = () => {
      clearTimeout(timer)
      resolve()
    }
  })
}

function shorten(receipt: Receipt): Receipt {
  const names = ['status', 'blockHash', 'blockNumber', 'gasUsed', 'transactionHash'] as const
  const logs = (receipt['logs'] as readonly Receipt[]).map(({ address, data, topics }) => ({
    address: address ?? null,
    data: data ?? null,
    topics: topics ?? null,
  }))
  return { logs, ...Object.fromEntries(names.map((name) => [name, receipt[name] ?? null])) }
}

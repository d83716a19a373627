/** The state of another chain at one block, fetched by JSON-RPC and verified against the block's state root. */
import type { ForkedAccount, ForkedValues, ForkPoint, MissingState } from '../../protocol/fork.ts'
import { bytesToHex, equalBytes, hexToBytes, isHex } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { EMPTY_TRIE_ROOT } from '../../rollup/trie/trie.ts'
import { type Endpoint, ForkRefusedError } from './endpoint.ts'
import {
  ForkAnswerError,
  ForkBlockNotFoundError,
  InvalidForkError,
  notProven,
  statePruned,
} from './errors.ts'
import { hashOfHeader, type RpcFields } from './header.ts'
import { type AccountClaim, EMPTY_CODE, provenAccount, provenSlot } from './proof.ts'

export interface ForkSource {
  readonly endpoint: Endpoint
  readonly point: ForkPoint
  /** What is missing, as it was at the fork's block. What was fetched once is not asked for again. Rejects with errors of `errors.ts`. */
  fetch(missing: readonly MissingState[]): Promise<readonly ForkedAccount[]>
}

/** Requests to the source at once. */
const PARALLEL_MAX = 8
/** Slots in one proof. */
const PROOF_SLOTS_MAX = 128
/** Accounts that are remembered; beyond it everything is forgotten. */
const CACHE_MAX = 50_000
const ZERO_ADDRESS = `0x${'00'.repeat(20)}`

/** The block that a new world is to fork: the newest, or this one. Rejects with errors of `errors.ts`. */
export async function pinBlock(endpoint: Endpoint, block: number | undefined): Promise<ForkPoint> {
  const { host } = endpoint
  if (block !== undefined && !(Number.isSafeInteger(block) && block >= 0)) {
    throw new InvalidForkError(`Field "fork.block" must be an integer of at least 0, is ${block}.`)
  }
  const chainId = numberOf(host, 'eth_chainId', await endpoint.request('eth_chainId', []))
  const tag = block === undefined ? 'latest' : quantity(block)
  const header = await endpoint.request('eth_getBlockByNumber', [tag, false])
  if (header === null) {
    const head = await endpoint.request('eth_blockNumber', [])
    throw new ForkBlockNotFoundError(host, block ?? 0, numberOf(host, 'eth_blockNumber', head))
  }
  const fields = fieldsOf(host, 'eth_getBlockByNumber', header)
  const point = {
    host,
    chainId,
    blockNumber: numberOf(host, 'eth_getBlockByNumber number', fields['number']),
    blockHash: hexOf(host, 'eth_getBlockByNumber hash', fields['hash'], 32),
    stateRoot: hexOf(host, 'eth_getBlockByNumber stateRoot', fields['stateRoot'], 32),
  }
  const hash = hashOfHeader(fields)
  if (hash === null || bytesToHex(hash) !== point.blockHash) {
    throw notProven(host, `that the header of block ${point.blockNumber} has its hash`)
  }
  if (block !== undefined && point.blockNumber !== block) {
    throw new ForkAnswerError(host, `answers with block ${point.blockNumber} instead of ${block}.`)
  }
  return { ...point, proofs: await givesProofs(endpoint, { ...point, proofs: true }) }
}

/** Whether the source proves the state of the block. Rejects where it tries to and does not succeed. */
async function givesProofs(endpoint: Endpoint, point: ForkPoint): Promise<boolean> {
  try {
    await fetchProof(endpoint, point, { address: ZERO_ADDRESS, slots: [] })
    return true
  } catch (error) {
    if (error instanceof ForkRefusedError && isUnknownMethod(error)) return false
    throw error
  }
}

function isUnknownMethod({ refusal, words }: ForkRefusedError): boolean {
  return (
    refusal === -32601 || /method.*(not (found|supported|available)|does not exist)/i.test(words)
  )
}

interface Cached {
  values: ForkedValues | null
  readonly slots: Map<string, bigint>
}

export function openSource(endpoint: Endpoint, point: ForkPoint): ForkSource {
  const cache = new Map<string, Cached>()
  const codes = new Map<string, string>()
  const remember = (address: string): Cached => {
    const known = cache.get(address)
    if (known !== undefined) return known
    if (cache.size >= CACHE_MAX) cache.clear()
    const fresh: Cached = { values: null, slots: new Map() }
    cache.set(address, fresh)
    return fresh
  }
  const fetchOne = async (wanted: MissingState): Promise<ForkedAccount> => {
    const { address } = wanted
    const known = remember(address)
    const slots = wanted.slots.filter((slot) => !known.slots.has(slot))
    const needsAccount = wanted.isAccountMissing && known.values === null
    if (needsAccount || slots.length > 0) {
      const read = point.proofs ? fetchProven : fetchUnproven
      const fetched = await read({ endpoint, point, codes }, { address, slots, needsAccount })
      known.values ??= fetched.values
      for (const [slot, value] of fetched.slots) known.slots.set(slot, value)
    }
    return {
      address,
      account: wanted.isAccountMissing ? known.values : null,
      slots: wanted.slots.map((slot) => ({ slot, value: known.slots.get(slot) ?? 0n })),
    }
  }
  return {
    endpoint,
    point,
    fetch: (missing) => inParallel(missing.flatMap(divide), fetchOne).then(join),
  }
}

interface Reading {
  readonly endpoint: Endpoint
  readonly point: ForkPoint
  /** Codes by their hash. */
  readonly codes: Map<string, string>
}

interface Wanted {
  readonly address: string
  readonly slots: readonly string[]
  readonly needsAccount: boolean
}

interface Fetched {
  readonly values: ForkedValues | null
  readonly slots: ReadonlyMap<string, bigint>
}

async function fetchProven(reading: Reading, wanted: Wanted): Promise<Fetched> {
  const { account, slots } = await fetchProof(reading.endpoint, reading.point, wanted)
  if (!wanted.needsAccount) return { values: null, slots }
  const { nonce, balance, storageHash } = account
  const code = await fetchCode(reading, wanted.address, account.codeHash)
  const hasStorage = storageHash !== bytesToHex(EMPTY_TRIE_ROOT)
  return { values: { nonce, balance, code, hasStorage }, slots }
}

/** An account and slots of it, each proven. */
async function fetchProof(
  endpoint: Endpoint,
  point: ForkPoint,
  { address, slots }: Pick<Wanted, 'address' | 'slots'>,
): Promise<{ readonly account: AccountClaim; readonly slots: ReadonlyMap<string, bigint> }> {
  const answer = await readState(endpoint, point, 'eth_getProof', [address, slots])
  const fields = fieldsOf(endpoint.host, 'eth_getProof', answer)
  const account = provenAccount(endpoint.host, point, address, fields)
  const proven = slots.map(
    (slot) => [slot, provenSlot(endpoint.host, account, slot, fields)] as const,
  )
  return { account, slots: new Map(proven) }
}

async function fetchCode(
  { endpoint, point, codes }: Reading,
  address: string,
  codeHash: string,
): Promise<string> {
  if (codeHash === EMPTY_CODE) return '0x'
  const known = codes.get(codeHash)
  if (known !== undefined) return known
  const answer = await readState(endpoint, point, 'eth_getCode', [address])
  const code = hexOf(endpoint.host, `eth_getCode of ${address}`, answer)
  if (!equalBytes(keccak256(hexToBytes(code)), hexToBytes(codeHash))) {
    throw notProven(endpoint.host, `the code of ${address}: it has another hash`)
  }
  codes.set(codeHash, code)
  return code
}

/** What a source without proofs says, which is believed. */
async function fetchUnproven({ endpoint, point }: Reading, wanted: Wanted): Promise<Fetched> {
  const { address, needsAccount } = wanted
  const { host } = endpoint
  const ask = (method: string, ...params: string[]) => readState(endpoint, point, method, params)
  const slots = await inParallel(wanted.slots, async (slot) => {
    const value = await ask('eth_getStorageAt', address, slot)
    return [slot, integerOf(host, `eth_getStorageAt of ${address}`, value)] as const
  })
  if (!needsAccount) return { values: null, slots: new Map(slots) }
  const [balance, nonce, code] = await Promise.all([
    ask('eth_getBalance', address),
    ask('eth_getTransactionCount', address),
    ask('eth_getCode', address),
  ])
  const codeText = hexOf(host, `eth_getCode of ${address}`, code)
  const values = {
    balance: integerOf(host, `eth_getBalance of ${address}`, balance),
    nonce: integerOf(host, `eth_getTransactionCount of ${address}`, nonce),
    code: codeText,
    hasStorage: codeText !== '0x',
  }
  return { values, slots: new Map(slots) }
}

/** Words by which nodes say that a state is gone. */
const PRUNED =
  /missing trie node|prun|histor\w* state|state .*(not available|unavailable|missing)|header not found|proof window|distance to target/i

/** A read at the fork's block, which is the last parameter. */
async function readState(
  endpoint: Endpoint,
  { blockNumber }: ForkPoint,
  method: string,
  params: readonly (string | readonly string[])[],
): Promise<unknown> {
  try {
    return await endpoint.request(method, [...params, quantity(blockNumber)])
  } catch (error) {
    if (error instanceof ForkRefusedError && PRUNED.test(error.words)) {
      throw statePruned(endpoint.host, blockNumber, error)
    }
    throw error
  }
}

/** Proofs of so many slots that a node gives them at once. */
function divide(missing: MissingState): MissingState[] {
  if (missing.slots.length <= PROOF_SLOTS_MAX) return [missing]
  const first = { ...missing, slots: missing.slots.slice(0, PROOF_SLOTS_MAX) }
  const rest = { ...missing, isAccountMissing: false, slots: missing.slots.slice(PROOF_SLOTS_MAX) }
  return [first, ...divide(rest)]
}

/** One entry an account. */
function join(parts: readonly ForkedAccount[]): ForkedAccount[] {
  const joined = new Map<string, ForkedAccount>()
  for (const part of parts) {
    const before = joined.get(part.address)
    const slots = [...(before?.slots ?? []), ...part.slots]
    joined.set(part.address, { ...part, account: part.account ?? before?.account ?? null, slots })
  }
  return [...joined.values()]
}

/** `work` on every item, so many at once; rejects with the first failure. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index] as Item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL_MAX, items.length) }, worker))
  return results
}

function fieldsOf(host: string, method: string, value: unknown): RpcFields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as RpcFields
  throw new ForkAnswerError(host, `answers ${method} with ${printed(value)} instead of an object.`)
}

function hexOf(host: string, what: string, value: unknown, size?: number): string {
  if (isHex(value, size)) return value.toLowerCase()
  throw new ForkAnswerError(
    host,
    `answers ${what} with ${printed(value)} instead of hexadecimal bytes.`,
  )
}

/** At most 256 bits. */
function integerOf(host: string, what: string, value: unknown): bigint {
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)) return BigInt(value)
  throw new ForkAnswerError(host, `answers ${what} with ${printed(value)} instead of an integer.`)
}

function numberOf(host: string, what: string, value: unknown): number {
  const number = Number(integerOf(host, what, value))
  if (Number.isSafeInteger(number)) return number
  throw new ForkAnswerError(host, `answers ${what} with ${printed(value)}, which is above 2^53.`)
}

function printed(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60)
}

function quantity(value: number): string {
  return `0x${value.toString(16)}`
}

/**
 * Cheat methods of JSON-RPC that change one chain (docs/specs/RPC.md): what anvil and Hardhat call `anvil_` and `hardhat_`. They
 * become transactions of type 0x7D, so that the chain stays derivable and provable.
 */
import { BaseError } from '../../kernel/errors.ts'
import type { Plain } from '../../kernel/role.ts'
import type { Json } from '../../protocol/world.ts'
import {
  bytesToBigint,
  bytesToHex,
  equalBytes,
  type Hex,
  hexToBytes,
  padLeft,
} from '../../rollup/bytes.ts'
import { encodeCheat } from '../../rollup/transaction/cheat.ts'
import { CHEAT, type CheatTransaction } from '../../rollup/transaction/transaction.ts'
import { getAccount } from '../../rollup/trie/world.ts'
import { NO_BLOCK_OVERRIDES } from '../simulate.ts'
import { TEST_ACCOUNTS } from './accounts.ts'
import type { RpcBackend } from './backend.ts'
import { BALANCE_OF, callMethods, estimateGas } from './call.ts'
import { type CallRequest, readCall } from './callParams.ts'
import { ServerError } from './errors.ts'
import { readAddress, readBoolean, readData, readQuantity, readSlot } from './params.ts'

/** A cheat that cannot mean here what it means on a chain without proofs; the message says what to do instead. */
export class CheatNotPossibleError extends BaseError {
  override name = 'CheatNotPossibleError'

  constructor(message: string) {
    super(message, { code: -32_004 })
  }
}

/** What a node remembers for cheats. Immutable. */
export interface CheatDesk {
  /** Addresses (0x) whose transactions need no key, in order of arrival. */
  readonly impersonated: readonly Hex[]
  readonly impersonatesAll: boolean
  /** Cheats that no block is known to contain for good, in order of arrival. */
  readonly waiting: readonly WaitingCheat[]
}

export interface WaitingCheat {
  readonly transaction: CheatTransaction
  /** The input that is answered once a block has the cheat, and with what; null if it was answered. */
  readonly reply: { readonly inputId: number; readonly result: Json } | null
}

/** Instead of an answer: it comes with the block that has the cheat. */
export const LATER = Symbol('later')

export const EMPTY_DESK: CheatDesk = { impersonated: [], impersonatesAll: false, waiting: [] }

/** Bytes of a cheat that waits; undefined if none has this hash. */
export function waitingCheat({ waiting }: CheatDesk, hash: Uint8Array): Uint8Array | undefined {
  return waiting.find(({ transaction }) => equalBytes(transaction.hash, hash))?.transaction.raw
}

/** Commits to the desk, for digests of roles. */
export function digestDesk({ impersonated, impersonatesAll, waiting }: CheatDesk): Plain {
  const hashes = waiting.map(({ transaction }) => transaction.hash)
  return { impersonated, impersonatesAll, waiting: hashes }
}

export interface CheatCall {
  readonly method: string
  readonly params: readonly Json[]
  /** Id of the recorded input: salt of its cheat. */
  readonly inputId: number
}

/** What a call leads to: a new desk, what it is answered, and whether the answer is due only with the cheat's block. */
export interface CheatAnswer {
  readonly desk: CheatDesk
  readonly transaction: CheatTransaction | null
  readonly result: Json
  readonly isAnsweredLater: boolean
}

/** `anvil_` and `hardhat_` names that this module answers, without their prefix. */
const ACCOUNT_METHODS = [
  'setBalance',
  'addBalance',
  'setNonce',
  'setCode',
  'setStorageAt',
  'dealERC20',
  'impersonateAccount',
  'stopImpersonatingAccount',
  'autoImpersonateAccount',
] as const

/** Answered by the roles themselves: `cheatName` names them without a prefix. */
const NODE_METHODS = [
  'dropTransaction',
  'dropAllTransactions',
  'removePoolTransactions',
  'setCoinbase',
  'setMinGasPrice',
  'setNextBlockBaseFeePerGas',
  'setNextBlockPrevRandao',
  'setPrevRandao',
] as const

const OWN_NAMES: Readonly<Record<string, string>> = {
  evm_setAccountNonce: 'setNonce',
  evm_setBlockGasLimit: 'setBlockGasLimit',
  eth_sendUnsignedTransaction: 'sendUnsignedTransaction',
}

/** All cheat methods of one chain by their full name. */
export const CHEAT_METHODS: readonly string[] = [
  ...[...ACCOUNT_METHODS, ...NODE_METHODS].flatMap((name) => [`anvil_${name}`, `hardhat_${name}`]),
  ...Object.keys(OWN_NAMES),
]
const KNOWN: ReadonlySet<string> = new Set(CHEAT_METHODS)

/** The method's name without its prefix; null if it is no cheat of one chain. */
export function cheatName(method: string): string | null {
  if (!KNOWN.has(method)) return null
  return OWN_NAMES[method] ?? method.slice(method.indexOf('_') + 1)
}

/** Whether `eth_sendTransaction` with these parameters is sent in the name of an account without its key. */
export function isImpersonatedSend(
  desk: CheatDesk,
  method: string,
  params: readonly Json[],
): boolean {
  if (method !== 'eth_sendTransaction') return false
  const from = bytesToHex(readCall(params[0]).from)
  if (TEST_ACCOUNTS.some(({ address }) => address === from)) return false
  return desk.impersonatesAll || desk.impersonated.includes(from)
}

/**
 * Answers a cheat method, or `eth_sendTransaction` for an impersonated account; null if the method is for the role itself. Throws
 * the errors of JSON-RPC.
 */
export async function answerCheat(
  backend: RpcBackend,
  desk: CheatDesk,
  call: CheatCall,
): Promise<CheatAnswer | null> {
  const { method, params } = call
  const name = method === 'eth_sendTransaction' ? 'sendUnsignedTransaction' : cheatName(method)
  if (name === null) return null
  if (backend.chain.config.allowsCheats !== true) {
    throw new CheatNotPossibleError(`The method ${method} needs a chain that allows cheats.`)
  }
  switch (name) {
    case 'impersonateAccount':
      return answered(impersonate(desk, address(params)), method)
    case 'stopImpersonatingAccount':
      return answered(stopImpersonating(desk, address(params)), method)
    case 'autoImpersonateAccount':
      return answered({ ...desk, impersonatesAll: readBoolean(params[0], 'enabled') }, method)
    case 'sendUnsignedTransaction': {
      const transaction = await readSend(backend, call)
      const result = bytesToHex(transaction.hash)
      return { desk: wait(desk, transaction, null), transaction, result, isAnsweredLater: false }
    }
    case 'dealERC20':
      return later(desk, await readDeal(backend, call), call)
    default: {
      const transaction = readEdit(backend, name, call)
      return transaction === null ? null : later(desk, transaction, call)
    }
  }
}

function impersonate(desk: CheatDesk, account: Uint8Array): CheatDesk {
  const name = bytesToHex(account)
  if (desk.impersonated.includes(name)) return desk
  return { ...desk, impersonated: [...desk.impersonated, name] }
}

function stopImpersonating(desk: CheatDesk, account: Uint8Array): CheatDesk {
  const name = bytesToHex(account)
  return { ...desk, impersonated: desk.impersonated.filter((one) => one !== name) }
}

/** Anvil answers null, Hardhat true; `setStorageAt` is true in both. */
function acknowledgement(method: string): Json {
  return method.startsWith('hardhat_') || method.endsWith('_setStorageAt') ? true : null
}

function answered(desk: CheatDesk, method: string): CheatAnswer {
  return { desk, transaction: null, result: acknowledgement(method), isAnsweredLater: false }
}

function later(desk: CheatDesk, transaction: CheatTransaction, call: CheatCall): CheatAnswer {
  const result = acknowledgement(call.method)
  const reply = { inputId: call.inputId, result }
  return { desk: wait(desk, transaction, reply), transaction, result, isAnsweredLater: true }
}

function wait(
  desk: CheatDesk,
  transaction: CheatTransaction,
  reply: WaitingCheat['reply'],
): CheatDesk {
  return { ...desk, waiting: [...desk.waiting, { transaction, reply }] }
}

function readEdit(
  { chain }: RpcBackend,
  name: string,
  { params, inputId }: CheatCall,
): CheatTransaction | null {
  const base = () => ({
    chainId: BigInt(chain.config.chainId),
    salt: BigInt(inputId),
    from: address(params),
  })
  switch (name) {
    case 'setBalance':
      return encodeCheat({
        ...base(),
        action: CHEAT.SET_BALANCE,
        value: readQuantity(params[1], 'balance'),
      })
    case 'addBalance':
      return encodeCheat({
        ...base(),
        action: CHEAT.ADD_BALANCE,
        value: readQuantity(params[1], 'balance'),
      })
    case 'setNonce':
      return encodeCheat({
        ...base(),
        action: CHEAT.SET_NONCE,
        value: readQuantity(params[1], 'nonce'),
      })
    case 'setCode':
      return encodeCheat(
        { ...base(), action: CHEAT.SET_CODE, data: readData(params[1], 'code') },
        chain.config.codeLimits?.initcodeSizeMax,
      )
    case 'setStorageAt':
      return encodeCheat({
        ...base(),
        action: CHEAT.SET_STORAGE,
        slot: bytesToBigint(readSlot(params[1], 'slot')),
        value: bytesToBigint(readSlot(params[2], 'value')),
      })
    default:
      return null
  }
}

function address(params: readonly Json[]): Uint8Array {
  return readAddress(params[0], 'address')
}

async function readSend(
  backend: RpcBackend,
  { params, inputId }: CheatCall,
): Promise<CheatTransaction> {
  const { chain } = backend
  const head = chain.head()
  const request = readCall(params[0])
  checkSend(request)
  const account = getAccount(head.world, request.from)
  if (request.nonce !== undefined && request.nonce !== (account?.nonce ?? 0n)) {
    throw new ServerError(
      `transaction.nonce is ${request.nonce}; an impersonated account has its next one, ${account?.nonce ?? 0n}`,
    )
  }
  if ((account?.balance ?? 0n) < request.value) {
    throw new ServerError(
      `insufficient funds for transfer: ${bytesToHex(request.from)} has ${account?.balance ?? 0n} wei, wants to send ${request.value}`,
    )
  }
  const unpriced = { ...request, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined }
  const gasLimit =
    request.gas ??
    (await estimateGas(backend, {
      call: unpriced,
      base: { block: head, stateOverrides: [], blockOverrides: NO_BLOCK_OVERRIDES },
    }))
  const send = {
    chainId: BigInt(chain.config.chainId),
    salt: BigInt(inputId),
    action: CHEAT.SEND,
    from: request.from,
    to: request.to,
    value: request.value,
    gasLimit,
    data: request.data,
  }
  return encodeCheat(send, chain.config.codeLimits?.initcodeSizeMax)
}

function checkSend(request: CallRequest): void {
  const { accessList = [], authorizations = [], blobVersionedHashes = [] } = request
  if (accessList.length + authorizations.length + blobVersionedHashes.length === 0) return
  throw new CheatNotPossibleError(
    'An impersonated transaction has no access list, authorizations or blobs: sign it with a key instead.',
  )
}

/** Far more than a token needs, and little for one that loops. */
const BALANCE_OF_GAS = '0xf4240'
const PROBE = (1n << 127n) + 12_345n

/** The slot of a token that holds an account's balance is found by trying those that `balanceOf` reads. */
async function readDeal(backend: RpcBackend, call: CheatCall): Promise<CheatTransaction> {
  const { params, inputId } = call
  const owner = address(params)
  const token = readAddress(params[1], 'tokenAddress')
  const value = readQuantity(params[2], 'balance')
  const found = await findBalanceSlot(backend, token, owner)
  if (found === null) {
    throw new ServerError(
      `no slot of ${bytesToHex(token)} holds the balance of ${bytesToHex(owner)} as it is; set it with anvil_setStorageAt`,
    )
  }
  return encodeCheat({
    chainId: BigInt(backend.chain.config.chainId),
    salt: BigInt(inputId),
    action: CHEAT.SET_STORAGE,
    from: hexToBytes(found.address),
    slot: BigInt(found.slot),
    value,
  })
}

interface BalanceSlot {
  readonly address: string
  readonly slot: string
}

async function findBalanceSlot(
  backend: RpcBackend,
  token: Uint8Array,
  owner: Uint8Array,
): Promise<BalanceSlot | null> {
  const data = `${BALANCE_OF}${bytesToHex(padLeft(owner, 32)).slice(2)}`
  const request = { to: bytesToHex(token), data, gas: BALANCE_OF_GAS }
  const read = async (method: string, params: readonly Json[]): Promise<Json> =>
    (await callMethods[method]?.(backend, params)) ?? null
  const touched = (await read('eth_createAccessList', [request, 'latest'])) as {
    readonly accessList: readonly { readonly address: string; readonly storageKeys: string[] }[]
  }
  const probe = `0x${PROBE.toString(16).padStart(64, '0')}`
  for (const item of touched.accessList) {
    for (const slot of item.storageKeys) {
      const overrides = { [item.address]: { stateDiff: { [slot]: probe } } }
      const answer = await read('eth_call', [request, 'latest', overrides]).catch(() => null)
      if (answer === probe) return { address: item.address, slot }
    }
  }
  return null
}

/** Signing by the node's own accounts, and the transactions that it makes for them. */
import { hashTypedData } from 'viem'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { signHash } from '../../rollup/secp256k1.ts'
import type { Unsigned } from '../../rollup/transaction/decode.ts'
import { signTransaction } from '../../rollup/transaction/sign.ts'
import type { SignedTransaction, SignedType } from '../../rollup/transaction/transaction.ts'
import { worldReader } from '../check.ts'
import { NO_BLOCK_OVERRIDES } from '../simulate.ts'
import { type LocalAccount, TEST_ACCOUNTS } from './accounts.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { checkChainId, estimateGas } from './call.ts'
import { type CallRequest, readCall } from './callParams.ts'
import { InvalidParamsError, ServerError } from './errors.ts'
import { baseFeeNext, blobFeeNext, SUGGESTED_TIP } from './fees.ts'
import { formatUnplaced } from './format.ts'
import { readAddress, readData, readObject } from './params.ts'
import { toUnsignedTransaction } from './unsigned.ts'

export const signMethods: MethodTable = {
  eth_accounts: () => TEST_ACCOUNTS.map(({ address }) => address),
  eth_requestAccounts: () => TEST_ACCOUNTS.map(({ address }) => address),
  eth_sign: (_, params) => signMessage(params[0], params[1]),
  personal_sign: (_, params) => signMessage(params[1], params[0]),
  eth_signTypedData: signTypedData,
  eth_signTypedData_v4: signTypedData,
  async eth_signTransaction(backend, params) {
    const transaction = await fillAndSign(backend, params[0])
    return { raw: bytesToHex(transaction.raw), tx: formatUnplaced(transaction) }
  },
  async eth_fillTransaction(backend, params) {
    const filled = await fill(backend, readCall(params[0]))
    const { raw, ...transaction } = toUnsignedTransaction(filled, backend.chain.config.chainId)
    return { raw: bytesToHex(raw), tx: formatUnplaced({ ...transaction, raw }) }
  },
}

function signTypedData(_: RpcBackend, params: readonly Json[]): Json {
  const account = localAccount(readAddress(params[0], 'address'))
  return signed(account, hexToBytes(hashOfTypedData(params[1])))
}

/** What `eth_sendTransaction` sends: everything that was left out is filled in. */
export async function fillAndSign(
  backend: RpcBackend,
  value: Json | undefined,
): Promise<SignedTransaction> {
  const call = readCall(value)
  const account = localAccount(call.from)
  return signTransaction(toUnsigned(await fill(backend, call), backend), account.privateKey)
}

/** The call with nonce, fees and gas. */
async function fill(backend: RpcBackend, call: CallRequest): Promise<CallRequest> {
  const { chain, pool } = backend
  checkChainId(backend, call)
  const head = chain.head()
  const tip = call.maxPriorityFeePerGas ?? SUGGESTED_TIP
  const fee = call.maxFeePerGas ?? 2n * baseFeeNext(chain) + tip
  // The price counts for what the sender can afford, not for whether the present block would take it.
  const unpriced = { ...call, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined }
  const base = { block: head, stateOverrides: [], blockOverrides: NO_BLOCK_OVERRIDES }
  return {
    ...call,
    nonce: call.nonce ?? pool.nextNonce(call.from, worldReader(head.world)),
    gas: call.gas ?? (await estimateGas(backend, { call: unpriced, base })),
    maxFeePerGas: fee,
    maxPriorityFeePerGas: tip < fee ? tip : fee,
    maxFeePerBlobGas:
      call.maxFeePerBlobGas ?? (call.blobVersionedHashes && 2n * blobFeeNext(chain)),
  }
}

function toUnsigned(call: CallRequest, { chain }: RpcBackend): Unsigned {
  const type = typeOf(call)
  const fee = call.maxFeePerGas ?? 0n
  return {
    kind: 'signed',
    type,
    chainId: BigInt(chain.config.chainId),
    nonce: call.nonce ?? 0n,
    gasLimit: call.gas ?? 0n,
    maxFeePerGas: fee,
    maxPriorityFeePerGas: type < 2 ? fee : (call.maxPriorityFeePerGas ?? 0n),
    to: call.to,
    value: call.value,
    data: call.data,
    accessList: call.accessList ?? [],
    authorizations: call.authorizations ?? [],
    maxFeePerBlobGas: call.maxFeePerBlobGas ?? 0n,
    blobVersionedHashes: call.blobVersionedHashes ?? [],
  }
}

function typeOf(call: CallRequest): SignedType {
  if (call.type !== undefined) {
    if (call.type > 4n)
      throw new InvalidParamsError('transaction.type', '0x0 to 0x4', `${call.type}`)
    return Number(call.type) as SignedType
  }
  if (call.authorizations !== undefined && call.authorizations.length > 0) return 4
  if (call.blobVersionedHashes !== undefined && call.blobVersionedHashes.length > 0) return 3
  if (!call.hasGasPrice) return 2
  return call.accessList === undefined ? 0 : 1
}

/** EIP-191, version 0x45. */
function signMessage(address: Json | undefined, message: Json | undefined): Json {
  const account = localAccount(readAddress(address, 'address'))
  const bytes = readData(message, 'message')
  const prefix = utf8ToBytes(`\u0019Ethereum Signed Message:\n${bytes.length}`)
  return signed(account, keccak256(concatBytes(prefix, bytes)))
}

function hashOfTypedData(value: Json | undefined): string {
  try {
    const data = typeof value === 'string' ? JSON.parse(value) : value
    return hashTypedData(readObject(data, 'typed data') as never)
  } catch (error) {
    if (error instanceof InvalidParamsError) throw error
    throw badTypedData(error)
  }
}

function badTypedData(error: unknown): InvalidParamsError {
  return new InvalidParamsError('typed data', `an object of EIP-712 (${String(error)})`)
}

function signed(account: LocalAccount, hash: Uint8Array): Json {
  const { compact, recovery } = signHash(hash, account.privateKey)
  return bytesToHex(concatBytes(compact, Uint8Array.of(27 + recovery)))
}

function localAccount(address: Uint8Array): LocalAccount {
  const name = bytesToHex(address)
  const account = TEST_ACCOUNTS.find((candidate) => candidate.address === name)
  if (account !== undefined) return account
  throw new ServerError(
    `unknown account: the node has no key of ${name}; sign the transaction yourself`,
  )
}

/** TX_START, ACCESS and AUTHORIZE: from bytes to a transaction whose call can begin. */

import { concatBytes, isZeroBytes } from '../../bytes.ts'
import { keccak256 } from '../../keccak.ts'
import { recoverAddress, SECP256K1_HALF_ORDER } from '../../secp256k1.ts'
import { createAddress } from '../../transaction/address.ts'
import { parseTransaction } from '../../transaction/decode.ts'
import { calldataFloorGas, intrinsicGas, TRANSACTION_GAS_MAX } from '../../transaction/gas.ts'
import {
  type Authorization,
  CHEAT_TYPE,
  DEPOSIT_TYPE,
  type DepositTransaction,
  InvalidTransactionError,
  type SignedTransaction,
  type Transaction,
} from '../../transaction/transaction.ts'
import { rlpBytes, rlpInteger, rlpList } from '../../trie/rlp.ts'
import { EMPTY_CODE_HASH, putCode } from '../../trie/world.ts'
import { byteString, delegateOf } from '../byteString.ts'
import {
  addWei,
  type Draft,
  isEmptyAccount,
  setScratch,
  takeAccount,
  takeBlob,
  takeCode,
  takeWords,
  warm,
  writeAccount,
} from '../draft.ts'
import { MachineError } from '../errors.ts'
import { chainHash, NO_TX } from '../hash.ts'
import { SCRATCH, scratchKey } from '../scratch.ts'
import { type ItemChain, PHASE, type Phase, SOURCE, type TxRecord } from '../types.ts'
import { addressToWord, readWord, wordToAddress, wordToBytes } from '../words.ts'

const NONCE_MAX = 2n ** 64n - 1n
/** EIP-7702: what is given back where the authority exists. */
const EXISTING_AUTHORITY_REFUND = 12_500
const AUTHORIZATION_MAGIC = new Uint8Array([0x05])
const DELEGATION_PREFIX = new Uint8Array([0xef, 0x01, 0x00])

export function txStart(draft: Draft): void {
  const { tx } = draft
  if (tx.raw === null) throw new MachineError('TX_START needs the bytes of its transaction.')
  takeBlob(draft, tx.raw)
  if (tx.raw[0] === CHEAT_TYPE) {
    draft.phase = PHASE.CHEAT
    return
  }
  const parsed = parse(draft, tx.raw)
  if (parsed?.kind === 'deposit') startDeposit(draft, parsed)
  else if (parsed?.kind !== 'signed' || !startSigned(draft, parsed)) skip(draft)
}

/** The transaction has no effect. */
export function skip(draft: Draft): void {
  draft.tx = NO_TX
  draft.phase = PHASE.TX_NEXT
}

/** Null: skipped. */
function parse(draft: Draft, raw: Uint8Array): Transaction | null {
  if (raw[0] === DEPOSIT_TYPE && draft.tx.source !== SOURCE.INBOX) return null
  if (raw[0] === 3) return null
  try {
    const { initcodeSizeMax } = draft.context.rules
    return parseTransaction(raw, { chainId: draft.block.chainId, initcodeSizeMax })
  } catch (error) {
    if (error instanceof InvalidTransactionError) return null
    throw error
  }
}

/** False: skipped. */
function startSigned(draft: Draft, signed: SignedTransaction): boolean {
  const { block, world } = draft
  const { gasLimit, maxFeePerGas, value } = signed
  if (maxFeePerGas < block.baseFee) return false
  if (gasLimit + block.gasUsed > block.gasLimit) return false
  if (gasLimit * maxFeePerGas + value >= 2n ** 256n) return false
  const taken = takeAccount(draft, world.state, signed.from)
  const { account } = taken
  const code = takeCode(draft, world.state, account.codeHash)
  if (code.bytes.length > 0 && delegateOf(code.bytes) === undefined) return false
  if (account.nonce !== signed.nonce) return false
  if (account.balance < gasLimit * maxFeePerGas + value) return false
  const gasPrice = effectiveGasPrice(signed, block.baseFee)
  writeAccount(draft, taken, {
    ...account,
    nonce: account.nonce + 1n,
    balance: account.balance - gasLimit * gasPrice,
  })
  draft.tx = {
    ...NO_TX,
    hash: draft.tx.hash,
    source: draft.tx.source,
    kind: signed.type,
    origin: signed.from,
    to: signed.to ?? createAddress(signed.from, signed.nonce),
    isCreate: signed.to === null,
    gasPrice,
    gasLimit: Number(gasLimit),
    gas: Number(gasLimit - intrinsicGas(signed)),
    floorGas: Number(calldataFloorGas(signed.data)),
    value,
    data: byteString(signed.data),
    access: accessChain(signed),
    authorizations: authorizationChain(signed.authorizations),
    committed: world.state,
  }
  draft.phase = nextPhase(draft.tx)
  return true
}

function effectiveGasPrice(signed: SignedTransaction, baseFee: bigint): bigint {
  const offered = baseFee + signed.maxPriorityFeePerGas
  if (signed.type === 0 || signed.type === 1) return signed.maxFeePerGas
  return offered < signed.maxFeePerGas ? offered : signed.maxFeePerGas
}

function nextPhase(tx: TxRecord): Phase {
  if (tx.access !== null) return PHASE.ACCESS
  return tx.authorizations === null ? PHASE.TX_CALL : PHASE.AUTHORIZE
}

function accessChain(signed: SignedTransaction): ItemChain | null {
  let chain: ItemChain | null = null
  for (const { address, storageKeys } of signed.accessList) {
    const word = addressToWord(address)
    chain = { words: [word, 0n, 0n], below: chain, hash: null }
    for (const key of storageKeys) {
      chain = { words: [word, 1n, readWord(key, 0)], below: chain, hash: null }
    }
  }
  return chain
}

/** From the last to the first, so that the first is on top. */
function authorizationChain(authorizations: readonly Authorization[]): ItemChain | null {
  let chain: ItemChain | null = null
  for (const { chainId, address, nonce, yParity, r, s } of authorizations.toReversed()) {
    const words = [chainId, addressToWord(address), nonce, yParity, r, s]
    chain = { words, below: chain, hash: null }
  }
  return chain
}

/** What runs without a signature and without a fee: a deposit, or a cheat's send, which mints nothing. */
export type Unpriced = Pick<
  DepositTransaction,
  'from' | 'to' | 'mint' | 'value' | 'gasLimit' | 'data'
> & { readonly type: number }

export function startDeposit(draft: Draft, deposit: Unpriced): void {
  const { world } = draft
  const { from, to, value, data } = deposit
  const taken = takeAccount(draft, world.state, from)
  const { nonce } = taken.account
  const balance = addWei(taken.account.balance, deposit.mint)
  writeAccount(draft, taken, {
    ...taken.account,
    balance,
    nonce: nonce < NONCE_MAX ? nonce + 1n : nonce,
  })
  const gasLimit = deposit.gasLimit < TRANSACTION_GAS_MAX ? deposit.gasLimit : TRANSACTION_GAS_MAX
  const intrinsic = intrinsicGas({ data, to, accessList: [], authorizations: [] })
  const isFailed =
    gasLimit < intrinsic ||
    balance < value ||
    nonce === NONCE_MAX ||
    (to === null && data.length > draft.context.rules.initcodeSizeMax)
  draft.tx = {
    ...NO_TX,
    hash: draft.tx.hash,
    source: draft.tx.source,
    kind: deposit.type,
    origin: from,
    to: to ?? createAddress(from, nonce),
    isCreate: to === null,
    gasLimit: Number(gasLimit),
    gas: isFailed ? 0 : Number(gasLimit - intrinsic),
    value,
    data: byteString(data),
    committed: world.state,
  }
  draft.phase = isFailed ? PHASE.TX_END : PHASE.TX_CALL
}

export function access(draft: Draft): void {
  const item = draft.tx.access
  if (item === null) throw new MachineError('ACCESS needs an item.')
  takeWords(draft, [...item.words, chainHash(item.below)])
  const [addressWord = 0n, isSlot, slot = 0n] = item.words
  const address = wordToAddress(addressWord)
  if (isSlot === 1n) setScratch(draft, scratchKey(SCRATCH.WARM_SLOT, address, slot), 1n)
  else warm(draft, address)
  draft.tx = { ...draft.tx, access: item.below }
  draft.phase = nextPhase(draft.tx)
}

export function authorize(draft: Draft): void {
  const item = draft.tx.authorizations
  if (item === null) throw new MachineError('AUTHORIZE needs an item.')
  takeWords(draft, [...item.words, chainHash(item.below)])
  draft.tx = { ...draft.tx, authorizations: item.below }
  draft.phase = nextPhase(draft.tx)
  const [chainId = 0n, addressWord = 0n, nonce = 0n, yParity = 0n, r = 0n, s = 0n] = item.words
  const address = wordToAddress(addressWord)
  const authorization = { chainId, address, nonce, yParity, r, s }
  const authority = recoverAuthority(authorization, draft.block.chainId)
  if (authority !== undefined) applyAuthorization(draft, authority, authorization)
}

function recoverAuthority(item: Authorization, chainId: number): Uint8Array | undefined {
  if (item.chainId !== 0n && item.chainId !== BigInt(chainId)) return undefined
  if (item.nonce >= NONCE_MAX || item.yParity > 1n) return undefined
  if (item.r === 0n || item.s === 0n || item.s > SECP256K1_HALF_ORDER) return undefined
  const message = rlpList([
    rlpInteger(item.chainId),
    rlpBytes(item.address),
    rlpInteger(item.nonce),
  ])
  const digest = keccak256(concatBytes(AUTHORIZATION_MAGIC, message))
  const compact = concatBytes(wordToBytes(item.r), wordToBytes(item.s))
  return recoverAddress(digest, compact, Number(item.yParity))
}

function applyAuthorization(draft: Draft, authority: Uint8Array, item: Authorization): void {
  warm(draft, authority)
  const taken = takeAccount(draft, draft.world.state, authority)
  const { account } = taken
  const code = takeCode(draft, draft.world.state, account.codeHash)
  if (code.bytes.length > 0 && delegateOf(code.bytes) === undefined) return
  if (account.nonce !== item.nonce) return
  if (!isEmptyAccount(account)) {
    draft.world = { ...draft.world, refund: draft.world.refund + EXISTING_AUTHORITY_REFUND }
  }
  let codeHash = EMPTY_CODE_HASH
  if (!isZeroBytes(item.address)) {
    const delegation = concatBytes(DELEGATION_PREFIX, item.address)
    codeHash = keccak256(delegation)
    draft.world = { ...draft.world, state: putCode(draft.world.state, delegation) }
  }
  writeAccount(draft, taken, { ...account, codeHash, nonce: account.nonce + 1n })
}

/** From EIP-2718 bytes to a transaction: strict, so that engine, machine and verifier agree on what is one. */
import { bytesToBigint, concatBytes, padLeft } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import { recoverAddress, SECP256K1_HALF_ORDER } from '../secp256k1.ts'
import { type RlpItem, rlpEncode, rlpInteger, rlpList } from '../trie/rlp.ts'
import { toCheat } from './cheat.ts'
import { decodeRlp, RlpError } from './rlp.ts'
import { checkStatically } from './static.ts'
import {
  type AccessListItem,
  type Authorization,
  CHEAT_TYPE,
  type CheatTransaction,
  DEPOSIT_TYPE,
  type DepositTransaction,
  InvalidTransactionError,
  type SignedTransaction,
  type SignedType,
  type Transaction,
} from './transaction.ts'

/** Everything of a signed transaction but what its signature gives. */
export type Unsigned = Omit<
  SignedTransaction,
  'hash' | 'raw' | 'from' | 'v' | 'yParity' | 'r' | 's'
>

export interface ParseOptions {
  readonly chainId: number
  /** The sender, where it was recovered before; trusted. */
  readonly from?: Uint8Array
  /** Bytes of initcode, and of code that a cheat sets. Default: Ethereum's 49,152. */
  readonly initcodeSizeMax?: number
}

/**
 * Reads a transaction and recovers its sender. What comes back has passed every check that needs neither block nor state.
 * Throws `InvalidTransactionError`.
 */
export function parseTransaction(raw: Uint8Array, options: ParseOptions): Transaction {
  if (raw[0] === DEPOSIT_TYPE) return parseDeposit(raw)
  if (raw[0] === CHEAT_TYPE) return parseCheat(raw, options)
  return parseSignedTransaction(raw, options)
}

/** As `parseTransaction`, for types 0 to 4 only. */
export function parseSignedTransaction(raw: Uint8Array, options: ParseOptions): SignedTransaction {
  const { unsigned, signature } = readBody(raw)
  checkChainId(unsigned.chainId, options.chainId)
  checkSignature(signature)
  checkStatically(unsigned, options.initcodeSizeMax)
  const from = options.from ?? recoverSender(unsigned, signature)
  return { ...unsigned, ...signature, raw, hash: keccak256(raw), from }
}

/** A transaction of a block that stands, by whatever rules its fork had: only the sender is recovered. */
export function parseHistoricTransaction(raw: Uint8Array, chainId: number): SignedTransaction {
  const { unsigned, signature } = readBody(raw)
  checkChainId(unsigned.chainId, chainId)
  const from = recoverSender(unsigned, signature)
  return { ...unsigned, ...signature, raw, hash: keccak256(raw), from }
}

function readBody(raw: Uint8Array): Body {
  const first = raw[0]
  if (first === undefined) throw malformed('The transaction has no bytes.')
  if (first < 0xc0 && (first === 0 || first > 4)) {
    throw new InvalidTransactionError(
      'unsupportedType',
      `Transactions of type 0x${first.toString(16)} are not supported.`,
      { metaMessages: ['Supported: 0x01 to 0x04, and legacy transactions.'] },
    )
  }
  const type = (first >= 0xc0 ? 0 : first) as SignedType
  const fields = decodeFields(type === 0 ? raw : raw.subarray(1))
  return type === 0 ? readLegacy(fields) : readTyped(type, fields)
}

/** keccak256 of what the sender signs. */
export function signingHash(unsigned: Unsigned): Uint8Array {
  const fields = unsignedFields(unsigned)
  if (unsigned.type !== 0) {
    return keccak256(concatBytes(Uint8Array.of(unsigned.type), rlpEncode(fields)))
  }
  if (unsigned.chainId === null) return keccak256(rlpEncode(fields))
  const replayProtection = [rlpInteger(unsigned.chainId), rlpInteger(0n), rlpInteger(0n)]
  return keccak256(rlpList([...fields.map(rlpEncode), ...replayProtection]))
}

/** The fields before the signature, in the order of the encoding. */
export function unsignedFields(unsigned: Unsigned): RlpItem[] {
  const { type, accessList } = unsigned
  const fields: RlpItem[] = []
  if (type !== 0) fields.push(integer(unsigned.chainId ?? 0n))
  fields.push(integer(unsigned.nonce))
  if (type >= 2) fields.push(integer(unsigned.maxPriorityFeePerGas))
  fields.push(integer(unsigned.maxFeePerGas), integer(unsigned.gasLimit))
  fields.push(unsigned.to ?? new Uint8Array(0), integer(unsigned.value), unsigned.data)
  if (type !== 0) fields.push(accessList.map((item) => [item.address, item.storageKeys]))
  if (type === 3) fields.push(integer(unsigned.maxFeePerBlobGas), unsigned.blobVersionedHashes)
  if (type === 4) fields.push(unsigned.authorizations.map(authorizationFields))
  return fields
}

interface Signature {
  readonly v: bigint
  readonly yParity: 0 | 1
  readonly r: bigint
  readonly s: bigint
}

interface Body {
  readonly unsigned: Unsigned
  readonly signature: Signature
}

const NO_BLOBS = { maxFeePerBlobGas: 0n, blobVersionedHashes: [] } as const

function readLegacy(fields: readonly RlpItem[]): Body {
  expectCount(fields, 9)
  const gasPrice = readInteger(fields[1], 'gasPrice', 32)
  const v = readInteger(fields[6], 'v', 32)
  const isProtected = v >= 35n
  if (!isProtected && v !== 27n && v !== 28n) {
    throw new InvalidTransactionError(
      'invalidSignature',
      `v is ${v}; 27, 28 or at least 35 is valid.`,
    )
  }
  const parity = isProtected ? (v - 35n) & 1n : v - 27n
  return {
    unsigned: {
      kind: 'signed',
      type: 0,
      chainId: isProtected ? (v - 35n) >> 1n : null,
      nonce: readInteger(fields[0], 'nonce', 8),
      maxFeePerGas: gasPrice,
      maxPriorityFeePerGas: gasPrice,
      gasLimit: readInteger(fields[2], 'gasLimit', 8),
      to: readTo(fields[3]),
      value: readInteger(fields[4], 'value', 32),
      data: readBytes(fields[5], 'data'),
      accessList: [],
      authorizations: [],
      ...NO_BLOBS,
    },
    signature: {
      v,
      yParity: parity === 1n ? 1 : 0,
      r: readInteger(fields[7], 'r', 32),
      s: readInteger(fields[8], 's', 32),
    },
  }
}

const FIELD_COUNT: Readonly<Record<Exclude<SignedType, 0>, number>> = { 1: 11, 2: 12, 3: 14, 4: 13 }

function readTyped(type: Exclude<SignedType, 0>, fields: readonly RlpItem[]): Body {
  expectCount(fields, FIELD_COUNT[type])
  let position = 0
  const next = (): RlpItem | undefined => fields[position++]
  const chainId = readInteger(next(), 'chainId', 32)
  const nonce = readInteger(next(), 'nonce', 8)
  const maxPriorityFeePerGas = readInteger(
    next(),
    type === 1 ? 'gasPrice' : 'maxPriorityFeePerGas',
    32,
  )
  const maxFeePerGas = type === 1 ? maxPriorityFeePerGas : readInteger(next(), 'maxFeePerGas', 32)
  const gasLimit = readInteger(next(), 'gasLimit', 8)
  const to = readTo(next())
  const value = readInteger(next(), 'value', 32)
  const data = readBytes(next(), 'data')
  const accessList = readAccessList(next())
  const blobs =
    type === 3
      ? {
          maxFeePerBlobGas: readInteger(next(), 'maxFeePerBlobGas', 32),
          blobVersionedHashes: readList(next(), 'blobVersionedHashes').map((item) =>
            readFixed(item, 'blobVersionedHashes', 32),
          ),
        }
      : NO_BLOBS
  const authorizations = type === 4 ? readAuthorizations(next()) : []
  const v = readInteger(next(), 'yParity', 32)
  if (v > 1n)
    throw new InvalidTransactionError('invalidSignature', `yParity is ${v}; 0 or 1 is valid.`)
  return {
    unsigned: {
      kind: 'signed',
      type,
      chainId,
      nonce,
      maxPriorityFeePerGas,
      maxFeePerGas,
      gasLimit,
      to,
      value,
      data,
      accessList,
      authorizations,
      ...blobs,
    },
    signature: {
      v,
      yParity: v === 1n ? 1 : 0,
      r: readInteger(next(), 'r', 32),
      s: readInteger(next(), 's', 32),
    },
  }
}

function parseDeposit(raw: Uint8Array): DepositTransaction {
  const fields = decodeFields(raw.subarray(1))
  expectCount(fields, 8)
  const system = readInteger(fields[6], 'isSystemTransaction', 1)
  if (system !== 0n) throw malformed('isSystemTransaction must be false.')
  return {
    kind: 'deposit',
    type: DEPOSIT_TYPE,
    sourceHash: readFixed(fields[0], 'sourceHash', 32),
    from: readFixed(fields[1], 'from', 20),
    to: readTo(fields[2]),
    mint: readInteger(fields[3], 'mint', 32),
    value: readInteger(fields[4], 'value', 32),
    gasLimit: readInteger(fields[5], 'gas', 8),
    isSystem: false,
    data: readBytes(fields[7], 'data'),
    raw,
    hash: keccak256(raw),
  }
}

function parseCheat(raw: Uint8Array, options: ParseOptions): CheatTransaction {
  const fields = decodeFields(raw.subarray(1))
  expectCount(fields, 9)
  const cheat = {
    chainId: readInteger(fields[0], 'chainId', 32),
    salt: readInteger(fields[1], 'salt', 8),
    action: Number(readInteger(fields[2], 'action', 1)),
    from: readFixed(fields[3], 'account', 20),
    slot: readInteger(fields[4], 'slot', 32),
    value: readInteger(fields[5], 'value', 32),
    to: readTo(fields[6]),
    gasLimit: readInteger(fields[7], 'gas', 8),
    data: readBytes(fields[8], 'data'),
  }
  checkChainId(cheat.chainId, options.chainId)
  return toCheat(cheat, raw, options.initcodeSizeMax)
}

function recoverSender(unsigned: Unsigned, signature: Signature): Uint8Array {
  const compact = concatBytes(integer32(signature.r), integer32(signature.s))
  const from = recoverAddress(signingHash(unsigned), compact, signature.yParity)
  if (from === undefined) {
    throw new InvalidTransactionError('invalidSignature', 'No key gives this signature.')
  }
  return from
}

function checkChainId(chainId: bigint | null, expected: number): void {
  if (chainId === null || chainId === BigInt(expected)) return
  throw new InvalidTransactionError(
    'wrongChainId',
    `The transaction is signed for chain ${chainId}.`,
    { metaMessages: [`chainId must be ${expected}.`] },
  )
}

function checkSignature({ r, s }: Signature): void {
  if (r > 0n && s > 0n && s <= SECP256K1_HALF_ORDER) return
  throw new InvalidTransactionError('invalidSignature', 'r or s is out of range.', {
    metaMessages: ['s must lie in the lower half of the group order (EIP-2), r and s above zero.'],
  })
}

function readAccessList(item: RlpItem | undefined): AccessListItem[] {
  return readList(item, 'accessList').map((entry) => {
    const parts = readList(entry, 'accessList')
    expectCount(parts, 2)
    return {
      address: readFixed(parts[0], 'accessList.address', 20),
      storageKeys: readList(parts[1], 'accessList.storageKeys').map((key) =>
        readFixed(key, 'accessList.storageKeys', 32),
      ),
    }
  })
}

function readAuthorizations(item: RlpItem | undefined): Authorization[] {
  return readList(item, 'authorizationList').map((entry) => {
    const parts = readList(entry, 'authorizationList')
    expectCount(parts, 6)
    return {
      chainId: readInteger(parts[0], 'authorizationList.chainId', 32),
      address: readFixed(parts[1], 'authorizationList.address', 20),
      nonce: readInteger(parts[2], 'authorizationList.nonce', 8),
      yParity: readInteger(parts[3], 'authorizationList.yParity', 1),
      r: readInteger(parts[4], 'authorizationList.r', 32),
      s: readInteger(parts[5], 'authorizationList.s', 32),
    }
  })
}

function authorizationFields(item: Authorization): RlpItem[] {
  const { chainId, address, nonce, yParity, r, s } = item
  return [integer(chainId), address, integer(nonce), integer(yParity), integer(r), integer(s)]
}

function decodeFields(bytes: Uint8Array): readonly RlpItem[] {
  try {
    return readList(decodeRlp(bytes), 'transaction')
  } catch (error) {
    if (error instanceof RlpError) throw malformed(error.shortMessage)
    throw error
  }
}

function expectCount(fields: readonly RlpItem[], count: number): void {
  if (fields.length !== count) throw malformed(`${fields.length} fields instead of ${count}.`)
}

function readList(item: RlpItem | undefined, name: string): readonly RlpItem[] {
  if (item === undefined || item instanceof Uint8Array) throw malformed(`${name} must be a list.`)
  return item
}

function readBytes(item: RlpItem | undefined, name: string): Uint8Array {
  if (!(item instanceof Uint8Array)) throw malformed(`${name} must be bytes.`)
  return item
}

function readFixed(item: RlpItem | undefined, name: string, size: number): Uint8Array {
  const bytes = readBytes(item, name)
  if (bytes.length !== size)
    throw malformed(`${name} has ${bytes.length} bytes instead of ${size}.`)
  return bytes
}

function readTo(item: RlpItem | undefined): Uint8Array | null {
  const bytes = readBytes(item, 'to')
  return bytes.length === 0 ? null : readFixed(bytes, 'to', 20)
}

function readInteger(item: RlpItem | undefined, name: string, sizeMax: number): bigint {
  const bytes = readBytes(item, name)
  if (bytes.length > sizeMax) throw malformed(`${name} has more than ${sizeMax} bytes.`)
  if (bytes[0] === 0) throw malformed(`${name} has leading zeros.`)
  return bytesToBigint(bytes)
}

function integer(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0)
  const digits = value.toString(16)
  const bytes = new Uint8Array((digits.length + 1) >> 1)
  const padded = digits.padStart(bytes.length * 2, '0')
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(padded.slice(2 * index, 2 * index + 2), 16)
  }
  return bytes
}

function integer32(value: bigint): Uint8Array {
  return padLeft(integer(value), 32)
}

function malformed(message: string): InvalidTransactionError {
  return new InvalidTransactionError('malformed', message)
}

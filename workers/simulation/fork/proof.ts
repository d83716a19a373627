/** Answers of `eth_getProof` (EIP-1186), checked against a block's state root. */
import type { ForkPoint } from '../../protocol/fork.ts'
import { bytesToBigint, bytesToHex, equalBytes, hexToBytes, isHex } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { decodeRlp } from '../../rollup/transaction/rlp.ts'
import { provenValue, TrieProofError } from '../../rollup/trie/proof.ts'
import { rlpEncode, rlpInteger } from '../../rollup/trie/rlp.ts'
import { EMPTY_TRIE_ROOT } from '../../rollup/trie/trie.ts'
import { EMPTY_CODE_HASH } from '../../rollup/trie/world.ts'
import { notProven } from './errors.ts'
import type { RpcFields } from './header.ts'

/** An account without its code and slots, as the state root has it. */
export interface AccountClaim {
  readonly address: string
  readonly nonce: bigint
  readonly balance: bigint
  readonly storageHash: string
  readonly codeHash: string
}

/** keccak256 of no bytes. */
export const EMPTY_CODE = bytesToHex(EMPTY_CODE_HASH)

/** The account, or an empty one where the proof shows that there is none. Throws `ForkProofError`. */
export function provenAccount(
  host: string,
  point: ForkPoint,
  address: string,
  answer: RpcFields,
): AccountClaim {
  return checked(host, `the account ${address}`, () => {
    const key = keccak256(hexToBytes(address))
    const nodes = nodesOf(answer['accountProof'])
    const value = provenValue(hexToBytes(point.stateRoot), key, nodes)
    const account = value === null ? NOBODY : readAccount(value)
    expectSame(answer['nonce'], account.nonce)
    expectSame(answer['balance'], account.balance)
    // Nodes say zeros, or the empty hashes, of an account that does not exist.
    if (value !== null) {
      expectSame(answer['storageHash'], BigInt(account.storageHash))
      expectSame(answer['codeHash'], BigInt(account.codeHash))
    }
    return { ...account, address }
  })
}

/** A slot (0x, 32 bytes) of an account that was proven. Throws `ForkProofError`. */
export function provenSlot(
  host: string,
  account: AccountClaim,
  slot: string,
  answer: RpcFields,
): bigint {
  return checked(host, `slot ${slot} of ${account.address}`, () => {
    const key = keccak256(hexToBytes(slot))
    const root = hexToBytes(account.storageHash)
    const proof = storageProofOf(answer, slot)
    const value = equalBytes(root, EMPTY_TRIE_ROOT)
      ? null
      : provenValue(root, key, nodesOf(proof['proof']))
    const number = value === null ? 0n : readInteger(value)
    expectSame(proof['value'], number)
    return number
  })
}

const NOBODY = {
  nonce: 0n,
  balance: 0n,
  storageHash: bytesToHex(EMPTY_TRIE_ROOT),
  codeHash: EMPTY_CODE,
} as const

/** Whatever does not decode proves nothing. */
function checked<Result>(host: string, what: string, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw notProven(host, what, cause)
  }
}

function readAccount(bytes: Uint8Array): Omit<AccountClaim, 'address'> {
  const items = decodeRlp(bytes)
  const fields = items instanceof Uint8Array ? [] : items
  const [nonce, balance, storageHash, codeHash] = fields.map((item) =>
    item instanceof Uint8Array ? item : rlpEncode(item),
  )
  if (!nonce || !balance || storageHash?.length !== 32 || codeHash?.length !== 32) {
    throw new TrieProofError('no account')
  }
  return {
    nonce: bytesToBigint(nonce),
    balance: bytesToBigint(balance),
    storageHash: bytesToHex(storageHash),
    codeHash: bytesToHex(codeHash),
  }
}

/** The trie holds a slot as the RLP of its integer. */
function readInteger(value: Uint8Array): bigint {
  const item = decodeRlp(value)
  if (!(item instanceof Uint8Array)) throw new TrieProofError('no integer')
  const number = bytesToBigint(item)
  if (!equalBytes(rlpInteger(number), value)) throw new TrieProofError('no canonical integer')
  return number
}

function storageProofOf(answer: RpcFields, slot: string): RpcFields {
  const proofs = answer['storageProof']
  const list: readonly unknown[] = Array.isArray(proofs) ? proofs : []
  const found = list.find(
    (item) =>
      typeof item === 'object' && item !== null && sameKey((item as RpcFields)['key'], slot),
  )
  if (found === undefined) throw new TrieProofError('no storage proof')
  return found as RpcFields
}

/** Nodes write a key as 32 bytes or as a number. */
function sameKey(key: unknown, slot: string): boolean {
  return typeof key === 'string' && /^0x[0-9a-fA-F]+$/.test(key) && BigInt(key) === BigInt(slot)
}

function nodesOf(value: unknown): Uint8Array[] {
  if (!Array.isArray(value) || !value.every((node) => isHex(node)))
    throw new TrieProofError('no nodes')
  return value.map((node: string) => hexToBytes(node))
}

function expectSame(stated: unknown, proven: bigint): void {
  const isInteger = typeof stated === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(stated)
  if (!isInteger || BigInt(stated) !== proven) {
    throw new TrieProofError(`stated ${String(stated)}, proven ${proven}`)
  }
}

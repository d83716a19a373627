/** The transaction that a simulated call would be: as signed ones, with a signature of zeros. */
import { concatBytes, EMPTY_BYTES } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { type Unsigned, unsignedFields } from '../../rollup/transaction/decode.ts'
import type { SignedTransaction, SignedType } from '../../rollup/transaction/transaction.ts'
import { rlpEncode } from '../../rollup/trie/rlp.ts'
import type { CallRequest } from './callParams.ts'

/** What geth shows as the chain id of a legacy transaction whose v is 0. */
const CHAIN_ID_OF_ZERO = 0x7fff_ffff_ffff_ffeen

export function toUnsignedTransaction(call: CallRequest, chainId: number): SignedTransaction {
  const type = typeOf(call)
  const unsigned: Unsigned = {
    kind: 'signed',
    type,
    chainId: type === 0 ? null : BigInt(chainId),
    nonce: call.nonce ?? 0n,
    gasLimit: call.gas ?? 0n,
    maxFeePerGas: call.maxFeePerGas ?? 0n,
    maxPriorityFeePerGas: call.maxPriorityFeePerGas ?? 0n,
    to: call.to,
    value: call.value,
    data: call.data,
    accessList: call.accessList ?? [],
    authorizations: call.authorizations ?? [],
    blobVersionedHashes: call.blobVersionedHashes ?? [],
    maxFeePerBlobGas: call.maxFeePerBlobGas ?? 0n,
  }
  const fields = [...unsignedFields(unsigned), EMPTY_BYTES, EMPTY_BYTES, EMPTY_BYTES]
  const body = rlpEncode(fields)
  const raw = type === 0 ? body : concatBytes(Uint8Array.of(type), body)
  const signature = { v: 0n, yParity: 0, r: 0n, s: 0n } as const
  return {
    ...unsigned,
    chainId: type === 0 ? CHAIN_ID_OF_ZERO : BigInt(chainId),
    ...signature,
    raw,
    hash: keccak256(raw),
    from: call.from,
  }
}

/** The type by the fields that are there; 2 where they leave it open. */
function typeOf(call: CallRequest): SignedType {
  if (call.authorizations !== undefined) return 4
  if (call.blobVersionedHashes !== undefined) return 3
  if (!call.hasGasPrice) return 2
  return call.accessList === undefined ? 0 : 1
}

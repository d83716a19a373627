/** Addresses of contracts that are created. */
import { keccak256 } from '../keccak.ts'
import { rlpBytes, rlpInteger, rlpList } from '../trie/rlp.ts'

/** Address of what `creator` creates with this nonce (CREATE, or a transaction without `to`). */
export function createAddress(creator: Uint8Array, nonce: bigint): Uint8Array {
  return keccak256(rlpList([rlpBytes(creator), rlpInteger(nonce)])).slice(12)
}

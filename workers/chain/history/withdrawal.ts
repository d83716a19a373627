/** EIP-4895. */
import { bigintToMinimalBytes } from '../../rollup/bytes.ts'
import { rlpEncode } from '../../rollup/trie/rlp.ts'
import type { Withdrawal } from '../types.ts'

/** RLP of [index, validator, address, amount in Gwei]. */
export function encodeWithdrawal(withdrawal: Withdrawal): Uint8Array {
  const { index, validatorIndex, address, amountGwei } = withdrawal
  return rlpEncode([
    bigintToMinimalBytes(index),
    bigintToMinimalBytes(validatorIndex),
    address,
    bigintToMinimalBytes(amountGwei),
  ])
}

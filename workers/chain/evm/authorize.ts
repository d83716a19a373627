/** EIP-7702 authorizations outside of `runTx`, for calls that are simulated. */
import { Account, Address } from '@ethereumjs/util'
import { bigintToBytes, concatBytes, isZeroBytes } from '../../rollup/bytes.ts'
import { recoverAddress, SECP256K1_HALF_ORDER } from '../../rollup/secp256k1.ts'
import { authorizationHash } from '../../rollup/transaction/sign.ts'
import type { Authorization } from '../../rollup/transaction/transaction.ts'
import { isExternallyOwned } from '../check.ts'
import type { Executor } from './executor.ts'

const NONCE_MAX = 2n ** 64n - 1n
/** Given back for an authority that exists: 25,000 − 12,500. */
const EXISTING_REFUND = 12_500n
const DELEGATION_PREFIX = Uint8Array.of(0xef, 0x01, 0x00)

/** Applies the valid tuples and gives the gas that they refund. */
export async function applyAuthorizations(
  executor: Executor,
  authorizations: readonly Authorization[],
): Promise<bigint> {
  const { state, evm, vm } = executor
  let refund = 0n
  for (const authorization of authorizations) {
    const authority = recoverAuthority(authorization, vm.common.chainId())
    if (authority === undefined || !isExternallyOwned(state.code(authority))) continue
    const account = state.account(authority)
    if ((account?.nonce ?? 0n) !== authorization.nonce) continue
    if (account !== undefined) refund += EXISTING_REFUND
    const address = new Address(authority)
    const next = (await state.getAccount(address)) ?? new Account()
    next.nonce += 1n
    await evm.journal.putAccount(address, next)
    const isCleared = isZeroBytes(authorization.address)
    const code = isCleared
      ? new Uint8Array(0)
      : concatBytes(DELEGATION_PREFIX, authorization.address)
    await state.putCode(address, code)
  }
  return refund
}

function recoverAuthority(item: Authorization, chainId: bigint): Uint8Array | undefined {
  if (item.chainId !== 0n && item.chainId !== chainId) return undefined
  if (item.nonce >= NONCE_MAX || item.yParity > 1n) return undefined
  if (item.s > SECP256K1_HALF_ORDER) return undefined
  const compact = concatBytes(bigintToBytes(item.r, 32), bigintToBytes(item.s, 32))
  return recoverAddress(authorizationHash(item), compact, Number(item.yParity))
}

/** Deposits: transactions from L1 that always take effect (docs/specs/MACHINE.md, TX_START and TX_END). */
import { Account, Address } from '@ethereumjs/util'
import { EMPTY_BYTES } from '../../rollup/bytes.ts'
import { ZERO_BLOOM } from '../../rollup/l2Header.ts'
import { createAddress } from '../../rollup/transaction/address.ts'
import { intrinsicGas, TRANSACTION_GAS_MAX } from '../../rollup/transaction/gas.ts'
import type { DepositTransaction } from '../../rollup/transaction/transaction.ts'
import { logsBloom } from '../bloom.ts'
import { destroyMarked } from '../message.ts'
import { type Executor, type Outcome, outcomeOf, runMessage } from './executor.ts'

const NONCE_MAX = 2n ** 64n - 1n
/** EIP-3529: at most a fifth of the gas is refunded. */
const REFUND_QUOTIENT = 5n

/** What runs without a signature and without a fee. */
type Unpriced = Pick<DepositTransaction, 'from' | 'to' | 'mint' | 'value' | 'gasLimit' | 'data'>

/** Executes a deposit. What it mints and its nonce stay even where its call fails; it pays no fee. */
export async function runDeposit(executor: Executor, deposit: Unpriced): Promise<Outcome> {
  const { data, to, value } = deposit
  const gasLimit = smaller(deposit.gasLimit, TRANSACTION_GAS_MAX)
  const intrinsic = intrinsicGas({ data, to, accessList: [], authorizations: [] })
  const { balance, nonce } = await mint(executor, deposit)
  const contractAddress = to === null ? createAddress(deposit.from, nonce) : null
  const isRunnable =
    gasLimit >= intrinsic &&
    balance >= value &&
    nonce < NONCE_MAX &&
    (to !== null || data.length <= executor.codeLimits.initcodeSizeMax)
  if (!isRunnable) return { ...REFUSED, gasUsed: gasLimit, contractAddress }
  const result = await runMessage(executor, {
    ...deposit,
    gasLimit: gasLimit - intrinsic,
    gasPrice: 0n,
  })
  const { execResult } = result
  await destroyMarked(executor, execResult)
  await executor.evm.journal.cleanup()
  const spent = intrinsic + execResult.executionGasUsed
  const refund = smaller(execResult.gasRefund ?? 0n, spent / REFUND_QUOTIENT)
  const outcome = outcomeOf(execResult)
  return {
    ...outcome,
    gasUsed: spent - refund,
    effectiveGasPrice: 0n,
    logsBloom: logsBloom(outcome.logs),
    contractAddress,
    blobGasUsed: 0n,
  }
}

const REFUSED = {
  succeeded: false,
  effectiveGasPrice: 0n,
  logs: [],
  logsBloom: ZERO_BLOOM,
  blobGasUsed: 0n,
  output: EMPTY_BYTES,
  exception: 'deposit refused',
} as const

/** Credits and counts the deposit; gives the balance after and the nonce before. */
async function mint(
  executor: Executor,
  deposit: Unpriced,
): Promise<{ balance: bigint; nonce: bigint }> {
  const { state, evm } = executor
  const from = new Address(deposit.from)
  const account = (await state.getAccount(from)) ?? new Account()
  const { nonce } = account
  account.balance = BigInt.asUintN(256, account.balance + deposit.mint)
  if (nonce < NONCE_MAX) account.nonce = nonce + 1n
  await evm.journal.putAccount(from, account)
  await evm.journal.cleanup()
  return { balance: account.balance, nonce }
}

function smaller(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}

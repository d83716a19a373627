/** What blocks pay besides their transactions: miners before the merge (Yellow Paper, section 11.3), withdrawals after it. */
import { Account, Address } from '@ethereumjs/util'
import type { BlockHeader } from '../../rollup/header.ts'
import type { Executor } from '../evm/executor.ts'
import type { Withdrawal } from '../types.ts'

const WEI_PER_GWEI = 1_000_000_000n
const ETHER = 10n ** 18n

/** EIP-4895. */
export async function payWithdrawals(
  executor: Executor,
  withdrawals: readonly Withdrawal[],
): Promise<void> {
  for (const { address, amountGwei } of withdrawals) {
    await credit(executor, address, amountGwei * WEI_PER_GWEI)
  }
  await executor.evm.journal.cleanup()
}

/** A miner gets a reward, and a thirty-second of it for each ommer; an ommer's miner less the older the ommer is. */
export async function payRewards(
  executor: Executor,
  header: BlockHeader,
  ommers: readonly BlockHeader[],
): Promise<void> {
  if (executor.vm.common.gteHardfork('paris' as never)) return
  const reward = rewardOf(executor)
  for (const ommer of ommers) {
    await credit(executor, ommer.coinbase, ((ommer.number + 8n - header.number) * reward) / 8n)
  }
  await credit(executor, header.coinbase, reward + (reward / 32n) * BigInt(ommers.length))
  await executor.evm.journal.cleanup()
}

/** EIP-649 and EIP-1234 lowered it. */
function rewardOf({ vm }: Executor): bigint {
  if (vm.common.gteHardfork('constantinople' as never)) return 2n * ETHER
  return vm.common.gteHardfork('byzantium' as never) ? 3n * ETHER : 5n * ETHER
}

async function credit(executor: Executor, to: Uint8Array, amount: bigint): Promise<void> {
  const { evm, state } = executor
  const address = new Address(to)
  const account = (await state.getAccount(address)) ?? new Account()
  account.balance += amount
  await evm.journal.putAccount(address, account)
}

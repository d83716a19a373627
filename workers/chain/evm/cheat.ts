/** Cheats: a devnet's user changes an account, or calls in its name (docs/specs/MACHINE.md, CHEAT). */
import { Account, Address } from '@ethereumjs/util'
import { bigintToBytes, bigintToMinimalBytes, EMPTY_BYTES } from '../../rollup/bytes.ts'
import { ZERO_BLOOM } from '../../rollup/l2Header.ts'
import { CHEAT, type CheatTransaction } from '../../rollup/transaction/transaction.ts'
import { runDeposit } from './deposit.ts'
import type { Executor, Outcome } from './executor.ts'
import type { Overlay } from './overlay.ts'

/** Executes a cheat. It pays no fee; an edit uses no gas. */
export async function runCheat(executor: Executor, cheat: CheatTransaction): Promise<Outcome> {
  if (cheat.action === CHEAT.SEND) return runDeposit(executor, { ...cheat, mint: 0n })
  const { state } = executor
  const address = new Address(cheat.from)
  await edit(state, address, cheat)
  // EIP-161: what is empty does not last.
  const account = await state.getAccount(address)
  if (account?.isEmpty()) await state.deleteAccount(address)
  state.originalStorageCache.clear()
  return EDITED
}

const EDITED: Outcome = {
  succeeded: true,
  gasUsed: 0n,
  effectiveGasPrice: 0n,
  logs: [],
  logsBloom: ZERO_BLOOM,
  contractAddress: null,
  blobGasUsed: 0n,
  output: EMPTY_BYTES,
  exception: '',
}

async function edit(state: Overlay, address: Address, cheat: CheatTransaction): Promise<void> {
  const { action, slot, value, data } = cheat
  const account = (await state.getAccount(address)) ?? new Account()
  switch (action) {
    case CHEAT.SET_BALANCE:
      account.balance = value
      break
    case CHEAT.ADD_BALANCE:
      account.balance = BigInt.asUintN(256, account.balance + value)
      break
    case CHEAT.SET_NONCE:
      account.nonce = value
      break
    case CHEAT.SET_CODE:
      await state.putCode(address, data)
      return
    case CHEAT.SET_STORAGE:
      await setSlot(state, address, account, { slot: bigintToBytes(slot, 32), value })
      return
    default:
      return
  }
  await state.putAccount(address, account)
}

/** Rationale: an empty account does not last, so it gets the nonce that a contract begins with. */
async function setSlot(
  state: Overlay,
  address: Address,
  account: Account,
  { slot, value }: { readonly slot: Uint8Array; readonly value: bigint },
): Promise<void> {
  if (account.isEmpty() && value !== 0n) {
    account.nonce = 1n
    await state.putAccount(address, account)
  }
  await state.putStorage(address, slot, bigintToMinimalBytes(value))
}

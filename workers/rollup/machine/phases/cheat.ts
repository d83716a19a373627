/** CHEAT: a devnet's user changes an account, or calls in its name (docs/specs/MACHINE.md, CHEAT). */
import { keccak256 } from '../../keccak.ts'
import { type ParseOptions, parseTransaction } from '../../transaction/decode.ts'
import {
  CHEAT,
  CHEAT_TYPE,
  type CheatTransaction,
  InvalidTransactionError,
} from '../../transaction/transaction.ts'
import { EMPTY_CODE_HASH, putCode } from '../../trie/world.ts'
import {
  addWei,
  type Draft,
  isEmptyAccount,
  takeAccount,
  takeBlob,
  takeSlot,
  writeAccount,
  writeSlot,
} from '../draft.ts'
import { MachineError } from '../errors.ts'
import { NO_TX } from '../hash.ts'
import { PHASE, SOURCE } from '../types.ts'
import { skip, startDeposit } from './txStart.ts'

export function cheat(draft: Draft): void {
  const { tx, block, context } = draft
  if (tx.raw === null) throw new MachineError('CHEAT needs the bytes of its transaction.')
  if (!context.rules.allowsCheats || tx.source !== SOURCE.PAYLOAD) {
    skip(draft)
    return
  }
  takeBlob(draft, tx.raw)
  const { initcodeSizeMax } = context.rules
  const parsed = parse(tx.raw, { chainId: block.chainId, initcodeSizeMax })
  if (parsed === null || parsed.gasLimit + block.gasUsed > block.gasLimit) skip(draft)
  else if (parsed.action === CHEAT.SEND) startDeposit(draft, { ...parsed, mint: 0n })
  else edit(draft, parsed)
}

/** Null: skipped. */
function parse(raw: Uint8Array, options: ParseOptions): CheatTransaction | null {
  try {
    const parsed = parseTransaction(raw, options)
    return parsed.kind === 'cheat' ? parsed : null
  } catch (error) {
    if (error instanceof InvalidTransactionError) return null
    throw error
  }
}

function edit(draft: Draft, { action, from, slot, value, data }: CheatTransaction): void {
  const { hash, source } = draft.tx
  const taken = takeAccount(draft, draft.world.state, from)
  const { account } = taken
  switch (action) {
    case CHEAT.SET_BALANCE:
      writeAccount(draft, taken, { ...account, balance: value })
      break
    case CHEAT.ADD_BALANCE:
      writeAccount(draft, taken, { ...account, balance: addWei(account.balance, value) })
      break
    case CHEAT.SET_NONCE:
      writeAccount(draft, taken, { ...account, nonce: value })
      break
    case CHEAT.SET_CODE: {
      const codeHash = data.length === 0 ? EMPTY_CODE_HASH : keccak256(data)
      draft.world = { ...draft.world, state: putCode(draft.world.state, data) }
      writeAccount(draft, taken, { ...account, codeHash })
      break
    }
    case CHEAT.SET_STORAGE: {
      // Rationale: an empty account does not last (EIP-161), so it gets the nonce that a contract begins with.
      const owner = isEmptyAccount(account) ? { ...account, nonce: 1n } : account
      const takenSlot = takeSlot(draft, account, slot)
      if (takenSlot.value !== value)
        writeSlot(draft, { ...taken, account: owner }, takenSlot, value)
      break
    }
    default:
      throw new MachineError(`Cheat ${action} is no edit.`)
  }
  draft.tx = { ...NO_TX, hash, source, kind: CHEAT_TYPE, origin: from, to: from, status: 1 }
  draft.phase = PHASE.TX_END
}

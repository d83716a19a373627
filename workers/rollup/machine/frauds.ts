/** The false steps that a cheating executor takes: where in a trace each can stand, and the state that it claims instead. */
import { equalBytes, hexToBytes } from '../bytes.ts'
import { parseTransaction } from '../transaction/decode.ts'
import { encodeDeposit } from '../transaction/sign.ts'
import { DEPOSIT_TYPE } from '../transaction/transaction.ts'
import {
  EMPTY_ACCOUNT,
  getAccount,
  getStorage,
  setAccount,
  setStorage,
  type WorldState,
} from '../trie/world.ts'
import { nextOpcode } from './describe.ts'
import { NO_TX } from './hash.ts'
import { push } from './stack.ts'
import { type MachineState, PHASE, SOURCE } from './types.ts'
import { readWord, WORD_MASK, wordToBytes } from './words.ts'

export type FraudName =
  | 'fraud-sstore'
  | 'fraud-arithmetic'
  | 'fraud-fee'
  | 'fraud-skip'
  | 'fraud-deposit'
  | 'fraud-reward'

/** One honest step. */
export interface HonestStep {
  readonly before: MachineState
  readonly after: MachineState
}

export interface FraudOptions {
  /** Who gains, where somebody does. */
  readonly thief: Uint8Array
}

/** Tokens (18 decimals) or wei that a fraud conjures up. */
const LOOT = 1_000n * 10n ** 18n
const ERC20_TRANSFER = 0xa9059cbbn

/** The claimed state instead of `after`; null where the fraud cannot stand at this step. */
export function tamper(
  fraud: FraudName,
  step: HonestStep,
  options: FraudOptions,
): MachineState | null {
  switch (fraud) {
    case 'fraud-sstore':
      return tamperStorage(step)
    case 'fraud-arithmetic':
      return tamperSum(step)
    case 'fraud-fee':
      return stealFee(step, options.thief)
    case 'fraud-skip':
      return skipTransaction(step)
    case 'fraud-deposit':
      return forgeDeposit(step, options.thief)
    case 'fraud-reward':
      return inflateReward(step)
  }
}

/** A token transfer writes more to the recipient's balance than it takes from the sender's. */
function tamperStorage({ before, after }: HonestStep): MachineState | null {
  const { frame } = before
  if (after.phase !== PHASE.EXEC || nextOpcode(before) !== 'SSTORE' || frame === null) return null
  if (readWord(frame.input.bytes, 0) >> 224n !== ERC20_TRANSFER) return null
  const slot = wordToBytes(frame.stack?.value ?? 0n)
  const old = getStorage(before.world.state, frame.self, slot)
  const written = getStorage(after.world.state, frame.self, slot)
  if (written <= old) return null
  const value = (written + LOOT) & WORD_MASK
  return withState(after, setStorage(after.world.state, frame.self, slot, value))
}

/** Where Campaigns is on L2 (docs/specs/PERSONA.md): it pays what a Persona claims. */
const CAMPAIGNS = hexToBytes('0x4200000000000000000000000000000000000034')

/** A reward that is claimed writes more tokens to the claimant's balance than the campaign paid. */
function inflateReward(step: HonestStep): MachineState | null {
  const { frame } = step.before
  return frame !== null && equalBytes(frame.caller, CAMPAIGNS) ? tamperStorage(step) : null
}

/** A sum that is one too high. */
function tamperSum({ before, after }: HonestStep): MachineState | null {
  const { frame } = after
  if (nextOpcode(before) !== 'ADD' || before.tx.source === SOURCE.SYSTEM) return null
  if (after.phase !== PHASE.EXEC || frame === null || frame.stack === null) return null
  const wrong = (frame.stack.value + 1n) & WORD_MASK
  return { ...after, frame: { ...frame, stack: push(frame.stack.below, wrong) } }
}

/** The fee of a transaction goes to the thief instead of the fee vault. */
function stealFee({ before, after }: HonestStep, thief: Uint8Array): MachineState | null {
  if (before.phase !== PHASE.TX_END) return null
  const { coinbase } = before.block
  const paid = balanceOf(after.world.state, coinbase) - balanceOf(before.world.state, coinbase)
  if (paid <= 0n || equalBytes(thief, coinbase)) return null
  const without = addBalance(after.world.state, coinbase, -paid)
  return withState(after, addBalance(without, thief, paid))
}

/** A valid transaction is passed over as if it were not. */
function skipTransaction({ before, after }: HonestStep): MachineState | null {
  if (before.phase !== PHASE.TX_START || after.phase === PHASE.TX_NEXT) return null
  if (after.tx.kind === DEPOSIT_TYPE) return null
  return { phase: PHASE.TX_NEXT, block: before.block, tx: NO_TX, world: before.world, frame: null }
}

/** A deposit is loaded that L1 never queued: it mints for the thief. */
function forgeDeposit({ before, after }: HonestStep, thief: Uint8Array): MachineState | null {
  const { raw } = after.tx
  if (before.phase !== PHASE.TX_NEXT || raw === null || raw[0] !== DEPOSIT_TYPE) return null
  if (after.tx.source !== SOURCE.INBOX) return null
  const honest = parseTransaction(raw, { chainId: before.block.chainId })
  if (honest.kind !== 'deposit') return null
  const forged = encodeDeposit({ ...honest, from: thief, to: thief, mint: honest.mint + LOOT })
  return { ...after, tx: { ...after.tx, raw: forged.raw, hash: forged.hash } }
}

function withState(state: MachineState, next: WorldState): MachineState {
  return { ...state, world: { ...state.world, state: next } }
}

function balanceOf(world: WorldState, address: Uint8Array): bigint {
  return getAccount(world, address)?.balance ?? 0n
}

function addBalance(world: WorldState, address: Uint8Array, amount: bigint): WorldState {
  const account = getAccount(world, address) ?? EMPTY_ACCOUNT
  const balance = account.balance + amount
  const isEmpty =
    balance === 0n && account.nonce === 0n && account.codeHash === EMPTY_ACCOUNT.codeHash
  return setAccount(world, address, isEmpty ? undefined : { ...account, balance })
}

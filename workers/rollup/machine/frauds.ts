/** The false steps that a cheating executor takes: where in a trace each can stand, and the state that it claims instead. */
import { equalBytes } from '../bytes.ts'
import type { StepMachine, Tampering } from '../game/prover.ts'
import { STEP_BITS } from '../game/position.ts'
import { keccak256 } from '../keccak.ts'
import { parseTransaction } from '../transaction/decode.ts'
import { DEPOSIT_TYPE, type DepositTransaction } from '../transaction/transaction.ts'
import { rlpBytes, rlpInteger, rlpList } from '../trie/rlp.ts'
import { EMPTY_ACCOUNT, getAccount, getStorage, setAccount, setStorage, type WorldState } from '../trie/world.ts'
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

/** One honest step. */
export interface HonestStep {
  readonly before: MachineState
  readonly after: MachineState
}

export interface FraudOptions {
  /** Who gains, where somebody does. */
  readonly thief: Uint8Array
  /** Only in this transaction (keccak256 of its bytes), where given. */
  readonly transactionHash?: Uint8Array
}

/** A false claim about one step of a trace, and what the machine would have said. */
export interface InjectedFraud extends HonestStep {
  readonly fraud: FraudName
  readonly traceIndex: bigint
  readonly claimed: MachineState
  readonly tampering: Tampering<MachineState>
}

/** Tokens (18 decimals) or wei that a fraud conjures up. */
const LOOT = 1_000n * 10n ** 18n
const ERC20_TRANSFER = 0xa9059cbbn
const ITEMS_MAX = 1 << 20

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
  }
}

/** The first step of a trace at which the fraud can stand, from `start` on; null if the trace has none. */
export function findFraud(
  machine: StepMachine<MachineState>,
  start: MachineState,
  fraud: FraudName,
  options: FraudOptions,
): InjectedFraud | null {
  let before = start
  for (let item = 0; item < ITEMS_MAX && !machine.isFinished(before); item += 1) {
    for (let step = 0; ; step += 1) {
      const after = machine.step(before)
      const claimed = isWanted(options, after, before) ? tamper(fraud, { before, after }, options) : null
      if (claimed !== null) {
        const traceIndex = (BigInt(item) << BigInt(STEP_BITS)) + BigInt(step)
        const tampering = { item, step, state: claimed }
        return { fraud, before, after, claimed, traceIndex, tampering }
      }
      before = after
      if (machine.isBoundary(after)) break
    }
  }
  return null
}

function isWanted(options: FraudOptions, after: MachineState, before: MachineState): boolean {
  const { transactionHash } = options
  if (transactionHash === undefined) return true
  return equalBytes(before.tx.hash, transactionHash) || equalBytes(after.tx.hash, transactionHash)
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
  return { ...after, tx: { ...after.tx, raw: forged, hash: keccak256(forged) } }
}

/** EIP-2718 bytes of a deposit (docs/specs/BATCH.md). */
export function encodeDeposit(
  deposit: Omit<DepositTransaction, 'raw' | 'hash' | 'kind' | 'type'>,
): Uint8Array {
  const body = rlpList([
    rlpBytes(deposit.sourceHash),
    rlpBytes(deposit.from),
    rlpBytes(deposit.to ?? new Uint8Array(0)),
    rlpInteger(deposit.mint),
    rlpInteger(deposit.value),
    rlpInteger(deposit.gasLimit),
    rlpInteger(deposit.isSystem ? 1n : 0n),
    rlpBytes(deposit.data),
  ])
  const raw = new Uint8Array(1 + body.length)
  raw[0] = DEPOSIT_TYPE
  raw.set(body, 1)
  return raw
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
  const isEmpty = balance === 0n && account.nonce === 0n && account.codeHash === EMPTY_ACCOUNT.codeHash
  return setAccount(world, address, isEmpty ? undefined : { ...account, balance })
}


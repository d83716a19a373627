/** What the frauds have in common: one honest step, who gains, and edits of states. */
import {
  type Account,
  EMPTY_ACCOUNT,
  getAccount,
  setAccount,
  type WorldState,
} from '../../trie/world.ts'
import { isEmptyAccount } from '../draft.ts'
import { push, type StackItem } from '../stack.ts'
import { type MachineState, PHASE, SOURCE } from '../types.ts'

/** One honest step. */
export interface HonestStep {
  readonly before: MachineState
  readonly after: MachineState
}

export interface FraudOptions {
  /** Who gains, where somebody does. */
  readonly thief: Uint8Array
  /** The machine's own step, for lies that are the truth about another state. */
  readonly run: (state: MachineState) => MachineState
}

/** The claimed state instead of `after`; null where the fraud cannot stand at this step. */
export type Tamper = (step: HonestStep, options: FraudOptions) => MachineState | null

/** Tokens (18 decimals) or wei that a fraud conjures up. */
export const LOOT = 1_000n * 10n ** 18n

export function withState(state: MachineState, next: WorldState): MachineState {
  return { ...state, world: { ...state.world, state: next } }
}

export function accountOf(world: WorldState, address: Uint8Array): Account {
  return getAccount(world, address) ?? EMPTY_ACCOUNT
}

/** Replaces an account; an empty one is deleted (EIP-161). */
export function putAccount(world: WorldState, address: Uint8Array, account: Account): WorldState {
  return setAccount(world, address, isEmptyAccount(account) ? undefined : account)
}

export function addBalance(world: WorldState, address: Uint8Array, amount: bigint): WorldState {
  const account = accountOf(world, address)
  return putAccount(world, address, { ...account, balance: account.balance + amount })
}

/** Whether the step runs an opcode of a user's transaction, and the frame goes on. */
export function isUserOpcode({ before, after }: HonestStep): boolean {
  return (
    before.phase === PHASE.EXEC && after.phase === PHASE.EXEC && before.tx.source !== SOURCE.SYSTEM
  )
}

/** The state with another word on top of the stack. */
export function withTop(state: MachineState, change: (top: bigint) => bigint): MachineState | null {
  const { frame } = state
  if (frame === null || frame.stack === null) return null
  const top: StackItem = push(frame.stack.below, change(frame.stack.value))
  return { ...state, frame: { ...frame, stack: top } }
}

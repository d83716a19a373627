/** Lies about one opcode, which L1 executes itself. */
import { concatBytes, equalBytes, hexToBytes } from '../../bytes.ts'
import { keccak256 } from '../../keccak.ts'
import { getStorage, setStorage } from '../../trie/world.ts'
import { nextOpcode } from '../describe.ts'
import { wordsOf } from '../hash.ts'
import { writeMemory } from '../memory.ts'
import { stackValues } from '../stack.ts'
import { PHASE } from '../types.ts'
import { readWord, WORD_MASK, wordToBytes } from '../words.ts'
import { isUserOpcode, LOOT, type Tamper, withState, withTop } from './edit.ts'

const ERC20_TRANSFER = 0xa9059cbbn
export const MESSAGE_PASSER = hexToBytes('0x4200000000000000000000000000000000000016')
/** What a cold SLOAD costs above a warm one (EIP-2929). */
const COLD_SLOT_GAS = 2_100
const COLD_SURCHARGE = 2_000
const JUMP_GAS = 8
const WORD_SIZE = 32

/** A sum that is one too high. */
export const tamperSum: Tamper = (step) => {
  if (!isUserOpcode(step) || nextOpcode(step.before) !== 'ADD') return null
  return withTop(step.after, (sum) => (sum + 1n) & WORD_MASK)
}

/** A token transfer writes more to the recipient's balance than it takes from the sender's. */
export const tamperStorage: Tamper = ({ before, after }) => {
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
export const inflateReward: Tamper = (step, options) => {
  const { frame } = step.before
  const isPaid = frame !== null && equalBytes(frame.caller, CAMPAIGNS)
  return isPaid ? tamperStorage(step, options) : null
}

/** A jump to a byte that looks like a JUMPDEST but is data of a PUSH is let through instead of halting the frame. */
export const jumpIntoData: Tamper = ({ before, after }) => {
  const { frame } = before
  if (nextOpcode(before) !== 'JUMP' || after.phase !== PHASE.HALT || frame === null) return null
  const [target = 0n] = stackValues(frame.stack, 1)
  if (target >= BigInt(frame.code.bytes.length) || frame.gas < JUMP_GAS) return null
  const gas = frame.gas - JUMP_GAS
  const stack = frame.stack?.below ?? null
  return { ...before, frame: { ...frame, gas, stack, pc: Number(target) } }
}

/** A cold storage slot is charged as if it were warm. */
export const undercharge: Tamper = (step) => {
  const { before, after } = step
  if (!isUserOpcode(step) || nextOpcode(before) !== 'SLOAD') return null
  if (before.frame === null || after.frame === null) return null
  if (before.frame.gas - after.frame.gas !== COLD_SLOT_GAS) return null
  return { ...after, frame: { ...after.frame, gas: after.frame.gas + COLD_SURCHARGE } }
}

/** BLOCKHASH gives the hash of a block that never was. */
export const tamperBlockHash: Tamper = (step) => {
  if (!isUserOpcode(step) || nextOpcode(step.before) !== 'BLOCKHASH') return null
  return withTop(step.after, (hash) => hash ^ 1n)
}

/** A log tells of a larger amount than was moved; balances are right, but whoever trusts logs is deceived. */
export const tamperLog: Tamper = (step, { run }) => {
  const { before, after } = step
  const { frame } = before
  if (!isUserOpcode(step) || !nextOpcode(before).startsWith('LOG') || frame === null) return null
  const [offset = 0n, length = 0n] = stackValues(frame.stack, 2)
  if (length < BigInt(WORD_SIZE)) return null
  const memory = writeMemory(frame.memory, Number(offset), wordToBytes(LOOT))
  const told = run({ ...before, frame: { ...frame, memory } })
  return { ...after, world: told.world }
}

/** A withdrawal of ETH that the thief never had on L2. */
export interface FakeWithdrawal {
  readonly nonce: bigint
  readonly sender: Uint8Array
  readonly target: Uint8Array
  readonly value: bigint
  readonly gasLimit: bigint
  readonly hash: Uint8Array
}

/** Rationale: a nonce beyond all that L2 ever gives, so that no honest withdrawal has the same hash. */
const FAKE_NONCE = 1n << 128n
const FAKE_GAS_LIMIT = 100_000n
/** Less than what deposits put into the bridge, so that it can be paid out. */
const FAKE_WEI = 10n ** 18n

export function fakeWithdrawal(thief: Uint8Array): FakeWithdrawal {
  const head = [FAKE_NONCE, thief, thief, FAKE_WEI, FAKE_GAS_LIMIT]
  const emptyData = wordsOf([WORD_SIZE * (head.length + 1), 0])
  const hash = keccak256(concatBytes(wordsOf(head), emptyData))
  const fields = { nonce: FAKE_NONCE, sender: thief, target: thief, value: FAKE_WEI }
  return { ...fields, gasLimit: FAKE_GAS_LIMIT, hash }
}

/** While somebody's withdrawal is written, one for the thief is written as well. */
export const forgeWithdrawal: Tamper = (step, { thief }) => {
  const { before, after } = step
  if (!isUserOpcode(step) || nextOpcode(before) !== 'SSTORE' || before.frame === null) return null
  const { self } = before.frame
  if (!equalBytes(self, MESSAGE_PASSER)) return null
  const slot = keccak256(concatBytes(fakeWithdrawal(thief).hash, wordToBytes(0n)))
  return withState(after, setStorage(after.world.state, self, slot, 1n))
}

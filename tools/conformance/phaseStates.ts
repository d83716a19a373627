/** States before steps that no whole transaction of `transactions.ts` reaches. */
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '../../workers/rollup/bytes.ts'
import { keccak256 } from '../../workers/rollup/keccak.ts'
import { byteString } from '../../workers/rollup/machine/byteString.ts'
import { step } from '../../workers/rollup/machine/step.ts'
import { startOf } from '../../workers/rollup/machine/testing/stateTest.ts'
import { type MachineState, PHASE, SOURCE } from '../../workers/rollup/machine/types.ts'
import { privateKeyToAddress } from '../../workers/rollup/secp256k1.ts'
import { encodeCheat } from '../../workers/rollup/transaction/cheat.ts'
import { encodeDeposit } from '../../workers/rollup/transaction/sign.ts'
import { CHEAT } from '../../workers/rollup/transaction/transaction.ts'
import { EMPTY_ACCOUNT, putCode, setAccount } from '../../workers/rollup/trie/world.ts'
import {
  ABSENT,
  addressOf,
  assemble,
  block,
  context,
  KEY,
  REVERTER,
  RICH,
  SELF,
  transaction,
  worldWith,
} from './states.ts'
import { create, INITCODES } from './transactions.ts'

const NO_CODE = new Uint8Array(0)

/** TX_START of transactions that are to be run to their ends. */
export function* rareTransactions(): Generator<MachineState> {
  yield* refusedTransactions()
  const destroyed = INITCODES['a selfdestruct to another'] ?? NO_CODE
  yield transaction(assemble(...create(destroyed), ...create(destroyed)))
  const deposit = { ...DEPOSIT, to: null, data: destroyed }
  yield startOf(worldWith(NO_CODE), block, encodeDeposit(deposit).raw, SOURCE.INBOX)
  yield* cheats()
  yield transaction(assemble(0n, 0n, 0n, 0n, 0n, REVERTER, 100_000n, 0xf1))
  yield transaction(NO_CODE, { to: precompileAddress(4), value: 0n })
}

/** Each cheat of a devnet, and those that are passed over. */
function* cheats(): Generator<MachineState> {
  const world = worldWith(NO_CODE)
  const edits: readonly Given[] = [
    { action: CHEAT.SET_BALANCE, from: RICH, value: 1n },
    { action: CHEAT.ADD_BALANCE, from: RICH, value: 1n },
    { action: CHEAT.SET_NONCE, from: RICH, value: 9n },
    { action: CHEAT.SET_CODE, from: RICH, data: Uint8Array.of(0) },
    { action: CHEAT.SET_STORAGE, from: SELF, slot: 3n, value: 0n },
    { action: CHEAT.SEND, from: RICH, to: SELF, gasLimit: 100_000n },
    { action: CHEAT.SEND, from: ABSENT, to: SELF, value: 1n, gasLimit: 100_000n },
  ]
  for (const given of edits) yield startOf(world, block, encode(given))
  const data = INITCODES['a selfdestruct to another'] ?? NO_CODE
  const creation = encode({ action: CHEAT.SEND, from: RICH, gasLimit: 100_000n, data })
  yield startOf(world, block, creation)
  yield startOf(world, block, creation, SOURCE.INBOX)
  yield startOf(world, block, creation.slice(0, -1))
  yield startOf(world, { ...block, gasUsed: block.gasLimit }, creation)
}

type Given = Omit<Parameters<typeof encodeCheat>[0], 'chainId' | 'salt'>
const encode = (given: Given): Uint8Array =>
  encodeCheat({ chainId: BigInt(block.chainId), salt: 1n, ...given }).raw

const DEPOSIT = {
  sourceHash: new Uint8Array(32),
  from: addressOf(0x99),
  mint: 70n,
  value: 5n,
  gasLimit: 100_000n,
}

function* refusedTransactions(): Generator<MachineState> {
  yield transaction(NO_CODE, { maxPriorityFeePerGas: 101n })
  yield transaction(NO_CODE, { to: null, data: new Uint8Array(49_153), gasLimit: 10_000_000n })
  yield transaction(NO_CODE, { type: 4 })
  yield transaction(NO_CODE, { nonce: 2n ** 64n - 1n })
  const plain = transaction(NO_CODE)
  yield { ...plain, block: { ...plain.block, gasUsed: plain.block.gasLimit } }
  const code = Uint8Array.of(0)
  const account = { ...EMPTY_ACCOUNT, balance: 10n ** 20n, codeHash: keccak256(code) }
  const state = setAccount(putCode(plain.world.state, code), privateKeyToAddress(KEY), account)
  yield { ...plain, world: { ...plain.world, state } }
  // The signature's s comes last: all bits set, it is above half of the group's order.
  const raw = (plain.tx.raw ?? NO_CODE).slice()
  raw.fill(0xff, raw.length - 32)
  yield startOf(plain.world.state, block, raw)
}

/** PRECOMPILE with a good and a bad input, without gas, and at a price above the cap. */
export function* precompileStates(): Generator<MachineState> {
  for (const [number, { good, bad }] of Object.entries(INPUTS)) {
    const called = callOf(Number(number))
    const state = (input: Uint8Array, gas: number): MachineState => {
      const { frame } = called
      return frame === null
        ? called
        : { ...called, frame: { ...frame, input: byteString(input), gas } }
    }
    yield state(good, 10_000_000)
    yield state(good, 0)
    if (bad !== undefined) yield state(bad, 10_000_000)
  }
}

function precompileAddress(number: number): Uint8Array {
  const address = new Uint8Array(20)
  new DataView(address.buffer).setUint32(16, number)
  return address
}

function callOf(number: number): MachineState {
  let state = transaction(NO_CODE, { to: precompileAddress(number), gasLimit: 12_000_000n })
  while (state.phase !== PHASE.PRECOMPILE) state = step(state, context)
  return state
}

interface Inputs {
  readonly good: Uint8Array
  /** None where every input is taken. */
  readonly bad?: Uint8Array
}

const zeros = (size: number) => new Uint8Array(size)
const ones = (size: number) => new Uint8Array(size).fill(1)
/** The point at infinity, compressed. */
const INFINITY = Uint8Array.of(0xc0, ...zeros(47))
const VERSIONED_HASH = sha256(INFINITY)
VERSIONED_HASH[0] = 1

const INPUTS: Readonly<Record<number, Inputs>> = {
  1: { good: zeros(128) },
  2: { good: ones(40) },
  3: { good: ones(40) },
  4: { good: ones(40) },
  5: { good: zeros(96), bad: ones(96) },
  6: { good: zeros(128), bad: ones(128) },
  7: { good: zeros(96), bad: ones(96) },
  8: { good: zeros(192), bad: zeros(191) },
  9: { good: Uint8Array.of(0, 0, 0, 12, ...zeros(209)), bad: zeros(212) },
  10: {
    // Any polynomial that is zero is zero at any point.
    good: concatBytes(VERSIONED_HASH, zeros(31), ones(1), zeros(32), INFINITY, INFINITY),
    bad: zeros(192),
  },
  11: { good: zeros(256), bad: zeros(255) },
  12: { good: zeros(160), bad: ones(160) },
  13: { good: zeros(512), bad: ones(512) },
  14: { good: zeros(288), bad: ones(288) },
  15: { good: zeros(384), bad: ones(384) },
  16: { good: zeros(64), bad: ones(64) },
  17: { good: zeros(128), bad: ones(128) },
  256: { good: zeros(160) },
}

/** Prices above 8,000,000 gas: 235 pairs, 2^32 - 1 rounds, numbers of 1,024 bytes. */
export function* dearPrecompileStates(): Generator<MachineState> {
  const inputs: readonly (readonly [number, Uint8Array])[] = [
    [0x05, concatBytes(...[1_024, 1_024, 1_024].map(lengthWord), ones(3_072))],
    [0x08, zeros(192 * 235)],
    [0x09, Uint8Array.of(255, 255, 255, 255, ...zeros(209))],
  ]
  for (const [number, input] of inputs) {
    const state = callOf(number)
    const { frame } = state
    if (frame !== null)
      yield { ...state, frame: { ...frame, input: byteString(input), gas: 10_000_000 } }
  }
}

function lengthWord(length: number): Uint8Array {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(28, length)
  return bytes
}

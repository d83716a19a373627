/** One case of Ethereum's state tests, as the mirror runs it: from TX_START to the next TX_NEXT. Support of tests only. */
import { bytesToHex, hexToBytes, padLeft, ZERO_HASH } from '../../bytes.ts'
import { ETHEREUM_CODE_LIMITS } from '../../codeLimits.ts'
import { keccak256 } from '../../keccak.ts'
import {
  EMPTY_ACCOUNT,
  EMPTY_WORLD,
  putCode,
  putSlot,
  setAccount,
  type WorldState,
} from '../../trie/world.ts'
import { MachineError } from '../errors.ts'
import { CLEAN_BLOOM, CLEAN_WORLD, NO_TX } from '../hash.ts'
import { EMPTY_RING, ringWith } from '../ring.ts'
import { step } from '../step.ts'
import {
  type BlockRecord,
  type MachineContext,
  type MachineRules,
  type MachineSource,
  type MachineState,
  PHASE,
  SOURCE,
} from '../types.ts'

interface PreAccount {
  readonly nonce: string
  readonly balance: string
  readonly code: string
  readonly storage: Readonly<Record<string, string>>
}

export interface StateTest {
  readonly env: Readonly<Record<string, string>>
  readonly pre: Readonly<Record<string, PreAccount>>
  readonly config?: { readonly chainid?: string }
  readonly post: Readonly<
    Record<
      string,
      readonly { readonly hash: string; readonly txbytes: string; readonly indexes: unknown }[]
    >
  >
}

/** Ethereum's own limits. */
export const ETHEREUM_RULES: MachineRules = {
  rangeMax: 2 ** 22,
  precompileGasMax: Number.MAX_SAFE_INTEGER,
  allowsCheats: false,
  ...ETHEREUM_CODE_LIMITS,
}

export const NO_SOURCE: MachineSource = {
  entry: missing,
  payload: missing,
  cells: missing,
  message: missing,
}

function missing(): never {
  throw new MachineError('A state test has no L1.')
}

export function contextOf(rules: MachineRules): MachineContext {
  return { source: NO_SOURCE, endEntry: 1_000_000n, rules }
}

/** The world after the case's transaction. */
export function runStateTest(test: StateTest, post: { readonly txbytes: string }): WorldState {
  return runTransaction(stateTestState(test, post), contextOf(ETHEREUM_RULES)).world.state
}

/** Runs to the end of the transaction that the state is about to start. */
export function runTransaction(
  start: MachineState,
  context: MachineContext,
  observe?: (state: MachineState) => void,
): MachineState {
  let state = start
  do {
    observe?.(state)
    state = step(state, context)
  } while (state.phase !== PHASE.TX_NEXT)
  return state
}

/** TX_START of the case's transaction over its pre-state. */
export function stateTestState(test: StateTest, post: { readonly txbytes: string }): MachineState {
  const block = blockOf(test)
  const raw = hexToBytes(post.txbytes)
  return startOf(worldOf(test.pre), block, raw)
}

export function startOf(
  state: WorldState,
  block: BlockRecord,
  raw: Uint8Array,
  source: number = SOURCE.PAYLOAD,
): MachineState {
  return {
    phase: PHASE.TX_START,
    block,
    tx: { ...NO_TX, hash: keccak256(raw), source, raw },
    world: { ...CLEAN_WORLD, state },
    frame: null,
  }
}

function blockOf({ env, config }: StateTest): BlockRecord {
  const number = BigInt(env['currentNumber'] ?? '1')
  let ring = EMPTY_RING
  const parentHash = keccakText((number - 1n).toString())
  for (let n = number > 256n ? number - 256n : 0n; n < number; n++) {
    ring = ringWith(ring, n, keccakText(n.toString()))
  }
  return {
    ...EMPTY_BLOCK,
    chainId: Number(config?.chainid ?? '1'),
    coinbase: hexToBytes(env['currentCoinbase'] ?? ''),
    gasLimit: BigInt(env['currentGasLimit'] ?? '0'),
    number,
    timestamp: BigInt(env['currentTimestamp'] ?? '0'),
    prevrandao: word(env['currentRandom'] ?? '0x00'),
    baseFee: BigInt(env['currentBaseFee'] ?? '0'),
    parentHash,
    ring,
  }
}

export const EMPTY_BLOCK: BlockRecord = {
  chainId: 1,
  coinbase: new Uint8Array(20),
  gasLimit: 60_000_000n,
  batchIndex: 1n,
  entryHash: ZERO_HASH,
  cursor: 0,
  blockIndex: 0,
  inboxCount: 0n,
  inboxTarget: 0n,
  transactionsLeft: 0,
  systemStage: 0,
  number: 1n,
  timestamp: 1_000n,
  prevrandao: ZERO_HASH,
  baseFee: 7n,
  parentHash: ZERO_HASH,
  ring: EMPTY_RING,
  gasUsed: 0n,
  transactionCount: 0,
  transactionsHash: ZERO_HASH,
  receiptsHash: ZERO_HASH,
  bloom: CLEAN_BLOOM,
}

function worldOf(pre: StateTest['pre']): WorldState {
  let world = EMPTY_WORLD
  for (const [address, item] of Object.entries(pre)) {
    const code = hexToBytes(item.code)
    world = putCode(world, code)
    let { storage } = EMPTY_ACCOUNT
    for (const [slot, value] of Object.entries(item.storage)) {
      storage = putSlot(storage, word(slot), BigInt(value))
    }
    world = setAccount(world, hexToBytes(address), {
      nonce: BigInt(item.nonce),
      balance: BigInt(item.balance),
      codeHash: keccak256(code),
      storage,
    })
  }
  return world
}

function word(hex: string): Uint8Array {
  const digits = hex.slice(2)
  return padLeft(hexToBytes(digits.length % 2 === 0 ? digits : `0${digits}`), 32)
}

function keccakText(text: string): Uint8Array {
  return keccak256(hexToBytes(bytesToHex(Uint8Array.from(text, (c) => c.charCodeAt(0)))))
}

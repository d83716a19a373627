/** Storage, transient storage and logs. */
import { addLog, bloomWithLog } from '../../l2Header.ts'
import { byteString } from '../byteString.ts'
import {
  type Draft,
  type OpenFrame,
  pushWord,
  setScratch,
  takeAccount,
  takeMemory,
  takeScratch,
  takeSlot,
  takeString,
  writeSlot,
} from '../draft.ts'
import { SCRATCH, scratchKey } from '../scratch.ts'
import { wordToBytes } from '../words.ts'
import { charge, chargeMemory, memoryRange, type NumberedOpcode } from './opcode.ts'

const WARM_GAS = 100
const COLD_SLOT_GAS = 2_100
const SET_GAS = 20_000
const RESET_GAS = 2_900
const CLEAR_REFUND = 4_800
/** EIP-2200: SSTORE needs more than this. */
const SENTRY_GAS = 2_300
const LOG_GAS = 375
const LOG_BYTE_GAS = 8

export const STORAGE: readonly NumberedOpcode[] = [
  { number: 0x54, name: 'SLOAD', pops: 1, pushes: 1, writes: false, run: load },
  { number: 0x55, name: 'SSTORE', pops: 2, pushes: 0, writes: true, run: store },
  {
    number: 0x5c,
    name: 'TLOAD',
    pops: 1,
    pushes: 1,
    writes: false,
    run: (draft, frame, words) => {
      if (!charge(frame, WARM_GAS)) return false
      pushWord(frame, takeScratch(draft, SCRATCH.TRANSIENT, frame.self, words[0] ?? 0n))
      return true
    },
  },
  {
    number: 0x5d,
    name: 'TSTORE',
    pops: 2,
    pushes: 0,
    writes: true,
    run: (draft, frame, words) => {
      if (!charge(frame, WARM_GAS)) return false
      setScratch(draft, scratchKey(SCRATCH.TRANSIENT, frame.self, words[0] ?? 0n), words[1] ?? 0n)
      return true
    },
  },
  ...[0, 1, 2, 3, 4].map(logOpcode),
]

function isWarmSlot(draft: Draft, address: Uint8Array, slot: bigint): boolean {
  return setScratch(draft, scratchKey(SCRATCH.WARM_SLOT, address, slot), 1n) === 1n
}

function load(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  const slot = words[0] ?? 0n
  if (!charge(frame, isWarmSlot(draft, frame.self, slot) ? WARM_GAS : COLD_SLOT_GAS)) return false
  const { account } = takeAccount(draft, draft.world.state, frame.self)
  pushWord(frame, takeSlot(draft, account, slot).value)
  return true
}

function store(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  if (frame.gas <= SENTRY_GAS) return false
  const slot = words[0] ?? 0n
  const next = words[1] ?? 0n
  const coldGas = isWarmSlot(draft, frame.self, slot) ? 0 : COLD_SLOT_GAS
  const taken = takeAccount(draft, draft.world.state, frame.self)
  const takenSlot = takeSlot(draft, taken.account, slot)
  const committed = takeAccount(draft, draft.tx.committed ?? draft.world.state, frame.self)
  const original = takeSlot(draft, committed.account, slot).value
  const change = { original, current: takenSlot.value, next }
  if (!charge(frame, coldGas + storeGas(change))) return false
  const refund = storeRefund(change)
  if (refund !== 0) draft.world = { ...draft.world, refund: draft.world.refund + refund }
  if (next !== takenSlot.value) writeSlot(draft, taken, takenSlot, next)
  return true
}

interface SlotChange {
  readonly original: bigint
  readonly current: bigint
  readonly next: bigint
}

/** EIP-2200 with EIP-2929's prices, without the cold access. */
function storeGas({ original, current, next }: SlotChange): number {
  if (next === current || original !== current) return WARM_GAS
  return original === 0n ? SET_GAS : RESET_GAS
}

/** EIP-3529. */
function storeRefund({ original, current, next }: SlotChange): number {
  if (next === current) return 0
  if (original === current) return original !== 0n && next === 0n ? CLEAR_REFUND : 0
  let refund = 0
  if (original !== 0n) {
    if (current === 0n) refund -= CLEAR_REFUND
    else if (next === 0n) refund += CLEAR_REFUND
  }
  if (original === next) refund += (original === 0n ? SET_GAS : RESET_GAS) - WARM_GAS
  return refund
}

function logOpcode(topicCount: number): NumberedOpcode {
  return {
    number: 0xa0 + topicCount,
    name: `LOG${topicCount}`,
    pops: 2 + topicCount,
    pushes: 0,
    writes: true,
    run: (draft, frame, words) => {
      const range = memoryRange(draft, words[0], words[1])
      if (range === undefined) return false
      const gas = LOG_GAS * (1 + topicCount) + LOG_BYTE_GAS * range.length
      if (!chargeMemory(frame, gas, range)) return false
      const data = takeMemory(draft, frame, range.offset, range.length)
      const log = { address: frame.self, topics: words.slice(2).map(wordToBytes), data }
      const { world } = draft
      draft.world = {
        ...world,
        logHash: addLog(world.logHash, log),
        bloom: byteString(bloomWithLog(takeString(draft, world.bloom), log)),
      }
      return true
    },
  }
}

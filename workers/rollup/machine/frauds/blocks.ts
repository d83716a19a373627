/** Lies about batches and blocks: what was read, when it was, what it costs, and what it is called. */
import { ZERO_HASH } from '../../bytes.ts'
import { keccak256 } from '../../keccak.ts'
import { ringWith } from '../ring.ts'
import { type BlockRecord, PHASE } from '../types.ts'
import { addBalance, type HonestStep, LOOT, type Tamper, withState } from './edit.ts'

const HOUR_SECONDS = 3_600n

/** A batch full of blocks is read as if nothing in it could be decoded. */
export const misreadBatch: Tamper = ({ before, after }) => {
  if (before.phase !== PHASE.BATCH_OPEN || after.phase !== PHASE.BLOCK_START) return null
  const batchIndex = before.block.batchIndex + 1n
  return { ...before, block: { ...before.block, batchIndex, entryHash: ZERO_HASH } }
}

/** The trace ends too early: a batch is closed while a block of it is left. */
export const endEarly: Tamper = ({ before, after }) => {
  if (before.phase !== PHASE.BLOCK_START || after.phase !== PHASE.SYSTEM) return null
  // Without its first block, a batch would be misread from the beginning: another lie.
  if (before.block.blockIndex === 0) return null
  const batchIndex = before.block.batchIndex + 1n
  const closed = { batchIndex, entryHash: ZERO_HASH, cursor: 0, blockIndex: 0 }
  return { ...before, phase: PHASE.BATCH_OPEN, block: { ...before.block, ...closed } }
}

/** The trace ends too late: behind its end stands one more step, in which the thief pays itself. */
export const runOn: Tamper = ({ before, after }, { thief }) => {
  // The machine that is at its end stays as it is.
  if (before.phase !== PHASE.BATCH_OPEN || after !== before) return null
  return withState(after, addBalance(after.world.state, thief, LOOT))
}

/** Deposits that the block must take from the inbox are passed over. */
export const omitDeposits: Tamper = (step) => {
  const { inboxCount, inboxTarget } = step.after.block
  if (inboxTarget <= inboxCount) return null
  return startedWith(step, { inboxTarget: inboxCount })
}

/** A block claims to be of an hour later: whatever waits for time is due. */
export const tamperTimestamp: Tamper = (step) =>
  startedWith(step, { timestamp: step.after.block.timestamp + HOUR_SECONDS })

/** A block's gas is half as dear as it must be. */
export const tamperBaseFee: Tamper = (step) =>
  startedWith(step, { baseFee: step.after.block.baseFee / 2n })

function startedWith({ before, after }: HonestStep, change: Partial<BlockRecord>) {
  if (before.phase !== PHASE.BLOCK_START || after.phase !== PHASE.SYSTEM) return null
  return { ...after, block: { ...after.block, ...change } }
}

/** A finished block gets a hash that its header does not have. */
export const tamperHeader: Tamper = ({ before, after }) => {
  if (before.phase !== PHASE.BLOCK_END) return null
  const parentHash = keccak256(after.block.parentHash)
  const ring = ringWith(before.block.ring, before.block.number, parentHash)
  return { ...after, block: { ...after.block, parentHash, ring } }
}

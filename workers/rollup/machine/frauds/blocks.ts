/** Lies about batches and blocks: what was read, when it was, what it costs, and what it is called. */
import { ZERO_HASH } from '../../bytes.ts'
import { keccak256 } from '../../keccak.ts'
import { ringWith } from '../ring.ts'
import { type BlockRecord, PHASE } from '../types.ts'
import type { HonestStep, Tamper } from './edit.ts'

const HOUR_SECONDS = 3_600n

/** A batch full of blocks is read as if nothing in it could be decoded. */
export const misreadBatch: Tamper = ({ before, after }) => {
  if (before.phase !== PHASE.BATCH_OPEN || after.phase !== PHASE.BLOCK_START) return null
  const batchIndex = before.block.batchIndex + 1n
  return { ...before, block: { ...before.block, batchIndex, entryHash: ZERO_HASH } }
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

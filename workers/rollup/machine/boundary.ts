/** Output roots from chain data, without running an opcode (docs/specs/MACHINE.md, section 2). */
import { concatBytes, ZERO_HASH } from '../bytes.ts'
import { keccak256, keccakText } from '../keccak.ts'
import type { WorldState } from '../trie/world.ts'
import {
  CLEAN_BLOOM,
  CLEAN_WORLD,
  NO_TX,
  recordHashes,
  stateHash,
  wordsOf,
  worldWords,
} from './hash.ts'
import { EMPTY_RING, RING_SIZE, ringWith } from './ring.ts'
import { type MachineState, PHASE } from './types.ts'

/** What an output root commits to: the chain after the last block of an entry. */
export interface BoundaryInput {
  readonly chainId: number
  readonly coinbase: Uint8Array
  readonly gasLimit: bigint
  /** Index of the next inbox entry; 1 for genesis. */
  readonly batchIndex: bigint
  /** Inbox messages consumed. */
  readonly inboxCount: bigint
  /** Fields of the last block's header. */
  readonly number: bigint
  readonly timestamp: bigint
  readonly prevrandao: Uint8Array
  readonly baseFee: bigint
  readonly gasUsed: bigint
  /** Hash of a block from `number − 255` (or 0) to `number`. */
  readonly blockHash: (number: bigint) => Uint8Array
  readonly world: WorldState
}

/** The machine's state between two entries: start of a trace, or its end. */
export function boundaryState(input: BoundaryInput): MachineState {
  const { number } = input
  let ring = EMPTY_RING
  const size = BigInt(RING_SIZE)
  for (let n = number >= size ? number - size + 1n : 0n; n <= number; n++) {
    ring = ringWith(ring, n, input.blockHash(n))
  }
  return {
    phase: PHASE.BATCH_OPEN,
    block: {
      chainId: input.chainId,
      coinbase: input.coinbase,
      gasLimit: input.gasLimit,
      batchIndex: input.batchIndex,
      entryHash: ZERO_HASH,
      cursor: 0,
      blockIndex: 0,
      inboxCount: input.inboxCount,
      inboxTarget: 0n,
      transactionsLeft: 0,
      systemStage: 0,
      number,
      timestamp: input.timestamp,
      prevrandao: input.prevrandao,
      baseFee: input.baseFee,
      parentHash: input.blockHash(number),
      ring,
      gasUsed: input.gasUsed,
      transactionCount: 0,
      transactionsHash: ZERO_HASH,
      receiptsHash: ZERO_HASH,
      bloom: CLEAN_BLOOM,
    },
    tx: NO_TX,
    world: { ...CLEAN_WORLD, state: input.world },
    frame: null,
  }
}

/** The output root of the chain after an entry: 32 bytes. */
export function boundaryStateHash(input: BoundaryInput): Uint8Array {
  return stateHash(boundaryState(input))
}

/** What opens an output root down to the state root, as `IL1Bridge.WithdrawalProof` takes it. */
export interface OutputOpening {
  /** Six words. */
  readonly statePreimage: Uint8Array
  /** Seven words. */
  readonly worldPreimage: Uint8Array
}

export function openOutput(state: MachineState): OutputOpening {
  const hashes = recordHashes(state)
  const tag = keccakText('trex.machine.state.1')
  const worldTag = keccakText('trex.machine.world.1')
  return {
    statePreimage: wordsOf([tag, state.phase, hashes.block, hashes.tx, hashes.world, hashes.frame]),
    worldPreimage: concatBytes(worldTag, worldWords(state.world)),
  }
}

/** keccak256 of the opening: the output root. */
export function openedRoot(opening: OutputOpening): Uint8Array {
  return keccak256(opening.statePreimage)
}

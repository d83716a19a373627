/** The machine's state as live data; `hash.ts` reduces it to the records of docs/specs/MACHINE.md. All of it is immutable. */
import type { Entry } from '../batch/entry.ts'
import { type CodeLimits, ETHEREUM_CODE_LIMITS } from '../codeLimits.ts'
import type { WorldState } from '../trie/world.ts'
import type { ByteString, Code } from './byteString.ts'
import type { Memory } from './memory.ts'
import type { Ring } from './ring.ts'
import type { Scratch } from './scratch.ts'
import type { Stack } from './stack.ts'

export const PHASE = {
  BATCH_OPEN: 0,
  BLOCK_START: 1,
  TX_NEXT: 2,
  BLOCK_END: 3,
  SYSTEM: 4,
  TX_START: 5,
  ACCESS: 6,
  AUTHORIZE: 7,
  TX_CALL: 8,
  FRAME_START: 9,
  EXEC: 10,
  PRECOMPILE: 11,
  RETURN: 12,
  REVERT: 13,
  HALT: 14,
  TX_END: 15,
  DESTRUCT: 16,
  TX_CLOSE: 17,
  CHEAT: 18,
} as const

export type PhaseName = keyof typeof PHASE
export type Phase = (typeof PHASE)[PhaseName]

export const FRAME_KIND = {
  CALL: 1,
  CALLCODE: 2,
  DELEGATECALL: 3,
  STATICCALL: 4,
  CREATE: 5,
} as const
export type FrameKind = (typeof FRAME_KIND)[keyof typeof FRAME_KIND]

export const SOURCE = { INBOX: 1, PAYLOAD: 2, SYSTEM: 3 } as const
export const SYSTEM_KIND = 0xff

export interface BlockRecord {
  readonly chainId: number
  readonly coinbase: Uint8Array
  readonly gasLimit: bigint
  readonly batchIndex: bigint
  /** Zero hash between entries. */
  readonly entryHash: Uint8Array
  readonly cursor: number
  readonly blockIndex: number
  readonly inboxCount: bigint
  readonly inboxTarget: bigint
  readonly transactionsLeft: number
  readonly systemStage: number
  readonly number: bigint
  readonly timestamp: bigint
  readonly prevrandao: Uint8Array
  readonly baseFee: bigint
  /** Hash of the last finished block. */
  readonly parentHash: Uint8Array
  readonly ring: Ring
  readonly gasUsed: bigint
  readonly transactionCount: number
  readonly transactionsHash: Uint8Array
  readonly receiptsHash: Uint8Array
  readonly bloom: ByteString
}

/** One item of the access list or one authorization, in a chain whose hash the Tx record holds. */
export interface ItemChain {
  /** The item's words, as the chain's hash and the witness have them. */
  readonly words: readonly bigint[]
  readonly below: ItemChain | null
  /** Cache, filled when first asked for. */
  hash: Uint8Array | null
}

export interface TxRecord {
  readonly hash: Uint8Array
  readonly source: number
  readonly kind: number
  readonly origin: Uint8Array
  readonly to: Uint8Array
  readonly isCreate: boolean
  readonly gasPrice: bigint
  readonly gasLimit: number
  readonly gas: number
  readonly floorGas: number
  readonly value: bigint
  /** Null in a record without transaction data, whose hash word is zero. */
  readonly data: ByteString | null
  readonly access: ItemChain | null
  readonly authorizations: ItemChain | null
  /** State before the transaction; null: the word is zero. */
  readonly committed: WorldState | null
  readonly status: number
  readonly gasLeft: number
  readonly gasUsed: number
  /** The bytes behind `hash` while TX_START has yet to read them; not hashed. */
  readonly raw: Uint8Array | null
}

/** What a REVERT restores. */
export interface World {
  readonly state: WorldState
  readonly scratch: Scratch
  readonly refund: number
  readonly logHash: Uint8Array
  readonly bloom: ByteString
  readonly destructs: ItemChain | null
}

export interface Frame {
  readonly depth: number
  readonly kind: FrameKind
  readonly isStatic: boolean
  readonly self: Uint8Array
  readonly codeAddress: Uint8Array
  readonly caller: Uint8Array
  readonly value: bigint
  readonly code: Code
  readonly input: ByteString
  readonly gas: number
  readonly pc: number
  readonly stack: Stack
  readonly memory: Memory
  readonly memoryWords: number
  readonly returnData: ByteString
  readonly outOffset: number
  readonly outLength: number
  readonly parent: Frame | null
  /** Null before FRAME_START. */
  readonly revertWorld: World | null
}

export interface MachineState {
  readonly phase: Phase
  readonly block: BlockRecord
  readonly tx: TxRecord
  readonly world: World
  readonly frame: Frame | null
}

/** Where the machine reads L1 and the batches' data. All methods throw `MachineError` for what they do not have. */
export interface MachineSource {
  entry(index: bigint): Entry
  /** The first `payloadLength` bytes of the batch. */
  payload(index: bigint): Uint8Array
  /** All 128 cells, 2,048 bytes each; only witnesses need them. */
  cells(index: bigint): readonly Uint8Array[]
  /** EIP-2718 bytes of an inbox message. */
  message(index: bigint): Uint8Array
}

/** Limits that fixtures of Ethereum's own rules lift, and what a world may choose. */
export interface MachineRules extends CodeLimits {
  /** Bytes of one memory range. */
  readonly rangeMax: number
  /** Gas of one precompile call. */
  readonly precompileGasMax: number
  /** Whether cheats (type 0x7D) are valid: on devnets alone. */
  readonly allowsCheats: boolean
}

export const L2_RULES: MachineRules = {
  rangeMax: 65_536,
  precompileGasMax: 8_000_000,
  allowsCheats: true,
  ...ETHEREUM_CODE_LIMITS,
}

export interface MachineContext {
  readonly source: MachineSource
  /** Index after the last entry that the trace executes: `entryIndex + 1` of the game. */
  readonly endEntry: bigint
  readonly rules: MachineRules
}

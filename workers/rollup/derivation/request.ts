/** From a derived block to what the chain engine executes (docs/specs/MACHINE.md, phases BLOCK_START, SYSTEM and TX_NEXT). */
import { encodeWords } from '../batch/words.ts'
import { concatBytes, hexToBytes } from '../bytes.ts'
import { keccakText } from '../keccak.ts'
import type { DerivedBlock, Origin } from './derive.ts'

/** Where L2 fees go (`FeeVault`). */
export const L2_COINBASE: Uint8Array = hexToBytes('0x4200000000000000000000000000000000000011')
/** Where L2 contracts read L1 (`L1Block`). */
export const L1_BLOCK_ADDRESS: Uint8Array = hexToBytes('0x4200000000000000000000000000000000000015')

const SET_L1_BLOCK = keccakText('setL1Block(uint64,uint64,uint256,bytes32,bytes32)').subarray(0, 4)
/** Structurally `BlockRequest` of the chain engine. */
export interface L2BlockRequest {
  readonly parentHash: Uint8Array
  readonly environment: {
    readonly coinbase: Uint8Array
    readonly timestamp: bigint
    readonly gasLimit: bigint
    readonly prevrandao: Uint8Array
    readonly parentBeaconBlockRoot: Uint8Array
  }
  readonly systemCalls: readonly { readonly to: Uint8Array; readonly data: Uint8Array }[]
  /** Inbox messages first, then the block's own. */
  readonly transactions: readonly Uint8Array[]
  /** How many of them are inbox messages: a deposit behind them is forged and skipped. */
  readonly inboxMessages: number
}

export interface RequestInput {
  readonly block: DerivedBlock
  readonly parentHash: Uint8Array
  readonly gasLimit: bigint
  /** The inbox's messages by index; those up to `block.inboxTo` must be known. */
  readonly messages: readonly Uint8Array[]
}

/** `null` while an inbox message that the block consumes is not known: the view of L1 lags behind. */
export function toBlockRequest(input: RequestInput): L2BlockRequest | null {
  const { block, messages } = input
  if (BigInt(messages.length) < block.inboxTo) return null
  const inbox = messages.slice(Number(block.inboxFrom), Number(block.inboxTo))
  return {
    parentHash: input.parentHash,
    environment: {
      coinbase: L2_COINBASE,
      timestamp: block.timestamp,
      gasLimit: input.gasLimit,
      prevrandao: block.origin.prevrandao,
      parentBeaconBlockRoot: block.origin.hash,
    },
    systemCalls: block.isFirst ? [l1BlockCall(block.origin)] : [],
    transactions: [...inbox, ...block.transactions],
    inboxMessages: inbox.length,
  }
}

/** Data of the system call that tells L2 contracts of the origin; the first block of an entry makes it. */
function l1BlockCall(origin: Origin): { readonly to: Uint8Array; readonly data: Uint8Array } {
  const words = encodeWords([
    origin.number,
    origin.timestamp,
    origin.baseFee,
    origin.hash,
    origin.prevrandao,
  ])
  return { to: L1_BLOCK_ADDRESS, data: concatBytes(SET_L1_BLOCK, words) }
}

/** What a frame can ask about itself, its transaction, its block and other accounts. */
import { keccak256 } from '../../keccak.ts'
import {
  type Draft,
  isEmptyAccount,
  type OpenFrame,
  pushWord,
  putMemory,
  takeAccount,
  takeCode,
  takeMemory,
  takeString,
  warm,
} from '../draft.ts'
import { ringHash, ringProof } from '../ring.ts'
import { addressToWord, clampNumber, readWord, wordCount, wordToAddress } from '../words.ts'
import { charge, chargeMemory, memoryRange, type NumberedOpcode, pure, read } from './opcode.ts'

const WARM_GAS = 100
const COLD_ACCOUNT_GAS = 2_600
const BLOB_BASE_FEE = 1n
const BLOCK_HASHES = 256n
/** Above every offset into a byte string that matters. */
const OFFSET_MAX = 2 ** 40

export const ENVIRONMENT: readonly NumberedOpcode[] = [
  read(0x30, 'ADDRESS', (_d, f) => addressToWord(f.self)),
  accountOpcode(0x31, 'BALANCE', (draft, address) => {
    return takeAccount(draft, draft.world.state, address).account.balance
  }),
  read(0x32, 'ORIGIN', (d) => addressToWord(d.tx.origin)),
  read(0x33, 'CALLER', (_d, f) => addressToWord(f.caller)),
  read(0x34, 'CALLVALUE', (_d, f) => f.value),
  {
    number: 0x35,
    name: 'CALLDATALOAD',
    pops: 1,
    pushes: 1,
    writes: false,
    run: (draft, frame, words) => {
      if (!charge(frame, 3)) return false
      const input = takeString(draft, frame.input)
      pushWord(frame, readWord(input, clampNumber(words[0] ?? 0n, OFFSET_MAX)))
      return true
    },
  },
  read(0x36, 'CALLDATASIZE', (_d, f) => BigInt(f.input.bytes.length)),
  copyOpcode(0x37, 'CALLDATACOPY', (draft, frame) => takeString(draft, frame.input)),
  read(0x38, 'CODESIZE', (_d, f) => BigInt(f.code.bytes.length)),
  copyOpcode(0x39, 'CODECOPY', (_draft, frame) => frame.code.bytes),
  read(0x3a, 'GASPRICE', (d) => d.tx.gasPrice),
  accountOpcode(0x3b, 'EXTCODESIZE', (draft, address) => {
    const { account } = takeAccount(draft, draft.world.state, address)
    return BigInt(takeCode(draft, draft.world.state, account.codeHash).bytes.length)
  }),
  { number: 0x3c, name: 'EXTCODECOPY', pops: 4, pushes: 0, writes: false, run: copyForeignCode },
  read(0x3d, 'RETURNDATASIZE', (_d, f) => BigInt(f.returnData.bytes.length)),
  { number: 0x3e, name: 'RETURNDATACOPY', pops: 3, pushes: 0, writes: false, run: copyReturnData },
  accountOpcode(0x3f, 'EXTCODEHASH', (draft, address) => {
    const { account } = takeAccount(draft, draft.world.state, address)
    return isEmptyAccount(account) ? 0n : readWord(account.codeHash, 0)
  }),
  { number: 0x40, name: 'BLOCKHASH', pops: 1, pushes: 1, writes: false, run: blockHash },
  read(0x41, 'COINBASE', (d) => addressToWord(d.block.coinbase)),
  read(0x42, 'TIMESTAMP', (d) => d.block.timestamp),
  read(0x43, 'NUMBER', (d) => d.block.number),
  read(0x44, 'PREVRANDAO', (d) => readWord(d.block.prevrandao, 0)),
  read(0x45, 'GASLIMIT', (d) => d.block.gasLimit),
  read(0x46, 'CHAINID', (d) => BigInt(d.block.chainId)),
  {
    number: 0x47,
    name: 'SELFBALANCE',
    pops: 0,
    pushes: 1,
    writes: false,
    run: (draft, frame) => {
      if (!charge(frame, 5)) return false
      pushWord(frame, takeAccount(draft, draft.world.state, frame.self).account.balance)
      return true
    },
  },
  read(0x48, 'BASEFEE', (d) => d.block.baseFee),
  pure(0x49, 'BLOBHASH', 3, 1, () => 0n),
  read(0x4a, 'BLOBBASEFEE', () => BLOB_BASE_FEE),
]

/** BALANCE and its kind: EIP-2929's price, then one account. */
function accountOpcode(
  number: number,
  name: string,
  value: (draft: Draft, address: Uint8Array) => bigint,
): NumberedOpcode {
  return {
    number,
    name,
    pops: 1,
    pushes: 1,
    writes: false,
    run: (draft, frame, words) => {
      const address = wordToAddress(words[0] ?? 0n)
      if (!charge(frame, accessGas(draft, address))) return false
      pushWord(frame, value(draft, address))
      return true
    },
  }
}

/** EIP-2929, for accounts. */
export function accessGas(draft: Draft, address: Uint8Array): number {
  return warm(draft, address) ? WARM_GAS : COLD_ACCOUNT_GAS
}

function copyOpcode(
  number: number,
  name: string,
  source: (draft: Draft, frame: OpenFrame) => Uint8Array,
): NumberedOpcode {
  return {
    number,
    name,
    pops: 3,
    pushes: 0,
    writes: false,
    run: (draft, frame, words) => {
      const range = memoryRange(draft, words[0], words[2])
      if (range === undefined) return false
      if (!chargeMemory(frame, 3 + 3 * wordCount(range.length), range)) return false
      if (range.length === 0) return true
      const bytes = slicePadded(source(draft, frame), words[1] ?? 0n, range.length)
      putMemory(draft, frame, range.offset, bytes)
      return true
    },
  }
}

function copyForeignCode(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  const address = wordToAddress(words[0] ?? 0n)
  const range = memoryRange(draft, words[1], words[3])
  if (range === undefined) return false
  if (!chargeMemory(frame, 3 * wordCount(range.length), range)) return false
  if (!charge(frame, accessGas(draft, address))) return false
  if (range.length === 0) return true
  const { account } = takeAccount(draft, draft.world.state, address)
  const code = takeCode(draft, draft.world.state, account.codeHash)
  putMemory(draft, frame, range.offset, slicePadded(code.bytes, words[2] ?? 0n, range.length))
  return true
}

function copyReturnData(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  const offset = words[1] ?? 0n
  const length = words[2] ?? 0n
  if (offset + length > BigInt(frame.returnData.bytes.length)) return false
  const range = memoryRange(draft, words[0], length)
  if (range === undefined) return false
  if (!chargeMemory(frame, 3 + 3 * wordCount(range.length), range)) return false
  if (range.length === 0) return true
  const bytes = slicePadded(takeString(draft, frame.returnData), offset, range.length)
  putMemory(draft, frame, range.offset, bytes)
  return true
}

function blockHash(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  if (!charge(frame, 20)) return false
  const number = words[0] ?? 0n
  const { block } = draft
  if (number >= block.number || number + BLOCK_HASHES < block.number) {
    pushWord(frame, 0n)
    return true
  }
  draft.parts?.ranges.push(ringProof(block.ring, number))
  pushWord(frame, readWord(ringHash(block.ring, number), 0))
  return true
}

/** `length` bytes from `offset` on, with zeros beyond the end. */
function slicePadded(bytes: Uint8Array, offset: bigint, length: number): Uint8Array {
  const result = new Uint8Array(length)
  const start = clampNumber(offset, OFFSET_MAX)
  if (start < bytes.length) result.set(bytes.subarray(start, start + length))
  return result
}

export const KECCAK: NumberedOpcode = {
  number: 0x20,
  name: 'KECCAK256',
  pops: 2,
  pushes: 1,
  writes: false,
  run: (draft, frame, words) => {
    const range = memoryRange(draft, words[0], words[1])
    if (range === undefined) return false
    if (!chargeMemory(frame, 30 + 6 * wordCount(range.length), range)) return false
    pushWord(frame, readWord(keccak256(takeMemory(draft, frame, range.offset, range.length)), 0))
    return true
  },
}

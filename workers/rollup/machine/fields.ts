/** A state as named fields in the order of docs/specs/MACHINE.md, printed: an inspector lays two such lists side by side. */
import { bytesToHex } from '../bytes.ts'
import { nextOpcode, phaseName } from './describe.ts'
import { blockWords, frameWords, stateHash, txWords, worldWords } from './hash.ts'
import { readMemory } from './memory.ts'
import { stackValues } from './stack.ts'
import type { MachineState } from './types.ts'
import { readWord } from './words.ts'

/** The shape of `MachineField` in protocol/queries.ts. */
export interface Field {
  readonly record: 'machine' | 'block' | 'transaction' | 'world' | 'frame'
  readonly name: string
  readonly value: string
}

/** How a word is printed: a number, an address, or all 32 bytes. */
type Print = 'number' | 'address' | 'hash'
type Layout = readonly (readonly [name: string, print: Print])[]

const STACK_SHOWN = 16
const MEMORY_WORDS_SHOWN = 16

const BLOCK: Layout = [
  ['chainId', 'number'],
  ['coinbase', 'address'],
  ['gasLimit', 'number'],
  ['batchIndex', 'number'],
  ['entryHash', 'hash'],
  ['cursor', 'number'],
  ['blockIndex', 'number'],
  ['inboxCount', 'number'],
  ['inboxTarget', 'number'],
  ['transactionsLeft', 'number'],
  ['systemStage', 'number'],
  ['number', 'number'],
  ['timestamp', 'number'],
  ['prevrandao', 'hash'],
  ['baseFee', 'number'],
  ['parentHash', 'hash'],
  ['ringRoot', 'hash'],
  ['gasUsed', 'number'],
  ['transactionCount', 'number'],
  ['transactionsHash', 'hash'],
  ['receiptsHash', 'hash'],
  ['bloomHash', 'hash'],
]

const TRANSACTION: Layout = [
  ['hash', 'hash'],
  ['source', 'number'],
  ['kind', 'number'],
  ['origin', 'address'],
  ['to', 'address'],
  ['isCreate', 'number'],
  ['gasPrice', 'number'],
  ['gasLimit', 'number'],
  ['gas', 'number'],
  ['floorGas', 'number'],
  ['value', 'number'],
  ['dataHash', 'hash'],
  ['dataLength', 'number'],
  ['accessHash', 'hash'],
  ['authorizationHash', 'hash'],
  ['committedRoot', 'hash'],
  ['status', 'number'],
  ['gasLeft', 'number'],
  ['gasUsed', 'number'],
]

const WORLD: Layout = [
  ['stateRoot', 'hash'],
  ['scratchRoot', 'hash'],
  ['refund', 'number'],
  ['logHash', 'hash'],
  ['bloomHash', 'hash'],
  ['destructHash', 'hash'],
]

const FRAME: Layout = [
  ['depth', 'number'],
  ['kind', 'number'],
  ['isStatic', 'number'],
  ['self', 'address'],
  ['codeAddress', 'address'],
  ['caller', 'address'],
  ['value', 'number'],
  ['codeHash', 'hash'],
  ['inputHash', 'hash'],
  ['inputLength', 'number'],
  ['gas', 'number'],
  ['pc', 'number'],
  ['stackHash', 'hash'],
  ['stackLength', 'number'],
  ['memoryRoot', 'hash'],
  ['memoryWords', 'number'],
  ['returnHash', 'hash'],
  ['returnLength', 'number'],
  ['outOffset', 'number'],
  ['outLength', 'number'],
  ['parentFrameHash', 'hash'],
  ['revertWorldHash', 'hash'],
]

/** All words of the records that exist, then what stands behind the hashes: the top of the stack and the first words of memory. */
export function machineFields(state: MachineState): readonly Field[] {
  const { frame, tx } = state
  return [
    { record: 'machine', name: 'stateHash', value: bytesToHex(stateHash(state)) },
    { record: 'machine', name: 'phase', value: phaseName(state.phase) },
    { record: 'machine', name: 'opcode', value: nextOpcode(state) },
    ...print('block', BLOCK, blockWords(state.block)),
    ...(tx.source === 0 ? [] : print('transaction', TRANSACTION, txWords(tx))),
    ...print('world', WORLD, worldWords(state.world)),
    ...(frame === null ? [] : print('frame', FRAME, frameWords(frame))),
    ...contents(state),
  ]
}

function print(record: Field['record'], layout: Layout, words: Uint8Array): Field[] {
  return layout.map(([name, how], i) => {
    const word = words.subarray(32 * i, 32 * i + 32)
    if (how === 'number') return { record, name, value: readWord(word, 0).toString() }
    return { record, name, value: bytesToHex(how === 'address' ? word.subarray(12) : word) }
  })
}

function contents({ frame }: MachineState): Field[] {
  if (frame === null) return []
  const stack = stackValues(frame.stack, STACK_SHOWN).map(
    (value, i): Field => ({
      record: 'frame',
      name: `stack[${i}]`,
      value: `0x${value.toString(16)}`,
    }),
  )
  const words = Math.min(frame.memoryWords, MEMORY_WORDS_SHOWN)
  const memory = Array.from({ length: words }, (_, i): Field => {
    const value = bytesToHex(readMemory(frame.memory, 32 * i, 32))
    return { record: 'frame', name: `memory[${32 * i}]`, value }
  })
  return [...stack, ...memory]
}

/** The witness's queues (docs/specs/MACHINE.md, section 3) and their ABI encoding. */
import { concatBytes, padLeft } from '../bytes.ts'
import type { RangeProof } from './binaryTree.ts'
import { blockWords, frameWords, txWords, wordsOf, worldWords } from './hash.ts'
import type { ScratchProof } from './scratch.ts'
import type { MachineState } from './types.ts'

/** What a step takes from its witness, in order; the mirror fills it while it runs the step. */
export interface Parts {
  readonly blobs: Uint8Array[]
  readonly words: Uint8Array[]
  readonly ranges: RangeProof[]
  readonly scratch: ScratchProof[]
  readonly trie: Uint8Array[][]
}

export function noParts(): Parts {
  return { blobs: [], words: [], ranges: [], scratch: [], trie: [] }
}

/** abi.encode(State, Parts). */
export function encodeWitness(state: MachineState, parts: Parts): Uint8Array {
  const head = encodeState(state)
  return concatBytes(head, size(head.length + 32), encodeParts(parts))
}

/** All records of a state, as the verifier hashes them. */
export function encodeState(state: MachineState): Uint8Array {
  return concatBytes(
    wordsOf([state.phase]),
    blockWords(state.block),
    txWords(state.tx),
    worldWords(state.world),
    frameWords(state.frame),
  )
}

function encodeParts(parts: Parts): Uint8Array {
  return tuple([
    dynamicArray(parts.blobs.map(byteArray)),
    wordArray(parts.words),
    dynamicArray(parts.ranges.map(encodeRange)),
    dynamicArray(parts.scratch.map(encodeScratch)),
    dynamicArray(parts.trie.map((nodes) => dynamicArray(nodes.map(byteArray)))),
  ])
}

function encodeRange(range: RangeProof): Uint8Array {
  return tuple([wordArray(range.leaves), wordArray(range.siblings)])
}

function encodeScratch(proof: ScratchProof): Uint8Array {
  const head = concatBytes(padLeft(proof.value, 32), wordsOf([proof.bitmap]), size(96))
  return concatBytes(head, wordArray(proof.siblings))
}

/** A tuple of dynamic values only. */
function tuple(values: readonly Uint8Array[]): Uint8Array {
  const offsets: Uint8Array[] = []
  let offset = 32 * values.length
  for (const value of values) {
    offsets.push(size(offset))
    offset += value.length
  }
  return concatBytes(...offsets, ...values)
}

function dynamicArray(values: readonly Uint8Array[]): Uint8Array {
  return concatBytes(size(values.length), tuple(values))
}

function wordArray(words: readonly Uint8Array[]): Uint8Array {
  return concatBytes(size(words.length), ...words)
}

function byteArray(bytes: Uint8Array): Uint8Array {
  const padding = new Uint8Array((32 - (bytes.length % 32)) % 32)
  return concatBytes(size(bytes.length), bytes, padding)
}

function size(value: number): Uint8Array {
  return wordsOf([value])
}

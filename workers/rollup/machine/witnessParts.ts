/** A step's witness by named parts. Names are found by hash wherever a record holds one, so that a part cannot be called what it is not. */
import { bytesToHex, concatBytes, equalBytes, type Hex } from '../bytes.ts'
import { keccak256 } from '../keccak.ts'
import type { RangeProof } from './binaryTree.ts'
import { stringHash } from './byteString.ts'
import { nextOpcode } from './describe.ts'
import { frameWords, worldWords } from './hash.ts'
import { encodeState, type Parts } from './parts.ts'
import { type MachineState, PHASE } from './types.ts'
import { wordToBytes } from './words.ts'

export type WitnessPartName =
  | 'state'
  | 'code'
  | 'otherCode'
  | 'input'
  | 'returnData'
  | 'rawTransaction'
  | 'parentFrame'
  | 'snapshot'
  | 'logsBloom'
  | 'blockBloom'
  | 'entry'
  | 'cell'
  | 'stackTop'
  | 'item'
  | 'memory'
  | 'blockHashes'
  | 'cellProof'
  | 'scratch'
  | 'account'
  | 'committedAccount'
  | 'slot'
  | 'committedSlot'
  | 'encoding'

export interface WitnessPart {
  readonly name: WitnessPartName
  readonly bytes: number
  /** Pieces that it is made of: words, tree siblings or trie nodes. */
  readonly pieces: number
  /** At most `SHOWN_BYTES` of it. */
  readonly data: Hex
}

const SHOWN_BYTES = 512

/** All parts in the order of the witness; their sizes add up to `witnessBytes`. */
export function witnessParts(
  state: MachineState,
  parts: Parts,
  witnessBytes: number,
): readonly WitnessPart[] {
  const named = [
    part('state', [encodeState(state)]),
    ...parts.blobs.map((blob) => part(blobName(state, blob), [blob])),
    ...(parts.words.length === 0
      ? []
      : [part(state.phase === PHASE.EXEC ? 'stackTop' : 'item', parts.words)]),
    ...parts.ranges.map((range) =>
      part(rangeName(state, range), [...range.leaves, ...range.siblings]),
    ),
    ...parts.scratch.map(({ value, bitmap, siblings }) =>
      part('scratch', [value, wordToBytes(bitmap), ...siblings]),
    ),
    ...parts.trie.map((nodes, at) => part(trieName(state, at), nodes)),
  ]
  const rest = witnessBytes - named.reduce((sum, { bytes }) => sum + bytes, 0)
  return [...named, { name: 'encoding', bytes: rest, pieces: 1, data: '0x' }]
}

function part(name: WitnessPartName, pieces: readonly Uint8Array[]): WitnessPart {
  const data = concatBytes(...pieces)
  const shown = bytesToHex(data.subarray(0, SHOWN_BYTES))
  return { name, bytes: data.length, pieces: pieces.length, data: shown }
}

const CELL_BYTES = 2_048

function blobName(state: MachineState, blob: Uint8Array): WitnessPartName {
  const { block, phase, frame } = state
  if (frame?.parent && equalBytes(frameWords(frame.parent), blob)) return 'parentFrame'
  if (frame?.revertWorld && equalBytes(worldWords(frame.revertWorld), blob)) return 'snapshot'
  const hash = keccak256(blob)
  const held = heldHashes(state).find(([, known]) => equalBytes(known, hash))
  if (held) return held[0]
  if (phase === PHASE.BATCH_OPEN || equalBytes(block.entryHash, hash)) return 'entry'
  return blob.length === CELL_BYTES && phase < PHASE.TX_START ? 'cell' : 'otherCode'
}

/** Byte strings that the state holds by their keccak256. */
function heldHashes(state: MachineState): (readonly [WitnessPartName, Uint8Array])[] {
  const { block, tx, world, frame, phase } = state
  const ofFrame =
    frame === null
      ? []
      : ([
          ['code', frame.code.hash],
          ['input', stringHash(frame.input)],
          ['returnData', stringHash(frame.returnData)],
        ] as const)
  const ofTransaction = phase === PHASE.TX_START ? ([['rawTransaction', tx.hash]] as const) : []
  const ofWorld = tx.source === 0 ? [] : ([['logsBloom', stringHash(world.bloom)]] as const)
  return [...ofFrame, ...ofTransaction, ...ofWorld, ['blockBloom', stringHash(block.bloom)]]
}

const RING_DEPTH = 8

/** One leaf of the ring of block hashes has 8 siblings, one word of memory 17. */
function rangeName({ phase }: MachineState, { leaves, siblings }: RangeProof): WitnessPartName {
  if (phase === PHASE.BLOCK_START || phase === PHASE.TX_NEXT) return 'cellProof'
  return leaves.length === 1 && siblings.length === RING_DEPTH ? 'blockHashes' : 'memory'
}

/** Rationale: SLOAD and SSTORE take their paths in a fixed order; everything else reads accounts. */
function trieName(state: MachineState, at: number): WitnessPartName {
  const opcode = nextOpcode(state)
  if (opcode !== 'SLOAD' && opcode !== 'SSTORE') return 'account'
  return (['account', 'slot', 'committedAccount', 'committedSlot'] as const)[at] ?? 'slot'
}

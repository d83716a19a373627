/** The machine as the game plays it, fed from what a node knows of L1 and of its own L2 chain. */
import { payloadToBlob } from '../batch/blob.ts'
import { bytesToHex, type Hex } from '../bytes.ts'
import type { CellCoder } from '../data/kzg.ts'
import { type Anchor, createProver, type GameProver, type Tampering } from '../game/prover.ts'
import type { BlockHeader } from '../header.ts'
import type { InboxEntry, L1Contents } from '../l1/view.ts'
import { boundaryState } from '../machine/boundary.ts'
import { MachineError } from '../machine/errors.ts'
import { stateHash } from '../machine/hash.ts'
import { createMachine } from '../machine/machine.ts'
import {
  L2_RULES,
  type MachineRules,
  type MachineSource,
  type MachineState,
} from '../machine/types.ts'
import type { Parameters } from '../parameters.ts'
import type { WorldState } from '../trie/world.ts'
import { derivationParent, hashAtHeight, heightAtEnd, type Ledger } from './ledger.ts'

export interface TraceSource {
  readonly contents: Pick<L1Contents, 'entries' | 'messages'>
  /** The payload of a batch, checked against its entry. */
  readonly payloadOf: (entry: InboxEntry) => Uint8Array | null
  readonly kzg: CellCoder
  readonly rules: MachineRules
}

/** Reads of the machine. They throw `MachineError` for what the node does not have. */
export function machineSource(source: TraceSource): MachineSource {
  const entryAt = (index: bigint): InboxEntry => {
    const entry = source.contents.entries[Number(index)]
    if (!entry) throw new MachineError(`Entry ${index} is unknown.`)
    return entry
  }
  const payloadAt = (index: bigint): Uint8Array => {
    const payload = source.payloadOf(entryAt(index))
    if (!payload) throw new MachineError(`The payload of entry ${index} is unknown.`)
    return payload
  }
  return {
    entry: (index) => entryAt(index).entry,
    payload: payloadAt,
    cells: (index) => source.kzg.computeCells(payloadToBlob(payloadAt(index))),
    message: (index) => {
      const message = source.contents.messages[Number(index)]
      if (!message) throw new MachineError(`Inbox message ${index} is unknown.`)
      return message
    },
  }
}

export type L2Machine = ReturnType<typeof createMachine>
export type L2Prover = GameProver<MachineState>

/** What the machine of a world with these parameters obeys. */
export function l2Rules({ allowsCheats, codeSizeMax, initcodeSizeMax }: Parameters): MachineRules {
  return { ...L2_RULES, allowsCheats, codeSizeMax, initcodeSizeMax }
}

/** The machine of a game whose root claim covers entries up to `lastEntry`, inclusive. */
export function l2Machine(source: TraceSource, lastEntry: bigint): L2Machine {
  return createMachine({
    source: machineSource(source),
    endEntry: lastEntry + 1n,
    rules: source.rules,
  })
}

export interface TraceInput {
  readonly source: TraceSource
  /** State at the end of the game's start entry. */
  readonly start: MachineState
  readonly lastEntry: bigint
  /** Known states of the honest trace (`anchors.ts`). */
  readonly anchors?: readonly Anchor<MachineState>[]
  readonly tampering?: Tampering<MachineState> | null
}

export function createL2Prover(input: TraceInput): L2Prover {
  const machine = l2Machine(input.source, input.lastEntry)
  const { start, anchors = [], tampering = null } = input
  return createProver({ machine, start, anchors, tampering })
}

/** A block of the chain engine, as far as a boundary state needs it. */
export interface BoundaryBlock {
  readonly hash: Uint8Array
  readonly header: BlockHeader
  readonly world: WorldState
}

export interface BoundarySource {
  readonly chainId: number
  readonly ledger: Ledger
  /** A canonical block by height; genesis is 0. Throws if the node no longer has it. */
  readonly blockAt: (height: bigint) => BoundaryBlock
  /** Roots by entry and last block: a cache, for roots are asked for again with every head of L1. */
  readonly roots: Map<string, Hex>
}

/** Roots that are kept. */
const ROOTS_MAX = 4_096

/** The machine's state at the end of an entry, from chain data alone: no step is run. */
export function entryEndState(source: BoundarySource, entryIndex: bigint): MachineState {
  return stateAfterBlock(source, heightAtEnd(source.ledger, entryIndex), entryIndex + 1n)
}

/** The output root that covers entries up to `entryIndex`. */
export function outputRootAt(source: BoundarySource, entryIndex: bigint): Hex {
  const last = hashAtHeight(source.ledger, heightAtEnd(source.ledger, entryIndex))
  const key = `${entryIndex}:${bytesToHex(last)}`
  const known = source.roots.get(key)
  if (known) return known
  const root = bytesToHex(stateHash(entryEndState(source, entryIndex)))
  if (source.roots.size >= ROOTS_MAX) source.roots.clear()
  source.roots.set(key, root)
  return root
}

/** The machine between two entries, after the block at `height`; `batchIndex` is the next entry's. */
export function stateAfterBlock(
  source: BoundarySource,
  height: bigint,
  batchIndex: bigint,
): MachineState {
  const { ledger } = source
  const { header, world } = source.blockAt(height)
  const upTo = { ...ledger, blocks: ledger.blocks.slice(0, Number(height)) }
  return boundaryState({
    chainId: source.chainId,
    coinbase: header.coinbase,
    gasLimit: header.gasLimit,
    batchIndex,
    inboxCount: derivationParent(upTo).inboxCount,
    number: header.number,
    timestamp: header.timestamp,
    prevrandao: header.prevrandao,
    baseFee: header.baseFee,
    gasUsed: header.gasUsed,
    blockHash: (number) => source.blockAt(number).hash,
    world,
  })
}

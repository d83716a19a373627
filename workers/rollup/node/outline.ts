/** What lies where in a game's trace, for people: its items by batch, block and transaction, and the steps of one item. */
import { ENTRY_BATCH, ENTRY_DEPOSIT_ONLY } from '../batch/entry.ts'
import { bytesToHex, type Hex } from '../bytes.ts'
import { STEP_BITS, traceIndex } from '../game/position.ts'
import { keccak256 } from '../keccak.ts'
import type { GameView } from '../l1/view.ts'
import { nextOpcode, phaseName } from '../machine/describe.ts'
import { isBoundary } from '../machine/step.ts'
import type { MachineState, PhaseName } from '../machine/types.ts'
import type { AnchorSpan } from './anchors.ts'
import { blocksOfEntry, type Ledger, type LedgerBlock } from './ledger.ts'
import type { L2Prover, TraceSource } from './traces.ts'

/** Structurally `TraceItem` of the protocol. */
export interface TraceItem {
  readonly phase: Extract<PhaseName, 'BATCH_OPEN' | 'BLOCK_START' | 'TX_NEXT' | 'BLOCK_END'>
  readonly batchIndex: bigint
  readonly blockNumber: bigint | null
  readonly transaction: {
    readonly place: number
    readonly hash: Hex
    readonly isDeposit: boolean
  } | null
}

/** All items in order; the machine finishes behind the last (docs/specs/MACHINE.md, sections 2 and 4). */
export function traceItems(
  ledger: Ledger,
  { contents }: Pick<TraceSource, 'contents'>,
  span: AnchorSpan,
): readonly TraceItem[] {
  const items: TraceItem[] = []
  for (let index = span.startEntry + 1n; index <= span.lastEntry; index += 1n) {
    const between = { batchIndex: index, blockNumber: null, transaction: null }
    items.push({ phase: 'BATCH_OPEN', ...between })
    const kind = contents.entries[Number(index)]?.entry.kind
    if (kind !== ENTRY_BATCH && kind !== ENTRY_DEPOSIT_ONLY) continue
    for (const block of blocksOfEntry(ledger, index)) items.push(...blockItems(block, index))
    // The block that is looked for behind the last one is not there.
    items.push({ phase: 'BLOCK_START', ...between })
  }
  return items
}

/** Rationale: every message and transaction is an item of its own; one more finds none left. */
function blockItems(block: LedgerBlock, batchIndex: bigint): readonly TraceItem[] {
  const at = { batchIndex, blockNumber: block.number }
  const raws = [...block.messages, ...block.derived.transactions]
  const transactions = raws.map((raw, place): TraceItem => {
    const isDeposit = place < block.messages.length
    return { phase: 'TX_NEXT', ...at, transaction: { place, hash: hashOf(raw), isDeposit } }
  })
  return [
    { phase: 'BLOCK_START', ...at, transaction: null },
    ...transactions,
    { phase: 'TX_NEXT', ...at, transaction: null },
    { phase: 'BLOCK_END', ...at, transaction: null },
  ]
}

const hashOf = (raw: Uint8Array): Hex => bytesToHex(keccak256(raw))

/** For each claim, whether the prover's trace has that state there. */
export async function claimTruths(game: GameView, prover: L2Prover): Promise<readonly boolean[]> {
  const truths: boolean[] = []
  for (const { position, value } of game.claims) {
    truths.push((await prover.stateHashAt(traceIndex(position))) === value)
  }
  return truths
}

/** Structurally `ItemSteps` of the protocol. */
export interface ItemSteps {
  readonly length: number
  readonly first: number
  readonly steps: readonly {
    readonly phase: PhaseName
    readonly opcode: string
    readonly pc: number
    readonly depth: number
  }[]
}

const STEPS_SHOWN_MAX = 64

/** `count` steps of an item from `first` on, fewer where it ends. */
export function itemSteps(
  prover: L2Prover,
  { item, first, count }: { readonly item: number; readonly first: number; readonly count: number },
): ItemSteps {
  const begin = BigInt(item) << BigInt(STEP_BITS)
  const stateAt = (step: number) => prover.stateBefore(begin + BigInt(step))
  const length = itemLength(stateAt)
  const size = Math.max(0, Math.min(count, STEPS_SHOWN_MAX, length - first))
  const steps = Array.from({ length: size }, (_, at) => {
    const state = stateAt(first + at)
    const { pc = 0, depth = 0 } = state.frame ?? {}
    return { phase: phaseName(state.phase), opcode: nextOpcode(state), pc, depth }
  })
  return { length, first, steps }
}

/** Behind its last step an item stutters at the next boundary; its length is found by halving. */
function itemLength(stateAt: (step: number) => MachineState): number {
  const isOver = (step: number) => isBoundary(stateAt(step).phase)
  let low = 0
  let high = 1
  while (high < 2 ** STEP_BITS && !isOver(high)) {
    low = high
    high *= 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isOver(middle)) high = middle
    else low = middle
  }
  return high
}

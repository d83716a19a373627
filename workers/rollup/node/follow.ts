/** How a node derives its L2 chain from the entries of L1, one entry at a time. The same for executor and challenger. */
import { ENTRY_BATCH } from '../batch/entry.ts'
import { type DerivedBlock, deriveEntry } from '../derivation/derive.ts'
import type { InboxEntry, L1Contents } from '../l1/view.ts'
import {
  derivationParent,
  type EngineBlock,
  executeBlock,
  hashAtHeight,
  heightAtEnd,
  isAsDerived,
  type Ledger,
  type LedgerEngine,
  markVerified,
  nextUnverified,
  rollBack,
} from './ledger.ts'

export interface FollowInput<Block extends EngineBlock> {
  readonly engine: LedgerEngine<Block>
  readonly ledger: Ledger
  readonly contents: L1Contents
  readonly gasLimit: bigint
  /** The payload of a batch whose cells were checked against its entry; `null` while it is not known. */
  readonly payloadOf: (entry: InboxEntry) => Uint8Array | null
}

/**
 * - `upToDate`: every entry agrees with the ledger
 * - `needsPayload`: the entry's cells must be fetched first
 * - `confirmed`: the blocks that the ledger has are what the entry says
 * - `derived`: the entry's blocks were executed; `dropped` blocks of the ledger had to go
 */
export type FollowResult<Block> =
  | { readonly kind: 'upToDate'; readonly ledger: Ledger }
  | { readonly kind: 'needsPayload'; readonly ledger: Ledger; readonly entry: InboxEntry }
  | { readonly kind: 'confirmed'; readonly ledger: Ledger; readonly entry: InboxEntry }
  | {
      readonly kind: 'derived'
      readonly ledger: Ledger
      readonly entry: InboxEntry
      readonly dropped: number
      readonly blocks: readonly Block[]
    }

const NO_PAYLOAD = new Uint8Array(0)

/** Compares or derives the next entry that was not compared yet. */
export async function followEntry<Block extends EngineBlock>(
  input: FollowInput<Block>,
): Promise<FollowResult<Block>> {
  const { ledger } = input
  const entry = nextUnverified(ledger, input.contents.entries)
  if (!entry) return { kind: 'upToDate', ledger }
  const payload = entry.entry.kind === ENTRY_BATCH ? input.payloadOf(entry) : NO_PAYLOAD
  if (!payload) return { kind: 'needsPayload', ledger, entry }
  const before = rollBack(ledger, entry.index - 1n)
  const derived = deriveEntry(entry.index, entry.entry, payload, derivationParent(before))
  if (isAsDerived(ledger, entry.index, derived)) {
    return { kind: 'confirmed', ledger: markVerified(ledger, entry), entry }
  }
  const dropped = ledger.blocks.length - before.blocks.length
  const tip = hashAtHeight(before, heightAtEnd(before, entry.index))
  if (dropped > 0) input.engine.setHead(tip)
  const { after, blocks } = await executeAll(input, before, derived)
  return { kind: 'derived', ledger: markVerified(after, entry), entry, dropped, blocks }
}

/** Rationale: an entry's `inboxCount` is bounded by the messages that L1 has, so every message that it consumes is known. */
async function executeAll<Block extends EngineBlock>(
  input: FollowInput<Block>,
  before: Ledger,
  derived: readonly DerivedBlock[],
): Promise<{ readonly after: Ledger; readonly blocks: readonly Block[] }> {
  const { messages } = input.contents
  const blocks: Block[] = []
  let after = before
  for (const block of derived) {
    const execution = await executeBlock(input.engine, after, {
      derived: block,
      stated: null,
      view: null,
      messages,
      gasLimit: input.gasLimit,
    })
    if (!execution) break
    after = execution.ledger
    blocks.push(execution.block)
  }
  return { after, blocks }
}

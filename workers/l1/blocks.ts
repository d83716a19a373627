/** Building blocks: what a slot does, and how a block is told to others. */
import type { Block } from '../chain/types.ts'
import type { Effect, NodeId, Plain } from '../kernel/role.ts'
import type { L1Head } from '../protocol/messages.ts'
import { bytesToHex, hexToBytes } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { nameEvents } from './events.ts'
import { type L1State, NEXT_BLOCK, poolContext } from './state.ts'

/** Receives L1's tips, unless a devnet's user says otherwise. */
export const COINBASE = hexToBytes('0x000000000000000000000000000000000000c0de')
/** Gas limits of what is offered to a block, as a multiple of its gas limit: most transactions use less than their limit. */
const OFFER_FACTOR = 2n

export interface Slot {
  readonly timestamp: bigint
  readonly prevrandao: Uint8Array
  /** A transaction that this block does not see, by hash (0x). */
  readonly hidden?: string | undefined
}

/** A block of what waits in the pool, which becomes the head. */
export async function buildSlot(state: L1State, slot: Slot): Promise<Block> {
  const { chain, pool } = state
  const head = chain.head()
  const context = poolContext(state)
  const offered = pool
    .select(context, OFFER_FACTOR * head.header.gasLimit)
    .filter(({ hash }) => slot.hidden === undefined || bytesToHex(hash) !== slot.hidden)
  const waiting = state.cheats.waiting.map(({ transaction }) => transaction)
  const { baseFee, gasLimit, prevrandao } = state.nextBlock
  const block = await chain.buildBlock({
    environment: {
      ...environment(head, { ...slot, prevrandao: prevrandao ?? slot.prevrandao }),
      coinbase: state.coinbase,
      gasLimit: gasLimit ?? head.header.gasLimit,
      ...(baseFee === null ? {} : { baseFee }),
    },
    // What a devnet's user changes is there before anybody's transaction.
    transactions: [...waiting, ...offered],
    onInvalid: 'skip',
  })
  state.nextBlock = NEXT_BLOCK
  settle(state, block)
  for (const { index, reason } of block.skipped) {
    const transaction = offered[index - waiting.length]
    // Whatever is not a matter of room or order can never be included.
    const isLasting = reason === 'senderHasCode' || reason === 'insufficientFunds'
    if (transaction !== undefined && isLasting) pool.remove(transaction.hash)
  }
  return block
}

/** Runs a block again that was built before a crash. */
export async function rebuildSlot(
  state: L1State,
  slot: Slot & Pick<PersistedBlock, 'baseFee' | 'gasLimit' | 'coinbase'>,
  transactions: readonly Uint8Array[],
): Promise<Block> {
  const { chain } = state
  const { baseFee, gasLimit, coinbase } = slot
  state.coinbase = coinbase
  const block = await chain.buildBlock({
    environment: { ...environment(chain.head(), slot), baseFee, gasLimit, coinbase },
    transactions,
  })
  settle(state, block)
  return block
}

/** Moves the heads and forgets included transactions. */
function settle(state: L1State, block: Block): void {
  const { chain, pool, parameters } = state
  const { number } = block.header
  const lag = BigInt(parameters.l1FinalitySlots)
  const finalized = chain.block(number > lag ? number - lag : 0n)
  const safe = chain.block(number > lag / 2n ? number - lag / 2n : 0n)
  if (finalized !== undefined) {
    chain.setTag('finalized', finalized.hash)
    chain.setTag('settled', finalized.hash)
  }
  if (safe !== undefined) chain.setTag('safe', safe.hash)
  pool.prune(poolContext(state).reader)
}

function environment(head: Block, slot: Slot) {
  const { number, timestamp } = head.header
  const least = timestamp + 1n
  return {
    timestamp: slot.timestamp < least ? least : slot.timestamp,
    prevrandao: slot.prevrandao,
    // There is no beacon chain here: any root will do that differs from block to block.
    parentBeaconBlockRoot: keccak256(hexToBytes(number.toString(16).padStart(64, '0'))),
  }
}

/** Persists the block, reports it, and sends it to every subscriber. */
export function announce(state: L1State, block: Block): Effect[] {
  const head = toL1Head(state, block)
  const sends = state.subscribers.map((to) => sendHead(to, head))
  return [persistBlock(block), reportBlock(state, block, head.finalizedNumber), ...sends]
}

export function sendHead(to: NodeId, head: L1Head): Effect {
  return { kind: 'send', to, type: 'l1.head', payload: head as unknown as Plain }
}

/** The block as other nodes learn of it. */
export function toL1Head(state: L1State, block: Block): L1Head {
  const { header, receipts } = block
  const lag = BigInt(state.parameters.l1FinalitySlots)
  let logIndex = 0
  return {
    number: header.number,
    hash: block.hash,
    parentHash: header.parentHash,
    timestamp: header.timestamp,
    baseFee: header.baseFee,
    prevrandao: header.prevrandao,
    headerRlp: block.headerRlp,
    logs: receipts.flatMap(({ logs, transactionHash }) =>
      logs.map((log) => ({ ...log, transactionHash, logIndex: logIndex++ })),
    ),
    outcomes: receipts.map((receipt, index) => ({
      hash: receipt.transactionHash,
      from: receipt.from,
      nonce: nonceOf(block, index),
      succeeded: receipt.succeeded,
      gasUsed: receipt.gasUsed,
    })),
    finalizedNumber: header.number > lag ? header.number - lag : 0n,
  }
}

function nonceOf(block: Block, index: number): bigint {
  const transaction = block.transactions[index]
  return transaction?.kind === 'signed' ? transaction.nonce : 0n
}

/** What `rebuildSlot` needs to build it again. */
export interface PersistedBlock {
  readonly timestamp: bigint
  readonly prevrandao: Uint8Array
  readonly baseFee: bigint
  readonly gasLimit: bigint
  readonly coinbase: Uint8Array
  readonly transactions: readonly Uint8Array[]
}

export const blockKey = (number: bigint): string => `block/${number}`

function persistBlock(block: Block): Effect {
  const { timestamp, prevrandao, baseFee, gasLimit, coinbase, number } = block.header
  const transactions = block.transactions.map(({ raw }) => raw)
  const value = { timestamp, prevrandao, baseFee, gasLimit, coinbase, transactions }
  return { kind: 'persist', key: blockKey(number), value }
}

function reportBlock(state: L1State, block: Block, finalizedNumber: bigint): Effect {
  const { header } = block
  const payload = {
    number: header.number,
    hash: bytesToHex(block.hash),
    parentHash: bytesToHex(header.parentHash),
    timestamp: header.timestamp,
    transactions: block.transactions.length,
    gasUsed: header.gasUsed,
    baseFee: header.baseFee,
    events: nameEvents(state.eventNames, block.receipts),
    finalizedNumber,
  }
  return { kind: 'report', type: 'l1.block', payload: payload as unknown as Plain }
}

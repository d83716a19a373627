/** What a header commits to besides state: tries on L1, accumulators on L2. */
import { concatBytes } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import {
  addLog,
  addReceipt,
  addTransaction,
  EMPTY_ACCUMULATOR,
  joinBlooms,
  ZERO_BLOOM,
} from '../rollup/l2Header.ts'
import type { Transaction } from '../rollup/transaction/transaction.ts'
import { rlpBytes, rlpEncode, rlpInteger, rlpList } from '../rollup/trie/rlp.ts'
import { emptyTrie, type Trie, triePut, trieRoot } from '../rollup/trie/trie.ts'
import type { ChainKind, Receipt } from './types.ts'

export interface BodyRoots {
  readonly transactionsRoot: Uint8Array
  readonly receiptsRoot: Uint8Array
  readonly logsBloom: Uint8Array
}

const bytesCodec = { encode: (value: Uint8Array): Uint8Array => value }

/** The commitments of a block to its transactions and receipts. */
export function bodyRoots(
  kind: ChainKind,
  transactions: readonly Transaction[],
  receipts: readonly Receipt[],
): BodyRoots {
  const logsBloom = receipts.reduce(
    (bloom, { logsBloom }) => joinBlooms(bloom, logsBloom),
    ZERO_BLOOM,
  )
  if (kind === 'l2') {
    return {
      transactionsRoot: transactions.reduce(
        (below, { hash }) => addTransaction(below, hash),
        EMPTY_ACCUMULATOR,
      ),
      receiptsRoot: receipts.reduce(accumulate, EMPTY_ACCUMULATOR),
      logsBloom,
    }
  }
  return {
    transactionsRoot: trieRoot(transactionTrie(transactions)),
    receiptsRoot: trieRoot(receiptTrie(receipts)),
    logsBloom,
  }
}

/** Trie of EIP-2718 transactions by RLP of their index. */
export function transactionTrie(transactions: readonly Transaction[]): Trie<Uint8Array> {
  return indexTrie(transactions.map(({ raw }) => raw))
}

/** Trie of encoded receipts by RLP of their index. */
export function receiptTrie(receipts: readonly Receipt[]): Trie<Uint8Array> {
  return indexTrie(receipts.map(encodeReceipt))
}

/** EIP-2718 encoding of a receipt. */
export function encodeReceipt(receipt: Receipt): Uint8Array {
  const body = rlpList([
    receipt.postState === undefined
      ? rlpInteger(receipt.succeeded ? 1n : 0n)
      : rlpBytes(receipt.postState),
    rlpInteger(receipt.cumulativeGasUsed),
    rlpBytes(receipt.logsBloom),
    rlpEncode(receipt.logs.map(({ address, topics, data }) => [address, topics, data])),
  ])
  return receipt.type === 0 ? body : concatBytes(Uint8Array.of(receipt.type), body)
}

/** Root of a trie of items by RLP of their index. */
export function indexRoot(items: readonly Uint8Array[]): Uint8Array {
  return trieRoot(indexTrie(items))
}

function indexTrie(items: readonly Uint8Array[]): Trie<Uint8Array> {
  return items.reduce(
    (trie, item, index) => triePut(trie, rlpInteger(BigInt(index)), item),
    emptyTrie(bytesCodec),
  )
}

function accumulate(below: Uint8Array, receipt: Receipt): Uint8Array {
  return addReceipt(below, {
    succeeded: receipt.succeeded,
    cumulativeGasUsed: receipt.cumulativeGasUsed,
    bloomHash: keccak256(receipt.logsBloom),
    logHash: receipt.logs.reduce(addLog, EMPTY_ACCUMULATOR),
  })
}

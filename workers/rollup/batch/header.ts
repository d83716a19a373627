/** Hash of a batch header, as the inbox contract computes it (docs/specs/DIGESTS.md). */
import { keccak256 } from '../keccak.ts'
import { encodeWords } from './words.ts'

/** Structurally `BatchHeader` of protocol/messages.ts; the rules may not import the protocol. */
export interface BatchHeaderFields {
  readonly index: bigint
  readonly parent: Uint8Array
  readonly versionedHash: Uint8Array
  readonly cellsRoot: Uint8Array
  readonly payloadLength: bigint
  readonly inboxCount: bigint
  readonly originNumber: bigint
  readonly firstView: bigint
  readonly lastView: bigint
}

/** keccak256(abi.encode(header)): nine static words. */
export function hashBatchHeader(header: BatchHeaderFields): Uint8Array {
  return keccak256(
    encodeWords([
      header.index,
      header.parent,
      header.versionedHash,
      header.cellsRoot,
      header.payloadLength,
      header.inboxCount,
      header.originNumber,
      header.firstView,
      header.lastView,
    ]),
  )
}

/** The blocks of a file that execution clients export: their RLP, one after the other. */
import { bytesToBigint } from '../../rollup/bytes.ts'
import type { BlockHeader } from '../../rollup/header.ts'
import { decodeRlp } from '../../rollup/transaction/rlp.ts'
import { type RlpItem, rlpEncode } from '../../rollup/trie/rlp.ts'
import type { Withdrawal } from '../types.ts'
import { InvalidChainFileError } from './errors.ts'
import { decodeHeader } from './header.ts'

export interface FileBlock {
  readonly header: BlockHeader
  readonly headerFields: number
  readonly headerRlp: Uint8Array
  /** EIP-2718 bytes. */
  readonly transactions: readonly Uint8Array[]
  readonly ommers: readonly BlockHeader[]
  readonly ommersRlp: readonly Uint8Array[]
  readonly withdrawals: readonly Withdrawal[]
}

/** Throws `InvalidChainFileError` naming the block. */
export function parseChainFile(bytes: Uint8Array): FileBlock[] {
  const blocks: FileBlock[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = start + lengthAt(bytes, start)
    if (end > bytes.length) throw new InvalidChainFileError(`Block ${blocks.length} is cut off.`)
    blocks.push(parseBlock(bytes.subarray(start, end), blocks.length))
    start = end
  }
  return blocks
}

function parseBlock(bytes: Uint8Array, index: number): FileBlock {
  try {
    const [header, transactions, ommers, withdrawals = []] = listOf(decodeRlp(bytes))
    const { header: decoded, fields } = decodeHeader(header)
    return {
      header: decoded,
      headerFields: fields,
      headerRlp: rlpEncode(header ?? []),
      // A legacy transaction stands as a list, any other as bytes.
      transactions: listOf(transactions).map((item) =>
        item instanceof Uint8Array ? item.slice() : rlpEncode(item),
      ),
      ommers: listOf(ommers).map((item) => decodeHeader(item).header),
      ommersRlp: listOf(ommers).map(rlpEncode),
      withdrawals: listOf(withdrawals).map(toWithdrawal),
    }
  } catch (cause) {
    throw new InvalidChainFileError(`Block ${index} of the file: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function toWithdrawal(item: RlpItem): Withdrawal {
  const [index, validatorIndex, address, amount] = listOf(item)
  return {
    index: bytesToBigint(bytesOf(index)),
    validatorIndex: bytesToBigint(bytesOf(validatorIndex)),
    address: bytesOf(address).slice(),
    amountGwei: bytesToBigint(bytesOf(amount)),
  }
}

/** Bytes of the list that begins at `start`, its prefix included. */
function lengthAt(bytes: Uint8Array, start: number): number {
  const prefix = bytes[start] ?? 0
  if (prefix < 0xc0) throw new InvalidChainFileError(`No block begins at byte ${start}.`)
  if (prefix <= 0xf7) return 1 + prefix - 0xc0
  const sizeBytes = prefix - 0xf7
  return 1 + sizeBytes + Number(bytesToBigint(bytes.subarray(start + 1, start + 1 + sizeBytes)))
}

function listOf(item: RlpItem | undefined): readonly RlpItem[] {
  if (item !== undefined && !(item instanceof Uint8Array)) return item
  throw new InvalidChainFileError('A list is missing.')
}

function bytesOf(item: RlpItem | undefined): Uint8Array {
  if (item instanceof Uint8Array) return item
  throw new InvalidChainFileError('Bytes are missing.')
}

/** Headers of every fork: later ones have more fields (Yellow Paper, section 4.3; EIP-1559, 4895, 4844, 4788, 7685). */
import { bytesToBigint } from '../../rollup/bytes.ts'
import { type BlockHeader, HEADER_DEFAULTS, headerRlp } from '../../rollup/header.ts'
import { decodeRlp } from '../../rollup/transaction/rlp.ts'
import { type RlpItem, rlpEncode } from '../../rollup/trie/rlp.ts'
import { InvalidChainFileError } from './errors.ts'

export const HEADER_FIELDS = {
  frontier: 15,
  london: 16,
  shanghai: 17,
  cancun: 20,
  prague: 21,
} as const

const NAMES = [
  'parentHash',
  'ommersHash',
  'coinbase',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'extraData',
  'prevrandao',
  'nonce',
  'baseFee',
  'withdrawalsRoot',
  'blobGasUsed',
  'excessBlobGas',
  'parentBeaconBlockRoot',
  'requestsHash',
] as const satisfies readonly (keyof BlockHeader)[]

const INTEGERS: ReadonlySet<string> = new Set([
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'baseFee',
  'blobGasUsed',
  'excessBlobGas',
])

export function encodeHeader(header: BlockHeader, fields: number): Uint8Array {
  const all = decodeRlp(headerRlp(header)) as readonly RlpItem[]
  return rlpEncode(all.slice(0, fields))
}

/** Fields that its fork does not have are as in `HEADER_DEFAULTS`. Throws `InvalidChainFileError`. */
export function decodeHeader(item: RlpItem | undefined): { header: BlockHeader; fields: number } {
  const counts: readonly number[] = Object.values(HEADER_FIELDS)
  if (!Array.isArray(item) || !counts.includes(item.length)) {
    throw new InvalidChainFileError(`A header has ${counts.join(', ')} fields.`)
  }
  const entries = NAMES.slice(0, item.length).map((name, index) => {
    const value: RlpItem = item[index] ?? new Uint8Array(0)
    if (!(value instanceof Uint8Array)) {
      throw new InvalidChainFileError(`header.${name} must be bytes.`)
    }
    return [name, INTEGERS.has(name) ? bytesToBigint(value) : value.slice()] as const
  })
  const header = { ...HEADER_DEFAULTS, baseFee: 0n, ...Object.fromEntries(entries) } as BlockHeader
  return { header, fields: item.length }
}

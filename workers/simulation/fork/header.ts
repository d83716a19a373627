/** A block's header as JSON-RPC gives it, hashed. */
import { bigintToMinimalBytes, hexToBytes, isHex } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { type RlpItem, rlpEncode } from '../../rollup/trie/rlp.ts'

/** Names in the order in which they are hashed (Yellow Paper, section 4.3). */
const FIELDS = [
  'parentHash',
  'sha3Uncles',
  'miner',
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
  'mixHash',
  'nonce',
] as const
/** What later forks put behind them: EIP-1559, 4895, 4844 (two), 4788, 7685. */
const LATER = [
  'baseFeePerGas',
  'withdrawalsRoot',
  'blobGasUsed',
  'excessBlobGas',
  'parentBeaconBlockRoot',
  'requestsHash',
] as const
const INTEGERS: ReadonlySet<string> = new Set([
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'baseFeePerGas',
  'blobGasUsed',
  'excessBlobGas',
])

export type RpcFields = { readonly [key: string]: unknown }

/** keccak256 of the header's RLP; null where a field is missing or is no hexadecimal. */
export function hashOfHeader(block: RpcFields): Uint8Array | null {
  const later = LATER.filter((name) => block[name] !== undefined && block[name] !== null)
  const items: RlpItem[] = []
  for (const name of [...FIELDS, ...later]) {
    const item = itemOf(name, block[name])
    if (item === null) return null
    items.push(item)
  }
  return keccak256(rlpEncode(items))
}

function itemOf(name: string, value: unknown): Uint8Array | null {
  if (!INTEGERS.has(name)) return isHex(value) ? hexToBytes(value) : null
  const isQuantity = typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value)
  return isQuantity ? bigintToMinimalBytes(BigInt(value)) : null
}

/** Block 0 from a genesis file as geth and hive write it. */
import { hexToBytes, isHex, padLeft, ZERO_ADDRESS, ZERO_HASH } from '../../rollup/bytes.ts'
import { type BlockHeader, HEADER_DEFAULTS } from '../../rollup/header.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { EMPTY_TRIE_ROOT } from '../../rollup/trie/trie.ts'
import {
  EMPTY_ACCOUNT,
  EMPTY_WORLD,
  putCode,
  putSlot,
  setAccount,
  type WorldState,
  worldRoot,
} from '../../rollup/trie/world.ts'
import type { Block } from '../types.ts'
import { InvalidChainFileError } from './errors.ts'
import { encodeHeader, HEADER_FIELDS } from './header.ts'
import type { GenesisConfig } from './schedule.ts'

interface AllocatedAccount {
  readonly balance?: string
  readonly nonce?: string
  readonly code?: string
  readonly storage?: { readonly [slot: string]: string }
}

export interface GenesisFile {
  readonly config: GenesisConfig
  readonly alloc: { readonly [address: string]: AllocatedAccount }
  readonly [field: string]: unknown
}

/** Throws `InvalidChainFileError` naming the field. */
export function parseGenesisFile(text: string): GenesisFile {
  const file = parseJson(text) as Partial<GenesisFile> | null
  if (typeof file?.config !== 'object' || typeof file.alloc !== 'object') {
    throw new InvalidChainFileError('A genesis file is an object with "config" and "alloc".')
  }
  const { chainId } = file.config
  if (!Number.isSafeInteger(chainId) || chainId < 1) {
    throw new InvalidChainFileError('config.chainId must be an integer from 1 to 2^53 - 1.')
  }
  return file as GenesisFile
}

export function genesisBlock(file: GenesisFile): Block {
  const world = Object.entries(file.alloc).reduce(allocate, EMPTY_WORLD)
  const headerFields = fieldsOf(file)
  const header: BlockHeader = {
    ...HEADER_DEFAULTS,
    parentHash: readBytes(file, 'parentHash', 32) ?? ZERO_HASH,
    coinbase: readBytes(file, 'coinbase', 20) ?? ZERO_ADDRESS,
    stateRoot: worldRoot(world),
    transactionsRoot: EMPTY_TRIE_ROOT,
    receiptsRoot: EMPTY_TRIE_ROOT,
    logsBloom: new Uint8Array(256),
    difficulty: readNumber(file, 'difficulty') ?? 0n,
    number: readNumber(file, 'number') ?? 0n,
    gasLimit: readNumber(file, 'gasLimit') ?? 0n,
    gasUsed: readNumber(file, 'gasUsed') ?? 0n,
    timestamp: readNumber(file, 'timestamp') ?? 0n,
    extraData: readBytes(file, 'extraData') ?? new Uint8Array(0),
    prevrandao: readBytes(file, 'mixHash', 32) ?? ZERO_HASH,
    nonce: padLeft(readBytes(file, 'nonce') ?? new Uint8Array(0), 8),
    baseFee: readNumber(file, 'baseFeePerGas') ?? (headerFields > 15 ? 1_000_000_000n : 0n),
    blobGasUsed: readNumber(file, 'blobGasUsed') ?? 0n,
    excessBlobGas: readNumber(file, 'excessBlobGas') ?? 0n,
  }
  const headerRlp = encodeHeader(header, headerFields)
  return {
    hash: keccak256(headerRlp),
    header,
    headerRlp,
    transactions: [],
    receipts: [],
    skipped: [],
    systemCalls: [],
    world,
    worlds: [],
    imported: { headerFields, ommers: [], withdrawals: [] },
  }
}

/** How many fields the header has with the forks that begin with genesis. */
function fieldsOf({ config }: GenesisFile): number {
  if (config['pragueTime'] === 0) return HEADER_FIELDS.prague
  if (config['cancunTime'] === 0) return HEADER_FIELDS.cancun
  if (config['shanghaiTime'] === 0) return HEADER_FIELDS.shanghai
  return config['londonBlock'] === 0 ? HEADER_FIELDS.london : HEADER_FIELDS.frontier
}

function allocate(
  world: WorldState,
  [key, account]: readonly [string, AllocatedAccount],
): WorldState {
  const field = `alloc.${key}`
  const given = { ...account, address: key.startsWith('0x') ? key : `0x${key}` }
  const address = readBytes(given, 'address', 20, field) ?? ZERO_ADDRESS
  const code = readBytes(given, 'code', undefined, field) ?? new Uint8Array(0)
  let storage = EMPTY_ACCOUNT.storage
  for (const [slot, value] of Object.entries(account.storage ?? {})) {
    const at = padLeft(readBytes({ slot }, 'slot', undefined, field) ?? ZERO_HASH, 32)
    storage = putSlot(storage, at, readNumber({ value }, 'value', field) ?? 0n)
  }
  return setAccount(putCode(world, code), address, {
    nonce: readNumber(given, 'nonce', field) ?? 0n,
    balance: readNumber(given, 'balance', field) ?? 0n,
    codeHash: code.length === 0 ? EMPTY_ACCOUNT.codeHash : keccak256(code),
    storage,
  })
}

type Fields = { readonly [field: string]: unknown }

function readNumber(source: Fields, name: string, path?: string): bigint | undefined {
  const value = source[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value)
  if (typeof value === 'string' && /^(0x[0-9a-fA-F]{1,64}|\d{1,78})$/.test(value)) {
    return BigInt(value)
  }
  throw new InvalidChainFileError(`${pathOf(name, path)} must be a number of at most 256 bits.`)
}

function readBytes(
  source: Fields,
  name: string,
  size?: number,
  path?: string,
): Uint8Array | undefined {
  const value = source[name]
  if (value === undefined || value === null) return undefined
  const digits = typeof value === 'string' ? value.slice(2) : ''
  const even = digits.length % 2 === 0 ? `0x${digits}` : `0x0${digits}`
  if (typeof value === 'string' && value.startsWith('0x') && isHex(even, size)) {
    return hexToBytes(even)
  }
  const length = size === undefined ? 'bytes' : `${size} bytes`
  throw new InvalidChainFileError(`${pathOf(name, path)} must be ${length} in hexadecimal.`)
}

function pathOf(name: string, path: string | undefined): string {
  return path === undefined ? name : `${path}.${name}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new InvalidChainFileError('The genesis file is not JSON.', { cause })
  }
}

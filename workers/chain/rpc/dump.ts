/** States of one chain in anvil's format: gzip of JSON, as a hexadecimal text. */
import { Gunzip, gzipSync, strFromU8, strToU8 } from 'fflate'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, concatBytes, word } from '../../rollup/bytes.ts'
import { trieEntries } from '../../rollup/trie/trie.ts'
import { type Account, getCode } from '../../rollup/trie/world.ts'
import type { Chain } from '../chain.ts'
import type { MethodTable } from './backend.ts'
import { InvalidParamsError, ServerError } from './errors.ts'
import { quantity } from './format.ts'
import {
  type JsonObject,
  optional,
  readAddress,
  readBoolean,
  readData,
  readObject,
  readQuantity,
  readSlot,
} from './params.ts'

/** An account of a dump. */
export interface DumpedAccount {
  readonly address: string
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Uint8Array
  readonly storage: readonly { readonly slot: string; readonly value: string }[]
}

/** Bytes that a dump unpacks to at most. */
const JSON_MAX_BYTES = 64 * 1024 * 1024
const PIECE = 4_096

export const dumpMethods: MethodTable = {
  anvil_dumpState({ chain }, params) {
    if (optional(params[0], 'preserve_historical_states', readBoolean) === true) {
      throw new InvalidParamsError(
        'preserve_historical_states',
        'false or left out: a dump holds the newest state; export the world to keep its history',
      )
    }
    return bytesToHex(gzipSync(strToU8(JSON.stringify(dumpState(chain)))))
  },
}

/** Only accounts: another chain goes on with blocks of its own. */
function dumpState(chain: Chain): Json {
  const { world } = chain.head()
  const accounts = [...trieEntries(world.accounts)].map(([hash, account]) => {
    const address = bytesToHex(preimage(chain, hash))
    return [address, dumpAccount(chain, account)] as const
  })
  return {
    block: null,
    accounts: Object.fromEntries(accounts.sort(([left], [right]) => (left < right ? -1 : 1))),
    best_block_number: null,
    blocks: [],
    transactions: [],
    historical_states: null,
  }
}

function dumpAccount(chain: Chain, { nonce, balance, codeHash, storage }: Account): JsonObject {
  const slots = [...trieEntries(storage)].map(([hash, value]) => [
    bytesToHex(preimage(chain, hash)),
    bytesToHex(word(value)),
  ])
  return {
    nonce: Number(nonce),
    balance: quantity(balance),
    code: bytesToHex(getCode(chain.head().world, codeHash) ?? new Uint8Array(0)),
    storage: Object.fromEntries(slots.sort(([left = ''], [right = '']) => (left < right ? -1 : 1))),
  }
}

function preimage(chain: Chain, hash: Uint8Array): Uint8Array {
  const found = chain.preimage(hash)
  if (found !== undefined) return found
  throw new ServerError(
    'this chain does not know all of its addresses and slots, only their hashes, as an imported chain; it cannot be dumped',
  )
}

/** The accounts of a dump, packed or as plain JSON. Throws `InvalidParamsError` naming what is wrong. */
export function readDump(value: Json | undefined): readonly DumpedAccount[] {
  const state = readObject(parseJson(unpack(readData(value, 'state'))), 'state')
  return Object.entries(readObject(state.accounts, 'state.accounts')).map(([address, account]) =>
    readDumped(address, readObject(account, `state.accounts.${address}`)),
  )
}

function readDumped(given: string, { nonce, balance, code, storage }: JsonObject): DumpedAccount {
  const field = `state.accounts.${given}`
  const address = bytesToHex(readAddress(given, field))
  return {
    address,
    nonce: readQuantity(nonce, `${field}.nonce`),
    balance: readQuantity(balance, `${field}.balance`),
    code: readData(code ?? '0x', `${field}.code`),
    storage: slotsOf(storage ?? {}, `${field}.storage`),
  }
}

/** Older dumps of anvil list slots by numbers. */
function slotsOf(value: Json, field: string): DumpedAccount['storage'] {
  const slot = (key: Json | undefined, name: string): string => bytesToHex(readSlot(key, name))
  return Object.entries(readObject(value, field)).map(([key, item]) => ({
    slot: slot(key, `${field}.${key}`),
    value: slot(item, `${field}.${key}`),
  }))
}

function parseJson(bytes: Uint8Array): Json {
  try {
    return JSON.parse(strFromU8(bytes)) as Json
  } catch (cause) {
    const expected = 'JSON, or gzip of it, as anvil dumps it'
    throw malformed(expected, cause)
  }
}

function malformed(expected: string, cause: unknown): InvalidParamsError {
  return new InvalidParamsError('state', expected, undefined, { cause })
}

function unpack(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  const chunks: Uint8Array[] = []
  let size = 0
  const gunzip = new Gunzip((chunk) => {
    size += chunk.length
    if (size > JSON_MAX_BYTES) {
      throw new InvalidParamsError('state', `at most ${JSON_MAX_BYTES} bytes when it is unpacked`)
    }
    chunks.push(chunk)
  })
  try {
    // In pieces, so that little text that unpacks to much is stopped early.
    for (let at = 0; at < bytes.length; at += PIECE) {
      gunzip.push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length)
    }
  } catch (error) {
    if (error instanceof InvalidParamsError) throw error
    throw malformed(`whole gzip (${String(error)})`, error)
  }
  return concatBytes(...chunks)
}

/** Accounts, code and storage, at any block. */
import type { Json } from '../../protocol/world.ts'
import { bytesToBigint, bytesToHex, word } from '../../rollup/bytes.ts'
import { trieEntries, trieRoot } from '../../rollup/trie/trie.ts'
import {
  accountProof,
  EMPTY_ACCOUNT,
  getAccount,
  getStorage,
  storageProof,
  type WorldState,
} from '../../rollup/trie/world.ts'
import { worldReader } from '../check.ts'
import type { MethodTable, RpcBackend } from './backend.ts'
import { InvalidParamsError, ServerError } from './errors.ts'
import { quantity } from './format.ts'
import { readAddress, readList, readObject, readSlot, requireBlock } from './params.ts'

const PROOF_SLOTS_MAX = 1_024

const world = ({ chain }: RpcBackend, value: Json | undefined): WorldState =>
  requireBlock(chain, value, 'block').world

export const stateMethods: MethodTable = {
  eth_getBalance(backend, params) {
    const address = readAddress(params[0], 'address')
    return quantity(getAccount(world(backend, params[1]), address)?.balance ?? 0n)
  },
  /** Sum of all balances, for audits of conservation: it walks the whole state. */
  rollup_totalBalance(backend, params) {
    let total = 0n
    for (const [, account] of trieEntries(world(backend, params[0]).accounts))
      total += account.balance
    return quantity(total)
  },
  eth_getCode(backend, params) {
    const address = readAddress(params[0], 'address')
    return bytesToHex(worldReader(world(backend, params[1])).code(address))
  },
  eth_getStorageAt(backend, params) {
    const address = readAddress(params[0], 'address')
    const slot = readStorageKey(params[1])
    return bytesToHex(word(getStorage(world(backend, params[2]), address, slot)))
  },
  eth_getStorageValues(backend, params) {
    const requests = Object.entries(readObject(params[0], 'requests'))
    if (requests.length === 0) throw new InvalidParamsError('requests', 'at least one account')
    const state = world(backend, params[1])
    let count = 0
    const values = requests.map(([key, value]) => {
      const address = readAddress(key, `requests.${key}`)
      const slots = readList(value, `requests.${key}`)
      count += slots.length
      if (count > PROOF_SLOTS_MAX) {
        throw new InvalidParamsError('requests', `at most ${PROOF_SLOTS_MAX} slots in all`)
      }
      return [
        key,
        slots.map((slot) =>
          bytesToHex(word(getStorage(state, address, readSlot(slot, `requests.${key}`)))),
        ),
      ] as const
    })
    return Object.fromEntries(values)
  },
  eth_getTransactionCount(backend, params) {
    const address = readAddress(params[0], 'address')
    const state = world(backend, params[1])
    if (params[1] !== 'pending') return quantity(getAccount(state, address)?.nonce ?? 0n)
    return quantity(backend.pool.nextNonce(address, worldReader(state)))
  },
  eth_getProof(backend, params) {
    const address = readAddress(params[0], 'address')
    const slots = readList(params[1], 'storage keys')
    if (slots.length > PROOF_SLOTS_MAX) {
      throw new InvalidParamsError('storage keys', `at most ${PROOF_SLOTS_MAX} slots`)
    }
    const state = world(backend, params[2])
    const account = getAccount(state, address) ?? EMPTY_ACCOUNT
    return {
      address: bytesToHex(address),
      accountProof: accountProof(state, address).map(bytesToHex),
      balance: quantity(account.balance),
      codeHash: bytesToHex(account.codeHash),
      nonce: quantity(account.nonce),
      storageHash: bytesToHex(trieRoot(account.storage)),
      storageProof: slots.map((value, index) => {
        const slot = readSlot(value, `storage keys[${index}]`)
        return {
          // As clients do: a key of full length as it is, a shorter one as a number.
          key: String(value).length === 66 ? bytesToHex(slot) : quantity(bytesToBigint(slot)),
          value: quantity(getStorage(state, address, slot)),
          proof: storageProof(state, address, slot).map(bytesToHex),
        }
      }),
    }
  },
}

/** Execution clients answer -32000 for a key that is none. */
function readStorageKey(value: Json | undefined): Uint8Array {
  if (typeof value !== 'string') return readSlot(value, 'slot')
  const reason = value.length > 66 ? 'want at most 32 bytes' : 'want 0x and hexadecimal digits'
  if (/^0x[0-9a-fA-F]{0,64}$/.test(value)) return readSlot(value, 'slot')
  throw new ServerError(`unable to decode storage key: slot is ${value.slice(0, 80)}, ${reason}`)
}

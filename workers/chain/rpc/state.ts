/** Accounts, code and storage, at any block. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, word } from '../../rollup/bytes.ts'
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
import { InvalidParamsError } from './errors.ts'
import { quantity } from './format.ts'
import { readAddress, readList, readSlot, requireBlock } from './params.ts'

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
    const slot = readSlot(params[1], 'slot')
    return bytesToHex(word(getStorage(world(backend, params[2]), address, slot)))
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
          key: value,
          value: quantity(getStorage(state, address, slot)),
          proof: storageProof(state, address, slot).map(bytesToHex),
        }
      }),
    }
  },
}

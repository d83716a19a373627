/** Block 0 from an allocation of accounts. */
import { ZERO_HASH } from '../rollup/bytes.ts'
import { HEADER_DEFAULTS, headerRlp } from '../rollup/header.ts'
import { keccak256 } from '../rollup/keccak.ts'
import {
  EMPTY_ACCOUNT,
  EMPTY_WORLD,
  putCode,
  putSlot,
  setAccount,
  type WorldState,
  worldRoot,
} from '../rollup/trie/world.ts'
import { bodyRoots } from './roots.ts'
import type { Block, ChainKind, Genesis, GenesisAccount } from './types.ts'

/** The genesis block. Empty accounts are left out (EIP-161). */
export function buildGenesis(kind: ChainKind, genesis: Genesis): Block {
  const world = genesis.accounts.reduce(allocate, EMPTY_WORLD)
  const header = {
    ...HEADER_DEFAULTS,
    ...bodyRoots(kind, [], []),
    parentHash: ZERO_HASH,
    coinbase: genesis.coinbase,
    stateRoot: worldRoot(world),
    number: genesis.number ?? 0n,
    gasLimit: genesis.gasLimit,
    gasUsed: 0n,
    timestamp: genesis.timestamp,
    extraData: genesis.extraData,
    prevrandao: genesis.prevrandao,
    baseFee: genesis.baseFee,
  }
  const rlp = headerRlp(header)
  return {
    hash: keccak256(rlp),
    header,
    headerRlp: rlp,
    transactions: [],
    receipts: [],
    skipped: [],
    systemCalls: [],
    world,
    worlds: [],
  }
}

function allocate(world: WorldState, account: GenesisAccount): WorldState {
  const { address, nonce, balance, code, storage } = account
  if (nonce === 0n && balance === 0n && code.length === 0) return world
  const trie = storage.reduce(
    (slots, { slot, value }) => putSlot(slots, slot, value),
    EMPTY_ACCOUNT.storage,
  )
  const codeHash = code.length === 0 ? EMPTY_ACCOUNT.codeHash : keccak256(code)
  return setAccount(putCode(world, code), address, { nonce, balance, codeHash, storage: trie })
}

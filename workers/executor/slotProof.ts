/** `rollup_storageProof`: a storage slot of L2 as L1 can check it, from a final output root down (docs/specs/RPC.md). */
import { InvalidParamsError, ServerError } from '../chain/rpc/errors.ts'
import type { Json } from '../protocol/world.ts'
import { bytesToHex, type Hex, hexToBytes, isHex } from '../rollup/bytes.ts'
import { type GameView, latest } from '../rollup/l1/view.ts'
import { openOutput } from '../rollup/machine/boundary.ts'
import { heightAtEnd } from '../rollup/node/ledger.ts'
import { entryEndState } from '../rollup/node/traces.ts'
import { accountProof, encodeAccount, getAccount, storageProof } from '../rollup/trie/world.ts'
import type { ExecutorNode } from './node.ts'

/** Preimages and trie nodes between a root claim and a slot, as `OutputProof` and `MerklePatricia` take them. */
export interface SlotProof {
  readonly statePreimage: Hex
  readonly worldPreimage: Hex
  readonly account: Hex
  readonly accountProof: readonly Hex[]
  readonly storageProof: readonly Hex[]
}

/** The slot under the newest root that is final on L1. */
export function finalSlotProof(node: ExecutorNode, params: readonly Json[]): Json {
  const [address, slot] = params
  if (!isHex(address, 20)) throw new InvalidParamsError('address', '20 bytes', address)
  if (!isHex(slot, 32)) throw new InvalidParamsError('slot', '32 bytes', slot)
  const game = newestFinalGame(node)
  if (game === null) throw new ServerError('No output root is final yet.')
  const {
    accountProof: account,
    storageProof: storage,
    ...proof
  } = openSlot(node, game, hexToBytes(address), hexToBytes(slot))
  return {
    game: game.address,
    entryIndex: quantity(game.entryIndex),
    outputRoot: game.rootClaim,
    blockNumber: quantity(heightAtEnd(node.core.fields.ledger, game.entryIndex)),
    proof: { ...proof, accountProof: [...account], storageProof: [...storage] },
  }
}

function newestFinalGame(node: ExecutorNode): GameView | null {
  let newest: GameView | null = null
  for (const game of latest(node.core.fields.view).games.values()) {
    if (game.isFinal && (newest === null || game.entryIndex > newest.entryIndex)) newest = game
  }
  return newest
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}

/** Opens a game's root down to a slot. Throws `ServerError` for an address without an account, and for a state that is kept no more. */
export function openSlot(
  node: ExecutorNode,
  game: GameView,
  address: Uint8Array,
  slot: Uint8Array,
): SlotProof {
  const height = heightAtEnd(node.core.fields.ledger, game.entryIndex)
  if (!node.chain.block(height)) {
    const head = node.chain.head().header.number
    throw new ServerError(
      `The state under that root is of block ${height}, which this node keeps no more: its head is ${head}.`,
    )
  }
  const state = entryEndState(node.boundaries, game.entryIndex)
  const { statePreimage, worldPreimage } = openOutput(state)
  const world = state.world.state
  const account = getAccount(world, address)
  if (!account) throw new ServerError(`${bytesToHex(address)} has no account under that root.`)
  return {
    statePreimage: bytesToHex(statePreimage),
    worldPreimage: bytesToHex(worldPreimage),
    account: bytesToHex(encodeAccount(account)),
    accountProof: accountProof(world, address).map(bytesToHex),
    storageProof: storageProof(world, address, slot).map(bytesToHex),
  }
}

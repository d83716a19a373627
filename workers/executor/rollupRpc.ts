/** The rollup's own JSON-RPC methods (docs/specs/RPC.md) that an executor answers. */
import { decodeEventLog, parseAbi } from 'viem'
import type { MethodTable } from '../chain/rpc/backend.ts'
import { InvalidParamsError, ServerError } from '../chain/rpc/errors.ts'
import type { Json } from '../protocol/world.ts'
import {
  bytesToHex,
  concatBytes,
  equalBytes,
  type Hex,
  hexToBytes,
  isHex,
  word,
} from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { type GameView, latest } from '../rollup/l1/view.ts'
import { expectedRoot } from '../rollup/node/disputes.ts'
import { heightAtEnd } from '../rollup/node/ledger.ts'
import { isGoodGame } from '../rollup/node/roots.ts'
import { headHeights } from './heads.ts'
import type { ExecutorNode } from './node.ts'
import { resolvePassport } from './resolvePassport.ts'
import { finalSlotProof, openSlot } from './slotProof.ts'

const MESSAGE_PASSER = hexToBytes('0x4200000000000000000000000000000000000016')

const passerAbi = parseAbi([
  'event MessagePassed(uint256 indexed nonce, address indexed sender, address indexed target, uint256 value, uint256 gasLimit, bytes data, bytes32 withdrawalHash)',
])

/** Methods over a node that is not built yet when the table is made. */
export function rollupMethods(nodeOf: () => ExecutorNode): MethodTable {
  return {
    rollup_syncStatus: () => syncStatus(nodeOf()),
    rollup_withdrawalProof: (_, params) => withdrawalProof(nodeOf(), params),
    rollup_storageProof: (_, params) => finalSlotProof(nodeOf(), params),
    rollup_resolvePassport: (_, params) => resolvePassport(nodeOf().rpc.read, params),
  }
}

function syncStatus(node: ExecutorNode): Json {
  const { view } = node.core.fields
  const block = view.blocks.at(-1)
  const heads = Object.entries(headHeights(node)).map(([head, number]) => {
    const hash = bytesToHex(node.chain.block(number)?.hash ?? node.chain.genesis.hash)
    return [head, { number: quantity(number), hash }] as const
  })
  const l1 = { number: quantity(block?.number ?? 0n), hash: bytesToHex(block?.hash ?? word(0)) }
  return { ...Object.fromEntries(heads), l1 }
}

/** A withdrawal as L2's message passer logged it. */
export interface PassedMessage {
  readonly nonce: bigint
  readonly sender: Hex
  readonly target: Hex
  readonly value: bigint
  readonly gasLimit: bigint
  readonly data: Hex
  readonly hash: Hex
  readonly blockNumber: bigint
  readonly transactionHash: Hex
}

/** All that `IL1Bridge.proveWithdrawal` takes. */
function withdrawalProof(node: ExecutorNode, params: readonly Json[]): Json {
  const [hash] = params
  if (!isHex(hash, 32)) throw new InvalidParamsError('withdrawalHash', '32 bytes', hash)
  const message = findMessage(node, hash)
  if (!message) throw new ServerError('The withdrawal is in no L2 block.')
  const game = provingGame(node, message.blockNumber)
  if (!game) throw new ServerError('No proposed root covers the withdrawal yet.')
  const slot = keccak256(concatBytes(hexToBytes(hash), word(0)))
  const { accountProof, storageProof, ...proof } = openSlot(node, game, MESSAGE_PASSER, slot)
  return {
    withdrawal: {
      nonce: quantity(message.nonce),
      sender: message.sender,
      target: message.target,
      value: quantity(message.value),
      gasLimit: quantity(message.gasLimit),
      data: message.data,
    },
    game: game.address,
    proof: { ...proof, accountProof: [...accountProof], storageProof: [...storageProof] },
    final: game.isFinal,
  }
}

/** The oldest good game that covers the block: it is the first to become final. */
function provingGame(node: ExecutorNode, blockNumber: bigint): GameView | null {
  const contents = latest(node.core.fields.view)
  const rootOf = (index: bigint) => expectedRoot(node, index)
  let best: GameView | null = null
  for (const game of contents.games.values()) {
    const covers = heightAtEnd(node.core.fields.ledger, game.entryIndex) >= blockNumber
    const isOlder = best === null || game.entryIndex < best.entryIndex
    if (covers && isOlder && isGoodGame(game, contents, rootOf)) best = game
  }
  return best
}

function findMessage(node: ExecutorNode, hash: Hex): PassedMessage | null {
  for (let number = node.chain.head().header.number; number > 0n; number -= 1n) {
    const found = passedMessages(node, number).find((message) => message.hash === hash)
    if (found) return found
  }
  return null
}

/** Withdrawals that a block initiated. */
export function passedMessages(node: ExecutorNode, number: bigint): readonly PassedMessage[] {
  const block = node.chain.block(number)
  if (!block) return []
  return block.receipts.flatMap((receipt) =>
    receipt.logs.flatMap((log) => {
      if (!equalBytes(log.address, MESSAGE_PASSER)) return []
      const [first, ...rest] = log.topics.map(bytesToHex)
      if (first === undefined) return []
      const data = bytesToHex(log.data)
      const { args } = decodeEventLog({ abi: passerAbi, topics: [first, ...rest], data })
      const { nonce, value, gasLimit, withdrawalHash } = args
      const sender = args.sender.toLowerCase() as Hex
      const target = args.target.toLowerCase() as Hex
      const transactionHash = bytesToHex(receipt.transactionHash)
      const message = { nonce, sender, target, value, gasLimit, data: args.data }
      return [{ ...message, hash: withdrawalHash, blockNumber: number, transactionHash }]
    }),
  )
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}

/**
 * The methods of Optimism's rollup node that have a meaning here, in its answers' shape: numbers are numbers (docs/specs/RPC.md).
 * Source: the rollup node's RPC of the OP Stack specification.
 */
import type { MethodTable } from '../chain/rpc/backend.ts'
import { InvalidParamsError, ServerError } from '../chain/rpc/errors.ts'
import { readQuantity } from '../chain/rpc/params.ts'
import type { Json } from '../protocol/world.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { expectedRoot } from '../rollup/node/disputes.ts'
import { blocksOfEntry, heightAtEnd } from '../rollup/node/ledger.ts'
import { headHeights } from './heads.ts'
import type { ExecutorNode } from './node.ts'

const MESSAGE_PASSER = '0x4200000000000000000000000000000000000016'
/** A root is the hash of the machine's state (docs/specs/MACHINE.md), not Optimism's version 0 of four words. */
const OUTPUT_VERSION = `0x${'1'.padStart(64, '0')}`

/** Methods over a node that is not built yet when the table is made. */
export function opNodeMethods(nodeOf: () => ExecutorNode): MethodTable {
  return {
    optimism_syncStatus: () => syncStatus(nodeOf()),
    optimism_outputAtBlock: (_, params) => outputAtBlock(nodeOf(), params),
    optimism_version: () => 'trex-devnet',
  }
}

function syncStatus(node: ExecutorNode): Json {
  const { blocks } = node.core.fields.view
  const heights = headHeights(node)
  const l1 = l1Ref(blocks.at(-1))
  // The oldest block that a view keeps is the newest final one.
  const finalized = l1Ref(blocks[0])
  return {
    current_l1: l1,
    head_l1: l1,
    safe_l1: finalized,
    finalized_l1: finalized,
    unsafe_l2: l2Ref(node, heights.unsafe),
    safe_l2: l2Ref(node, heights.safe),
    finalized_l2: l2Ref(node, heights.finalized),
  }
}

/** The root that covers the block, which must be the last of its entry: roots stand at ends of entries. */
async function outputAtBlock(node: ExecutorNode, [height]: readonly Json[]): Promise<Json> {
  const number = readQuantity(height, 'blockNumber')
  const { ledger } = node.core.fields
  const block = ledger.blocks[Number(number) - 1]
  if (block === undefined) {
    const range = `1 to ${ledger.blocks.length}`
    throw new InvalidParamsError('blockNumber', `the number of an L2 block, ${range}`, height)
  }
  const entry = block.derived.entryIndex
  const end = heightAtEnd(ledger, entry)
  if (end !== number) {
    throw new ServerError(
      `Output roots stand at ends of batches: of block ${heightAtEnd(ledger, entry - 1n)} or ${end}, not of ${number}.`,
    )
  }
  const outputRoot = expectedRoot(node, entry)
  if (outputRoot === null) throw new ServerError(`Block ${number} is in no batch on L1 yet.`)
  const proof = (await node.rpc.read('eth_getProof', [
    MESSAGE_PASSER,
    [],
    `0x${number.toString(16)}`,
  ])) as {
    readonly storageHash: string
  }
  return {
    version: OUTPUT_VERSION,
    outputRoot,
    blockRef: l2Ref(node, number),
    withdrawalStorageRoot: proof.storageHash,
    stateRoot: bytesToHex(headerOf(node, number).stateRoot),
    syncStatus: syncStatus(node),
  }
}

interface L1Ref {
  readonly number: bigint
  readonly hash: Uint8Array
  readonly timestamp: bigint
}

function l1Ref(block: L1Ref | undefined): Json {
  if (block === undefined) throw new ServerError('No L1 block is known yet.')
  return {
    hash: bytesToHex(block.hash),
    number: Number(block.number),
    timestamp: Number(block.timestamp),
  }
}

function l2Ref(node: ExecutorNode, number: bigint): Json {
  const { ledger } = node.core.fields
  const { parentHash, timestamp } = headerOf(node, number)
  const block = ledger.blocks[Number(number) - 1]
  const derived = block?.derived
  return {
    hash: bytesToHex(block?.hash ?? ledger.genesis.hash),
    number: Number(number),
    parentHash: bytesToHex(parentHash),
    timestamp: Number(timestamp),
    l1origin: derived
      ? { hash: bytesToHex(derived.origin.hash), number: Number(derived.origin.number) }
      : null,
    sequenceNumber: derived ? placeInEntry(node, derived.entryIndex, number) : 0,
  }
}

function placeInEntry(node: ExecutorNode, entry: bigint, number: bigint): number {
  return blocksOfEntry(node.core.fields.ledger, entry).findIndex((block) => block.number === number)
}

function headerOf(node: ExecutorNode, number: bigint) {
  return (node.chain.block(number) ?? node.chain.genesis).header
}

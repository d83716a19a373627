/** One entry executed by the chain engine and ready for the machine: the two must end in the same output root. For tests only. */
import { type Chain, createChain } from '../../../chain/chain.ts'
import { testConfig } from '../../../chain/testing/accounts.ts'
import type { Block, GenesisAccount } from '../../../chain/types.ts'
import { payloadToBlob } from '../../batch/blob.ts'
import { ENTRY_BATCH, type Entry } from '../../batch/entry.ts'
import { type BatchBlock, encodePayload } from '../../batch/payload.ts'
import { hexToBytes, word, ZERO_HASH } from '../../bytes.ts'
import { type CodeLimits, ETHEREUM_CODE_LIMITS } from '../../codeLimits.ts'
import { cellsRoot } from '../../data/cellsRoot.ts'
import { deriveEntry } from '../../derivation/derive.ts'
import { boundaryState } from '../boundary.ts'
import { MachineError } from '../errors.ts'
import { systemCall } from '../phases/batch.ts'
import { isFinished, step } from '../step.ts'
import { L2_RULES, type MachineContext, type MachineState } from '../types.ts'

export const FEE_VAULT = hexToBytes('0x4200000000000000000000000000000000000011')
/** A contract at L1Block's address that stores the first word of its calldata after the selector. */
export const L1_BLOCK_STUB = '0x60043560005500'

const GENESIS_TIME = 1_767_225_600n
const CELL_SIZE = 2_048
const CELL_COUNT = 128

export interface EntryInput {
  readonly accounts: readonly GenesisAccount[]
  /** Inbox messages, EIP-2718. */
  readonly messages: readonly Uint8Array[]
  readonly blocks: readonly BatchBlock[]
  /** Instead of the blocks' encoding. */
  readonly payload?: Uint8Array
  readonly kind?: number
  /** Default: Ethereum's. */
  readonly codeLimits?: CodeLimits
}

export interface ExecutedEntry {
  readonly chain: Chain
  readonly context: MachineContext
  readonly start: MachineState
  readonly expectedEnd: MachineState
  readonly blocks: readonly Block[]
}

/** Executes entry 1 of a fresh L2 with the chain engine. */
export async function executeEntry(input: EntryInput): Promise<ExecutedEntry> {
  const config = testConfig('l2', input.accounts)
  const { codeLimits = ETHEREUM_CODE_LIMITS } = input
  const chain = await createChain({
    ...config,
    allowsCheats: true,
    codeLimits,
    genesis: { ...config.genesis, coinbase: FEE_VAULT },
  })
  const payload = input.payload ?? encodePayload(input.blocks)
  const cells = cellsOf(payload)
  const entry: Entry = {
    kind: input.kind ?? ENTRY_BATCH,
    cellsRoot: cells.length === 0 ? ZERO_HASH : cellsRoot(cells),
    payloadLength: BigInt(payload.length),
    inboxCount: BigInt(input.messages.length),
    originNumber: 7n,
    originHash: word(0x07),
    originTimestamp: GENESIS_TIME + 100n,
    originBaseFee: 11n,
    originPrevrandao: word(0x1234),
    postedAt: GENESIS_TIME + 120n,
  }
  const context: MachineContext = {
    endEntry: 2n,
    rules: { ...L2_RULES, ...codeLimits },
    source: {
      entry: () => entry,
      payload: () => payload,
      cells: () => cells,
      message: (index) => {
        const message = input.messages[Number(index)]
        if (message === undefined) throw new MachineError(`There is no message ${index}.`)
        return message
      },
    },
  }
  const start = boundaryOf(chain, 1n, 0n)
  const blocks = await execute(chain, entry, payload, input.messages)
  const consumed = blocks.inboxCount
  return {
    chain,
    context,
    start,
    expectedEnd: boundaryOf(chain, 2n, consumed),
    blocks: blocks.blocks,
  }
}

async function execute(
  chain: Chain,
  entry: Entry,
  payload: Uint8Array,
  messages: readonly Uint8Array[],
): Promise<{ readonly blocks: readonly Block[]; readonly inboxCount: bigint }> {
  const parent = { timestamp: chain.genesis.header.timestamp, inboxCount: 0n }
  const blocks: Block[] = []
  let inboxCount = 0n
  for (const derived of deriveEntry(1n, entry, payload, parent)) {
    const inbox = messages.slice(Number(derived.inboxFrom), Number(derived.inboxTo))
    inboxCount = derived.inboxTo
    const block = await chain.buildBlock({
      environment: {
        coinbase: FEE_VAULT,
        timestamp: derived.timestamp,
        gasLimit: chain.genesis.header.gasLimit,
        prevrandao: entry.originPrevrandao,
        parentBeaconBlockRoot: entry.originHash,
      },
      systemCalls: derived.isFirst ? [systemCall(2, entry, ZERO_HASH)] : [],
      inboxMessages: inbox.length,
      transactions: [...inbox, ...derived.transactions],
    })
    blocks.push(block)
  }
  return { blocks, inboxCount }
}

/** The machine's state between entries, from the chain's head. */
export function boundaryOf(chain: Chain, batchIndex: bigint, inboxCount: bigint): MachineState {
  const { header } = chain.head()
  return boundaryState({
    chainId: chain.config.chainId,
    coinbase: FEE_VAULT,
    gasLimit: header.gasLimit,
    batchIndex,
    inboxCount,
    number: header.number,
    timestamp: header.timestamp,
    prevrandao: header.prevrandao,
    baseFee: header.baseFee,
    gasUsed: header.gasUsed,
    blockHash: (number) => chain.block(number)?.hash ?? ZERO_HASH,
    world: chain.head().world,
  })
}

/** Runs the machine to the entry's end, telling every step. */
export function runEntry(
  { start, context }: Pick<ExecutedEntry, 'start' | 'context'>,
  observe?: (before: MachineState, after: MachineState) => void,
): MachineState {
  let state = start
  while (!isFinished(state, context)) {
    const after = step(state, context)
    observe?.(state, after)
    state = after
  }
  return state
}

function cellsOf(payload: Uint8Array): readonly Uint8Array[] {
  const blob = payloadToBlob(payload)
  // The extension is never opened: any bytes do.
  return Array.from({ length: CELL_COUNT }, (_, i) =>
    i < CELL_COUNT / 2 ? blob.slice(CELL_SIZE * i, CELL_SIZE * (i + 1)) : new Uint8Array(CELL_SIZE),
  )
}

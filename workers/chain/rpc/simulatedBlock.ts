/** Building a block of `eth_simulateV1`: its header before, its roots after the calls. */
import { ZERO_HASH } from '../../rollup/bytes.ts'
import { type BlockHeader, HEADER_DEFAULTS, nextExcessBlobGas } from '../../rollup/header.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { nextBaseFee } from '../../rollup/l2Header.ts'
import { BLOB_GAS } from '../../rollup/transaction/gas.ts'
import type { SignedTransaction } from '../../rollup/transaction/transaction.ts'
import { worldRoot } from '../../rollup/trie/world.ts'
import { logsBloom } from '../bloom.ts'
import { ancestor, type Chain } from '../chain.ts'
import { type Executor, openBlock, outcomeOf } from '../evm/executor.ts'
import { collectRequests, runPrologue } from '../execute.ts'
import { encodeHeader, HEADER_FIELDS } from '../history/header.ts'
import { payWithdrawals } from '../history/rewards.ts'
import { encodeWithdrawal } from '../history/withdrawal.ts'
import type { MessageOutcome } from '../message.ts'
import { bodyRoots, indexRoot } from '../roots.ts'
import { withOverrides } from '../simulate.ts'
import type { Block, Receipt } from '../types.ts'
import type { SimulatedBlock } from './simulateV1.ts'

export interface OpenedBlock {
  readonly header: BlockHeader
  readonly headerFields: number
  readonly simulated: SimulatedBlock
  readonly kind: Chain['config']['kind']
  readonly transactions: SignedTransaction[]
  readonly receipts: Receipt[]
  gasUsed(): bigint
  add(transaction: SignedTransaction, outcome: MessageOutcome): void
}

export interface SimulatedBlockInput {
  readonly chain: Chain
  /** Ascending; the last is the parent. */
  readonly parents: readonly Block[]
  readonly block: SimulatedBlock
  readonly validates: boolean
}

/** Runs `work` after what a block begins with, on the state that the parent left. */
export async function openSimulatedBlock<Result>(
  input: SimulatedBlockInput,
  work: (executor: Executor, opened: OpenedBlock) => Promise<Result>,
): Promise<Result> {
  const { chain, parents, block } = input
  const { number = 0n, timestamp = 0n, blobBaseFee } = block.blockOverrides
  return chain.withExecutor({ number, timestamp }, async (executor) => {
    const parent = parents.at(-1) ?? chain.head()
    const { header, fields } = headerOf(executor, input, parent)
    openBlock(executor, parent.world, {
      ...header,
      ...(blobBaseFee === undefined ? {} : { blobBaseFee }),
      hashOf: (height) => hashAt(chain, parents, height),
    })
    return withOverrides(executor, block.stateOverrides, async () => {
      await runPrologue(executor, {
        parentHash: parent.hash,
        beaconRoot: header.parentBeaconBlockRoot,
        systemCalls: [],
      })
      return work(executor, openedBlock(input, header, fields))
    })
  })
}

export async function finishBlock(executor: Executor, opened: OpenedBlock): Promise<Block> {
  const { receipts, transactions, simulated, headerFields, kind } = opened
  const withdrawals = simulated.blockOverrides.withdrawals ?? []
  const requestsHash =
    headerFields === HEADER_FIELDS.prague && kind === 'l1'
      ? await collectRequests(executor)
      : opened.header.requestsHash
  await payWithdrawals(executor, withdrawals)
  const world = executor.state.flush()
  const header: BlockHeader = {
    ...opened.header,
    ...bodyRoots(kind, transactions, receipts),
    stateRoot: worldRoot(world),
    gasUsed: opened.gasUsed(),
    blobGasUsed: receipts.reduce((sum, { blobGasUsed }) => sum + blobGasUsed, 0n),
    withdrawalsRoot: indexRoot(withdrawals.map(encodeWithdrawal)),
    requestsHash,
  }
  const headerRlp = encodeHeader(header, headerFields)
  return {
    hash: keccak256(headerRlp),
    header,
    headerRlp,
    transactions,
    receipts,
    skipped: [],
    systemCalls: [],
    world,
    worlds: [],
    imported: { headerFields, ommers: [], withdrawals },
  }
}

function headerOf(
  executor: Executor,
  { block, validates }: SimulatedBlockInput,
  parent: Block,
): { header: BlockHeader; fields: number } {
  const { fork } = executor
  const override = block.blockOverrides
  const fields = fieldsOf(executor)
  const before = parent.header
  const parentHasBlobs = (parent.imported?.headerFields ?? 21) >= HEADER_FIELDS.cancun
  const baseFee = fields < HEADER_FIELDS.london || !validates ? 0n : nextBaseFee(before)
  const header: BlockHeader = {
    ...HEADER_DEFAULTS,
    parentHash: parent.hash,
    coinbase: override.coinbase ?? before.coinbase,
    stateRoot: ZERO_HASH,
    transactionsRoot: ZERO_HASH,
    receiptsRoot: ZERO_HASH,
    logsBloom: new Uint8Array(256),
    difficulty: override.difficulty ?? before.difficulty,
    number: override.number ?? 0n,
    gasLimit: override.gasLimit ?? before.gasLimit,
    gasUsed: 0n,
    timestamp: override.timestamp ?? 0n,
    prevrandao: override.prevrandao ?? ZERO_HASH,
    baseFee: override.baseFee ?? baseFee,
    parentBeaconBlockRoot: override.beaconRoot ?? ZERO_HASH,
    excessBlobGas: hasBlobs(executor, parentHasBlobs) ? nextExcessBlobGas(before, fork.blobs) : 0n,
  }
  return { header, fields }
}

function hasBlobs({ vm, kind }: Executor, parentHasBlobs: boolean): boolean {
  return kind === 'l1' && parentHasBlobs && vm.common.isActivatedEIP(4844)
}

function fieldsOf({ vm: { common } }: Executor): number {
  if (common.isActivatedEIP(7685)) return HEADER_FIELDS.prague
  if (common.isActivatedEIP(4844)) return HEADER_FIELDS.cancun
  if (common.isActivatedEIP(4895)) return HEADER_FIELDS.shanghai
  return common.isActivatedEIP(1559) ? HEADER_FIELDS.london : HEADER_FIELDS.frontier
}

function openedBlock(
  { block, chain }: SimulatedBlockInput,
  header: BlockHeader,
  headerFields: number,
): OpenedBlock {
  const transactions: SignedTransaction[] = []
  const receipts: Receipt[] = []
  const gasUsed = (): bigint => receipts.at(-1)?.cumulativeGasUsed ?? 0n
  return {
    header,
    headerFields,
    simulated: block,
    kind: chain.config.kind,
    transactions,
    receipts,
    gasUsed,
    add(transaction, outcome) {
      const { contractAddress, gasPrice } = outcome
      const executed = outcomeOf(outcome.result)
      const logs = executed.succeeded ? executed.logs : []
      receipts.push({
        ...executed,
        logs,
        logsBloom: logsBloom(logs),
        transactionHash: transaction.hash,
        type: transaction.type,
        from: transaction.from,
        to: transaction.to,
        gasUsed: outcome.gasUsed,
        cumulativeGasUsed: gasUsed() + outcome.gasUsed,
        effectiveGasPrice: gasPrice,
        contractAddress,
        blobGasUsed: BLOB_GAS * BigInt(transaction.blobVersionedHashes.length),
        blobGasPrice: 0n,
      })
      transactions.push(transaction)
    },
  }
}

/** Hash of a simulated block, or of an ancestor of the base. */
function hashAt(chain: Chain, parents: readonly Block[], height: bigint): Uint8Array {
  const simulated = parents.find(({ header }) => header.number === height)
  const [base] = parents
  if (simulated !== undefined) return simulated.hash
  return base === undefined || height > base.header.number
    ? ZERO_HASH
    : ancestor(chain, base, height).hash
}

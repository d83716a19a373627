/** A chain from the files of an execution client: every block is executed and must give what its header says. */
import { bytesToHex, concatBytes, EMPTY_BYTES, equalBytes, hexToBytes } from '../../rollup/bytes.ts'
import { blobBaseFee } from '../../rollup/header.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { parseHistoricTransaction } from '../../rollup/transaction/decode.ts'
import type { SignedTransaction } from '../../rollup/transaction/transaction.ts'
import { rlpList } from '../../rollup/trie/rlp.ts'
import { type WorldState, worldRoot } from '../../rollup/trie/world.ts'
import { ancestor, type Chain, createChain } from '../chain.ts'
import { type Executor, openBlock, runSigned } from '../evm/executor.ts'
import { collectRequests, runPrologue } from '../execute.ts'
import { bodyRoots, indexRoot } from '../roots.ts'
import type { Block, ChainConfig, Receipt } from '../types.ts'
import { type FileBlock, parseChainFile } from './chainFile.ts'
import { InvalidChainFileError } from './errors.ts'
import { type GenesisFile, genesisBlock, parseGenesisFile } from './genesisFile.ts'
import { HEADER_FIELDS } from './header.ts'
import { payRewards, payWithdrawals } from './rewards.ts'
import { readSchedule } from './schedule.ts'
import { encodeWithdrawal } from './withdrawal.ts'

export interface ChainFiles {
  /** JSON of the genesis. */
  readonly genesis: string
  /** RLP of the blocks behind it, ascending. */
  readonly blocks: Uint8Array
}

/** Blocks are kept whole: the history is what such a chain is imported for. */
const HISTORY_BLOCKS_MAX = Number.MAX_SAFE_INTEGER

/** Executes a whole chain. `onBlock` tells how far it came. Throws `InvalidChainFileError` naming block and field. */
export async function importChain(
  files: ChainFiles,
  onBlock: (done: number, all: number) => void = () => undefined,
): Promise<Chain> {
  const file = parseGenesisFile(files.genesis)
  const blocks = parseChainFile(files.blocks)
  const genesis = genesisBlock(file)
  const chain = await createChain(configOf(file, blocks, genesis), genesis)
  for (const [index, block] of blocks.entries()) {
    chain.append(await importBlock(chain, block, file))
    onBlock(index + 1, blocks.length)
  }
  // Nothing behind the last block can be taken back.
  const { hash } = chain.head()
  for (const tag of ['safe', 'settled', 'finalized'] as const) chain.setTag(tag, hash)
  return chain
}

function configOf(file: GenesisFile, blocks: readonly FileBlock[], genesis: Block): ChainConfig {
  const { header } = genesis
  const first = [header, ...blocks.map((block) => block.header)].find(
    ({ difficulty }) => difficulty === 0n,
  )
  return {
    kind: 'l1',
    chainId: file.config.chainId,
    genesis: { ...header, accounts: [] },
    ...(file.config.depositContractAddress === undefined
      ? {}
      : { depositContract: hexToBytes(file.config.depositContractAddress) }),
    forks: readSchedule(file.config, first?.number),
    historyBlocksMax: HISTORY_BLOCKS_MAX,
  }
}

async function importBlock(chain: Chain, file: FileBlock, genesis: GenesisFile): Promise<Block> {
  const { header } = file
  const parent = chain.head()
  if (!equalBytes(header.parentHash, parent.hash) || header.number !== parent.header.number + 1n) {
    throw wrong(file, 'parentHash', 'is not that of the block before it')
  }
  const transactions = file.transactions.map((raw) =>
    parseHistoricTransaction(raw, chain.config.chainId),
  )
  const { receipts, world, requestsHash } = await chain.withExecutor(header, (executor) =>
    execute(executor, chain, { file, parent, transactions, genesis }),
  )
  check(file, { transactions, receipts, world, requestsHash })
  return {
    hash: keccak256(file.headerRlp),
    header,
    headerRlp: file.headerRlp,
    transactions,
    receipts,
    skipped: [],
    systemCalls: [],
    world,
    worlds: [],
    imported: {
      headerFields: file.headerFields,
      ommers: file.ommersRlp,
      withdrawals: file.withdrawals,
    },
  }
}

interface Work {
  readonly file: FileBlock
  readonly parent: Block
  readonly transactions: readonly SignedTransaction[]
  readonly genesis: GenesisFile
}

interface Done {
  readonly receipts: readonly Receipt[]
  readonly world: WorldState
  readonly requestsHash: Uint8Array
}

async function execute(executor: Executor, chain: Chain, work: Work): Promise<Done> {
  const { file, parent, transactions, genesis } = work
  const { header } = file
  const { state } = executor
  openBlock(executor, parent.world, {
    ...header,
    hashOf: (number) => ancestor(chain, parent, number).hash,
  })
  await runPrologue(executor, {
    parentHash: header.parentHash,
    beaconRoot: header.parentBeaconBlockRoot,
    systemCalls: [],
  })
  const receipts: Receipt[] = []
  for (const transaction of transactions) {
    receipts.push(await runOne(executor, file, transaction, receipts.at(-1)))
  }
  const requestsHash =
    file.headerFields === HEADER_FIELDS.prague
      ? await collectRequests(executor, depositsIn(receipts, genesis))
      : header.requestsHash
  await payWithdrawals(executor, file.withdrawals)
  await payRewards(executor, header, file.ommers)
  return { receipts, requestsHash, world: state.flush() }
}

async function runOne(
  executor: Executor,
  file: FileBlock,
  transaction: SignedTransaction,
  before: Receipt | undefined,
): Promise<Receipt> {
  const { fork, state } = executor
  try {
    const outcome = await runSigned(executor, transaction)
    const hasStatus = executor.vm.common.gteHardfork('byzantium' as never)
    return {
      ...outcome,
      transactionHash: transaction.hash,
      type: transaction.type,
      from: transaction.from,
      to: transaction.to,
      cumulativeGasUsed: (before?.cumulativeGasUsed ?? 0n) + outcome.gasUsed,
      blobGasPrice:
        transaction.type === 3 ? blobBaseFee(file.header.excessBlobGas, fork.blobs) : 0n,
      ...(hasStatus ? {} : { postState: worldRoot(state.flush()) }),
    }
  } catch (cause) {
    const hash = bytesToHex(transaction.hash)
    throw new InvalidChainFileError(
      `Block ${file.header.number}: transaction ${hash} is invalid: ${(cause as Error).message}`,
      { cause },
    )
  }
}

/** EIP-6110: what the deposit contract logged, without the layout of its ABI. */
function depositsIn(receipts: readonly Receipt[], { config }: GenesisFile): Uint8Array {
  if (config.depositContractAddress === undefined) return EMPTY_BYTES
  const contract = hexToBytes(config.depositContractAddress)
  const parts = receipts
    .flatMap(({ logs }) => logs)
    .filter(({ address, topics }) => equalBytes(address, contract) && isDeposit(topics[0]))
    .flatMap(({ data }) => DEPOSIT_PARTS.map(([from, size]) => data.subarray(from, from + size)))
  return concatBytes(...parts)
}

/** Topic of `DepositEvent(bytes,bytes,bytes,bytes,bytes)`. */
const DEPOSIT_TOPIC = '0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5'
/** Start and size of public key, credentials, amount, signature and index in the event's data. */
const DEPOSIT_PARTS = [
  [192, 48],
  [288, 32],
  [352, 8],
  [416, 96],
  [544, 8],
] as const

function isDeposit(topic: Uint8Array | undefined): boolean {
  return topic !== undefined && bytesToHex(topic) === DEPOSIT_TOPIC
}

function check(
  file: FileBlock,
  done: Done & { readonly transactions: readonly SignedTransaction[] },
): void {
  const { header } = file
  const roots = bodyRoots('l1', done.transactions, done.receipts)
  const computed = {
    ...roots,
    stateRoot: worldRoot(done.world),
    ommersHash: keccak256(rlpList(file.ommersRlp)),
    withdrawalsRoot: indexRoot(file.withdrawals.map(encodeWithdrawal)),
    requestsHash: done.requestsHash,
  }
  const gasUsed = done.receipts.at(-1)?.cumulativeGasUsed ?? 0n
  if (gasUsed !== header.gasUsed) throw wrong(file, 'gasUsed', `must be ${gasUsed}`)
  for (const [field, value] of Object.entries(computed)) {
    if (field === 'withdrawalsRoot' && file.headerFields < HEADER_FIELDS.shanghai) continue
    const claimed = header[field as keyof typeof computed]
    if (!equalBytes(value, claimed)) throw wrong(file, field, `must be ${bytesToHex(value)}`)
  }
}

function wrong(file: FileBlock, field: string, what: string): InvalidChainFileError {
  return new InvalidChainFileError(`Block ${file.header.number}: ${field} ${what}.`)
}

/** Anvil as the L1, with Ethereum's limits on, and a preset's contracts deployed on it as its genesis deploys them. */
import { readFileSync } from 'node:fs'
import {
  createTestClient,
  type Hex,
  http,
  publicActions,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
  walletActions,
} from 'viem'
import * as node from '../../tools/anvil/process.ts'
import type { ReplayFile } from '../../tools/genesis/build.ts'
import type { GenesisFile } from '../../workers/rollup/genesisFile.ts'
import { GENESIS_TIMESTAMP, PRESETS } from '../../workers/rollup/parameters.ts'

const BASE_FEE = 1_000_000_000n

export type Client = ReturnType<typeof connect>

export interface Anvil {
  readonly client: Client
  readonly stop: () => void
}

export async function startAnvil(
  chainId: number = PRESETS.classroom.l1ChainId,
  flags: readonly string[] = [],
): Promise<Anvil> {
  const chain = ['--chain-id', String(chainId), '--hardfork', 'osaka']
  const start = ['--timestamp', String(GENESIS_TIMESTAMP), '--base-fee', String(BASE_FEE)]
  const limits = ['--enable-tx-gas-limit']
  const { url, close } = await node.startAnvil([...chain, ...start, ...limits, ...flags])
  return { client: connect(url), stop: close }
}

function connect(url: string) {
  return createTestClient({ mode: 'anvil', transport: http(url), pollingInterval: 10 })
    .extend(publicActions)
    .extend(walletActions)
}

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(`contracts/generated/genesis-${name}.json`, 'utf8')) as T

export const classroomGenesis = (): GenesisFile => read<GenesisFile>('classroom')

interface Replayed {
  readonly label: string
  readonly status: string
  readonly gasUsed: bigint
  readonly creates: Hex | undefined
}

/** Sends the transactions by which the classroom's L1 genesis came to be. */
export async function replayClassroom(client: Client): Promise<readonly Replayed[]> {
  const { prefund, transactions } = read<ReplayFile>('classroom.replay')
  for (const [address, account] of Object.entries(prefund) as [Hex, (typeof prefund)[string]][]) {
    await client.setBalance({ address, value: BigInt(account.balance) })
    if (account.code !== '0x') await client.setCode({ address, bytecode: account.code as Hex })
    for (const [index, value] of Object.entries(account.storage) as [Hex, Hex][]) {
      await client.setStorageAt({ address, index, value })
    }
  }
  const replayed: Replayed[] = []
  for (const { label, raw, creates } of transactions) {
    await client.setNextBlockBaseFeePerGas({ baseFeePerGas: BASE_FEE })
    const hash = await client.sendRawTransaction({ serializedTransaction: raw })
    const { status, gasUsed } = await receiptOf(client, hash)
    replayed.push({ label, status, gasUsed, creates: creates as Hex | undefined })
  }
  return replayed
}

const RECEIPT_ATTEMPTS = 2_000

/** Asks until the receipt is there: viem's own waiting grows slower with every block. */
export async function receiptOf(client: Client, hash: Hex): Promise<TransactionReceipt> {
  for (let attempt = 0; attempt < RECEIPT_ATTEMPTS; attempt++) {
    try {
      return await client.getTransactionReceipt({ hash })
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  throw new Error(`anvil gives no receipt of ${hash}.`)
}

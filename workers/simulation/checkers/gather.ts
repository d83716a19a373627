/** Reads the evidence of a run from both chains, over the JSON-RPC that everybody has. */
import { decodeEventLog, encodeEventTopics } from 'viem'
import { abi as inboxAbi } from '../../../contracts/generated/IInbox.ts'
import { abi as bridgeAbi } from '../../../contracts/generated/IL1Bridge.ts'
import { abi as passerAbi } from '../../../contracts/generated/IL2ToL1MessagePasser.ts'
import type { NodeId } from '../../kernel/role.ts'
import type { ChainName, Json } from '../../protocol/world.ts'
import { bytesToHex, hexToBytes } from '../../rollup/bytes.ts'
import { parseTransaction } from '../../rollup/transaction/decode.ts'
import type { TraceFacts } from './collector.ts'
import type { BlockFacts, BridgeFacts, ChainFacts, Evidence } from './evidence.ts'

export interface GatherInput {
  read(chain: ChainName, method: string, params: readonly Json[]): Promise<Json>
  readonly contracts: Readonly<Record<string, string>>
  readonly l2ChainId: number
  readonly accounts: Readonly<Record<string, NodeId>>
  readonly facts: TraceFacts
}

const MESSAGE_PASSER = '0x4200000000000000000000000000000000000016'

type Fields = { readonly [key: string]: Json }

/** The world must not move meanwhile. */
export async function gatherEvidence(input: GatherInput): Promise<Evidence> {
  const { facts, accounts } = input
  const honest = Object.entries(accounts).filter(([, node]) => !facts.corrupted.has(node))
  return {
    l1: await readChain(input, 'l1'),
    l2: await readChain(input, 'l2'),
    bridge: await readBridge(input),
    certificates: facts.certificates,
    derived: facts.derived,
    unsafe: facts.unsafe,
    safeNumber: facts.safeNumber,
    games: facts.games,
    honestAccounts: new Set(honest.map(([address]) => address.toLowerCase())),
  }
}

async function readChain({ read }: GatherInput, chain: ChainName): Promise<ChainFacts> {
  const head = BigInt((await read(chain, 'eth_blockNumber', [])) as string)
  const blocks: BlockFacts[] = []
  for (let number = 1n; number <= head; number += 1n) {
    blocks.push(await readBlock(read, chain, quantity(number)))
  }
  const total = async (block: string) =>
    BigInt((await read(chain, 'rollup_totalBalance', [block])) as string)
  return {
    genesisTotalWei: await total('0x0'),
    totalWei: await total(quantity(head)),
    blocks,
  }
}

async function readBlock(
  read: GatherInput['read'],
  chain: ChainName,
  number: string,
): Promise<BlockFacts> {
  const block = (await read(chain, 'eth_getBlockByNumber', [number, true])) as Fields
  const transactions = block.transactions as readonly Fields[]
  const facts = { number: integer(block, 'number'), hash: block.hash as string }
  if (transactions.length === 0) return { ...facts, burnedWei: 0n, deposits: [] }
  const receipts = (await read(chain, 'eth_getBlockReceipts', [number])) as readonly Fields[]
  const baseFee = integer(block, 'baseFeePerGas')
  let burnedWei = 0n
  const deposits: BlockFacts['deposits'][number][] = []
  for (const [index, transaction] of transactions.entries()) {
    const receipt = receipts[index] as Fields
    if (transaction.type === '0x7e') {
      deposits.push({
        sourceHash: transaction.sourceHash as string,
        mintWei: integer(transaction, 'mint'),
        succeeded: receipt.status === '0x1',
      })
      continue
    }
    burnedWei += baseFee * integer(receipt, 'gasUsed')
    if (receipt.blobGasUsed !== undefined) {
      burnedWei += integer(receipt, 'blobGasUsed') * integer(receipt, 'blobGasPrice')
    }
  }
  return { ...facts, burnedWei, deposits }
}

async function readBridge(input: GatherInput): Promise<BridgeFacts> {
  const { read, contracts, l2ChainId } = input
  const bridge = contracts.l1Bridge ?? ''
  const balance = async (block: string) =>
    BigInt((await read('l1', 'eth_getBalance', [bridge, block])) as string)
  const received = await readLogs(input, 'l1', bridge, bridgeAbi, 'EthReceived')
  const paid = await readLogs(input, 'l1', bridge, bridgeAbi, 'WithdrawalFinalized')
  const withdrawn = await readLogs(input, 'l2', MESSAGE_PASSER, passerAbi, 'MessagePassed')
  const messages = await readLogs(input, 'l1', contracts.inbox ?? '', inboxAbi, 'MessageQueued')
  const queued = messages
    .map(({ raw }) => parseTransaction(hexToBytes(raw as string), { chainId: l2ChainId }))
    .flatMap((message) =>
      message.kind === 'deposit'
        ? [{ sourceHash: bytesToHex(message.sourceHash), mintWei: message.mint }]
        : [],
    )
  return {
    genesisBalanceWei: await balance('0x0'),
    balanceWei: await balance('latest'),
    receivedWei: sum(received.map(({ amount }) => amount as bigint)),
    paidWei: sum(paid.map(({ value }) => value as bigint)),
    withdrawnWei: sum(withdrawn.map(({ value }) => value as bigint)),
    queued,
  }
}

async function readLogs(
  { read }: GatherInput,
  chain: ChainName,
  address: string,
  abi: readonly unknown[],
  eventName: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const topics = encodeEventTopics({ abi, eventName } as never) as string[]
  const filter = { address, topics: [topics[0] ?? ''], fromBlock: '0x0', toBlock: 'latest' }
  const logs = (await read(chain, 'eth_getLogs', [filter])) as readonly Fields[]
  return logs.map((log) => {
    const decoded = decodeEventLog({ abi, data: log.data, topics: log.topics } as never)
    return (decoded as { args: Readonly<Record<string, unknown>> }).args
  })
}

function integer(fields: Fields, key: string): bigint {
  return BigInt((fields[key] as string | undefined) ?? '0x0')
}

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n)
}

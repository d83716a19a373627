/** The package's entry `trex-devnet/viem`: both chains, and actions between them in viem's style. Works wherever viem does. */
import {
  type Account,
  type Address,
  type Chain,
  type Client,
  type Hash,
  type Hex,
  keccak256,
  parseEventLogs,
  type TransactionReceipt,
  type Transport,
} from 'viem'
import { estimateContractGas, getTransactionReceipt, writeContract } from 'viem/actions'
import { abi as inboxAbi } from '../contracts/generated/IInbox.ts'
import { abi as l2BridgeAbi } from '../contracts/generated/IL2Bridge.ts'
import { abi as l1BridgeAbi } from '../contracts/generated/L1Bridge.ts'
import { BaseError } from '../workers/kernel/errors.ts'
import { PREDEPLOYS } from '../workers/protocol/predeploys.ts'
import { toWithdrawal, type WithdrawalProof } from '../workers/protocol/withdrawal.ts'
import { withdrawalHashes } from './withdrawals.ts'

const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 } as const
const multicall3 = { address: '0xca11bde05977b3631167028862be2a173976ca11' } as const

export const trexL1 = {
  id: 7_331_001,
  name: 'trex L1',
  nativeCurrency,
  testnet: true,
  blockTime: 2_000,
  rpcUrls: { default: { http: ['http://127.0.0.1:8545'], webSocket: ['ws://127.0.0.1:8545'] } },
  contracts: {
    multicall3,
    l1Bridge: { address: '0x0677157476de20930d7db0249f53114c2aa1cf2f' },
    inbox: { address: '0xfa86cbcdb16892f270d2d6f814a3024870535c3c' },
    personaProver: { address: '0xc46ea7ec3579d8252b1ba40f14d1cd80a96aa8a2' },
  },
} as const satisfies Chain

export const trexL2 = {
  id: 7_331_002,
  name: 'trex L2',
  nativeCurrency,
  testnet: true,
  blockTime: 500,
  sourceId: trexL1.id,
  rpcUrls: { default: { http: ['http://127.0.0.1:9545'], webSocket: ['ws://127.0.0.1:9545'] } },
  contracts: {
    multicall3,
    l2Bridge: { address: PREDEPLOYS.l2Bridge },
    l2ToL1MessagePasser: { address: PREDEPLOYS.l2ToL1MessagePasser },
    tokenFactory: { address: PREDEPLOYS.tokenFactory },
  },
} as const satisfies Chain

/** A client with an account, as `createWalletClient` makes it. */
type Wallet = Client<Transport, Chain, Account>
/** Any client of L2. */
type Reader = Client<Transport, Chain | undefined, Account | undefined>

/** What was waited for did not happen in time. */
export class WaitTimeoutError extends BaseError {
  override name = 'WaitTimeoutError'
}

export interface WaitOptions {
  /** Milliseconds of real time; 120,000 by default. */
  readonly timeout?: number
}

export interface DepositParameters {
  /** Who receives it on L2; the sender by default. */
  readonly to?: Address
  /** Wei. */
  readonly amount: bigint
  /** Gas of the transaction on L2; 100,000 by default. */
  readonly gasLimit?: bigint
  /** Calls `to` with it. */
  readonly data?: Hex
}

/** On L1: locks ETH in the bridge; L2 mints it, and calls with `data`. Returns the transaction on L1. */
export function deposit(client: Wallet, parameters: DepositParameters): Promise<Hash> {
  const { to = client.account.address, amount: value, gasLimit = 100_000n, data } = parameters
  const { inbox, l1Bridge } = trexL1.contracts
  if (data === undefined) {
    const args = [to, gasLimit] as const
    return write(client, { ...l1Bridge, abi: l1BridgeAbi, functionName: 'depositETH', args, value })
  }
  const args = [to, gasLimit, data] as const
  return write(client, { ...inbox, abi: inboxAbi, functionName: 'deposit', args, value })
}

export interface ForceIncludeParameters {
  /** A signed transaction of L2 (`signTransaction`). */
  readonly serializedTransaction: Hex
}

/**
 * On L1: queues a transaction of L2 in the inbox, past the sequencers: they must take it up, or anyone does it for them. Returns the
 * transaction on L1; the one on L2 has the hash `keccak256(serializedTransaction)`.
 */
export function forceInclude(client: Wallet, parameters: ForceIncludeParameters): Promise<Hash> {
  const args = [parameters.serializedTransaction] as const
  const { inbox } = trexL1.contracts
  return write(client, { ...inbox, abi: inboxAbi, functionName: 'enqueueTransaction', args })
}

export interface InitiateWithdrawalParameters {
  /** Who is paid on L1; the sender by default. */
  readonly to?: Address
  /** Wei. */
  readonly amount: bigint
}

/** On L2: burns ETH that L1 will pay out. Returns the transaction on L2. */
export function initiateWithdrawal(
  client: Wallet,
  { to = client.account.address, amount: value }: InitiateWithdrawalParameters,
): Promise<Hash> {
  const { l2Bridge } = trexL2.contracts
  const args = [to] as const
  return write(client, { ...l2Bridge, abi: l2BridgeAbi, functionName: 'withdrawETH', args, value })
}

/** On L1: proves a withdrawal against the root that covers it. */
export function proveWithdrawal(client: Wallet, proven: WithdrawalProof): Promise<Hash> {
  const { l1Bridge } = trexL1.contracts
  const args = [toWithdrawal(proven), proven.game, proven.proof] as const
  return write(client, { ...l1Bridge, abi: l1BridgeAbi, functionName: 'proveWithdrawal', args })
}

/** On L1: pays a withdrawal that this account proved, once its root is final. */
export function finalizeWithdrawal(client: Wallet, proven: WithdrawalProof): Promise<Hash> {
  const { l1Bridge } = trexL1.contracts
  const args = [toWithdrawal(proven), client.account.address] as const
  return write(client, { ...l1Bridge, abi: l1BridgeAbi, functionName: 'finalizeWithdrawal', args })
}

/** Hashes of the transactions of L2 that an L1 transaction queued: deposits and forced ones. */
export function queuedTransactions({ logs }: Pick<TransactionReceipt, 'logs'>): readonly Hash[] {
  const events = parseEventLogs({ abi: inboxAbi, eventName: 'MessageQueued', logs })
  return events.map(({ args }) => args.messageHash)
}

/** Hash of the withdrawal that an L2 transaction began. Throws `NoWithdrawalError`. */
export function withdrawalHashOf(receipt: Pick<TransactionReceipt, 'logs'>): Hash {
  const [hash] = withdrawalHashes(receipt.logs)
  if (hash !== undefined) return hash
  throw new NoWithdrawalError('The transaction began no withdrawal.')
}

export class NoWithdrawalError extends BaseError {
  override name = 'NoWithdrawalError'
}

/** Waits until a transaction that came through L1 is in a block of L2. */
export function waitForQueued(
  client: Reader,
  { hash, ...options }: { readonly hash: Hash } & WaitOptions,
): Promise<TransactionReceipt> {
  return waitFor(client, `Transaction ${hash} on L2`, options, () =>
    getTransactionReceipt(client, { hash }).catch((error: { name?: string }) => {
      if (error.name === 'TransactionReceiptNotFoundError') return undefined
      throw error
    }),
  )
}

type WithdrawalWait = { readonly withdrawalHash: Hash } & WaitOptions

/** Waits until a proposed root covers the withdrawal; resolves with all that `proveWithdrawal` takes. */
export function waitToProve(
  client: Reader,
  { withdrawalHash, ...options }: WithdrawalWait,
): Promise<WithdrawalProof> {
  const what = `A root that covers withdrawal ${withdrawalHash}`
  return waitFor(client, what, options, () => readProof(client, withdrawalHash))
}

/** Waits until the root that covers the withdrawal is final; resolves with what `finalizeWithdrawal` takes. */
export function waitToFinalize(
  client: Reader,
  { withdrawalHash, ...options }: WithdrawalWait,
): Promise<WithdrawalProof> {
  return waitFor(client, `A final root over withdrawal ${withdrawalHash}`, options, async () => {
    const proof = await readProof(client, withdrawalHash)
    return proof?.final === true ? proof : undefined
  })
}

/** `createWalletClient({ chain: trexL1, … }).extend(trexL1Actions)` */
export function trexL1Actions(client: Wallet) {
  return {
    deposit: (parameters: DepositParameters) => deposit(client, parameters),
    forceInclude: (parameters: ForceIncludeParameters) => forceInclude(client, parameters),
    proveWithdrawal: (proven: WithdrawalProof) => proveWithdrawal(client, proven),
    finalizeWithdrawal: (proven: WithdrawalProof) => finalizeWithdrawal(client, proven),
  }
}

/** `createWalletClient({ chain: trexL2, … }).extend(trexL2Actions)` */
export function trexL2Actions(client: Wallet) {
  return {
    initiateWithdrawal: (parameters: InitiateWithdrawalParameters) =>
      initiateWithdrawal(client, parameters),
    waitForQueued: (options: Parameters<typeof waitForQueued>[1]) => waitForQueued(client, options),
    waitToProve: (options: WithdrawalWait) => waitToProve(client, options),
    waitToFinalize: (options: WithdrawalWait) => waitToFinalize(client, options),
  }
}

/** The block that takes the transaction may cost more than the one that it was estimated for. */
async function write(client: Wallet, call: object): Promise<Hash> {
  // The callers' literals were checked against their ABI when they were written; generics through here would say no more.
  const parameters = { account: client.account, ...call } as never
  const estimated = await estimateContractGas(client, parameters)
  return writeContract(client, { ...(parameters as object), gas: (estimated * 3n) / 2n } as never)
}

async function readProof(client: Reader, hash: Hash): Promise<WithdrawalProof | undefined> {
  try {
    return await request<WithdrawalProof>(client, 'rollup_withdrawalProof', [hash])
  } catch (error) {
    // -32000: not in a proposed root yet.
    if (codeOf(error) === -32_000) return undefined
    throw error
  }
}

/** viem wraps what the node answered. */
function codeOf(error: unknown): number | undefined {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (typeof code === 'number' && code !== -1) return code
  return cause === undefined ? undefined : codeOf(cause)
}

function request<Result>(client: Reader, method: string, params: readonly unknown[] = []) {
  return client.request({ method, params } as never) as Promise<Result>
}

/** Virtual milliseconds by which a paused world moves between two looks. */
const STRIDE_MS = 2_000

interface Pace {
  readonly phase: string
  readonly advanceOnDemand: boolean
}

async function waitFor<Result>(
  client: Reader,
  what: string,
  { timeout = 120_000 }: WaitOptions,
  look: () => Promise<Result | undefined>,
): Promise<Result> {
  const deadline = Date.now() + timeout
  let pace: Pace | undefined
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new WaitTimeoutError(`${what}: not within ${timeout} ms.`)
    pace ??= await request<Pace>(client, 'rollup_status')
    pace = await letTimePass(client, pace)
  }
}

/** A paused world moves for who waits, as it does for who sends. */
async function letTimePass(client: Reader, { phase, advanceOnDemand }: Pace) {
  if (phase === 'paused' && advanceOnDemand) {
    return request<Pace>(client, 'rollup_advance', [STRIDE_MS])
  }
  await new Promise((resolve) => setTimeout(resolve, client.pollingInterval))
  return undefined
}

/** Hash that a signed transaction has on L2. */
export function queuedHash({ serializedTransaction }: ForceIncludeParameters): Hash {
  return keccak256(serializedTransaction)
}

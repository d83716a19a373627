/**
 * A small L1 for contract tests: @ethereumjs/evm on Osaka's rules, blocks with real headers and hashes, Ethereum's limits on gas and code.
 * Contracts are those that tools/contracts.ts compiled.
 */
import { type Block, createBlock } from '@ethereumjs/block'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { SimpleStateManager } from '@ethereumjs/statemanager'
import { type Address, createAccount, createAddressFromString, unpadBytes } from '@ethereumjs/util'
import {
  type Abi,
  decodeErrorResult,
  decodeEventLog,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
} from 'viem'
import { bytesToHex, hexToBytes } from '../../workers/rollup/bytes.ts'
import type { AccountFile, AllocFile } from '../../workers/rollup/genesisFile.ts'

/** EIP-7825. */
export const TRANSACTION_GAS_MAX = 16_777_216n
const START_TIME = 1_767_225_600
const SLOT_SECONDS = 2

export interface Contract {
  readonly address: Hex
  readonly abi: Abi
}

export interface Artifact {
  readonly abi: Abi
  readonly bytecode: Hex
}

export interface CallOptions {
  readonly from?: Hex
  /** Default: `from`, as if an account called. */
  readonly origin?: Hex
  readonly value?: bigint
  readonly gas?: bigint
}

export interface Log {
  readonly address: Hex
  readonly name: string
  readonly args: Record<string, unknown>
}

export interface Outcome {
  readonly reverted: boolean
  /** Name and arguments of the custom error. */
  readonly error: { readonly name: string; readonly args: readonly unknown[] } | undefined
  readonly result: unknown
  readonly logs: readonly Log[]
  /** Execution alone, without the transaction's intrinsic gas. */
  readonly gasUsed: bigint
}

interface RawOutcome {
  readonly output: Uint8Array
  readonly exception: string | undefined
  readonly logs: readonly [Uint8Array, Uint8Array[], Uint8Array][]
  readonly gasUsed: bigint
  readonly created: Hex | undefined
}

export class Reverted extends Error {
  override name = 'Reverted'
}

export interface Harness {
  readonly account: (index: number) => Hex
  readonly deploy: (
    artifact: Artifact,
    args?: readonly unknown[],
    options?: CallOptions,
  ) => Promise<Contract>
  /** Calls and keeps the state; never throws for a revert. */
  readonly attempt: (
    contract: Contract,
    functionName: string,
    args?: readonly unknown[],
    options?: CallOptions,
  ) => Promise<Outcome>
  /** As `attempt`, and throws `Reverted` with the error's name. */
  readonly send: (
    contract: Contract,
    functionName: string,
    args?: readonly unknown[],
    options?: CallOptions,
  ) => Promise<Outcome>
  /** Name of the custom error that the call reverts with; '' if it does not revert. */
  readonly errorOf: (
    contract: Contract,
    functionName: string,
    args?: readonly unknown[],
    options?: CallOptions,
  ) => Promise<string>
  /** Result of a call whose changes are undone. */
  readonly read: <T>(
    contract: Contract,
    functionName: string,
    args?: readonly unknown[],
    options?: CallOptions,
  ) => Promise<T>
  /** Output of a call with bare bytes; throws `Reverted`. */
  readonly callRaw: (address: Hex, data: Hex, options?: CallOptions) => Promise<Hex>
  readonly nonceOf: (address: Hex) => Promise<bigint>
  readonly balanceOf: (address: Hex) => Promise<bigint>
  readonly setBalance: (address: Hex, amountWei: bigint) => Promise<void>
  readonly putCode: (address: Hex, code: Hex) => Promise<void>
  readonly codeOf: (address: Hex) => Promise<Hex>
  readonly storageOf: (address: Hex, slot: Hex) => Promise<Hex>
  /** Ends the current block and begins others; the last is the new one. */
  readonly mine: (blocks?: number, seconds?: number) => Promise<void>
  readonly blockNumber: () => bigint
  readonly timestamp: () => bigint
  /** RLP of the header of a finished block. */
  readonly headerOf: (number: bigint) => {
    readonly rlp: Hex
    readonly hash: Hex
    readonly block: Block
  }
  /** Remembers this moment; the result goes back to it. */
  readonly capture: () => () => void
  /** Makes the errors and events of a contract readable in outcomes of others. */
  readonly know: (abi: Abi) => void
}

export interface HarnessOptions {
  /** Default: L1's. */
  readonly chainId?: number
  /** Accounts of a genesis file. */
  readonly alloc?: AllocFile
}

export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const { chainId = 7_331_001, alloc = {} } = options
  const common = new Common({ chain: { ...Mainnet, chainId }, hardfork: Hardfork.Osaka })
  const state = new SimpleStateManager({ common })
  const finished: Block[] = []
  const blockchain = {
    getBlock: async (number: number) => finished[number] as Block,
    putBlock: async () => {},
    shallowCopy: () => blockchain,
  }
  const evm = await createEVM({ common, stateManager: state, blockchain: blockchain as never })
  let current = blockAfter(common, undefined, SLOT_SECONDS)
  const known: Abi[number][] = []
  const know = (abi: Abi) => known.push(...abi)
  const account = (index: number) =>
    `0x${(0xacc0000 + index).toString(16).padStart(40, '0')}` as Hex
  for (let i = 0; i < 32; i++) await fund(state, account(i), 100_000n * 10n ** 18n)
  for (const [address, file] of Object.entries(alloc)) await allocate(state, address, file)

  const run = async (to: Hex | undefined, data: Hex, options: CallOptions): Promise<RawOutcome> => {
    const from = options.from ?? account(0)
    evm.journal.cleanJournal()
    state.originalStorageCache.clear()
    const caller = createAddressFromString(from)
    if (to !== undefined) await bumpNonce(state, caller)
    const result = await evm.runCall({
      caller,
      origin: createAddressFromString(options.origin ?? from),
      ...(to === undefined ? {} : { to: createAddressFromString(to) }),
      data: hexToBytes(data),
      value: options.value ?? 0n,
      gasLimit: options.gas ?? TRANSACTION_GAS_MAX - 21_000n,
      block: current,
    })
    const { exceptionError, returnValue, logs, executionGasUsed } = result.execResult
    return {
      output: returnValue,
      exception: exceptionError?.error,
      logs: (logs ?? []) as RawOutcome['logs'],
      gasUsed: executionGasUsed,
      created: result.createdAddress?.toString() as Hex | undefined,
    }
  }

  const outcomeOf = (abi: Abi, functionName: string, raw: RawOutcome): Outcome => {
    const reverted = raw.exception !== undefined
    const data = bytesToHex(raw.output)
    return {
      reverted,
      error: reverted ? errorFrom([...abi, ...known], data, raw.exception ?? '') : undefined,
      result:
        reverted || data === '0x' ? undefined : decodeFunctionResult({ abi, functionName, data }),
      logs: raw.logs.map((log) => logFrom([...abi, ...known], log)),
      gasUsed: raw.gasUsed,
    }
  }

  const attempt: Harness['attempt'] = async (contract, functionName, args = [], options = {}) => {
    const data = encodeFunctionData({ abi: contract.abi, functionName, args } as never)
    return outcomeOf(contract.abi, functionName, await run(contract.address, data, options))
  }
  const send: Harness['send'] = async (contract, functionName, args, options) => {
    const outcome = await attempt(contract, functionName, args, options)
    if (outcome.reverted)
      throw new Reverted(`${functionName}: ${outcome.error?.name} ${String(outcome.error?.args)}`)
    return outcome
  }

  return {
    account,
    know,
    attempt,
    send,
    errorOf: async (...call) => (await attempt(...call)).error?.name ?? '',
    read: async <T>(
      contract: Contract,
      name: string,
      args: readonly unknown[] = [],
      options: CallOptions = {},
    ) => {
      await state.checkpoint()
      try {
        return (await send(contract, name, args, options)).result as T
      } finally {
        await state.revert()
      }
    },
    deploy: async ({ abi, bytecode }, args = [], options = {}) => {
      know(abi)
      const raw = await run(undefined, encodeDeployData({ abi, bytecode, args } as never), options)
      if (raw.created === undefined || raw.exception !== undefined)
        throw new Reverted(`deploy: ${raw.exception}`)
      return { address: raw.created, abi }
    },
    callRaw: async (address, data, options = {}) => {
      const raw = await run(address, data, options)
      if (raw.exception !== undefined) throw new Reverted(raw.exception)
      return bytesToHex(raw.output)
    },
    nonceOf: async (address) =>
      (await state.getAccount(createAddressFromString(address)))?.nonce ?? 0n,
    balanceOf: async (address) =>
      (await state.getAccount(createAddressFromString(address)))?.balance ?? 0n,
    setBalance: (address, amountWei) => fund(state, address, amountWei),
    putCode: (address, code) => state.putCode(createAddressFromString(address), hexToBytes(code)),
    codeOf: async (address) => bytesToHex(await state.getCode(createAddressFromString(address))),
    storageOf: async (address, slot) =>
      bytesToHex(await state.getStorage(createAddressFromString(address), hexToBytes(slot))),
    mine: async (blocks = 1, seconds = SLOT_SECONDS * blocks) => {
      for (let i = 0; i < blocks; i++) {
        finished[Number(current.header.number)] = current
        const share = Math.floor(seconds / blocks) + (i < seconds % blocks ? 1 : 0)
        current = blockAfter(common, current, share)
      }
    },
    blockNumber: () => current.header.number,
    timestamp: () => current.header.timestamp,
    capture: () => {
      const stacks = [state.accountStack, state.codeStack, state.storageStack] as const
      const copies = stacks.map((stack) => new Map<string, unknown>(stack.at(-1)))
      const [block, count] = [current, finished.length]
      return () => {
        for (const [i, stack] of stacks.entries())
          stack.splice(0, stack.length, new Map(copies[i]) as never)
        current = block
        finished.length = count
      }
    },
    headerOf: (number) => {
      const block = finished[Number(number)]
      if (block === undefined) throw new Reverted(`Block ${number} is not finished.`)
      return { rlp: bytesToHex(block.header.serialize()), hash: bytesToHex(block.hash()), block }
    },
  }
}

function blockAfter(common: Common, parent: Block | undefined, seconds: number): Block {
  const number = (parent?.header.number ?? 0n) + 1n
  const header = {
    number,
    parentHash: parent?.hash() ?? new Uint8Array(32),
    timestamp: (parent?.header.timestamp ?? BigInt(START_TIME)) + BigInt(seconds),
    gasLimit: 60_000_000n,
    baseFeePerGas: 1_000_000_000n + number,
    mixHash: new Uint8Array(32).fill(Number(number % 251n)),
  }
  return createBlock({ header }, { common, skipConsensusFormatValidation: true })
}

async function fund(state: SimpleStateManager, address: Hex, balance: bigint): Promise<void> {
  const at = createAddressFromString(address)
  const nonce = (await state.getAccount(at))?.nonce ?? 0n
  await state.putAccount(at, createAccount({ nonce, balance }))
}

async function allocate(
  state: SimpleStateManager,
  address: string,
  { nonce, balance, code, storage }: AccountFile,
): Promise<void> {
  const at = createAddressFromString(address)
  await state.putAccount(at, createAccount({ nonce: BigInt(nonce), balance: BigInt(balance) }))
  if (code !== '0x') await state.putCode(at, hexToBytes(code))
  for (const [slot, value] of Object.entries(storage))
    await state.putStorage(at, hexToBytes(slot), unpadBytes(hexToBytes(value)))
}

async function bumpNonce(state: SimpleStateManager, address: Address): Promise<void> {
  const account = (await state.getAccount(address)) ?? createAccount({})
  account.nonce += 1n
  await state.putAccount(address, account)
}

function errorFrom(
  abi: readonly Abi[number][],
  data: Hex,
  exception: string,
): { name: string; args: readonly unknown[] } {
  try {
    const { errorName, args } = decodeErrorResult({ abi, data })
    return { name: errorName, args: (args ?? []) as readonly unknown[] }
  } catch {
    return { name: exception, args: [data] }
  }
}

function logFrom(
  abi: readonly Abi[number][],
  [address, topics, data]: RawOutcome['logs'][number],
): Log {
  const at = bytesToHex(address)
  try {
    const decoded = decodeEventLog({
      abi,
      topics: topics.map(bytesToHex) as [Hex],
      data: bytesToHex(data),
    })
    return {
      address: at,
      name: decoded.eventName ?? '',
      args: (decoded.args ?? {}) as Record<string, unknown>,
    }
  } catch {
    return { address: at, name: '', args: {} }
  }
}

export type { EVM }

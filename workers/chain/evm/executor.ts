/** One EVM over one journal of state. It runs what a block consists of: system calls, transactions, deposits. */
import type { ParamsDict } from '@ethereumjs/common'
import { createEVM, type EVM, type EVMResult, type ExecResult, paramsEVM } from '@ethereumjs/evm'
import { Address } from '@ethereumjs/util'
import { createVM, runTx, type VM } from '@ethereumjs/vm'
import { assert } from '../../kernel/errors.ts'
import { type Patience, STEPS } from '../../kernel/patience.ts'
import { bytesToHex, hexToBytes } from '../../rollup/bytes.ts'
import { type CodeLimits, ETHEREUM_CODE_LIMITS } from '../../rollup/codeLimits.ts'
import { blobBaseFee } from '../../rollup/header.ts'
import { BLOB_GAS } from '../../rollup/transaction/gas.ts'
import type { AccessListItem, SignedTransaction } from '../../rollup/transaction/transaction.ts'
import type { WorldState } from '../../rollup/trie/world.ts'
import { type Fork, OSAKA } from '../forks.ts'
import type { ChainKind, Log, SystemCall } from '../types.ts'
import { rememberAnalyses } from './codeAnalysis.ts'
import { createRules } from './common.ts'
import { customOpcodes, customPrecompiles, guardCreatedSet, tickingJump } from './deviations.ts'
import type { Preimages } from './journal.ts'
import { createOverlay, type Overlay } from './overlay.ts'
import { toEvmTransaction } from './transaction.ts'

/** The caller of system calls (EIP-4788). */
export const SYSTEM_ADDRESS: Uint8Array = hexToBytes('0xfffffffffffffffffffffffffffffffffffffffe')

/** What the EVM can ask of the block that it runs in. */
export interface BlockContext {
  readonly number: bigint
  readonly coinbase: Uint8Array
  readonly timestamp: bigint
  readonly gasLimit: bigint
  readonly baseFee: bigint
  /** Before the merge. */
  readonly difficulty?: bigint
  readonly prevrandao: Uint8Array
  readonly excessBlobGas: bigint
  /** Instead of what follows from the excess, for simulations. */
  readonly blobBaseFee?: bigint
  /** Hash of one of the last 256 ancestors. */
  readonly hashOf: (number: bigint) => Uint8Array
}

/** What a transaction did. */
export interface Outcome {
  readonly succeeded: boolean
  readonly gasUsed: bigint
  readonly effectiveGasPrice: bigint
  readonly logs: readonly Log[]
  readonly logsBloom: Uint8Array
  readonly contractAddress: Uint8Array | null
  readonly blobGasUsed: bigint
  readonly output: Uint8Array
  readonly exception: string
}

export interface Executor {
  readonly kind: ChainKind
  readonly fork: Fork
  readonly codeLimits: CodeLimits
  readonly vm: VM
  readonly evm: EVM
  readonly state: Overlay
  /** Set by `openBlock`. */
  context: BlockContext | undefined
  /** How long its present user waits; heeded if it was created to be. */
  patience: Patience | undefined
}

export interface ExecutorOptions {
  /** Default: Osaka. */
  readonly fork?: Fork
  /** Default: Ethereum's. */
  readonly codeLimits?: CodeLimits | undefined
  /** Heeds `patience`, which costs a little in every loop and call. */
  readonly isPatient?: boolean
  /** Gathers the addresses and slots that blocks change. */
  readonly preimages?: Preimages | undefined
}

/** An EVM by a fork's rules; with L2's caps for kind `l2`. */
export async function createExecutor(
  kind: ChainKind,
  chainId: number,
  {
    fork = OSAKA,
    codeLimits = ETHEREUM_CODE_LIMITS,
    isPatient = false,
    preimages,
  }: ExecutorOptions = {},
): Promise<Executor> {
  await rememberAnalyses()
  const common = createRules(chainId, fork.hardfork)
  const state = createOverlay(preimages)
  const hashOf = (number: number): Uint8Array =>
    executor.context?.hashOf(BigInt(number)) ?? new Uint8Array(32)
  const evm = (await createEVM({
    common,
    params: paramsWith(codeLimits),
    stateManager: state,
    blockchain: {
      getBlock: async (number: number) => ({ hash: () => hashOf(number) }),
      putBlock: async () => {},
      shallowCopy() {
        return this
      },
    },
    customPrecompiles: customPrecompiles(common, kind === 'l2'),
    customOpcodes: [
      ...(kind === 'l2' ? customOpcodes(common) : []),
      ...(isPatient ? [tickingJump(common, () => executor.patience?.tick())] : []),
    ],
  })) as EVM
  evm.events.on('beforeMessage', (message) => guardCreatedSet(message, state))
  if (isPatient) {
    evm.events.on('beforeMessage', (_, proceed) => {
      const pause = executor.patience?.tick(STEPS)
      if (pause === undefined) proceed?.()
      else void pause.then(proceed)
    })
  }
  const vm = await createVM({ common, stateManager: state, evm })
  const executor: Executor = {
    kind,
    fork,
    codeLimits,
    vm,
    evm,
    state,
    context: undefined,
    patience: undefined,
  }
  return executor
}

/** The EVM's parameters; it sets them anew when it is made, whatever its rules held. */
function paramsWith({ codeSizeMax, initcodeSizeMax }: CodeLimits): ParamsDict {
  return {
    ...paramsEVM,
    607: { ...paramsEVM[607], maxCodeSize: codeSizeMax },
    3860: { ...paramsEVM[3860], maxInitCodeSize: initcodeSizeMax },
  }
}

/** Starts a block on a state. */
export function openBlock(executor: Executor, world: WorldState, context: BlockContext): void {
  executor.state.open(world)
  executor.context = context
}

/** Executes a transaction that `checkTransaction` let pass. */
export async function runSigned(
  executor: Executor,
  transaction: SignedTransaction,
): Promise<Outcome> {
  const { vm } = executor
  const block = evmBlock(executor)
  const result = await runTx(vm, {
    tx: toEvmTransaction(transaction, vm.common, executor.fork.prices),
    block: block as never,
    skipBlockGasLimitValidation: true,
    skipHardForkValidation: true,
  })
  const { baseFeePerGas } = block.header
  const ceiling = baseFeePerGas + transaction.maxPriorityFeePerGas
  const { maxFeePerGas } = transaction
  return {
    ...outcomeOf(result.execResult),
    gasUsed: result.totalGasSpent,
    effectiveGasPrice: maxFeePerGas < ceiling ? maxFeePerGas : ceiling,
    logsBloom: result.bloom.bitvector,
    contractAddress: result.createdAddress?.bytes ?? null,
    blobGasUsed: BLOB_GAS * BigInt(transaction.blobVersionedHashes.length),
  }
}

/** Gas of a system call: Ethereum's on L1, docs/specs/MACHINE.md (SYSTEM) on L2. */
const SYSTEM_CALL_GAS: Readonly<Record<ChainKind, bigint>> = { l1: 30_000_000n, l2: 1_000_000n }

/** Runs a system call. What it returns is the requests of EIP-7002 and EIP-7251; the rest do not care. */
export async function runSystemCall(
  executor: Executor,
  systemCall: SystemCall,
): Promise<Uint8Array> {
  const { evm, state, kind } = executor
  if (state.code(systemCall.to).length === 0) return new Uint8Array(0)
  const result = await runMessage(executor, {
    from: SYSTEM_ADDRESS,
    to: systemCall.to,
    value: 0n,
    data: systemCall.data,
    gasLimit: SYSTEM_CALL_GAS[kind],
    gasPrice: 0n,
  })
  await evm.journal.cleanup()
  return result.execResult.returnValue
}

export interface MessageCall {
  readonly from: Uint8Array
  readonly to: Uint8Array | null
  readonly value: bigint
  readonly data: Uint8Array
  readonly gasLimit: bigint
  readonly gasPrice: bigint
  /** Addresses and slots that are warm beforehand (EIP-2930). */
  readonly accessList?: readonly AccessListItem[]
  readonly blobVersionedHashes?: readonly Uint8Array[]
  /** Has the journal remember every address and slot that is touched; read it before the journal is cleaned up. */
  readonly reportsAccess?: boolean
}

/** A top frame without a transaction around it: no nonce, no fee. The caller cleans the journal up behind it. */
export async function runMessage(executor: Executor, message: MessageCall): Promise<EVMResult> {
  const { evm } = executor
  const block = evmBlock(executor)
  const caller = new Address(message.from)
  const warm = [caller, block.header.coinbase]
  if (message.to !== null) warm.push(new Address(message.to))
  await evm.journal.cleanup()
  if (message.reportsAccess) evm.journal.startReportingAccessList()
  for (const { address, storageKeys } of message.accessList ?? []) {
    const prefixed = bytesToHex(address)
    evm.journal.addAlwaysWarmAddress(prefixed, true)
    for (const key of storageKeys) evm.journal.addAlwaysWarmSlot(prefixed, bytesToHex(key), true)
  }
  for (const address of evm.precompiles.keys()) evm.journal.addAlwaysWarmAddress(address)
  for (const address of warm) evm.journal.addAlwaysWarmAddress(address.toString())
  const result = await evm.runCall({
    block,
    caller,
    gasPrice: message.gasPrice,
    gasLimit: message.gasLimit,
    value: message.value,
    data: message.data,
    blobVersionedHashes: (message.blobVersionedHashes ?? []).map(bytesToHex),
    skipNonceIncrement: true,
    ...(message.to === null ? {} : { to: new Address(message.to) }),
  })
  executor.state.originalStorageCache.clear()
  return result
}

/** What every kind of transaction says of its execution. */
export function outcomeOf(
  result: ExecResult,
): Pick<Outcome, 'succeeded' | 'logs' | 'output' | 'exception'> {
  const exception = result.exceptionError?.error ?? ''
  const logs = (result.logs ?? []).map(([address, topics, data]) => ({ address, topics, data }))
  return { succeeded: exception === '', logs, output: result.returnValue, exception }
}

type EvmBlock = NonNullable<Parameters<EVM['runCall']>[0]['block']>
type EvmHeader = EvmBlock['header'] & { readonly baseFeePerGas: bigint }

/** The few fields of a block that the EVM reads. */
function evmBlock(executor: Executor): { header: EvmHeader } {
  const { context, fork } = executor
  assert(context !== undefined, 'openBlock comes first.')
  return {
    header: {
      number: context.number,
      coinbase: new Address(context.coinbase),
      timestamp: context.timestamp,
      difficulty: context.difficulty ?? 0n,
      prevRandao: context.prevrandao,
      gasLimit: context.gasLimit,
      baseFeePerGas: context.baseFee,
      getBlobGasPrice: () => context.blobBaseFee ?? blobBaseFee(context.excessBlobGas, fork.blobs),
    },
  }
}

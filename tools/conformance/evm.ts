/** Deploys artifacts into a fresh @ethereumjs/evm under L1's rules, and calls them. */
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { type Address, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import {
  type Abi,
  bytesToHex,
  decodeErrorResult,
  decodeFunctionResult,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
} from 'viem'
import { kzgPort, loadKzg } from '../../workers/chain/evm/kzg.ts'
import { keccak256 } from '../../workers/rollup/keccak.ts'

export interface Artifact {
  readonly abi: Abi | readonly unknown[]
  readonly bytecode: Hex
}

export interface Deployed {
  readonly abi: Abi
  readonly address: Address
}

export interface Answer {
  /** The decoded return value, if the call succeeded. */
  readonly result: unknown
  readonly gas: bigint
  /** `ErrorName(arguments)`, or the EVM's own error; undefined if the call succeeded. */
  readonly error?: string
}

/** Who runs the contracts: an EVM with L1's rules. */
export interface Judge {
  /** Throws where the contract cannot be deployed. */
  deploy(artifact: Artifact, args?: readonly unknown[]): Promise<Deployed>
  /** Changes nothing; any number may be under way at once. */
  call(contract: Deployed, data: Uint8Array): Promise<RawAnswer>
  close(): void
}

export interface RawAnswer {
  readonly returned: Uint8Array
  readonly gas: bigint
  readonly error?: string
}

/** Ethereum's own limit of a transaction (EIP-7825). */
export const GAS_LIMIT = 16_777_216n

const caller = createAddressFromString('0x00000000000000000000000000000000000000aa')

export async function createMachine(): Promise<EVM> {
  await loadKzg()
  const common = new Common({
    chain: Mainnet,
    hardfork: Hardfork.Osaka,
    customCrypto: { keccak256: (bytes) => keccak256(bytes), kzg: kzgPort },
  })
  return createEVM({ common })
}

/** @ethereumjs/evm, one call after the other. */
export async function createOwnJudge(): Promise<Judge> {
  const evm = await createMachine()
  let last: Promise<unknown> = Promise.resolve()
  return {
    deploy: (artifact, args) => deploy(evm, artifact, args),
    call: (contract, data) => {
      const answer = last.then(() => callRaw(evm, contract, data))
      last = answer.catch(() => undefined)
      return answer
    },
    close: () => undefined,
  }
}

export async function deploy(
  evm: EVM,
  artifact: Artifact,
  args: readonly unknown[] = [],
): Promise<Deployed> {
  const abi = artifact.abi as Abi
  const data = encodeDeployData({ abi, bytecode: artifact.bytecode, args } as never)
  const { createdAddress, execResult } = await evm.runCall({
    caller,
    data: hexToBytes(data),
    gasLimit: GAS_LIMIT,
  })
  if (createdAddress === undefined || execResult.exceptionError !== undefined) {
    throw new Error(`deployment failed: ${execResult.exceptionError?.error ?? 'no address'}`)
  }
  return { abi, address: createdAddress }
}

export async function call(
  evm: EVM,
  contract: Deployed,
  functionName: string,
  args: readonly unknown[],
): Promise<Answer> {
  const { abi } = contract
  const data = encodeFunctionData({ abi, functionName, args } as never)
  const raw = await callRaw(evm, contract, hexToBytes(data))
  if (raw.error !== undefined) return { result: undefined, gas: raw.gas, error: raw.error }
  return {
    result: decodeFunctionResult({ abi, functionName, data: bytesToHex(raw.returned) } as never),
    gas: raw.gas,
  }
}

/** A call with bytes that are encoded already; viem is slow on large ones. */
export async function callRaw(evm: EVM, contract: Deployed, data: Uint8Array): Promise<RawAnswer> {
  startTransaction(evm)
  const { execResult } = await evm.runCall({
    caller,
    to: contract.address,
    data,
    gasLimit: GAS_LIMIT,
  })
  const { returnValue: returned, executionGasUsed: gas, exceptionError } = execResult
  if (exceptionError === undefined) return { returned, gas }
  return {
    returned,
    gas,
    error: nameOfError(contract.abi, bytesToHex(returned), exceptionError.error),
  }
}

/** A transaction finds nothing warm but the precompiles (EIP-2929), whatever came before it. */
function startTransaction({ journal, precompiles }: EVM): void {
  journal.cleanJournal()
  for (const address of precompiles.keys()) journal.addAlwaysWarmAddress(address)
}

export function nameOfError(abi: Abi, returned: Hex, fallback: string): string {
  if (returned === '0x') return fallback
  try {
    const { errorName, args } = decodeErrorResult({ abi, data: returned })
    return `${errorName}(${(args ?? []).join(', ')})`
  } catch {
    return `${fallback} ${returned.slice(0, 10)}`
  }
}

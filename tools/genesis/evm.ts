/** A plain @ethereumjs/vm on which genesis is made: block 0, no chain behind it, all state in memory. */
import { type Block, createBlock } from '@ethereumjs/block'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { SimpleStateManager } from '@ethereumjs/statemanager'
import { createTxFromRLP } from '@ethereumjs/tx'
import { type Address, createAccount, createAddressFromString } from '@ethereumjs/util'
import { createVM, runTx, type VM } from '@ethereumjs/vm'
import { bytesToHex, type Hex, hexToBytes } from '../../workers/rollup/bytes.ts'
import type { AccountFile } from '../../workers/rollup/genesisFile.ts'
import { GenesisError } from './errors.ts'

export interface GenesisBlock {
  readonly chainId: number
  readonly timestamp: number
  readonly gasLimit: bigint
  readonly baseFee: bigint
}

export interface GenesisEvm {
  readonly vm: VM
  readonly state: SimpleStateManager
  readonly block: Block
}

export async function createGenesisEvm(settings: GenesisBlock): Promise<GenesisEvm> {
  const common = new Common({
    chain: { ...Mainnet, chainId: settings.chainId },
    hardfork: Hardfork.Osaka,
  })
  const state = new SimpleStateManager({ common })
  const vm = await createVM({ common, stateManager: state })
  const { timestamp, gasLimit, baseFee } = settings
  const header = { number: 0, timestamp, gasLimit, baseFeePerGas: baseFee }
  return {
    vm,
    state,
    block: createBlock({ header }, { common, skipConsensusFormatValidation: true }),
  }
}

export async function putAccount(
  evm: GenesisEvm,
  address: Hex,
  account: AccountFile,
): Promise<void> {
  const at = createAddressFromString(address)
  const { nonce, balance } = account
  await evm.state.putAccount(at, createAccount({ nonce: BigInt(nonce), balance: BigInt(balance) }))
  if (account.code !== '0x') await evm.state.putCode(at, hexToBytes(account.code))
  for (const [slot, value] of Object.entries(account.storage)) {
    await evm.state.putStorage(at, hexToBytes(slot), trimmed(hexToBytes(value)))
  }
}

/** Executes a signed transaction; throws `GenesisError` if it fails. Returns the address of a created contract. */
export async function runRaw(
  evm: GenesisEvm,
  raw: Hex,
  label: string,
): Promise<Address | undefined> {
  const tx = createTxFromRLP(hexToBytes(raw), { common: evm.vm.common })
  const result = await runTx(evm.vm, { tx, block: evm.block, skipBlockGasLimitValidation: true })
  const failure = result.execResult.exceptionError
  if (failure !== undefined) {
    const output = bytesToHex(result.execResult.returnValue)
    throw new GenesisError(`${label} failed: ${failure.error}.`, {
      metaMessages: [`Output: ${output}`],
    })
  }
  return result.createdAddress
}

/** Runs creation code as if deployed and returns the code that it leaves; for contracts at fixed addresses. */
export async function runtimeCode(evm: GenesisEvm, initcode: Hex, label: string): Promise<Hex> {
  const result = await evm.vm.evm.runCall({
    data: hexToBytes(initcode),
    gasLimit: 16_000_000n,
    block: evm.block,
  })
  const { exceptionError, returnValue } = result.execResult
  if (exceptionError !== undefined)
    throw new GenesisError(`${label} does not deploy: ${exceptionError.error}.`)
  return bytesToHex(returnValue)
}

/** A call without a fee; throws `GenesisError` if it fails. */
export async function callContract(
  evm: GenesisEvm,
  { from, to, data, value = 0n }: { from: Hex; to: Hex; data: Hex; value?: bigint },
): Promise<Hex> {
  evm.vm.evm.journal.cleanJournal()
  const result = await evm.vm.evm.runCall({
    caller: createAddressFromString(from),
    to: createAddressFromString(to),
    data: hexToBytes(data),
    value,
    gasLimit: 16_000_000n,
    block: evm.block,
  })
  const { exceptionError, returnValue } = result.execResult
  const output = bytesToHex(returnValue)
  if (exceptionError !== undefined) {
    const metaMessages = [`Output: ${output}`]
    throw new GenesisError(`A call of ${to} failed: ${exceptionError.error}.`, { metaMessages })
  }
  return output
}

/** All accounts that are not empty, sorted by address, slots sorted. */
export function dumpState(evm: GenesisEvm): Record<string, AccountFile> {
  const accounts = top(evm.state.accountStack)
  const codes = top(evm.state.codeStack)
  const storage = storageByAccount(top(evm.state.storageStack))
  const alloc: Record<string, AccountFile> = {}
  for (const address of [...accounts.keys()].sort()) {
    const account = accounts.get(address)
    if (account === undefined || account.isEmpty()) continue
    alloc[address] = {
      nonce: account.nonce.toString(),
      balance: account.balance.toString(),
      code: bytesToHex(codes.get(address) ?? new Uint8Array()),
      storage: storage.get(address) ?? {},
    }
  }
  return alloc
}

function storageByAccount(
  entries: ReadonlyMap<string, Uint8Array>,
): Map<string, Record<string, string>> {
  const result = new Map<string, Record<string, string>>()
  for (const key of [...entries.keys()].sort()) {
    const value = trimmed(entries.get(key) ?? new Uint8Array())
    if (value.length === 0) continue
    const [address = '', slot = ''] = key.split('_')
    const owner = address.startsWith('0x') ? address : `0x${address}`
    const slots = result.get(owner) ?? {}
    slots[slot.startsWith('0x') ? slot : `0x${slot}`] =
      `0x${bytesToHex(value).slice(2).padStart(64, '0')}`
    result.set(owner, slots)
  }
  return result
}

function trimmed(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  return first === -1 ? new Uint8Array() : bytes.slice(first)
}

function top<T>(stack: readonly T[]): T {
  const last = stack.at(-1)
  if (last === undefined) throw new GenesisError('The state manager has no state.')
  return last
}

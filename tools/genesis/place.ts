/** Contracts at addresses of our choice: what a constructor stores there is what it would have stored in a deployment. */
import { createAddressFromString } from '@ethereumjs/util'
import { encodeDeployData } from 'viem'
import { type Hex, hexToBytes } from '../../workers/rollup/bytes.ts'
import type { AccountFile } from '../../workers/rollup/genesisFile.ts'
import { loadArtifact } from './artifacts.ts'
import { callContract, type GenesisEvm, putAccount } from './evm.ts'

/** What an installation needs of a chain; genesis and the contracts' tests each bring one. */
export interface InstallChain {
  /** Nonce 1, no code. */
  readonly createAccount: (address: Hex) => Promise<void>
  readonly fund: (address: Hex, balanceWei: bigint) => Promise<void>
  readonly putCode: (address: Hex, code: Hex) => Promise<void>
  /** Returns the output; throws if the call fails. */
  readonly call: (call: {
    readonly from: Hex
    readonly to: Hex
    readonly data: Hex
    readonly value?: bigint
  }) => Promise<Hex>
}

export interface Placement {
  readonly contract: string
  readonly address: Hex
  readonly args: readonly unknown[]
}

/** Runs the creation code at the address itself, so that what the constructor stores, and its view of `address(this)`, are those of the place. */
export async function place(
  chain: InstallChain,
  { contract, address, args }: Placement,
  deployer: Hex,
): Promise<void> {
  const { abi, bytecode } = await loadArtifact(contract)
  await chain.createAccount(address)
  await chain.putCode(address, encodeDeployData({ abi, bytecode, args }))
  await chain.putCode(address, await chain.call({ from: deployer, to: address, data: '0x' }))
}

const EMPTY: AccountFile = { nonce: '0', balance: '0', code: '0x', storage: {} }

export function installChainOf(evm: GenesisEvm): InstallChain {
  return {
    createAccount: (address) => putAccount(evm, address, { ...EMPTY, nonce: '1' }),
    fund: (address, balance) => putAccount(evm, address, { ...EMPTY, balance: `${balance}` }),
    putCode: (address, code) =>
      evm.state.putCode(createAddressFromString(address), hexToBytes(code)),
    call: (call) => callContract(evm, call),
  }
}

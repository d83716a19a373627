/** ABIs that the visitor brought: pasted, or of contracts deployed from the page. They outlive the visit. */
import type { Abi } from 'viem'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { ChainName } from '../../../workers/protocol/world.ts'
import type { KnownContract } from './known-abis.ts'

export interface UserContract extends KnownContract {
  readonly chain: ChainName
  readonly address: string
}

const storageKey = 'workbench-contracts'
const contractsMax = 40

const store = createStore<{ readonly contracts: readonly UserContract[] }>(() => ({
  contracts: read(),
}))

export function useUserContracts(): readonly UserContract[] {
  return useStore(store, ({ contracts }) => contracts)
}

/** Newest first; a contract at the same address is replaced. */
export function rememberContract(contract: UserContract): void {
  const others = store.getState().contracts.filter((known) => !isSame(known, contract))
  write([contract, ...others].slice(0, contractsMax))
}

export function forgetContract(contract: UserContract): void {
  write(store.getState().contracts.filter((known) => !isSame(known, contract)))
}

export function isSame(
  left: Pick<UserContract, 'chain' | 'address'>,
  right: Pick<UserContract, 'chain' | 'address'>,
): boolean {
  return left.chain === right.chain && left.address.toLowerCase() === right.address.toLowerCase()
}

function write(contracts: readonly UserContract[]): void {
  store.setState({ contracts })
  try {
    localStorage.setItem(storageKey, JSON.stringify(contracts))
  } catch {
    // Private windows may refuse storage; the list then lasts as long as the page.
  }
}

function read(): readonly UserContract[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isContract) : []
  } catch {
    return []
  }
}

function isContract(value: unknown): value is UserContract {
  const { name, abi, chain, address } = (value ?? {}) as Partial<UserContract>
  return (
    typeof name === 'string' &&
    Array.isArray(abi) &&
    (chain === 'l1' || chain === 'l2') &&
    typeof address === 'string'
  )
}

/** An ABI as people have it: a JSON array, or an artifact with the field `abi`. Throws with what is expected. */
export function parseAbiText(text: string): Abi {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new TypeError('An ABI is JSON: an array, or an artifact with the field "abi".', { cause })
  }
  const abi = Array.isArray(value) ? value : (value as { abi?: unknown } | null)?.abi
  const fits =
    Array.isArray(abi) &&
    abi.every((item) => typeof (item as { type?: unknown })?.type === 'string')
  if (!fits) throw new TypeError('An ABI is an array of items with a "type".')
  return abi as unknown as Abi
}

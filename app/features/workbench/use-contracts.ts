import { useMemo } from 'react'
import type { ChainName } from '../../../workers/protocol/world.ts'
import { asObject, asText } from '../ledger/json.ts'
import { useRpcOnce } from '../ledger/use-rpc.ts'
import { type KnownContract, PROJECT_CONTRACTS } from './known-abis.ts'
import { isSame, useUserContracts } from './user-abis.ts'

export interface ContractBook {
  /** Name of the contract at an address, if the page knows it. */
  nameOf(address: string): string | null
  /** Every ABI, the one of this address first. */
  contractsAt(address: string): readonly KnownContract[]
}

/** Names and ABIs by address: the world's own contracts and the visitor's. */
export function useContracts(chain: ChainName): ContractBook {
  const { result } = useRpcOnce({ chain: 'l1', method: 'rollup_contracts', params: [] })
  const brought = useUserContracts()
  return useMemo(() => {
    const names = new Map<string, string>()
    for (const [name, address] of Object.entries(asObject(result) ?? {})) {
      names.set(asText(address).toLowerCase(), capitalised(name))
    }
    const user = (address: string) => brought.find((known) => isSame(known, { chain, address }))
    const nameOf = (address: string) =>
      user(address)?.name ?? names.get(address.toLowerCase()) ?? null
    return {
      nameOf,
      contractsAt: (address) => {
        const name = names.get(address.toLowerCase())
        const first = [user(address), PROJECT_CONTRACTS.find((known) => known.name === name)]
        return [...first.filter((known) => known !== undefined), ...brought, ...PROJECT_CONTRACTS]
      },
    }
  }, [result, brought, chain])
}

const capitalised = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`

import { useState } from 'react'
import { shortHash } from '../../../ui/format.ts'
import { asList, asText } from '../../ledger/json.ts'
import { useRpcOnce } from '../../ledger/use-rpc.ts'
import workbench from '../workbench.module.css'

export interface ChosenAccount {
  readonly address: string
  readonly all: readonly string[]
  readonly choose: (address: string) => void
}

/** Which of the funded test accounts acts. */
export function useAccount(): ChosenAccount {
  const { result } = useRpcOnce({ chain: 'l2', method: 'eth_accounts', params: [] })
  const all = asList(result).map(asText)
  const [chosen, choose] = useState('')
  return { address: chosen === '' ? (all[0] ?? '') : chosen, all, choose }
}

export function AccountSelect({ account }: { readonly account: ChosenAccount }) {
  return (
    <select
      className={workbench.field}
      aria-label="Account that sends"
      value={account.address}
      onChange={(event) => account.choose(event.target.value)}
    >
      {account.all.map((address, index) => (
        <option key={address} value={address}>
          Account {index} · {shortHash(address)}
        </option>
      ))}
    </select>
  )
}

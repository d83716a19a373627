import { type FormEvent, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Button } from '../../ui/button.tsx'
import { formatEther } from '../../ui/format.ts'
import { asBigInt, asList, asText } from './json.ts'
import styles from './ledger.module.css'
import { Sheet, Table } from './sheet.tsx'
import { useRpc } from './use-rpc.ts'

/** The funded test accounts, and a field for any other address, transaction or block. */
export function AccountsPage() {
  const accounts = useRpc({ chain: 'l2', method: 'eth_accounts', params: [] })
  return (
    <Sheet
      title="Accounts"
      about="The accounts of the well-known test mnemonic, funded on both chains. Anyone has their keys."
    >
      <Search />
      {accounts.error !== null && <p className={styles.error}>{accounts.error}</p>}
      <Table label="Accounts" columns={['Account', 'On L1', 'On L2']}>
        {asList(accounts.result).map((address) => (
          <Line key={asText(address)} address={asText(address)} />
        ))}
      </Table>
    </Sheet>
  )
}

function Line({ address }: { readonly address: string }) {
  return (
    <tr>
      <td>
        <Link to={`/accounts/${address}`} className="mono">
          {address}
        </Link>
      </td>
      <td>
        <Balance chain="l1" address={address} />
      </td>
      <td>
        <Balance chain="l2" address={address} />
      </td>
    </tr>
  )
}

export function Balance({
  chain,
  address,
}: {
  readonly chain: 'l1' | 'l2'
  readonly address: string
}) {
  const { result } = useRpc({ chain, method: 'eth_getBalance', params: [address, 'latest'] })
  return result === undefined ? '…' : formatEther(asBigInt(result))
}

function Search() {
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const wanted = text.trim()
  const route = routeOf(wanted)
  const go = (event: FormEvent) => {
    event.preventDefault()
    if (route !== null) void navigate(route)
  }
  return (
    <form className={styles.search} onSubmit={go}>
      <input
        aria-label="Address, transaction or block"
        placeholder="Address, transaction hash or block number"
        value={text}
        onChange={(event) => setText(event.target.value)}
        spellCheck={false}
      />
      <Button type="submit" look="solid" disabled={route === null}>
        Open
      </Button>
      {wanted !== '' && route === null && (
        <p className={styles.error}>
          An address has 40 hexadecimal digits after 0x, a transaction hash 64; a block is a number.
        </p>
      )}
    </form>
  )
}

function routeOf(text: string): string | null {
  if (/^\d+$/.test(text)) return `/blocks/${text}`
  if (/^0x[0-9a-fA-F]{40}$/.test(text)) return `/accounts/${text}`
  return /^0x[0-9a-fA-F]{64}$/.test(text) ? `/tx/${text}` : null
}

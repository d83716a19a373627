import { useEffect, useReducer } from 'react'
import { useDoor } from '../../store/door.ts'
import { Button } from '../../ui/button.tsx'
import { Hash } from '../../ui/hash.tsx'
import { Box, Sheet, Table } from '../ledger/sheet.tsx'
import { useSession } from '../shell/session-context.ts'
import styles from './connections.module.css'

/** The pages of other origins that a person let in, and how one asks. */
export function ConnectionsPage() {
  return (
    <Sheet
      title="Connections"
      about="Pages of other origins that may use this devnet as their wallet. You let each of them in yourself."
    >
      <Origins />
      <Tokens />
      <Box title="Connect your own page">
        <p>
          Put this line into it. The devnet then stands in its list of wallets (EIP-6963), with both
          chains; <code>window.trex.l1</code> and <code>window.trex.l2</code> are each chain’s own
          provider.
        </p>
        <pre className={styles.snippet}>{`<script src="${scriptUrl()}"></script>`}</pre>
      </Box>
    </Sheet>
  )
}

function scriptUrl(): string {
  return new URL('connect.js', location.href.split('#')[0]).href
}

function Origins() {
  const { grants } = useSession().door
  const connected = useDoor((view) => view.connected)
  const [, refresh] = useReducer((count: number) => count + 1, 0)
  useEffect(() => grants.onChange(refresh), [grants])
  const all = grants.all()
  if (all.length === 0) return <p>No page is connected, and none may connect unasked.</p>
  return (
    <Table label="Origins" columns={['Origin', '', 'May', 'Since']}>
      {all.map(({ origin, maySteer, sinceMs }) => (
        <tr key={origin}>
          <td>
            <span className="mono">{origin}</span>{' '}
            {connected.includes(origin) && <span className={styles.live}>open now</span>}
          </td>
          <td>
            <Button
              look="outline"
              onClick={() => grants.revoke(origin)}
              aria-label={`Disconnect ${origin}`}
            >
              Disconnect
            </Button>
          </td>
          <td>{maySteer ? 'use and steer' : 'use'}</td>
          <td>{new Date(sinceMs).toLocaleString()}</td>
        </tr>
      ))}
    </Table>
  )
}

function Tokens() {
  const tokens = useDoor((view) => view.tokens)
  if (tokens.length === 0) return null
  return (
    <Table label="Tokens" columns={['Token', 'On', 'At', 'Asked for by']}>
      {tokens.map(({ chain, address, symbol, decimals, origin }) => (
        <tr key={`${origin} ${chain} ${address} ${symbol} ${decimals}`}>
          <td>{symbol}</td>
          <td>{chain.toUpperCase()}</td>
          <td>
            <Hash value={address} />
          </td>
          <td className="mono">{origin}</td>
        </tr>
      ))}
    </Table>
  )
}

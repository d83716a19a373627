import { Link } from 'react-router'
import type { ChainName } from '../../../workers/protocol/world.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatCount, formatDecimal, formatEther, plural } from '../../ui/format.ts'
import { AccountLink } from '../ledger/account-link.tsx'
import { asBigInt, asObject, asText, type JsonObject } from '../ledger/json.ts'
import { Table } from '../ledger/sheet.tsx'
import { useRpc } from '../ledger/use-rpc.ts'
import { Frame } from './frame.tsx'
import styles from './workbench.module.css'

/** What waits in both pools. */
export function MempoolPage() {
  return (
    <Frame
      title="Mempool"
      about="Transactions that a node has taken and no block holds yet: under load, or while an earlier nonce is missing."
    >
      <Pool chain="l2" />
      <Pool chain="l1" />
    </Frame>
  )
}

/** Rows at most; under load thousands wait. */
const rowsMax = 200

function Pool({ chain }: { readonly chain: ChainName }) {
  const { result, error } = useRpc({ chain, method: 'txpool_content', params: [] })
  const content = asObject(result)
  const waiting = [
    ...listed(asObject(content?.pending), 'next block'),
    ...listed(asObject(content?.queued), 'an earlier nonce'),
  ]
  const name = chain.toUpperCase()
  return (
    <section className={styles.stack}>
      <h3>
        {name} <span className={styles.quiet}>{plural(waiting.length, 'transaction')}</span>
      </h3>
      {error !== null && <p className={styles.error}>{error}</p>}
      {content !== null && waiting.length === 0 && (
        <Empty title="Nothing waits">Everything that was sent to {name} is in a block.</Empty>
      )}
      {waiting.length > 0 && (
        <Table
          label={`Pool of ${name}`}
          columns={['Transaction', 'From', 'Nonce', 'To', 'Value', 'Pays up to', 'Waits for']}
        >
          {waiting.slice(0, rowsMax).map(({ transaction, waitsFor }) => (
            <Row key={asText(transaction.hash)} transaction={transaction} waitsFor={waitsFor} />
          ))}
        </Table>
      )}
      {waiting.length > rowsMax && (
        <p className={styles.quiet}>The first {formatCount(rowsMax)} are shown.</p>
      )}
    </section>
  )
}

interface Waiting {
  readonly transaction: JsonObject
  readonly waitsFor: string
}

/** `{ sender: { nonce: transaction } }` as a list. */
function listed(bySender: JsonObject | null, waitsFor: string): readonly Waiting[] {
  return Object.values(bySender ?? {}).flatMap((byNonce) =>
    Object.values(asObject(byNonce) ?? {}).flatMap((entry) => {
      const transaction = asObject(entry)
      return transaction === null ? [] : [{ transaction, waitsFor }]
    }),
  )
}

function Row({ transaction, waitsFor }: Waiting) {
  const to = asText(transaction.to)
  const price = asBigInt(transaction.maxFeePerGas ?? transaction.gasPrice)
  return (
    <tr>
      <td>
        <Link to={`/tx/${asText(transaction.hash)}`} className="mono">
          {asText(transaction.hash).slice(0, 14)}…
        </Link>
      </td>
      <td>
        <AccountLink address={asText(transaction.from)} />
      </td>
      <td>{formatCount(asBigInt(transaction.nonce))}</td>
      <td>{to === '' ? 'new contract' : <AccountLink address={to} />}</td>
      <td>{formatEther(asBigInt(transaction.value))}</td>
      <td>{formatDecimal(Number(price) / 1e9)} gwei</td>
      <td>{waitsFor}</td>
    </tr>
  )
}

import type { Hex } from 'viem'
import { Hash } from '../../../ui/hash.tsx'
import { AccountLink } from '../../ledger/account-link.tsx'
import { asList, asObject, asText, type JsonObject } from '../../ledger/json.ts'
import { decodeLog } from '../decode.ts'
import type { ContractBook } from '../use-contracts.ts'
import styles from '../workbench.module.css'
import { Arguments } from './arguments.tsx'

interface EventsTabProps {
  readonly receipt: JsonObject | null
  readonly book: ContractBook
}

/** What the contracts said, decoded where an ABI fits. */
export function EventsTab({ receipt, book }: EventsTabProps) {
  const logs = asList(receipt?.logs)
    .map(asObject)
    .filter((entry) => entry !== null)
  if (logs.length === 0) return <p className={styles.quiet}>No contract logged an event.</p>
  return (
    <ol className={styles.stack}>
      {logs.map((log) => (
        <Log key={asText(log.logIndex)} log={log} book={book} />
      ))}
    </ol>
  )
}

function Log({ log, book }: { readonly log: JsonObject; readonly book: ContractBook }) {
  const address = asText(log.address)
  const topics = asList(log.topics).map(asText) as Hex[]
  const data = asText(log.data) as Hex
  const decoded = decodeLog({ topics, data }, book.contractsAt(address))
  return (
    <li className={styles.entry}>
      <p>
        {decoded !== null && <code className={styles.signature}>{decoded.name}</code>}{' '}
        <span className={styles.quiet}>
          from <AccountLink address={address} name={book.nameOf(address)} />
        </span>
      </p>
      {decoded === null ? (
        <ul className={styles.arguments}>
          {topics.map((topic, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: topics have no identity but their place.
            <li key={index}>
              <span className={styles.argument}>
                <b>topic {index}</b>
              </span>
              <Hash value={topic} />
            </li>
          ))}
          <li>
            <span className={styles.argument}>
              <b>data</b>
            </span>
            <Hash value={data} />
          </li>
        </ul>
      ) : (
        <Arguments args={decoded.args} book={book} />
      )}
    </li>
  )
}

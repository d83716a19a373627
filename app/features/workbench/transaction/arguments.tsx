import { shortHash } from '../../../ui/format.ts'
import { Hash } from '../../../ui/hash.tsx'
import { AccountLink } from '../../ledger/account-link.tsx'
import type { Argument } from '../decode.ts'
import type { ContractBook } from '../use-contracts.ts'
import styles from '../workbench.module.css'

interface ArgumentsProps {
  readonly args: readonly Argument[]
  readonly book: ContractBook
}

/** Name, type and value of every argument; tuples and arrays are indented below their own. */
export function Arguments({ args, book }: ArgumentsProps) {
  if (args.length === 0) return <p className={styles.quiet}>No arguments.</p>
  return (
    <ul className={styles.arguments}>
      {args.map((argument) => (
        <li key={argument.name}>
          <span className={styles.argument}>
            <b>{argument.name}</b> <i>{argument.type}</i>
          </span>
          {typeof argument.value === 'string' ? (
            <Value type={argument.type} value={argument.value} book={book} />
          ) : (
            <Arguments args={argument.value} book={book} />
          )}
        </li>
      ))}
    </ul>
  )
}

interface ValueProps {
  readonly type: string
  readonly value: string
  readonly book: ContractBook
}

function Value({ type, value, book }: ValueProps) {
  if (type === 'address') return <AccountLink address={value} name={book.nameOf(value)} />
  if (type.startsWith('bytes') && value.length > 14) return <Hash value={value} />
  return <code className={styles.value}>{value}</code>
}

/** As short as everywhere, for one line. */
export const shortValue = (value: string): string =>
  value.startsWith('0x') ? shortHash(value) : value.length > 26 ? `${value.slice(0, 24)}…` : value

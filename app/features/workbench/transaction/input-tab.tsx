import type { Hex } from 'viem'
import { plural } from '../../../ui/format.ts'
import { asText, type JsonObject } from '../../ledger/json.ts'
import { decodeInput } from '../decode.ts'
import type { ContractBook } from '../use-contracts.ts'
import styles from '../workbench.module.css'
import { Arguments } from './arguments.tsx'

interface InputTabProps {
  readonly transaction: JsonObject
  readonly book: ContractBook
}

/** What was asked for, in the words of the contract's ABI, and the bytes. */
export function InputTab({ transaction, book }: InputTabProps) {
  const input = (asText(transaction.input) || '0x') as Hex
  const to = asText(transaction.to)
  const bytes = input.length / 2 - 1
  if (bytes === 0) return <p className={styles.quiet}>A plain transfer: no input.</p>
  return (
    <div className={styles.stack}>
      {to === '' ? (
        <p>Creates a contract from {plural(bytes, 'byte')} of code and constructor arguments.</p>
      ) : (
        <Call input={input} to={to} book={book} />
      )}
      <details>
        <summary>{plural(bytes, 'byte')}</summary>
        <code className={styles.bytes}>{input}</code>
      </details>
    </div>
  )
}

interface CallProps {
  readonly input: Hex
  readonly to: string
  readonly book: ContractBook
}

function Call({ input, to, book }: CallProps) {
  const decoded = decodeInput(input, book.contractsAt(to))
  if (decoded === null) return <Unknown input={input} />
  return (
    <>
      <p>
        <code className={styles.signature}>{decoded.signature}</code>{' '}
        <span className={styles.quiet}>of {book.nameOf(to) ?? decoded.contract}</span>
      </p>
      <Arguments args={decoded.args} book={book} />
    </>
  )
}

/** No ABI fits: the selector, and the words after it. */
function Unknown({ input }: { readonly input: Hex }) {
  const words = input.slice(10).match(/.{1,64}/g) ?? []
  return (
    <>
      <p>
        Selector <code className={styles.signature}>{input.slice(0, 10)}</code>{' '}
        <span className={styles.quiet}>
          No known ABI has it. Add the contract’s ABI under Contracts to read the arguments.
        </span>
      </p>
      <ol className={styles.words}>
        {words.slice(0, 64).map((word, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: words have no identity but their place.
          <li key={index}>
            <code>{word}</code>
          </li>
        ))}
      </ol>
    </>
  )
}

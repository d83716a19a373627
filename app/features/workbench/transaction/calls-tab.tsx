import type { Hex } from 'viem'
import type { ChainName } from '../../../../workers/protocol/world.ts'
import { formatCount, formatEther } from '../../../ui/format.ts'
import { AccountLink } from '../../ledger/account-link.tsx'
import { asBigInt, asList, asObject, asText, type JsonObject } from '../../ledger/json.ts'
import { useRpcOnce } from '../../ledger/use-rpc.ts'
import { decodeError, decodeInput, inOneLine } from '../decode.ts'
import type { ContractBook } from '../use-contracts.ts'
import styles from '../workbench.module.css'
import { shortValue } from './arguments.tsx'

export interface TraceTabProps {
  readonly chain: ChainName
  readonly hash: string
  readonly book: ContractBook
}

/** The tree of calls, as geth's callTracer tells it. */
export function CallsTab({ chain, hash, book }: TraceTabProps) {
  const { result, error } = useRpcOnce({
    chain,
    method: 'debug_traceTransaction',
    params: [hash, { tracer: 'callTracer' }],
  })
  const top = asObject(result)
  if (error !== null) return <p className={styles.error}>{error}</p>
  if (top === null) return <p className={styles.quiet}>Running it again…</p>
  return (
    <ul className={styles.tree} aria-label="Call tree">
      <Frame frame={top} book={book} />
    </ul>
  )
}

function Frame({ frame, book }: { readonly frame: JsonObject; readonly book: ContractBook }) {
  const calls = asList(frame.calls)
    .map(asObject)
    .filter((call) => call !== null)
  const line = <FrameLine frame={frame} book={book} />
  if (calls.length === 0) return <li className={styles.leaf}>{line}</li>
  return (
    <li>
      <details open>
        <summary>{line}</summary>
        <ul>
          {calls.map((call, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: calls have no identity but their order.
            <Frame key={index} frame={call} book={book} />
          ))}
        </ul>
      </details>
    </li>
  )
}

function FrameLine({ frame, book }: { readonly frame: JsonObject; readonly book: ContractBook }) {
  const to = asText(frame.to)
  const value = asBigInt(frame.value)
  const failure = asText(frame.error)
  return (
    <span className={styles.frame}>
      <span className={styles.kind}>{asText(frame.type).toLowerCase()}</span>
      <AccountLink address={to} name={book.nameOf(to)} />
      <code className={styles.value}>{callWords(frame, book)}</code>
      {value > 0n && <span className={styles.chip}>{formatEther(value)}</span>}
      <span className={styles.quiet}>{formatCount(asBigInt(frame.gasUsed))} gas</span>
      {failure !== '' && <span className={styles.failed}>{failureWords(frame, book)}</span>}
    </span>
  )
}

function callWords(frame: JsonObject, book: ContractBook): string {
  const input = asText(frame.input) as Hex
  const type = asText(frame.type)
  if (type.startsWith('CREATE')) return `${formatCount(input.length / 2 - 1)} bytes of init code`
  if (input.length < 10) return type === 'SELFDESTRUCT' ? '' : 'transfer of value'
  const decoded = decodeInput(input, book.contractsAt(asText(frame.to)))
  return decoded === null ? input.slice(0, 10) : inOneLine(decoded, shortValue)
}

function failureWords(frame: JsonObject, book: ContractBook): string {
  const reason = asText(frame.revertReason)
  if (reason !== '') return `reverted: ${reason}`
  const decoded = decodeError(asText(frame.output) as Hex, book.contractsAt(asText(frame.to)))
  return decoded === null ? asText(frame.error) : `reverted: ${inOneLine(decoded, shortValue)}`
}

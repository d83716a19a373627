import { formatCount, formatEther, shortHash } from '../../../ui/format.ts'
import { AccountLink } from '../../ledger/account-link.tsx'
import { asBigInt, asObject, asText, type JsonObject } from '../../ledger/json.ts'
import { Table } from '../../ledger/sheet.tsx'
import { useRpcOnce } from '../../ledger/use-rpc.ts'
import styles from '../workbench.module.css'
import type { TraceTabProps } from './calls-tab.tsx'

interface Change {
  readonly what: string
  readonly title: string
  readonly before: string
  readonly after: string
}

/** What is different after the transaction, account by account. */
export function StateTab({ chain, hash, book }: TraceTabProps) {
  const { result, error } = useRpcOnce({
    chain,
    method: 'debug_traceTransaction',
    params: [hash, { tracer: 'prestateTracer', tracerConfig: { diffMode: true } }],
  })
  const diff = asObject(result)
  if (error !== null) return <p className={styles.error}>{error}</p>
  if (diff === null) return <p className={styles.quiet}>Running it again…</p>
  const pre = asObject(diff.pre) ?? {}
  const post = asObject(diff.post) ?? {}
  const addresses = [...new Set([...Object.keys(pre), ...Object.keys(post)])]
  return (
    <Table label="State changes" columns={['Account', 'What', 'Before', 'After']}>
      {addresses.flatMap((address) =>
        changesOf(asObject(pre[address]), asObject(post[address])).map((change, index) => (
          <tr key={`${address}${change.what}`}>
            <td>{index === 0 && <AccountLink address={address} name={book.nameOf(address)} />}</td>
            <td title={change.title}>{change.what}</td>
            <td>
              <code>{change.before}</code>
            </td>
            <td>
              <code>{change.after}</code>
            </td>
          </tr>
        )),
      )}
    </Table>
  )
}

/** The tracer leaves out what did not change; an account without `post` is gone. */
function changesOf(pre: JsonObject | null, post: JsonObject | null): readonly Change[] {
  if (post === null) {
    return [{ what: 'account', title: 'Account', before: 'was there', after: 'removed' }]
  }
  const changes: Change[] = []
  const note = (what: string, before: string, after: string, title = what) =>
    changes.push({ what, title, before, after })
  if (post.balance !== undefined) {
    note('balance', ether(pre?.balance), ether(post.balance))
  }
  if (post.nonce !== undefined) note('nonce', String(pre?.nonce ?? 0), String(post.nonce))
  if (post.code !== undefined) note('code', size(pre?.code), size(post.code))
  const was = asObject(pre?.storage) ?? {}
  const is = asObject(post.storage) ?? {}
  for (const slot of new Set([...Object.keys(was), ...Object.keys(is)])) {
    note(`slot ${word(slot)}`, word(asText(was[slot])), word(asText(is[slot])), slot)
  }
  return changes
}

const ether = (value: JsonObject[string] | undefined) => formatEther(asBigInt(value), 9)
const size = (code: JsonObject[string] | undefined) =>
  code === undefined ? 'none' : `${formatCount(asText(code).length / 2 - 1)} bytes`

/** A storage word without its leading zeros. */
function word(hex: string): string {
  const digits = hex.replace(/^0x0*/, '')
  return shortHash(`0x${digits === '' ? '0' : digits}`)
}

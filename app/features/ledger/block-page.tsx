import { Link, useParams } from 'react-router'
import { useWorld } from '../../store/world.ts'
import { Empty, Fields } from '../../ui/fields.tsx'
import { formatCount, formatDecimal, formatEther } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Icon } from '../../ui/icon.tsx'
import { asBigInt, asList, asObject, asText, type JsonObject } from './json.ts'
import styles from './ledger.module.css'
import { Box, Sheet, Table } from './sheet.tsx'
import { Status } from './status.tsx'
import { useRpc } from './use-rpc.ts'

/** One L2 block by number, as the executor's JSON-RPC tells it. */
export function BlockPage() {
  const { number: text = '' } = useParams()
  const valid = /^\d+$/.test(text)
  const number = valid ? BigInt(text) : 0n
  const { result, error } = useRpc(
    valid
      ? { chain: 'l2', method: 'eth_getBlockByNumber', params: [`0x${number.toString(16)}`, true] }
      : null,
  )
  const known = useWorld(({ l2 }) => l2.blocks.find((block) => block.number === number))
  const block = asObject(result)
  if (!valid)
    return (
      <Sheet title="No such block" about="Blocks are named by their number, e.g. /blocks/12." />
    )
  return (
    <Sheet
      title={<Turner number={number} />}
      about="What was ordered, and what the EVM made of it."
    >
      {error !== null && <p className={styles.error}>{error}</p>}
      {block === null && error === null && result === null && (
        <Empty title="Not there yet">
          L2 has not come to this block. It will be here once it is ordered.
        </Empty>
      )}
      {block !== null && (
        <>
          <Box>
            <Fields
              fields={[
                { label: 'Status', value: <Status number={number} /> },
                { label: 'Hash', value: <Hash value={asText(block.hash)} /> },
                { label: 'Parent', value: <Hash value={asText(block.parentHash)} /> },
                {
                  label: 'State root',
                  term: 'root',
                  value: <Hash value={asText(block.stateRoot)} />,
                },
                {
                  label: 'Gas used',
                  term: 'gas',
                  value: `${formatCount(asBigInt(block.gasUsed))} of ${formatCount(asBigInt(block.gasLimit))}`,
                },
                {
                  label: 'Base fee',
                  value: `${formatDecimal(Number(asBigInt(block.baseFeePerGas)) / 1e9)} gwei`,
                },
                ...(known === undefined
                  ? []
                  : [
                      {
                        label: 'Batch',
                        term: 'batch' as const,
                        value: (
                          <Link to={`/batches/${known.batchIndex}`}>
                            {String(known.batchIndex)}
                          </Link>
                        ),
                      },
                      { label: 'View', term: 'view' as const, value: String(known.view) },
                    ]),
              ]}
            />
          </Box>
          <Transactions block={block} />
        </>
      )}
    </Sheet>
  )
}

function Turner({ number }: { readonly number: bigint }) {
  return (
    <span className={styles.turner}>
      L2 block {formatCount(number)}
      {number > 0n && (
        <Link to={`/blocks/${number - 1n}`} aria-label="Block before">
          <span className={styles.back}>
            <Icon name="right" />
          </span>
        </Link>
      )}
      <Link to={`/blocks/${number + 1n}`} aria-label="Block after">
        <Icon name="right" />
      </Link>
    </span>
  )
}

function Transactions({ block }: { readonly block: JsonObject }) {
  const transactions = asList(block.transactions)
    .map(asObject)
    .filter((entry) => entry !== null)
  if (transactions.length === 0)
    return (
      <Empty title="An empty block">
        Nobody sent anything in this half second. Blocks come all the same, so that time moves on.
      </Empty>
    )
  return (
    <Table label="Transactions" columns={['Transaction', 'From', 'To', 'Value', 'Type']}>
      {transactions.map((transaction) => (
        <tr key={asText(transaction.hash)}>
          <td>
            <Link to={`/tx/${asText(transaction.hash)}`} className="mono">
              {asText(transaction.hash).slice(0, 14)}…
            </Link>
          </td>
          <td>
            <Link to={`/accounts/${asText(transaction.from)}`}>
              <Hash value={asText(transaction.from)} />
            </Link>
          </td>
          <td>
            {asText(transaction.to) === '' ? (
              'new contract'
            ) : (
              <Link to={`/accounts/${asText(transaction.to)}`}>
                <Hash value={asText(transaction.to)} />
              </Link>
            )}
          </td>
          <td>{formatEther(asBigInt(transaction.value))}</td>
          <td>{typeWords(asText(transaction.type))}</td>
        </tr>
      ))}
    </Table>
  )
}

/** EIP-2718 types in words. */
export function typeWords(type: string): string {
  const words: Readonly<Record<string, string>> = {
    '0x0': 'legacy',
    '0x1': 'access list',
    '0x2': 'EIP-1559',
    '0x3': 'blob',
    '0x4': 'set code',
    '0x7d': 'cheat',
    '0x7e': 'deposit',
  }
  return words[type] ?? type
}

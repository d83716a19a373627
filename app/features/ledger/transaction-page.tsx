import { Link, useParams } from 'react-router'
import { Empty, Fields } from '../../ui/fields.tsx'
import { formatCount, formatDecimal, formatEther } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { typeWords } from './block-page.tsx'
import { asBigInt, asList, asObject, asText, type JsonObject } from './json.ts'
import styles from './ledger.module.css'
import { Life } from './life.tsx'
import { Box, Sheet, Table } from './sheet.tsx'
import { useEitherChain, useRpc } from './use-rpc.ts'

/** A transaction of either chain: its life, its fields, its logs and its bytes. */
export function TransactionPage() {
  const { hash = '' } = useParams()
  const { result, error, chain } = useEitherChain('eth_getTransactionByHash', [hash])
  const receipt = useRpc({ chain, method: 'eth_getTransactionReceipt', params: [hash] })
  const transaction = asObject(result)
  return (
    <Sheet
      title={
        <>
          Transaction <Hash value={hash} />
        </>
      }
      about={
        transaction === null ? 'Searched on both chains.' : `On ${chain === 'l1' ? 'L1' : 'L2'}.`
      }
    >
      {transaction === null && (
        <Empty title={error === null ? 'Not known' : 'Could not be read'}>
          {error ??
            'Neither chain knows this hash. If it was just sent, it appears once a node has taken it up.'}
        </Empty>
      )}
      {transaction !== null && (
        <Transaction transaction={transaction} receipt={asObject(receipt.result)} chain={chain} />
      )}
    </Sheet>
  )
}

interface TransactionProps {
  readonly transaction: JsonObject
  readonly receipt: JsonObject | null
  readonly chain: 'l1' | 'l2'
}

function Transaction({ transaction, receipt, chain }: TransactionProps) {
  const to = asText(transaction.to)
  const mined = transaction.blockNumber !== null && transaction.blockNumber !== undefined
  const number = asBigInt(transaction.blockNumber)
  const input = asText(transaction.input)
  return (
    <>
      {chain === 'l2' && <Life number={mined ? number : null} />}
      <Box>
        <Fields
          fields={[
            {
              label: 'Result',
              value:
                receipt === null
                  ? 'waiting'
                  : asText(receipt.status) === '0x1'
                    ? 'succeeded'
                    : 'reverted',
            },
            {
              label: 'Block',
              value: mined ? <BlockLink chain={chain} number={number} /> : 'not in a block yet',
            },
            { label: 'From', value: <Account address={asText(transaction.from)} /> },
            {
              label: to === '' ? 'Created' : 'To',
              value:
                to === '' ? (
                  <Account address={asText(receipt?.contractAddress)} />
                ) : (
                  <Account address={to} />
                ),
            },
            { label: 'Value', value: formatEther(asBigInt(transaction.value), 6) },
            {
              label: 'Gas used',
              term: 'gas',
              value:
                receipt === null
                  ? '–'
                  : `${formatCount(asBigInt(receipt.gasUsed))} of ${formatCount(asBigInt(transaction.gas))}`,
            },
            {
              label: 'Price',
              value: `${formatDecimal(Number(asBigInt(receipt?.effectiveGasPrice ?? transaction.gasPrice)) / 1e9)} gwei`,
            },
            { label: 'Nonce', value: formatCount(asBigInt(transaction.nonce)) },
            { label: 'Type', value: typeWords(asText(transaction.type)) },
          ]}
        />
      </Box>
      <Logs receipt={receipt} />
      <Box title={`Input, ${formatCount(Math.max(0, input.length / 2 - 1))} bytes`}>
        <code className={styles.bytes}>{input === '' ? '0x' : input}</code>
      </Box>
      <Copy hash={asText(transaction.hash)} chain={chain} />
    </>
  )
}

function BlockLink({ chain, number }: { readonly chain: 'l1' | 'l2'; readonly number: bigint }) {
  return chain === 'l2' ? (
    <Link to={`/blocks/${number}`}>{formatCount(number)}</Link>
  ) : (
    <>L1 block {formatCount(number)}</>
  )
}

function Account({ address }: { readonly address: string }) {
  if (address === '') return '–'
  return (
    <Link to={`/accounts/${address}`}>
      <Hash value={address} />
    </Link>
  )
}

function Logs({ receipt }: { readonly receipt: JsonObject | null }) {
  const logs = asList(receipt?.logs)
    .map(asObject)
    .filter((entry) => entry !== null)
  if (logs.length === 0) return null
  return (
    <Table label="Logs" columns={['Log', 'Contract', 'Topics', 'Data']}>
      {logs.map((log) => (
        <tr key={asText(log.logIndex)}>
          <td>{formatCount(asBigInt(log.logIndex))}</td>
          <td>
            <Account address={asText(log.address)} />
          </td>
          <td>
            {asList(log.topics).map((topic) => (
              <div key={asText(topic)}>
                <Hash value={asText(topic)} />
              </div>
            ))}
          </td>
          <td>
            <Hash value={asText(log.data)} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

const ports = { l1: 8545, l2: 9545 } as const

/** The same question from a terminal, through the bridge of `npm start`. */
function Copy({ hash, chain }: { readonly hash: string; readonly chain: 'l1' | 'l2' }) {
  return (
    <Box title="From a terminal">
      <code
        className={styles.bytes}
      >{`cast receipt ${hash} --rpc-url http://127.0.0.1:${ports[chain]}`}</code>
    </Box>
  )
}

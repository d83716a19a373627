import { lazy, Suspense } from 'react'
import { Link, useParams } from 'react-router'
import { Empty, Fields } from '../../ui/fields.tsx'
import { formatCount, formatDecimal, formatEther } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { AccountLink } from './account-link.tsx'
import { typeWords } from './block-page.tsx'
import { asBigInt, asObject, asText, type JsonObject } from './json.ts'
import styles from './ledger.module.css'
import { Life } from './life.tsx'
import { Box, Sheet } from './sheet.tsx'
import { useEitherChain, useRpc } from './use-rpc.ts'

/** ABIs and traces come when a transaction is looked at. */
const Anatomy = lazy(() =>
  import('../workbench/transaction/anatomy.tsx').then(({ Anatomy }) => ({ default: Anatomy })),
)

/** A transaction of either chain: its life, its fields and what it did. */
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
  return (
    <>
      <Life chain={chain} hash={asText(transaction.hash)} number={mined ? number : null} />
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
            { label: 'From', value: <AccountLink address={asText(transaction.from)} /> },
            {
              label: to === '' ? 'Created' : 'To',
              value:
                to === '' ? (
                  <AccountLink address={asText(receipt?.contractAddress)} />
                ) : (
                  <AccountLink address={to} />
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
      <Suspense fallback={<Box title="Reading the transaction…">{null}</Box>}>
        <Anatomy transaction={transaction} receipt={receipt} chain={chain} />
      </Suspense>
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

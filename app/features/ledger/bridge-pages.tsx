import { Link } from 'react-router'
import { useWorld } from '../../store/world.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatClock, formatEther, shortHash } from '../../ui/format.ts'
import { GLOSSARY } from '../../ui/glossary.ts'
import { Hash } from '../../ui/hash.tsx'
import { Sheet, Table } from './sheet.tsx'

export function DepositsPage() {
  const deposits = useWorld(({ bridge }) => bridge.deposits)
  return (
    <Sheet title="Deposits" about={GLOSSARY.deposit[1]}>
      {deposits.length === 0 ? (
        <Empty title="No deposit yet">
          Use “Deposit 5 ETH from L1” on the right, or send a transaction to the bridge yourself.
        </Empty>
      ) : (
        <Table
          label="Deposits"
          columns={['Message', 'Amount', 'From', 'To', 'Queued', 'L1 transaction']}
        >
          {deposits.map((deposit) => (
            <tr key={String(deposit.index)}>
              <td>{String(deposit.index)}</td>
              <td>{formatEther(deposit.amountWei)}</td>
              <td>
                <Hash value={deposit.from} />
              </td>
              <td>
                <Link to={`/accounts/${deposit.to}`}>
                  <Hash value={deposit.to} />
                </Link>
              </td>
              <td>{formatClock(deposit.queuedMs)}</td>
              <td>
                <Link to={`/tx/${deposit.transactionHash}`}>
                  {shortHash(deposit.transactionHash)}
                </Link>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Sheet>
  )
}

const stages = {
  initiated: 'waits for a root that covers it',
  proven: 'proven, waits for the window',
  finalized: 'paid out',
  failed: 'failed on L1',
} as const

export function WithdrawalsPage() {
  const withdrawals = useWorld(({ bridge }) => bridge.withdrawals)
  return (
    <Sheet title="Withdrawals" about={GLOSSARY.withdrawal[1]}>
      {withdrawals.length === 0 ? (
        <Empty title="No withdrawal yet">
          Use “Withdraw 1 ETH to L1” on the right: it burns on L2, is proven against a root, and is
          paid after the dispute window.
        </Empty>
      ) : (
        <Table
          label="Withdrawals"
          columns={[
            'Withdrawal',
            'Amount',
            'To',
            'Stage',
            'Since',
            'On L2',
            'Proof on L1',
            'Paid on L1',
          ]}
        >
          {withdrawals.map((entry) => (
            <tr key={entry.hash}>
              <td>
                <Hash value={entry.hash} />
              </td>
              <td>{formatEther(entry.amountWei)}</td>
              <td>
                <Link to={`/accounts/${entry.to}`}>
                  <Hash value={entry.to} />
                </Link>
              </td>
              <td>{stages[entry.stage]}</td>
              <td>{formatClock(entry.stageMs)}</td>
              <td>
                <TransactionLink hash={entry.transactionHash} />
              </td>
              <td>
                <TransactionLink hash={entry.provenBy} />
              </td>
              <td>
                <TransactionLink hash={entry.finalizedBy} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Sheet>
  )
}

function TransactionLink({ hash }: { readonly hash: string | null }) {
  return hash === null ? '–' : <Link to={`/tx/${hash}`}>{shortHash(hash)}</Link>
}

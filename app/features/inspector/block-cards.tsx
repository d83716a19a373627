import { Link } from 'react-router'
import { useWorld } from '../../store/world.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatClock, formatCount, formatDecimal, formatGas, plural } from '../../ui/format.ts'
import { GLOSSARY } from '../../ui/glossary.ts'
import { Hash } from '../../ui/hash.tsx'
import { Card } from './card.tsx'
import styles from './inspector.module.css'

const gone = (
  <Empty title="No longer here">
    It left the window that the page keeps. The Blocks view still finds it.
  </Empty>
)

export function L1BlockCard({ number }: { readonly number: bigint }) {
  const block = useWorld(({ l1 }) => l1.blocks.findLast((entry) => entry.number === number))
  if (block === undefined) return gone
  return (
    <Card
      actor="l1"
      title={`L1 block ${number}`}
      about={
        block.orphaned
          ? GLOSSARY.reorg[1]
          : 'A block of the Ethereum in this tab. Its contracts hold the money and decide disputes.'
      }
      fields={[
        { label: 'Hash', value: <Hash value={block.hash} /> },
        { label: 'Time', value: formatClock(block.timeMs) },
        { label: 'Transactions', value: formatCount(block.transactions) },
        { label: 'Gas used', term: 'gas', value: formatCount(block.gasUsed) },
        { label: 'Base fee', value: `${formatDecimal(Number(block.baseFee) / 1e9)} gwei` },
      ]}
    >
      <section>
        <h3 className={styles.section}>Contract events</h3>
        {block.events.length === 0 && (
          <p className={styles.about}>None of the rollup's contracts was called.</p>
        )}
        <ul className={styles.recent}>
          {block.events.map(({ contract, name, transactionHash }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events have no other identity.
            <li key={index}>
              <Link to={`/tx/${transactionHash}`} className={styles.event}>
                <span className={styles.when}>{contract}</span> {name}
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </Card>
  )
}

export function L2BlockCard({ number }: { readonly number: bigint }) {
  const block = useWorld(({ l2 }) => l2.blocks.findLast((entry) => entry.number === number))
  const head = useWorld(
    ({ l2 }) =>
      (['finalized', 'settled', 'safe'] as const).find((name) => l2.heads[name].number >= number) ??
      'unsafe',
  )
  const link = { to: `/blocks/${number}`, text: 'Transactions of this block' }
  if (block === undefined) {
    return (
      <Card
        actor="executor"
        title={`L2 block ${number}`}
        about={GLOSSARY[head][1]}
        fields={[{ label: 'Status', term: head, value: head }]}
        link={link}
      />
    )
  }
  return (
    <Card
      actor="executor"
      title={`L2 block ${number}`}
      about={GLOSSARY[head][1]}
      link={link}
      fields={[
        { label: 'Status', term: head, value: head },
        { label: 'Hash', value: <Hash value={block.hash} /> },
        { label: 'Time', value: formatClock(block.timeMs) },
        { label: 'Transactions', value: formatCount(block.transactions) },
        { label: 'Deposits', term: 'deposit', value: formatCount(block.deposits) },
        ...(block.skipped > 0
          ? [{ label: 'Skipped', value: plural(block.skipped, 'invalid transaction') }]
          : []),
        { label: 'Gas used', term: 'gas', value: formatGas(block.gasUsed) },
        { label: 'Ordered in', term: 'view', value: `view ${block.view}` },
        {
          label: 'Published in',
          term: 'batch',
          value: <Link to={`/batches/${block.batchIndex}`}>batch {String(block.batchIndex)}</Link>,
        },
      ]}
    />
  )
}

export function ViewCard({ view }: { readonly view: bigint }) {
  const entry = useWorld(({ committee }) => committee.views.find((known) => known.view === view))
  const size = useWorld(({ committee }) => committee.members.length)
  if (entry === undefined) return gone
  const voters = (bits: number) => {
    const names = Array.from({ length: size }, (_, index) => index).filter(
      (index) => bits & (1 << index),
    )
    return names.length === 0 ? 'nobody yet' : names.join(', ')
  }
  return (
    <Card
      actor="sequencer"
      title={`View ${view}`}
      about={GLOSSARY.view[1]}
      fields={[
        { label: 'Outcome', value: entry.stage },
        { label: 'Leader', term: 'leader', value: `sequencer ${entry.leader}` },
        { label: 'Started', value: formatClock(entry.startedMs) },
        {
          label: 'Content',
          value: `${plural(entry.blocks, 'L2 block')}, ${plural(entry.transactions, 'transaction')}`,
        },
        ...(entry.hash === null ? [] : [{ label: 'Hash', value: <Hash value={entry.hash} /> }]),
        { label: 'Notarized by', term: 'notarize' as const, value: voters(entry.notarize) },
        { label: 'Finalized by', term: 'finalize' as const, value: voters(entry.finalize) },
        ...(entry.nullify === 0
          ? []
          : [{ label: 'Skipped by', term: 'nullify' as const, value: voters(entry.nullify) }]),
      ]}
    />
  )
}

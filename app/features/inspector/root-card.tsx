import { Link } from 'react-router'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatEther, formatSpan, nodeTitle } from '../../ui/format.ts'
import { GLOSSARY } from '../../ui/glossary.ts'
import { Hash } from '../../ui/hash.tsx'
import { Card } from './card.tsx'

const words = {
  proposed: 'in its dispute window',
  disputed: 'being disputed',
  defended: 'defended',
  rejected: 'removed as false',
  finalized: 'final',
} as const

export function RootCard({ game }: { readonly game: string }) {
  const root = useWorld(({ roots }) => roots.find((entry) => entry.game === game))
  const timeMs = useTimeMs(1_000)
  if (root === undefined)
    return <Empty title="No longer here">It left the window that the page keeps.</Empty>
  const disputed =
    root.status === 'disputed' || root.status === 'rejected' || root.status === 'defended'
  return (
    <Card
      actor="executor"
      title={`State root of batch ${root.entryIndex}`}
      about={GLOSSARY.root[1]}
      {...(disputed ? { link: { to: `/disputes/${game}`, text: 'Watch the dispute' } } : {})}
      fields={[
        { label: 'Status', value: words[root.status] },
        ...(root.status === 'proposed'
          ? [
              {
                label: 'Window ends in',
                term: 'disputeWindow' as const,
                value: formatSpan(root.deadlineMs - timeMs),
              },
            ]
          : []),
        { label: 'Claim', term: 'claim', value: <Hash value={root.claim} /> },
        { label: 'Proposed by', value: <Hash value={root.proposer} /> },
        { label: 'Bond', term: 'bond', value: formatEther(root.bondWei) },
        { label: 'Game', term: 'dispute', value: <Hash value={root.game} /> },
        {
          label: 'Transaction',
          value: (
            <Link to={`/tx/${root.transactionHash}`}>
              <Hash value={root.transactionHash} />
            </Link>
          ),
        },
        ...root.checks.map((check) => ({
          label: nodeTitle(check.node),
          term: 'challenger' as const,
          value: check.agrees ? (
            'computed the same root'
          ) : (
            <>
              computed <Hash value={check.expected} />
            </>
          ),
        })),
      ]}
    />
  )
}

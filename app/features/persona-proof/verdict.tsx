import { Link } from 'react-router'
import type { Fact, Proven } from '../../bridge/prover.ts'
import { useWorld } from '../../store/world.ts'
import { Fields } from '../../ui/fields.tsx'
import {
  formatBytes,
  formatClock,
  formatCount,
  formatGas,
  formatSpan,
  plural,
} from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Icon } from '../../ui/icon.tsx'
import persona from '../persona/persona.module.css'
import { formatDemo, formatScore } from '../persona/words.ts'
import styles from './proof.module.css'
import type { ProofRun } from './run.ts'

interface VerdictProps {
  readonly run: ProofRun
  readonly verdict: Proven
}

/** What L1 knows now, as its contract answers, and what it took. */
export function Verdict({ run, verdict }: VerdictProps) {
  const { fact, transactionHash, l1Block, gasUsed, bytes, nodes } = verdict
  const { outputRoot, entryIndex, l2Block } = verdict
  return (
    <section className={styles.verdict} aria-label="Verdict of L1">
      <p className={styles.believed}>
        <Icon name="check" size={16} />
        <span>
          <strong>L1 knows it.</strong> {run.title}: <Known fact={fact} />
        </span>
      </p>
      <Fields
        fields={[
          {
            label: 'L1 transaction',
            value: (
              <Link className={persona.link} to={`/tx/${transactionHash}`}>
                in L1 block {formatCount(l1Block)}
              </Link>
            ),
          },
          { label: 'Gas', term: 'gas', value: formatGas(gasUsed) },
          {
            label: 'Proof',
            value: `${formatBytes(bytes)} of call data, ${plural(nodes, 'trie node')}`,
          },
          { label: 'Output root', term: 'root', value: <Hash value={outputRoot} /> },
          {
            label: 'Covers L2',
            value: (
              <>
                up to{' '}
                <Link className={persona.link} to={`/blocks/${l2Block}`}>
                  block {formatCount(l2Block)}
                </Link>
                , the end of{' '}
                <Link className={persona.link} to={`/batches/${entryIndex}`}>
                  batch {formatCount(entryIndex)}
                </Link>
              </>
            ),
          },
        ]}
      />
    </section>
  )
}

function Known({ fact }: { readonly fact: Fact }) {
  const genesis = useWorld(({ l1 }) => genesisSeconds(l1.blocks))
  const at = (seconds: number) => formatClock((seconds - genesis) * 1_000)
  switch (fact.kind) {
    case 'badge': {
      const { value, issuedAt, expiresAt, revokedAt } = fact
      if (issuedAt === 0) return 'there was no such badge.'
      return (
        <>
          value {formatCount(value)}, issued at {at(issuedAt)}
          {revokedAt !== 0 && `, revoked at ${at(revokedAt)}`}
          {revokedAt === 0 &&
            (expiresAt === 0
              ? ', without an end'
              : `, good for ${formatSpan((expiresAt - issuedAt) * 1_000)}`)}
          .{' '}
          <span className={persona.quiet}>
            It sees the badge, not whether its validator still counts.
          </span>
        </>
      )
    }
    case 'score':
      return (
        <>
          a match of {formatScore(fact.match, 4)}, and {formatDemo(fact.earnedWei)} earned so far.
        </>
      )
    case 'wallet':
      return fact.passport === 0n ? (
        'it belongs to no passport.'
      ) : (
        <>it belongs to passport {formatCount(fact.passport)}.</>
      )
  }
}

/** Unix second of virtual time 0: contracts count seconds, the page shows virtual time. */
function genesisSeconds(blocks: readonly { timestamp: bigint; timeMs: number }[]): number {
  const [first] = blocks
  return first === undefined ? 0 : Number(first.timestamp) - Math.round(first.timeMs / 1_000)
}

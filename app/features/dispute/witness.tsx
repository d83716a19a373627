import type { DecisiveStepDetails, WitnessPart } from '../../../workers/protocol/queries.ts'
import { formatCount, plural } from '../../ui/format.ts'
import { Term } from '../../ui/tip.tsx'
import { witnessMeaning } from './opcodes.ts'
import styles from './step.module.css'

/** What the winner sent to L1 with the step, and why L1 need not believe any of it. */
export function Witness({ details }: { readonly details: DecisiveStepDetails }) {
  const { witness, witnessBytes } = details
  const keys = numbered(witness)
  return (
    <section className={styles.witness} aria-label="The witness">
      <h4>
        <Term name="witness">The witness</Term>{' '}
        <span className={styles.quiet}>
          {formatCount(witnessBytes)} bytes; every part is checked against a hash that both sides
          agree on
        </span>
      </h4>
      <ul>
        {witness.map((part, at) => (
          <li key={keys[at]}>
            <Part part={part} share={part.bytes / witnessBytes} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Part({ part, share }: { readonly part: WitnessPart; readonly share: number }) {
  const { title, proves } = witnessMeaning(part.name)
  const hasData = part.data.length > 2
  return (
    <details className={styles.part}>
      <summary>
        <span className={styles.partTitle}>{title}</span>
        <span className={styles.partProves}>{proves}</span>
        <span className={styles.partBytes}>
          {formatCount(part.bytes)} B
          <span className={styles.share} style={{ width: `${Math.max(2, 100 * share)}%` }} />
        </span>
      </summary>
      <p className={styles.quiet}>
        {plural(part.pieces, 'piece')}
        {hasData && part.data.length / 2 - 1 < part.bytes && ', the beginning:'}
      </p>
      {hasData && <code className={styles.bytes}>{part.data}</code>}
    </details>
  )
}

/** Parts of one name may occur several times. */
function numbered(parts: readonly WitnessPart[]): readonly string[] {
  const seen = new Map<string, number>()
  return parts.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return `${name}-${count}`
  })
}

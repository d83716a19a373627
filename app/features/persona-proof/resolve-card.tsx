import { useId, useState } from 'react'
import type { PersonaDetails } from '../../../workers/protocol/persona.ts'
import { useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { Fields } from '../../ui/fields.tsx'
import { formatCount } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Card, Mark } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import { signalTitle } from '../persona/words.ts'
import { copyText } from '../shell/copy.ts'
import { asCast, asCurl } from '../workbench/console/exchange.ts'
import styles from './proof.module.css'
import {
  asViem,
  BLOCK_TAGS,
  type BlockTag,
  type PassportAnswer,
  type Resolving,
  requestOf,
  useResolved,
} from './resolving.ts'

/** Who an address is: the request as anyone sends it, and what L2 answers now. */
export function ResolveCard({ persona: details }: { readonly persona: PersonaDetails }) {
  const { owner, wallets } = details
  const [typed, setTyped] = useState<string | null>(null)
  const [blockTag, setBlockTag] = useState<BlockTag>('latest')
  const list = useId()
  const question = { address: typed ?? owner, blockTag }
  const { answer, error } = useResolved(question)
  return (
    <Card
      title="Resolve by JSON-RPC"
      about="Any client of L2 learns who an address is with one request; this page asks through its own provider."
      aside={<Mark source="measured" />}
    >
      <div className={styles.choice}>
        <input
          className={`${persona.input} ${styles.address} mono`}
          aria-label="Address"
          aria-invalid={error !== null}
          list={list}
          value={question.address}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value.trim())}
        />
        <datalist id={list}>
          {[...new Set([owner, ...wallets.map(({ address }) => address)])].map((address) => (
            <option key={address} value={address} />
          ))}
        </datalist>
        <select
          className={persona.input}
          aria-label="As of which block"
          value={blockTag}
          onChange={(event) => setBlockTag(event.target.value as BlockTag)}
        >
          {BLOCK_TAGS.map((tag) => (
            <option key={tag}>{tag}</option>
          ))}
        </select>
      </div>
      <Request question={question} />
      {error !== null && (
        <p className={styles.failure} role="alert">
          {error}
        </p>
      )}
      {error === null && answer === undefined && <p className={persona.quiet}>Asking L2…</p>}
      {answer === null && (
        <p className={persona.quiet}>
          <code>null</code>: at this block the address belongs to no passport.
        </p>
      )}
      {answer !== null && answer !== undefined && <Answer answer={answer} />}
    </Card>
  )
}

function Request({ question }: { readonly question: Resolving }) {
  const { method, params } = requestOf(question)
  const asked = { chain: 'l2' as const, method, params }
  return (
    <>
      <pre className={styles.answer}>
        {`{\n  "method": "${method}",\n  "params": ${JSON.stringify(params)}\n}`}
      </pre>
      <div className={styles.buttons}>
        <span className={persona.quiet}>Copy as</span>
        <Button look="outline" onClick={() => copyText('curl', asCurl(asked))}>
          curl
        </Button>
        <Button look="outline" onClick={() => copyText('viem', asViem(question))}>
          viem
        </Button>
        <Button look="outline" onClick={() => copyText('cast', asCast(asked))}>
          cast
        </Button>
      </div>
    </>
  )
}

/** The answer as a DID document would have it: who it is, which keys speak for it, what others vouch for. */
function Answer({ answer }: { readonly answer: PassportAnswer }) {
  const chainId = useWorld(({ run }) => run.parameters.l2ChainId)
  const { passport, owner, wallets, points, badges } = answer
  return (
    <div className={styles.document}>
      <Fields
        fields={[
          {
            label: 'id',
            value: (
              <code className={styles.did}>
                did:pkh:eip155:{chainId}:{owner}
              </code>
            ),
          },
          { label: 'Passport', value: formatCount(BigInt(passport)) },
          { label: 'Owner', value: <Hash value={owner} /> },
          {
            label: 'Wallets',
            value: (
              <span className={styles.line}>
                {wallets.map((wallet) => (
                  <Hash key={wallet} value={wallet} />
                ))}
              </span>
            ),
          },
          {
            label: 'Badges',
            value: badges.length === 0 ? 'none' : <Badges badges={badges} />,
          },
          { label: 'Points', value: formatCount(BigInt(points)) },
        ]}
      />
      <details>
        <summary>The answer as it came</summary>
        <pre className={styles.answer}>{JSON.stringify(answer, null, 2)}</pre>
      </details>
    </div>
  )
}

function Badges({ badges }: Pick<PassportAnswer, 'badges'>) {
  return (
    <ul className={styles.badges}>
      {badges.map(({ kind, name, value, revokedAt }) => (
        <li key={kind}>
          {signalTitle(name)} {formatCount(BigInt(value))}
          {revokedAt !== null && ', revoked'}
        </li>
      ))}
    </ul>
  )
}

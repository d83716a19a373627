import { useState } from 'react'
import { Link } from 'react-router'
import type { Part, Refusal } from '../../bridge/prover.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount, formatGas } from '../../ui/format.ts'
import persona from '../persona/persona.module.css'
import { attempt, useSession } from '../shell/session-context.ts'
import styles from './proof.module.css'
import { changeOneBit, type ProofRun } from './run.ts'

const partWords: Readonly<Record<Part, string>> = {
  storageProof: 'the last node of the storage trie',
  accountProof: 'the last node of the account trie',
  account: 'the account',
  worldPreimage: 'the world in the machine’s state',
  statePreimage: 'the machine’s state',
  row: 'what the row says was earned',
}

const allParts = Object.keys(partWords) as readonly Part[]

/** What the contract's errors mean. */
const errorWords: Readonly<Record<string, string>> = {
  MerklePatricia_WrongHash: 'A node’s hash is not the one that its parent names.',
  OutputProof_InvalidAccountProof: 'The account does not lead up to the state root.',
  OutputProof_WrongPreimage: 'It does not hash to what the root says.',
  PersonaProver_WrongRow: 'The row does not lead up to the campaign’s final rewards root.',
}

/** The same proof with one bit changed, which L1 refuses. */
export function ChangeOneBit({ run }: { readonly run: ProofRun }) {
  const session = useSession()
  const [part, setPart] = useState<Part>('storageProof')
  const { change, claim } = run
  const isBusy = change.stage === 'sending'
  const parts = allParts.filter((name) => name !== 'row' || claim.kind === 'score')
  return (
    <form
      className={styles.change}
      onSubmit={(event) => {
        event.preventDefault()
        attempt(() => changeOneBit(session, part))
      }}
    >
      <p>
        <strong>Would it believe anything?</strong> Send the same proof with one bit of this part
        changed:
      </p>
      <div className={styles.choice}>
        <select
          className={persona.input}
          aria-label="Part to change a bit of"
          value={part}
          disabled={isBusy}
          onChange={(event) => setPart(event.target.value as Part)}
        >
          {parts.map((name) => (
            <option key={name} value={name}>
              {partWords[name]}
            </option>
          ))}
        </select>
        <Button type="submit" look="outline" disabled={isBusy}>
          {isBusy ? 'Waits for the block…' : 'Change one bit'}
        </Button>
      </div>
      <div role="status">
        {change.stage === 'answered' && <Refused refusal={change.refusal} />}
        {change.stage === 'failed' && (
          <p className={styles.failure}>It was not sent. {change.reason}</p>
        )}
      </div>
    </form>
  )
}

function Refused({ refusal }: { readonly refusal: Refusal }) {
  const { part, byte, before, after, isRefused, error, transactionHash, l1Block, gasUsed } = refusal
  return (
    <div className={styles.refused} data-refused={isRefused}>
      <p>
        <strong>{isRefused ? 'Refused by the contract' : 'Believed, which must not happen'}</strong>
        {isRefused && (
          <>
            : <code>{error === null ? 'an error without a name' : `${error}()`}</code>.{' '}
            {errorWords[error ?? '']}
          </>
        )}
      </p>
      <small>
        Byte {formatCount(byte)} of {partWords[part]}: <code>{hexByte(before)}</code> became{' '}
        <code>{hexByte(after)}</code>.{' '}
        <Link className={persona.link} to={`/tx/${transactionHash}`}>
          {isRefused ? 'Reverted' : 'Transaction'} in L1 block {formatCount(l1Block)}
        </Link>
        , {formatGas(gasUsed)}.
      </small>
    </div>
  )
}

const hexByte = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`

import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Link } from 'react-router'
import { type Abi, type AbiParameter, type Hex, parseEther } from 'viem'
import { Button } from '../../../ui/button.tsx'
import { errorText } from '../../shell/session-context.ts'
import { decodeError, inOneLine } from '../decode.ts'
import { shortValue } from '../transaction/arguments.tsx'
import workbench from '../workbench.module.css'
import styles from './contracts.module.css'
import { parseArgument } from './parse-argument.ts'

export interface Filled {
  readonly args: readonly unknown[]
  readonly valueWei: bigint
}

interface FunctionFormProps {
  readonly title: string
  readonly inputs: readonly AbiParameter[]
  readonly isPayable: boolean
  /** Its errors explain a revert. */
  readonly abi: Abi
  /** What came of it, to be shown below. */
  readonly onSubmit: (filled: Filled) => Promise<ReactNode>
}

/** A field for each argument, a button, and what came of it. */
export function FunctionForm({ title, inputs, isPayable, abi, onSubmit }: FunctionFormProps) {
  const [texts, setTexts] = useState<readonly string[]>(() => inputs.map(() => ''))
  const [value, setValue] = useState('0')
  const [isBusy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<ReactNode>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setOutcome(null)
    const run = async () => onSubmit(read(inputs, texts, isPayable ? value : '0'))
    run()
      .then(setOutcome, (error: unknown) =>
        setOutcome(<p className={workbench.error}>{reasonOf(error, abi)}</p>),
      )
      .finally(() => setBusy(false))
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      {inputs.map((input, index) => (
        <Field
          // biome-ignore lint/suspicious/noArrayIndexKey: arguments may have no name; their place is their identity.
          key={index}
          label={input.name || `argument ${index}`}
          type={input.type}
          text={texts[index] ?? ''}
          onChange={(text) => setTexts(texts.with(index, text))}
        />
      ))}
      {isPayable && <Field label="value" type="ETH" text={value} onChange={setValue} />}
      <Button type="submit" look="outline" disabled={isBusy}>
        {isBusy ? `${title}…` : title}
      </Button>
      <div role="status" className={styles.outcome}>
        {outcome}
      </div>
    </form>
  )
}

interface FieldProps {
  readonly label: string
  readonly type: string
  readonly text: string
  readonly onChange: (text: string) => void
}

function Field({ label, type, text, onChange }: FieldProps) {
  const id = useId()
  return (
    <div className={styles.labelled}>
      <label htmlFor={id}>
        {label} <i>{type}</i>
      </label>
      <input
        id={id}
        className={workbench.field}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        spellCheck={false}
        autoComplete="off"
      />
    </div>
  )
}

function read(inputs: readonly AbiParameter[], texts: readonly string[], value: string): Filled {
  if (!/^\d+(\.\d{1,18})?$/.test(value.trim())) {
    throw new TypeError('value is an amount of ETH, e.g. 0.5.')
  }
  return {
    args: inputs.map((input, index) => parseArgument(input, texts[index] ?? '')),
    valueWei: parseEther(value.trim()),
  }
}

/** A revert in the words of the contract's own errors. */
function reasonOf(error: unknown, abi: Abi): string {
  const { data } = (error ?? {}) as { readonly data?: unknown }
  const decoded =
    typeof data === 'string' ? decodeError(data as Hex, [{ name: 'contract', abi }]) : null
  return decoded === null ? errorText(error) : `Reverts: ${inOneLine(decoded, shortValue)}`
}

/** A transaction that is in a block, and the way to its page. */
export function Sent({ hash, text }: { readonly hash: Hex; readonly text: string }) {
  return (
    <p>
      {text} <Link to={`/tx/${hash}`}>Open the transaction</Link>
    </p>
  )
}

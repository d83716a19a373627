import { type FormEvent, type KeyboardEvent, useState } from 'react'
import type { ChainName } from '../../../../workers/protocol/world.ts'
import { Button } from '../../../ui/button.tsx'
import { attempt, errorText, useSession } from '../../shell/session-context.ts'
import { ChainSwitch, Frame } from '../frame.tsx'
import styles from '../workbench.module.css'
import { Answers } from './answers.tsx'
import { ask, readParams } from './exchange.ts'
import { METHODS, templateOf } from './methods.ts'

/** Any method of any node, by hand. */
export function ConsolePage() {
  return (
    <Frame
      title="JSON-RPC console"
      about="What a client would send, sent by hand: the same methods that answer on the ports of npm start."
    >
      <QuestionForm />
      <Answers />
    </Frame>
  )
}

function QuestionForm() {
  const { world } = useSession()
  const [chain, setChain] = useState<ChainName>('l2')
  const [method, setMethod] = useState('eth_getBlockByNumber')
  const [params, setParams] = useState(templateOf('eth_getBlockByNumber') ?? '[]')
  const [problem, setProblem] = useState<string | null>(null)
  const pick = (wanted: string) => {
    setMethod(wanted)
    const template = templateOf(wanted)
    if (template !== null) setParams(template)
    setProblem(null)
  }
  const send = (event?: FormEvent) => {
    event?.preventDefault()
    try {
      const question = { chain, method: method.trim(), params: readParams(params) }
      setProblem(null)
      attempt(() => ask(world, question))
    } catch (error) {
      setProblem(errorText(error))
    }
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send(event)
  }
  return (
    <form className={styles.card} onSubmit={send}>
      <div className={styles.row}>
        <ChainSwitch chain={chain} onChange={setChain} />
        <input
          className={styles.field}
          aria-label="Method"
          list="methods"
          value={method}
          onChange={(event) => pick(event.target.value)}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
        />
        <datalist id="methods">
          {Object.keys(METHODS).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Button type="submit" look="solid" disabled={method.trim() === ''}>
          Send
        </Button>
      </div>
      <textarea
        className={styles.area}
        aria-label="Parameters, a JSON array"
        rows={Math.min(10, Math.max(3, params.split('\n').length))}
        value={params}
        onChange={(event) => setParams(event.target.value)}
        onKeyDown={onKey}
        spellCheck={false}
      />
      {problem === null ? (
        <p className={styles.quiet}>Control + Enter sends.</p>
      ) : (
        <p className={styles.error} role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}

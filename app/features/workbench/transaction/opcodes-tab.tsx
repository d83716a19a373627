import { useEffect, useState } from 'react'
import type { ChainName } from '../../../../workers/protocol/world.ts'
import { createOpcodeReader, type OpcodeReader, type OpcodeTrace } from '../../../bridge/opcodes.ts'
import { formatCount } from '../../../ui/format.ts'
import { errorText, useSession } from '../../shell/session-context.ts'
import styles from '../workbench.module.css'
import { OpcodeList } from './opcode-list.tsx'

type State =
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'ready'; readonly trace: OpcodeTrace; readonly reader: OpcodeReader }

/** Every opcode that ran, from a worker that holds the trace. */
export function OpcodesTab({ chain, hash }: { readonly chain: ChainName; readonly hash: string }) {
  const { connection } = useSession()
  const [state, setState] = useState<State>({ kind: 'running' })
  useEffect(() => {
    const reader = createOpcodeReader(connection)
    let current = true
    setState({ kind: 'running' })
    reader.open(chain, hash).then(
      (trace) => current && setState({ kind: 'ready', trace, reader }),
      (error: unknown) => current && setState({ kind: 'failed', error: errorText(error) }),
    )
    return () => {
      current = false
      reader.close()
    }
  }, [connection, chain, hash])
  if (state.kind === 'failed') return <p className={styles.error}>{state.error}</p>
  if (state.kind === 'running') return <p className={styles.quiet}>Running it again…</p>
  const { count, isCut } = state.trace
  if (count === 0) return <p className={styles.quiet}>No code ran.</p>
  return (
    <div className={styles.stack}>
      <p className={styles.quiet}>
        {isCut ? `The first ${formatCount(count)} opcodes.` : `${formatCount(count)} opcodes.`}{' '}
        Arrow keys walk through them.
      </p>
      <OpcodeList count={count} reader={state.reader} />
    </div>
  )
}

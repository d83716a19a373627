import { Button } from '../../../ui/button.tsx'
import { plural } from '../../../ui/format.ts'
import workbench from '../workbench.module.css'
import styles from './contracts.module.css'
import { Editor } from './editor.tsx'
import { EXAMPLES } from './examples.ts'
import type { Source } from './use-source.ts'

/** The editor, the examples and what the compiler says. */
export function SourcePanel({ source }: { readonly source: Source }) {
  return (
    <section className={workbench.card} aria-label="Source">
      <div className={workbench.row}>
        <select
          className={workbench.field}
          aria-label="Start from an example"
          value=""
          onChange={(event) => source.setText(EXAMPLES[event.target.value] ?? source.text)}
        >
          <option value="" disabled>
            Start from an example…
          </option>
          {Object.keys(EXAMPLES).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        <Button look="solid" onClick={source.compile} disabled={source.isCompiling}>
          {source.isCompiling ? 'Compiling…' : 'Compile'}
        </Button>
      </div>
      <Editor
        source={source.text}
        diagnostics={source.diagnostics}
        onChange={source.setText}
        onCompile={source.compile}
      />
      <div role="status" className={workbench.stack}>
        <Verdict source={source} />
      </div>
    </section>
  )
}

function Verdict({ source }: { readonly source: Source }) {
  const { isCompiling, compiler, diagnostics, contracts, failure } = source
  if (failure !== null) return <p className={workbench.error}>{failure}</p>
  if (compiler === null) {
    return (
      <p className={workbench.quiet}>
        {isCompiling
          ? 'Loading the compiler, 9 MB, once…'
          : 'Control + Enter compiles. The compiler loads when it is first used.'}
      </p>
    )
  }
  return (
    <>
      <p className={workbench.quiet}>
        {contracts.length === 0
          ? 'Nothing to deploy'
          : `${plural(contracts.length, 'contract')} to deploy`}{' '}
        · solc {compiler.split('+')[0]}
      </p>
      {diagnostics.length > 0 && (
        <ul className={workbench.stack}>
          {diagnostics.map(({ severity, message, range }) => (
            <li
              key={`${range?.from}${message}`}
              className={styles.diagnostic}
              data-severity={severity}
            >
              {range !== null && <b>Line {lineOf(source.text, range.from)} </b>}
              {message}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

const lineOf = (text: string, offset: number) => text.slice(0, offset).split('\n').length

import { useState } from 'react'
import type { DecisiveStepDetails, MachineField } from '../../../workers/protocol/queries.ts'
import { Button } from '../../ui/button.tsx'
import { shortHash } from '../../ui/format.ts'
import { Hash } from '../../ui/hash.tsx'
import { Term } from '../../ui/tip.tsx'
import styles from './dispute.module.css'

interface Line {
  readonly record: MachineField['record']
  readonly name: string
  readonly before: string
  readonly honest: string
  readonly claimed: string | null
}

/** The machine state before the step, what the step makes of it, and what was claimed; differences stand out. */
export function StateTable({ details }: { readonly details: DecisiveStepDetails }) {
  const [whole, setWhole] = useState(false)
  // The hash of everything stands in the last row.
  const lines = toLines(details).filter(({ name }) => name !== 'stateHash')
  const shown = whole
    ? lines
    : lines.filter((line) => differs(line) || (changes(line) && isTelling(line)))
  return (
    <div className={styles.states}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <Term name="machineState">Machine state</Term>
            </th>
            <th scope="col">before</th>
            <th scope="col">after, as L1 executes it</th>
            <th scope="col">after, as claimed</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((line) => (
            <tr key={`${line.record}.${fieldWords(line.name)}`} data-differs={differs(line)}>
              <th scope="row">
                <span className={styles.quiet}>{line.record}</span> {fieldWords(line.name)}
              </th>
              <td>
                <Value text={line.before} />
              </td>
              <td data-changed={changes(line)}>
                <Value text={line.honest} />
              </td>
              <td data-differs={differs(line)}>
                {line.claimed === null ? (
                  <span className={styles.quiet}>not known</span>
                ) : (
                  <Value text={line.claimed} />
                )}
              </td>
            </tr>
          ))}
          <tr>
            <th scope="row">hash of it all</th>
            <td>
              <Hash value={details.beforeHash} />
            </td>
            <td>
              <Hash value={details.honestHash} />
            </td>
            <td
              data-differs={
                details.claimedHash !== '' && details.honestHash !== details.claimedHash
              }
            >
              {details.claimedHash === '' ? (
                <span className={styles.quiet}>none: the right one was denied</span>
              ) : (
                <Hash value={details.claimedHash} />
              )}
            </td>
          </tr>
        </tbody>
      </table>
      <Button look="plain" onClick={() => setWhole(!whole)}>
        {whole ? 'Show what changes only' : `Show all ${lines.length} fields`}
      </Button>
    </div>
  )
}

function Value({ text }: { readonly text: string }) {
  return text.startsWith('0x') ? (
    <Hash value={text} />
  ) : (
    <span className="mono">{shortHash(text)}</span>
  )
}

const changes = (line: Line): boolean => line.before !== line.honest
const differs = (line: Line): boolean => line.claimed !== null && line.claimed !== line.honest

/** The stack shifts with most steps and hashes change with everything: they tell something only where the two sides differ. */
function isTelling({ record, name }: Line): boolean {
  if (name.startsWith('stack[')) return name === 'stack[0]' || name === 'stack[1]'
  return record !== 'machine' && !name.endsWith('Hash')
}

/** `stackLength` → stack length. */
function fieldWords(name: string): string {
  return name.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  )
}

function toLines({ before, honest, claimed }: DecisiveStepDetails): readonly Line[] {
  const find = (fields: readonly MachineField[], { record, name }: MachineField) =>
    fields.find((field) => field.record === record && field.name === name)?.value
  const extra = honest.filter((field) => find(before, field) === undefined)
  return [...before, ...extra].map((field) => ({
    record: field.record,
    name: field.name,
    before: find(before, field) ?? '–',
    honest: find(honest, field) ?? '–',
    claimed: claimed.length === 0 ? null : (find(claimed, field) ?? '–'),
  }))
}

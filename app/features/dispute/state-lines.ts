/** The fields around a step as lines of a table, grouped as people think of them: storage, stack, memory, gas, and the hashes that follow. */
import type { DecisiveStepDetails, MachineField } from '../../../workers/protocol/queries.ts'
import { plural } from '../../ui/format.ts'

export interface Line {
  readonly label: string
  readonly before: string
  readonly honest: string
  /** Null where only the liar knows it. */
  readonly claimed: string | null
  /** Shown without being asked for. */
  readonly isTelling: boolean
}

export interface Group {
  readonly title: string
  readonly note: string | null
  readonly lines: readonly Line[]
}

const absent = '–'
export const differs = ({ honest, claimed }: Line): boolean =>
  claimed !== null && claimed !== honest

/** Words of the stack that are shown at rest, beside those that differ. */
const stackShown = 3

export function groupsOf(
  details: DecisiveStepDetails,
  operands: readonly string[],
): readonly Group[] {
  const lines = toLines(details)
  const pick = (test: (name: string, record: string) => boolean) =>
    lines.filter(({ name, record }) => test(name, record))
  const stack = pick((name) => name.startsWith('stack['))
  const memory = pick((name) => name.startsWith('memory['))
  const gas = pick((name, record) => gasNames.includes(`${record}.${name}`))
  const known = new Set([...stack, ...memory, ...gas])
  const rest = lines.filter((line) => !known.has(line) && line.name !== 'stateHash')
  const hashes = rest.filter(({ name }) => isHash(name))
  const others = rest.filter(({ name }) => !isHash(name))
  const tellChange = (line: Line) => ({
    ...line,
    isTelling: line.before !== line.honest || differs(line),
  })
  const memoryLines = memory.map(tellChange)
  return [
    {
      title: 'Storage',
      note: details.slot === null ? 'not touched' : null,
      lines: slotLines(details),
    },
    {
      title: 'Stack',
      note: stack.length === 0 ? 'empty' : 'top first',
      lines: stack.map((line, at) => ({
        ...line,
        label: operands[at] === undefined ? `${at}` : `${at} · ${operands[at]}`,
        isTelling: at < Math.max(stackShown, operands.length) || differs(line),
      })),
    },
    {
      title: 'Memory',
      note: memoryNote(memoryLines),
      lines: memoryLines.map((line) => ({ ...line, label: `at ${line.label.slice(7, -1)}` })),
    },
    { title: 'Gas and place', note: null, lines: gas.map(gasLine) },
    {
      title: 'Other fields',
      note: null,
      lines: others.map((line) => ({ ...line, isTelling: differs(line) })),
    },
    {
      title: 'Hashes that follow',
      note: null,
      lines: [
        ...hashes.map((line) => ({ ...line, isTelling: differs(line) })),
        {
          label: 'hash of it all',
          before: details.beforeHash,
          honest: details.honestHash,
          claimed: details.claimedHash === '' ? null : details.claimedHash,
          isTelling: true,
        },
      ],
    },
  ].filter(({ lines: own, note }) => own.length > 0 || note !== null)
}

const gasNames = [
  'frame.gas',
  'frame.pc',
  'world.refund',
  'machine.phase',
  'transaction.gasUsed',
  'block.gasUsed',
]
/** What the step cost is part of its rule, so the gas left is always shown. */
function gasLine(line: NamedLine): Line {
  const isLeft = line.record === 'frame' && line.name === 'gas'
  const isTelling = isLeft || line.before !== line.honest || differs(line)
  return isLeft ? { ...line, label: 'gas left', isTelling } : { ...line, isTelling }
}

const isHash = (name: string): boolean => /(Hash|Root)$/.test(name) || name === 'hash'

function memoryNote(lines: readonly Line[]): string | null {
  if (lines.length === 0) return 'empty'
  return lines.some(({ isTelling }) => isTelling)
    ? null
    : `${plural(lines.length, 'word')}, unchanged`
}

function slotLines({ slot }: DecisiveStepDetails): readonly Line[] {
  if (slot === null) return []
  const { before, honest, claimed } = slot
  const kind = slot.kind === 'transient' ? 'transient slot' : 'slot'
  return [{ label: `${kind} ${slot.slot.slice(0, 8)}…`, before, honest, claimed, isTelling: true }]
}

interface NamedLine extends Line {
  readonly record: string
  readonly name: string
}

function toLines({ before, honest, claimed }: DecisiveStepDetails): readonly NamedLine[] {
  const find = (fields: readonly MachineField[], { record, name }: MachineField) =>
    fields.find((field) => field.record === record && field.name === name)?.value
  const isNew = (field: MachineField) => find(before, field) === undefined
  const extra = [...honest, ...claimed.filter((field) => find(honest, field) === undefined)].filter(
    isNew,
  )
  return [...before, ...extra].map((field) => ({
    record: field.record,
    name: field.name,
    label: isArray(field.name) ? field.name : `${field.record} ${fieldWords(field.name)}`,
    before: find(before, field) ?? absent,
    honest: find(honest, field) ?? absent,
    claimed: claimed.length === 0 ? null : (find(claimed, field) ?? absent),
    isTelling: false,
  }))
}

const isArray = (name: string): boolean => name.endsWith(']')

/** `stackLength` → stack length. */
function fieldWords(name: string): string {
  return name.replace(
    /([a-z])([A-Z])/g,
    (_, first: string, second: string) => `${first} ${second.toLowerCase()}`,
  )
}

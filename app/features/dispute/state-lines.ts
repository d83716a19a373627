/** The fields around a step as lines of a table, grouped as people think of them: storage, stack, memory, gas, and the hashes that follow. */
import type {
  AccountFacts,
  DecisiveStepDetails,
  MachineField,
} from '../../../workers/protocol/queries.ts'
import { plural, shortHash } from '../../ui/format.ts'

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
    ...accountGroup(details),
    stackGroup(stack, operands, grown(lines)),
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

/**
 * Words taken by the opcode, words that it gives, and those below, each on a line of its own: they move, but stay what they are. Where
 * the words below are not the same (a call has a stack of its own), line by line from the top.
 */
function stackGroup(stack: readonly Line[], operands: readonly string[], grownBy: number): Group {
  const before = stack.map((line) => line.before).filter((word) => word !== absent)
  const after = stack.map(({ honest }) => honest).filter((word) => word !== absent)
  const claimed = stack.map((line) => line.claimed)
  const taken = operands.length
  const given = grownBy + taken
  // Of a deep stack only the top is known.
  const below = before.slice(taken, taken + Math.max(0, after.length - given))
  const isMoved = given >= 0 && below.every((word, at) => word === after[given + at])
  if (stack.length === 0 || !isMoved) return plainStack(stack)
  const claimedAt = (at: number) => (claimed[at] === undefined ? absent : claimed[at])
  const gone = claimed.includes(null) ? null : absent
  const told = (line: Omit<Line, 'isTelling'>, isTelling: boolean): Line => ({
    ...line,
    isTelling: isTelling || (line.claimed !== null && line.claimed !== line.honest),
  })
  return {
    title: 'Stack',
    note: `${plural(taken, 'word')} taken from its top, ${given} put on it`,
    lines: [
      ...operands.map((label, at) =>
        told({ label, before: before[at] ?? absent, honest: absent, claimed: gone }, true),
      ),
      ...after.slice(0, given).map((honest, at) => {
        const label = given === 1 ? 'result' : `result ${at + 1}`
        return told({ label, before: absent, honest, claimed: claimedAt(at) }, true)
      }),
      ...below.map((word, at) => {
        const place = { label: `below, ${at + 1}`, claimed: claimedAt(given + at) }
        return told({ ...place, before: word, honest: word }, taken + given + at < stackShown)
      }),
    ],
  }
}

/** By how many words the step makes the stack longer. */
function grown(lines: readonly NamedLine[]): number {
  const length = lines.find(({ record, name }) => record === 'frame' && name === 'stackLength')
  return Number(length?.honest) - Number(length?.before)
}

function plainStack(stack: readonly Line[]): Group {
  return {
    title: 'Stack',
    note: stack.length === 0 ? 'empty' : 'top first',
    lines: stack.map((line, at) => ({
      ...line,
      label: `${at}`,
      isTelling: at < stackShown || differs(line),
    })),
  }
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

/** Nothing where the step concerns no account. */
function accountGroup({ accounts }: DecisiveStepDetails): readonly Group[] {
  const lines = accounts.flatMap(({ address, before, honest, claimed }) => {
    const line = (what: string, read: (facts: AccountFacts) => string): Line => {
      const told = {
        label: `${what} ${shortHash(address)}`,
        before: read(before),
        honest: read(honest),
        claimed: claimed === null ? null : read(claimed),
      }
      const isTelling = told.before !== told.honest || differs({ ...told, isTelling: true })
      return { ...told, isTelling }
    }
    return [
      line('wei of', ({ balanceWei }) => `${balanceWei}`),
      line('nonce of', ({ nonce }) => `${nonce}`),
      line('code of', ({ codeHash }) => codeHash),
    ]
  })
  return lines.length === 0 ? [] : [{ title: 'Accounts', note: null, lines }]
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

import { describe, expect, it } from 'vitest'
import type { DecisiveStepDetails, MachineField } from '../../../workers/protocol/queries.ts'
import { groupsOf } from './state-lines.ts'

/** A frame with these words on its stack, top first; of a deep one only the first 16 are known. */
function fieldsOf(words: readonly string[]): readonly MachineField[] {
  const length = { record: 'frame', name: 'stackLength', value: `${words.length}` } as const
  const shown = words.slice(0, 16)
  return [
    length,
    ...shown.map((value, at) => ({ record: 'frame', name: `stack[${at}]`, value }) as const),
  ]
}

function stackOf(
  operands: readonly string[],
  { before, honest, claimed }: Record<'before' | 'honest' | 'claimed', readonly string[]>,
) {
  const details = {
    before: fieldsOf(before),
    honest: fieldsOf(honest),
    claimed: claimed.length === 0 ? [] : fieldsOf(claimed),
    slot: null,
    accounts: [],
  } as unknown as DecisiveStepDetails
  const stack = groupsOf(details, operands).find(({ title }) => title === 'Stack')
  return {
    note: stack?.note,
    lines: stack?.lines.map((line) => [line.label, line.before, line.honest, line.claimed]),
  }
}

describe('the stack around a step', () => {
  it('tells words that are taken from those that only move up', () => {
    const after = ['0xc', '0xd']
    const told = { before: ['0xa', '0xb', ...after], honest: after, claimed: after }
    expect(stackOf(['slot', 'value'], told)).toEqual({
      note: '2 words taken from its top, 0 put on it',
      lines: [
        ['slot', '0xa', '–', '–'],
        ['value', '0xb', '–', '–'],
        ['below, 1', '0xc', '0xc', '0xc'],
        ['below, 2', '0xd', '0xd', '0xd'],
      ],
    })
  })

  it('tells the result, honest and claimed', () => {
    const told = { before: ['0x2', '0x3', '0xd'], honest: ['0x5', '0xd'], claimed: ['0x6', '0xd'] }
    expect(stackOf(['a', 'b'], told).lines).toEqual([
      ['a', '0x2', '–', '–'],
      ['b', '0x3', '–', '–'],
      ['result', '–', '0x5', '0x6'],
      ['below, 1', '0xd', '0xd', '0xd'],
    ])
    expect(stackOf(['a', 'b'], { ...told, claimed: [] }).lines?.[2]).toEqual([
      'result',
      '–',
      '0x5',
      null,
    ])
  })

  it('knows the depth of a stack whose lower words are not shown', () => {
    const deep = Array.from({ length: 40 }, (_, at) => `0x${at}`)
    const honest = ['0xff', ...deep.slice(2)]
    const told = stackOf(['a', 'b'], { before: deep, honest, claimed: honest })
    expect(told.note).toBe('2 words taken from its top, 1 put on it')
    expect(told.lines?.at(-1)).toEqual(['below, 14', '0x15', '0x15', '0x15'])
  })

  it('goes line by line where the words below are others, as in a call', () => {
    const told = { before: ['0xa', '0xb'], honest: ['0xe'], claimed: ['0xe'] }
    expect(stackOf([], told)).toEqual({
      note: 'top first',
      lines: [
        ['0', '0xa', '0xe', '0xe'],
        ['1', '0xb', '–', '–'],
      ],
    })
  })
})

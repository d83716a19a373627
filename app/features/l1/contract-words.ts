import type { ContractEventView } from '../../../workers/protocol/projection.ts'

export interface EventWord {
  readonly text: string
  /** Palette variable of the role it concerns. */
  readonly tone: 'l1' | 'sequencer' | 'da' | 'executor' | 'challenger' | 'alarm'
  readonly weight: number
}

const words: Readonly<Record<string, EventWord>> = {
  MemberSlashed: { text: 'slashed', tone: 'alarm', weight: 9 },
  NodeSlashed: { text: 'slashed', tone: 'alarm', weight: 9 },
  Stepped: { text: 'one step', tone: 'challenger', weight: 8 },
  Resolved: { text: 'verdict', tone: 'challenger', weight: 7 },
  GameCreated: { text: 'root', tone: 'executor', weight: 6 },
  RootFinalized: { text: 'final', tone: 'executor', weight: 6 },
  Moved: { text: 'move', tone: 'challenger', weight: 5 },
  EntryAppended: { text: 'batch', tone: 'da', weight: 5 },
  EntryExpired: { text: 'expired', tone: 'da', weight: 6 },
  CellChallenged: { text: 'cell?', tone: 'da', weight: 4 },
  CellAnswered: { text: 'cell', tone: 'da', weight: 4 },
  MessageQueued: { text: 'deposit', tone: 'l1', weight: 4 },
  WithdrawalProven: { text: 'proof', tone: 'l1', weight: 4 },
  WithdrawalFinalized: { text: 'payout', tone: 'l1', weight: 5 },
  RewardClaimed: { text: 'reward', tone: 'sequencer', weight: 2 },
  CreditClaimed: { text: 'bond', tone: 'challenger', weight: 2 },
}

/** The most telling events of a block in a word each, with how often they happened. */
export function eventWords(
  events: readonly ContractEventView[],
): readonly (EventWord & { readonly count: number })[] {
  const counts = new Map<string, number>()
  // A game's root claim is announced as a move, too.
  const moves = events.filter(({ name }) => name === 'Moved').length
  const games = events.filter(({ name }) => name === 'GameCreated').length
  for (const { name } of events)
    if (words[name] !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  if (moves > games) counts.set('Moved', moves - games)
  else counts.delete('Moved')
  return [...counts]
    .flatMap(([name, count]) => {
      const word = words[name]
      return word === undefined ? [] : [{ ...word, count }]
    })
    .sort((a, b) => b.weight - a.weight)
}

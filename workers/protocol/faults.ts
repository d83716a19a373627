/** Faults as typed options, and the one catalogue of dishonest behaviours that the page, JSON-RPC and scenarios share. */
import type { NodeId } from '../kernel/role.ts'
import type { StateFraudName } from '../rollup/machine/frauds.ts'
import type { RoleName } from './nodes.ts'
import { STATE_FRAUDS } from './stateFrauds.ts'

/**
 * - `crash`: the node loses its volatile state and hears nothing; `restart` boots it from its durable storage
 * - `slow`: its virtual CPU and its links are `factor` times slower; 1 restores
 * - `corrupt`: arms a dishonest behaviour, which acts at its first chance; `heal` disarms all of the node's
 * - `partition`: nodes of different groups do not hear each other; nodes in no group hear everyone; `reconnect` ends it
 * - `l1Reorg`: the last `depth` L1 blocks are replaced by others
 */
export type Fault =
  | { readonly kind: 'crash'; readonly node: NodeId }
  | { readonly kind: 'restart'; readonly node: NodeId }
  | { readonly kind: 'slow'; readonly node: NodeId; readonly factor: number }
  | { readonly kind: 'corrupt'; readonly node: NodeId; readonly fraud: FraudName }
  | { readonly kind: 'heal'; readonly node: NodeId }
  | { readonly kind: 'partition'; readonly groups: readonly (readonly NodeId[])[] }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'l1Reorg'; readonly depth: number }

export type FraudName =
  | StateFraudName
  | 'fraud-stall'
  | 'fraud-several'
  | 'fraud-freeload'
  | 'fraud-sybils'
  | 'false-challenge'
  | 'equivocate'
  | 'withhold'

/** What a fraud is about, in the order of the machine's levels; menus group by it. */
export const FRAUD_LEVELS = [
  'opcode',
  'frame end',
  'precompile',
  'transaction start',
  'loading a transaction',
  'block start',
  'transaction end',
  'cheat',
  'logs and headers',
  'batch open',
  'trace length',
  'the game',
  'order and data',
] as const
export type FraudLevel = (typeof FRAUD_LEVELS)[number]

/** Steps at which a dispute over the fraud can be decided: phases of docs/specs/MACHINE.md, and opcodes where the phase is EXEC. */
export interface DecidedAt {
  readonly phases: readonly string[]
  readonly opcodes?: readonly string[]
}

export interface FraudInfo {
  readonly name: FraudName
  readonly role: RoleName
  readonly level: FraudLevel
  /** Null where no step decides: a clock does, or evidence. */
  readonly decidedAt: DecidedAt | null
  /** What a button says: what will happen. */
  readonly action: string
  readonly description: string
  /** Who notices, and what becomes of the cheater. */
  readonly outcome: string
}

const OTHER_FRAUDS: readonly FraudInfo[] = [
  {
    name: 'fraud-stall',
    role: 'executor',
    level: 'the game',
    decidedAt: null,
    action: 'Make the executor lie and then stall',
    description:
      'It proposes a false root and then answers no move, hoping that nobody has the patience.',
    outcome:
      'Its clock runs out; the challenger wins the bond without a single step being executed.',
  },
  {
    name: 'fraud-several',
    role: 'executor',
    level: 'the game',
    // One opcode, the end of a transaction, the start of a block: three lies in three places.
    decidedAt: { phases: ['EXEC', 'TX_END', 'BLOCK_START'], opcodes: ['SSTORE', ''] },
    action: 'Make the executor propose three false roots at once',
    description:
      'It stakes three bonds on three different false states of the same batch, hoping that one slips through.',
    outcome:
      'The challenger plays all three games side by side; each ends at its own step, and all three bonds are lost.',
  },
  {
    name: 'fraud-freeload',
    role: 'executor',
    level: 'the game',
    decidedAt: { phases: ['EXEC'], opcodes: ['SSTORE'] },
    action: 'Make the executor lie and freeload on its challenger',
    description:
      'Under a second name it copies what the challenger claims, one place further, to win its own bonds back.',
    outcome:
      'Copies left of the challenger’s claim are refuted, those to its right win nothing; the challenger loses no bond.',
  },
  {
    name: 'fraud-sybils',
    role: 'executor',
    level: 'the game',
    decidedAt: { phases: ['EXEC'], opcodes: ['SSTORE'] },
    action: 'Make the executor lie and send eight Sybils',
    description:
      'Eight accounts of the executor flood the dispute with false claims, to tire the challenger and use up its time.',
    outcome:
      'The challenger answers every claim that threatens its own; each costs a Sybil its bond, and none saves the root.',
  },
  {
    name: 'false-challenge',
    role: 'challenger',
    level: 'the game',
    decidedAt: null,
    action: 'Make the challenger dispute an honest root',
    description: 'The challenger attacks a root that is right and defends its claim to the end.',
    outcome:
      'The executor answers every move and the last step proves it right; the challenger loses its bonds.',
  },
  {
    name: 'equivocate',
    role: 'sequencer',
    level: 'order and data',
    decidedAt: null,
    action: 'Make this sequencer vote twice in one view',
    description: 'It notarizes two different blocks in the same view.',
    outcome: 'Any two conflicting votes are evidence; the registry on L1 slashes its stake.',
  },
  {
    name: 'withhold',
    role: 'da',
    level: 'order and data',
    decidedAt: null,
    action: 'Make this node withhold its cells',
    description: 'It signs for its 8 columns but answers no request for them.',
    outcome: 'Samplers miss its cells; any 64 of 128 still rebuild the batch.',
  },
]

export const FRAUDS: readonly FraudInfo[] = [...STATE_FRAUDS, ...OTHER_FRAUDS]

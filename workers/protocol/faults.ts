/** Faults as typed options, and the one catalogue of dishonest behaviours that the page, JSON-RPC and scenarios share. */
import type { NodeId } from '../kernel/role.ts'
import type { RoleName } from './nodes.ts'

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
  | 'fraud-sstore'
  | 'fraud-arithmetic'
  | 'fraud-fee'
  | 'fraud-skip'
  | 'fraud-deposit'
  | 'fraud-reward'
  | 'false-challenge'
  | 'equivocate'
  | 'withhold'

export interface FraudInfo {
  readonly name: FraudName
  readonly role: RoleName
  /** What a button says: what will happen. */
  readonly action: string
  readonly description: string
  /** Who notices, and what becomes of the cheater. */
  readonly outcome: string
}

export const FRAUDS: readonly FraudInfo[] = [
  {
    name: 'fraud-sstore',
    role: 'executor',
    action: 'Make the executor write a wrong balance',
    description:
      'One SSTORE inside a contract call stores another value than the EVM computed; every later root builds on it.',
    outcome:
      'The challenger disputes the root; the game ends at that SSTORE, which L1 executes itself.',
  },
  {
    name: 'fraud-arithmetic',
    role: 'executor',
    action: 'Make the executor miscalculate',
    description: 'One arithmetic opcode leaves a wrong word on the stack.',
    outcome: 'The game ends at that opcode; L1 computes it again from two words of the stack.',
  },
  {
    name: 'fraud-fee',
    role: 'executor',
    action: 'Make the executor steal a fee',
    description:
      "At the end of a transaction the sender is charged more than it used, to the executor's gain.",
    outcome: "The game ends at the transaction's last step, where fees are settled.",
  },
  {
    name: 'fraud-skip',
    role: 'executor',
    action: 'Make the executor skip a valid transaction',
    description:
      'A valid transaction is treated as if it were invalid: it has no effect and no receipt.',
    outcome:
      "The game ends at the transaction's first step; L1 recovers its signer and checks nonce and balance.",
  },
  {
    name: 'fraud-deposit',
    role: 'executor',
    action: 'Make the executor forge a deposit',
    description: 'A deposit that L1 never queued mints ETH on L2.',
    outcome: "The game ends where the deposit is read; the inbox's hash on L1 contradicts it.",
  },
  {
    name: 'fraud-reward',
    role: 'executor',
    action: 'Make the executor inflate a reward',
    description:
      'When a Persona claims a reward, one SSTORE gives it more tokens than the campaign paid; every later root builds on it.',
    outcome:
      'The challenger disputes the root; the game ends at that SSTORE. A wrong reward root is another matter: that is challenged on L2.',
  },
  {
    name: 'false-challenge',
    role: 'challenger',
    action: 'Make the challenger dispute an honest root',
    description: 'The challenger attacks a root that is right and defends its claim to the end.',
    outcome:
      'The executor answers every move and the last step proves it right; the challenger loses its bonds.',
  },
  {
    name: 'equivocate',
    role: 'sequencer',
    action: 'Make this sequencer vote twice in one view',
    description: 'It notarizes two different blocks in the same view.',
    outcome: 'Any two conflicting votes are evidence; the registry on L1 slashes its stake.',
  },
  {
    name: 'withhold',
    role: 'da',
    action: 'Make this node withhold its cells',
    description: 'It signs for its 8 columns but answers no request for them.',
    outcome: 'Samplers miss its cells; any 64 of 128 still rebuild the batch.',
  },
]

/**
 * A world whose source gives no proofs has no disputes. Rationale: L1 would decide over a state that nobody could verify. It has no
 * challenger (`compose.ts`), and nobody in it is made to lie about a root.
 */
import type { Fault } from '../../protocol/faults.ts'
import { FRAUDS } from '../../protocol/faults.ts'
import type { ForkPoint } from '../../protocol/fork.ts'
import { DisputesOffError } from './errors.ts'

/** Scenarios in which nobody lies about roots and no challenger acts. */
const CALM: readonly string[] = ['steady', 'quiet']

/** Whether roots of the world can be disputed. */
export function hasDisputes(fork: ForkPoint | undefined): boolean {
  return fork?.proofs !== false
}

/** Throws `DisputesOffError` for a scenario that needs a dispute. */
export function assertScenarioAllowed(fork: ForkPoint | undefined, scenario: string): void {
  if (fork === undefined || hasDisputes(fork) || CALM.includes(scenario)) return
  throw new DisputesOffError(fork.host, `Scenario "${scenario}"`, `Scenarios: ${CALM.join(', ')}`)
}

/** Throws `DisputesOffError` for a lie that only a dispute could undo. */
export function assertFaultAllowed(fork: ForkPoint | undefined, fault: Fault): void {
  if (fork === undefined || hasDisputes(fork) || fault.kind !== 'corrupt') return
  const role = FRAUDS.find(({ name }) => name === fault.fraud)?.role
  if (role !== 'executor' && role !== 'challenger') return
  throw new DisputesOffError(
    fork.host,
    `"${fault.fraud}"`,
    'Frauds of sequencers and data nodes are decided without a dispute of state.',
  )
}

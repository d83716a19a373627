/** What every tracer is: it watches one transaction run and says what it saw. */
import type { Json } from '../../protocol/world.ts'
import type { Executor } from '../evm/executor.ts'

/** The transaction that is watched. */
export interface TraceSubject {
  readonly from: Uint8Array
  readonly to: Uint8Array | null
  readonly gasLimit: bigint
  /** Logs of its block before it. */
  readonly logOffset: number
}

export interface TraceOutcome {
  readonly succeeded: boolean
  readonly gasUsed: bigint
  readonly output: Uint8Array
}

export type Trace = (
  executor: Executor,
  subject: TraceSubject,
  work: () => Promise<TraceOutcome>,
) => Promise<Json>

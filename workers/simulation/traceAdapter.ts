/** The kernel's trace in the words of `protocol/trace.ts`. */
import type { Plain } from '../kernel/role.ts'
import type { KernelFault, KernelTrace } from '../kernel/trace.ts'
import type { Fault, FraudName } from '../protocol/faults.ts'
import type { ReportEvent, TraceEvent } from '../protocol/trace.ts'
import { bytesToHex } from '../rollup/bytes.ts'

/** Null for what observers are not told: inputs other than faults, faults of single links. */
export function toTraceEvent(event: KernelTrace): TraceEvent | null {
  switch (event.kind) {
    case 'report':
      // Roles are trusted to send what `protocol/reports.ts` says.
      return event as unknown as ReportEvent
    case 'message':
    case 'died':
      return event
    case 'tick':
      return {
        kind: 'tick',
        timeMs: event.timeMs,
        events: event.events,
        eventHash: bytesToHex(event.chain),
      }
    case 'fault':
      return withFault(event.timeMs, kernelFault(event.fault))
    case 'input':
      return withFault(event.timeMs, inputFault(event))
    case 'rollback':
      return null
  }
}

function withFault(timeMs: number, fault: Fault | null): TraceEvent | null {
  return fault === null ? null : { kind: 'fault', timeMs, fault }
}

function kernelFault(fault: KernelFault): Fault | null {
  switch (fault.kind) {
    case 'block':
    case 'clog':
    case 'loss':
    case 'leap':
      return null
    default:
      return fault
  }
}

function inputFault(input: Extract<KernelTrace, { kind: 'input' }>): Fault | null {
  const { node } = input
  const payload = input.payload as { readonly [key: string]: Plain }
  switch (input.type) {
    case 'corrupt':
      return { kind: 'corrupt', node, fraud: payload.fraud as FraudName }
    case 'heal':
      return { kind: 'heal', node }
    case 'reorg':
      return { kind: 'l1Reorg', depth: Number(payload.depth) }
    default:
      return null
  }
}

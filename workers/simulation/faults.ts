/** Applies the faults of `protocol/faults.ts`: some are the kernel's, some are inputs to a node. */
import type { Conductor } from '../kernel/conductor.ts'
import { NodeCrashedError } from '../kernel/errors.ts'
import type { NodeId } from '../kernel/role.ts'
import type { ScriptAction } from '../kernel/script.ts'
import { type Fault, FRAUDS } from '../protocol/faults.ts'
import { L1_NODE, nodeRole } from '../protocol/nodes.ts'
import { InvalidFaultError } from './errors.ts'

export const REORG_DEPTH_MAX = 64

/** What a fault is to the kernel. Throws `InvalidFaultError`. */
export function faultToAction(fault: Fault): ScriptAction {
  switch (fault.kind) {
    case 'corrupt':
      assertFraud(fault.node, fault.fraud)
      return { kind: 'input', node: fault.node, type: 'corrupt', payload: { fraud: fault.fraud } }
    case 'heal':
      return { kind: 'input', node: fault.node, type: 'heal', payload: {} }
    case 'l1Reorg':
      assertDepth(fault.depth)
      return { kind: 'input', node: L1_NODE, type: 'reorg', payload: { depth: fault.depth } }
    case 'crash':
    case 'restart':
    case 'slow':
    case 'partition':
    case 'reconnect':
      return { kind: 'fault', fault }
    default:
      throw new InvalidFaultError(`Unknown fault "${String((fault as { kind?: unknown }).kind)}".`)
  }
}

/** Resolves once the fault is recorded; it takes effect when virtual time moves. */
export async function applyFault(conductor: Conductor, fault: Fault): Promise<void> {
  const action = faultToAction(fault)
  if (action.kind === 'fault') return conductor.fault(action.fault)
  if (!conductor.isAlive(action.node)) {
    throw new NodeCrashedError(`Node "${action.node}" is crashed.`, {
      metaMessages: ['Restart it first.'],
    })
  }
  await conductor.post(action.node, action.type, action.payload)
}

function assertFraud(node: NodeId, fraud: string): void {
  const info = FRAUDS.find((one) => one.name === fraud)
  if (info === undefined) {
    throw new InvalidFaultError(`Unknown fraud "${fraud}".`, {
      metaMessages: [`Frauds: ${FRAUDS.map((one) => one.name).join(', ')}`],
    })
  }
  if (nodeRole(node) === info.role) return
  throw new InvalidFaultError(`Fraud "${fraud}" needs a node of role "${info.role}".`, {
    metaMessages: [`Node: ${node}`],
  })
}

function assertDepth(depth: number): void {
  if (Number.isSafeInteger(depth) && depth >= 1 && depth <= REORG_DEPTH_MAX) return
  throw new InvalidFaultError(`Field "depth" must be from 1 to ${REORG_DEPTH_MAX}, is ${depth}.`)
}

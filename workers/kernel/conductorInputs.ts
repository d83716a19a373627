/** Inputs and faults from outside: given live, replayed, or by the script. */
import { canonicalEncode } from './canonical.ts'
import { assertFault } from './conductorFaults.ts'
import { type ConductorState, findNode, type Item, nextScriptMs } from './conductorState.ts'
import { InvalidArgumentError, RoleContractError } from './errors.ts'
import type { NodeId, Plain } from './role.ts'
import { SCRIPT_SOURCE, type ScriptAction, type ScriptQuery } from './script.ts'
import { INPUT_SOURCE, type KernelFault, type RecordedInput, WORLD_NODE } from './trace.ts'

export type InputPayload = { readonly [key: string]: Plain }

/** Queues an input, live or replayed, at its stamped time and adds it to the record. Throws before it changes anything. */
export function record(state: ConductorState, input: RecordedInput): void {
  if (input.node === WORLD_NODE) {
    const fault = input.payload as unknown as KernelFault
    assertFault(state, fault)
    const { timeMs, id: sequence } = input
    state.controls.push({ timeMs, source: INPUT_SOURCE, sequence, fault })
  } else {
    state.heap.push(inputItem(state, input, INPUT_SOURCE))
  }
  state.nextInputId = Math.max(state.nextInputId, input.id + 1)
  state.inputs.push(input)
}

function inputItem(state: ConductorState, input: RecordedInput, source: NodeId): Item {
  const { id, timeMs, node, type } = input
  findNode(state, node)
  if (!isRecord(input.payload)) {
    throw new InvalidArgumentError(`Payload of input "${type}" must be an object.`)
  }
  const payload = { ...input.payload, inputId: id }
  const order = { timeMs, source, sequence: id }
  const payloadDigest = state.hash(canonicalEncode(payload))
  const delivery = {
    node,
    event: { ...order, kind: 'input', type, payload },
    payloadDigest,
  } as const
  return { ...order, kind: 'event', delivery, inputId: id }
}

function isRecord(payload: Plain): payload is InputPayload {
  return (
    typeof payload === 'object' &&
    payload !== null &&
    !Array.isArray(payload) &&
    !(payload instanceof Uint8Array)
  )
}

/** Lets the script act if its time has come. Its actions are queued at `timeMs` and not recorded. */
export async function runScript(state: ConductorState, timeMs: number): Promise<void> {
  const dueMs = nextScriptMs(state)
  if (dueMs === null || dueMs > timeMs) return
  const query: ScriptQuery = (node, method, params) =>
    findNode(state, node).host.query(node, method, params)
  for (const action of await state.script.wake(timeMs, query)) act(state, action, timeMs)
  const nextMs = state.script.nextMs()
  if (nextMs !== null && nextMs <= timeMs) {
    throw new RoleContractError(`The script must act after ${timeMs} ms next, not at ${nextMs}.`)
  }
}

function act(state: ConductorState, action: ScriptAction, timeMs: number): void {
  const id = state.nextScriptId++
  if (action.kind === 'fault') {
    assertFault(state, action.fault)
    const { fault } = action
    state.controls.push({ timeMs, source: SCRIPT_SOURCE, sequence: id, fault })
    return
  }
  const { node, type, payload } = action
  state.heap.push(inputItem(state, { id, timeMs, node, type, payload }, SCRIPT_SOURCE))
  state.replies.expect(id, node, timeMs).catch((error: Error) => state.script.refused(type, error))
}

/** JSON-RPC methods that show the world as the page sees it, and the one that makes it lie: docs/specs/RPC.md. */
import type { Plain } from '../../kernel/role.ts'
import { type Fault, FRAUDS } from '../../protocol/faults.ts'
import { PREDEPLOYS } from '../../protocol/predeploys.ts'
import type { Projection } from '../../protocol/projection.ts'
import type { Json } from '../../protocol/world.ts'
import { RPC_CODE, RpcError } from '../errors.ts'

export interface ViewPort {
  projection(): Projection
  /** L1 contracts by name. */
  readonly contracts: Readonly<Record<string, string>>
  fault(fault: Fault): Promise<void>
}

/** Null if the method shows nothing. Throws `RpcError` naming the parameter that is wrong. */
export function viewRpc(
  port: ViewPort,
  method: string,
  params: readonly Json[],
): Promise<Json> | null {
  switch (method) {
    case 'rollup_contracts':
      return Promise.resolve({ ...port.contracts, ...PREDEPLOYS })
    case 'rollup_outputRoots':
      return Promise.resolve(toJson(port.projection().roots as unknown as Plain))
    case 'rollup_disputes':
      return Promise.resolve(toJson(port.projection().disputes as unknown as Plain))
    case 'rollup_l2Blocks':
      return Promise.resolve(toJson(port.projection().l2.blocks as unknown as Plain))
    case 'rollup_batches':
      return Promise.resolve(toJson(port.projection().batches as unknown as Plain))
    case 'rollup_nodes':
      return Promise.resolve(toJson(Object.values(port.projection().nodes) as unknown as Plain))
    case 'rollup_committee':
      return Promise.resolve(toJson(port.projection().committee as unknown as Plain))
    case 'rollup_frauds':
      return Promise.resolve(toJson(FRAUDS as unknown as Plain))
    case 'rollup_injectFraud':
      return injectFraud(port, params)
    default:
      return null
  }
}

/** Arms a fraud at the first node of its role that runs. */
async function injectFraud(port: ViewPort, [name]: readonly Json[]): Promise<Json> {
  const fraud = FRAUDS.find((one) => one.name === name)
  if (fraud === undefined) {
    throw new RpcError(
      `Parameter 0 must be one of ${FRAUDS.map((one) => one.name).join(', ')}.`,
      RPC_CODE.invalidParams,
    )
  }
  const nodes = Object.values(port.projection().nodes)
  const node = nodes.find(({ role, state }) => role === fraud.role && state !== 'crashed')
  if (node === undefined) {
    throw new RpcError(`No ${fraud.role} runs that could do this; restart one first.`, -32_000)
  }
  await port.fault({ kind: 'corrupt', node: node.id, fraud: fraud.name })
  return true
}

/** Heights and amounts become 0x-quantities, as in `eth_`. */
export function toJson(value: Plain): Json {
  if (typeof value === 'bigint') return value < 0n ? String(value) : `0x${value.toString(16)}`
  if (value instanceof Uint8Array) throw new TypeError('Projections hold no bytes.')
  if (Array.isArray(value)) return (value as readonly Plain[]).map(toJson)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]))
}

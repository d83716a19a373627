/** Inputs from outside the simulation that corrupt an executor. */
import type { Plain } from '../kernel/role.ts'
import { STATE_FRAUD_NAMES } from '../rollup/machine/frauds.ts'
import { UnknownFraudError } from './errors.ts'
import { change, type ExecutorFraudName, type ExecutorNode, report, STALL } from './node.ts'

export type JsonInput = { readonly inputId: number } & { readonly [key: string]: Plain }

const FRAUDS: readonly ExecutorFraudName[] = [...STATE_FRAUD_NAMES, STALL]

/** Arms a fraud: the next proposal that offers a step for it is false. Throws `UnknownFraudError`. */
export function armFraud(node: ExecutorNode, name: string): Plain {
  const fraud = FRAUDS.find((known) => known === name)
  if (!fraud) throw new UnknownFraudError(name)
  if (!node.fields.armed.includes(fraud)) change(node, { armed: [...node.fields.armed, fraud] })
  report(node, 'fraud.armed', { node: node.id, fraud })
  return true
}

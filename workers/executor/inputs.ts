/** Inputs from outside the simulation that corrupt an executor. */
import type { Plain } from '../kernel/role.ts'
import { STATE_FRAUD_NAMES } from '../rollup/machine/frauds.ts'
import { sendOwnCheat } from './cheats.ts'
import { UnknownFraudError } from './errors.ts'
import { change, type ExecutorFraudName, type ExecutorNode, PLAYS, report } from './node.ts'

export type JsonInput = { readonly inputId: number } & { readonly [key: string]: Plain }

const FRAUDS: readonly ExecutorFraudName[] = [...STATE_FRAUD_NAMES, ...PLAYS]

/** Arms a fraud: the next proposal that offers a step for it is false. Throws `UnknownFraudError`. */
export function armFraud(node: ExecutorNode, inputId: number, name: string): Plain {
  const fraud = FRAUDS.find((known) => known === name)
  if (!fraud) throw new UnknownFraudError(name)
  if (!node.fields.armed.includes(fraud)) change(node, { armed: [...node.fields.armed, fraud] })
  // Other lies wait for users to give them a chance; cheats are rare.
  if (fraud === 'fraud-cheat') sendOwnCheat(node, inputId)
  report(node, 'fraud.armed', { node: node.id, fraud })
  return true
}

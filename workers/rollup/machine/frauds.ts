/** The false steps that a cheating executor takes: where in a trace each can stand, and the state that it claims instead. */
import {
  endEarly,
  misreadBatch,
  omitDeposits,
  runOn,
  tamperBaseFee,
  tamperHeader,
  tamperTimestamp,
} from './frauds/blocks.ts'
import type { FraudOptions, HonestStep, Tamper } from './frauds/edit.ts'
import { keepReverted, tamperCode, tamperCreated, tamperPrecompile } from './frauds/frames.ts'
import {
  forgeWithdrawal,
  inflateReward,
  jumpIntoData,
  tamperBlockHash,
  tamperLog,
  tamperStorage,
  tamperSum,
  undercharge,
} from './frauds/opcodes.ts'
import {
  censorTransaction,
  executeInvalid,
  forgeDeposit,
  forgeSignature,
  injectTransaction,
  keepDestroyed,
  reorderTransactions,
  skipTransaction,
  stealFee,
  stealRefund,
  stretchCheat,
} from './frauds/transactions.ts'
import type { MachineState } from './types.ts'

const TAMPERS = {
  'fraud-arithmetic': tamperSum,
  'fraud-sstore': tamperStorage,
  'fraud-reward': inflateReward,
  'fraud-jump': jumpIntoData,
  'fraud-gas': undercharge,
  'fraud-blockhash': tamperBlockHash,
  'fraud-log': tamperLog,
  'fraud-withdrawal': forgeWithdrawal,
  'fraud-revert': keepReverted,
  'fraud-create2': tamperCreated,
  'fraud-code': tamperCode,
  'fraud-precompile': tamperPrecompile,
  'fraud-signature': forgeSignature,
  'fraud-invalid': executeInvalid,
  'fraud-skip': skipTransaction,
  'fraud-inject': injectTransaction,
  'fraud-reorder': reorderTransactions,
  'fraud-censor': censorTransaction,
  'fraud-deposit': forgeDeposit,
  'fraud-omit-deposit': omitDeposits,
  'fraud-timestamp': tamperTimestamp,
  'fraud-basefee': tamperBaseFee,
  'fraud-fee': stealFee,
  'fraud-refund': stealRefund,
  'fraud-selfdestruct': keepDestroyed,
  'fraud-header': tamperHeader,
  'fraud-decoding': misreadBatch,
  'fraud-length': endEarly,
  'fraud-overrun': runOn,
  'fraud-cheat': stretchCheat,
} as const satisfies Readonly<Record<string, Tamper>>

/** A lie about one step of the machine. */
export type StateFraudName = keyof typeof TAMPERS

export const STATE_FRAUD_NAMES = Object.keys(TAMPERS) as readonly StateFraudName[]

/** The claimed state instead of `after`; null where the fraud cannot stand at this step. */
export function tamper(
  fraud: StateFraudName,
  step: HonestStep,
  options: FraudOptions,
): MachineState | null {
  return TAMPERS[fraud](step, options)
}

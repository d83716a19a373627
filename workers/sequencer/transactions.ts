/** What a committee that does not execute reads from a transaction. */
import { bytesToHex } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { createMemo } from '../rollup/memo.ts'
import type { Parameters } from '../rollup/parameters.ts'
import {
  type ParseOptions,
  parseSignedTransaction,
  parseTransaction,
} from '../rollup/transaction/decode.ts'
import {
  CHEAT_TYPE,
  type CheatTransaction,
  InvalidTransactionError,
} from '../rollup/transaction/transaction.ts'

export interface TransactionForm {
  /** keccak256 of the encoding, 0x-string. */
  readonly hash: string
  readonly sender: string
  readonly nonce: bigint
  readonly gasLimit: bigint
  readonly maxFeePerGas: bigint
  /**
   * A cheat, which has no nonce to keep it from being executed twice: it stands for a sender of its own, and is never ordered
   * again.
   */
  readonly isOnce?: true
}

/** Blob transactions need a blob market that L2 does not have. */
const BLOB_TYPE = 3
const FORMS_KNOWN_MAX = 20_000

/**
 * Recovering a sender is a pure function of the bytes, so logical nodes that share a worker share its result. `null`
 * stands for bytes that are no transaction.
 */
const forms = createMemo<{ readonly form: TransactionForm | null }>(FORMS_KNOWN_MAX)

/** What of a world's parameters says whether bytes are a transaction. */
export type FormRules = Pick<Parameters, 'l2ChainId' | 'initcodeSizeMax'>

function optionsOf({ l2ChainId, initcodeSizeMax }: FormRules): ParseOptions {
  return { chainId: l2ChainId, initcodeSizeMax }
}

/** The form of a transaction, or `null` if it is malformed, wrongly signed or of a type that L2 does not take. Total. */
export function readForm(raw: Uint8Array, rules: FormRules): TransactionForm | null {
  const hash = bytesToHex(keccak256(raw))
  const key = `${rules.l2ChainId}:${rules.initcodeSizeMax}:${hash}`
  return forms.recall(key, () => ({ form: parseForm(raw, hash, optionsOf(rules)) })).form
}

function parseForm(raw: Uint8Array, hash: string, options: ParseOptions): TransactionForm | null {
  if (raw[0] === BLOB_TYPE) return null
  try {
    if (raw[0] === CHEAT_TYPE) {
      const { gasLimit } = parseTransaction(raw, options) as CheatTransaction
      return { hash, sender: hash, nonce: 0n, gasLimit, maxFeePerGas: 0n, isOnce: true }
    }
    const { from, nonce, gasLimit, maxFeePerGas } = parseSignedTransaction(raw, options)
    return { hash, sender: bytesToHex(from), nonce, gasLimit, maxFeePerGas }
  } catch (error) {
    if (error instanceof InvalidTransactionError) return null
    throw error
  }
}

/** Gas that an inbox message may use on L2: what it asks for, or nothing where it will be skipped. Total. */
export function inboxMessageGas(raw: Uint8Array, rules: FormRules): bigint {
  try {
    return parseTransaction(raw, optionsOf(rules)).gasLimit
  } catch (error) {
    if (error instanceof InvalidTransactionError) return 0n
    throw error
  }
}

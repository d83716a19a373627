/** Cheats: what a devnet's user may do that no key can sign (docs/specs/CHEATS.md). Unsigned transactions of type 0x7D. */
import { bigintToMinimalBytes, concatBytes } from '../bytes.ts'
import { ETHEREUM_CODE_LIMITS } from '../codeLimits.ts'
import { keccak256 } from '../keccak.ts'
import { rlpEncode } from '../trie/rlp.ts'
import { intrinsicGas, TRANSACTION_GAS_MAX } from './gas.ts'
import {
  CHEAT,
  CHEAT_TYPE,
  type CheatAction,
  type CheatTransaction,
  InvalidTransactionError,
} from './transaction.ts'

const NONCE_MAX = 2n ** 64n - 2n

/** A cheat in the order of its encoding. */
export interface CheatFields {
  readonly chainId: bigint
  /** Tells two cheats apart that do the same. */
  readonly salt: bigint
  readonly action: number
  readonly from: Uint8Array
  readonly slot: bigint
  readonly value: bigint
  /** The call's recipient; null creates a contract, or stands for all but `send`. */
  readonly to: Uint8Array | null
  readonly gasLimit: bigint
  readonly data: Uint8Array
}

/** What all cheats have but few use. */
const UNUSED = { slot: 0n, value: 0n, to: null, gasLimit: 0n, data: new Uint8Array(0) } as const

type Given = Pick<CheatFields, 'chainId' | 'salt' | 'action' | 'from'> & Partial<CheatFields>

/**
 * The cheat with its encoding and hash. `initcodeSizeMax` bounds the bytes of code that it sets or creates with. Throws
 * `InvalidTransactionError` as the decoder would.
 */
export function encodeCheat(given: Given, initcodeSizeMax?: number): CheatTransaction {
  const fields: CheatFields = { ...UNUSED, ...given }
  const body = rlpEncode([
    bigintToMinimalBytes(fields.chainId),
    bigintToMinimalBytes(fields.salt),
    bigintToMinimalBytes(BigInt(fields.action)),
    fields.from,
    bigintToMinimalBytes(fields.slot),
    bigintToMinimalBytes(fields.value),
    fields.to ?? new Uint8Array(0),
    bigintToMinimalBytes(fields.gasLimit),
    fields.data,
  ])
  return toCheat(fields, concatBytes(Uint8Array.of(CHEAT_TYPE), body), initcodeSizeMax)
}

/** Checks what the fields alone show. Mirrors `CheatStep` of the contracts. */
export function toCheat(
  fields: CheatFields,
  raw: Uint8Array,
  initcodeSizeMax = ETHEREUM_CODE_LIMITS.initcodeSizeMax,
): CheatTransaction {
  const { action, from, to } = fields
  checkAction(fields, initcodeSizeMax)
  return {
    ...fields,
    kind: 'cheat',
    type: CHEAT_TYPE,
    action: action as CheatAction,
    to: action === CHEAT.SEND ? to : from,
    raw,
    hash: keccak256(raw),
  }
}

function checkAction(fields: CheatFields, initcodeSizeMax: number): void {
  const { action, slot, value, data } = fields
  if (action === CHEAT.SEND) {
    expect(slot === 0n, 'slot must be empty')
    checkSend(fields, initcodeSizeMax)
    return
  }
  expect(action >= CHEAT.SET_BALANCE && action <= CHEAT.SEND, `action ${action} is unknown`)
  expect(fields.to === null && fields.gasLimit === 0n, 'only a send has a recipient and gas')
  expect(slot === 0n || action === CHEAT.SET_STORAGE, 'slot must be empty')
  if (action === CHEAT.SET_CODE) {
    expect(value === 0n, 'value must be empty')
    expect(data.length <= initcodeSizeMax, `code has at most ${initcodeSizeMax} bytes`)
  } else expect(data.length === 0, 'data must be empty')
  if (action === CHEAT.SET_NONCE) expect(value <= NONCE_MAX, `a nonce is at most ${NONCE_MAX}`)
}

function checkSend({ to, data, gasLimit }: CheatFields, initcodeSizeMax: number): void {
  if (to === null && data.length > initcodeSizeMax) {
    throw new InvalidTransactionError(
      'initcodeTooLarge',
      `The initcode has ${data.length} bytes; at most ${initcodeSizeMax} are valid.`,
    )
  }
  if (gasLimit > TRANSACTION_GAS_MAX) {
    throw new InvalidTransactionError(
      'gasLimitAboveCap',
      `gasLimit is ${gasLimit}; at most ${TRANSACTION_GAS_MAX} is valid.`,
    )
  }
  const gasMin = intrinsicGas({ data, to, accessList: [], authorizations: [] })
  if (gasLimit >= gasMin) return
  throw new InvalidTransactionError(
    'gasBelowIntrinsic',
    `gasLimit is ${gasLimit}; this transaction needs at least ${gasMin}.`,
  )
}

function expect(holds: boolean, rule: string): void {
  if (!holds) throw new InvalidTransactionError('malformed', `A cheat is malformed: ${rule}.`)
}

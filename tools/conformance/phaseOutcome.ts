/** How a step that is no opcode ended. */
import { equalBytes } from '../../workers/rollup/bytes.ts'
import { delegateOf } from '../../workers/rollup/machine/byteString.ts'
import { createMachine } from '../../workers/rollup/machine/machine.ts'
import { precompileNumber } from '../../workers/rollup/machine/precompileAddress.ts'
import { callPrecompile } from '../../workers/rollup/machine/precompiles.ts'
import { partsOf } from '../../workers/rollup/machine/step.ts'
import {
  FRAME_KIND,
  L2_RULES,
  type MachineContext,
  type MachineState,
  PHASE,
  type PhaseName,
  SOURCE,
} from '../../workers/rollup/machine/types.ts'
import { readWord } from '../../workers/rollup/machine/words.ts'
import { parseTransaction } from '../../workers/rollup/transaction/decode.ts'
import {
  CHEAT,
  CHEAT_TYPE,
  DEPOSIT_TYPE,
  InvalidTransactionError,
  type SignedTransaction,
} from '../../workers/rollup/transaction/transaction.ts'
import { getAccount } from '../../workers/rollup/trie/world.ts'
import { calleeKind, codeOf } from './opcodeOutcome.ts'

/** Transactions that nobody signs, by their type. */
const KINDS: Readonly<Record<number, string>> = { [DEPOSIT_TYPE]: 'deposit', [CHEAT_TYPE]: 'cheat' }

interface Change {
  readonly before: MachineState
  readonly after: MachineState
  readonly context: MachineContext
}

/** EIP-7823 */
const MODEXP_LENGTH_MAX = 1_024n
const CODE_BYTE_GAS = 200
const SYSTEM_STAGES = ['block hash', 'beacon root', 'L1 block'] as const

export function phaseOutcome(
  phase: Exclude<PhaseName, 'EXEC'>,
  before: MachineState,
  after: MachineState,
  context: MachineContext,
): string {
  return OUTCOMES[phase]({ before, after, context })
}

/** The precompile that a PRECOMPILE step calls, as two or three digits. */
export function precompileName(address: Uint8Array): string {
  return `0x${precompileNumber(address).toString(16).padStart(2, '0')}`
}

const OUTCOMES: Readonly<Record<Exclude<PhaseName, 'EXEC'>, (change: Change) => string>> = {
  BATCH_OPEN: ({ before, after, context }) => {
    if (createMachine(context).isFinished(before)) return 'finished'
    return after.phase === PHASE.BLOCK_START ? 'opens' : 'empty entry'
  },
  BLOCK_START: ({ before, after, context }) => {
    if (after.phase === PHASE.BATCH_OPEN) return 'closes the entry'
    const { kind } = context.source.entry(before.block.batchIndex)
    return kind === 0 ? 'from the payload' : 'deposits alone'
  },
  TX_NEXT: ({ before, after }) => {
    if (after.phase === PHASE.BLOCK_END)
      return before.block.transactionsLeft > 0 ? 'malformed payload' : 'none left'
    return after.tx.source === SOURCE.INBOX ? 'from the inbox' : 'from the payload'
  },
  BLOCK_END: () => 'ok',
  SYSTEM: ({ before, after }) =>
    after.phase === PHASE.TX_NEXT ? 'done' : (SYSTEM_STAGES[before.block.systemStage] ?? 'none'),
  TX_START: txStart,
  ACCESS: ({ before }) => (before.tx.access?.words[1] === 1n ? 'slot' : 'address'),
  AUTHORIZE: authorize,
  TX_CALL: ({ before }) =>
    before.tx.isCreate ? 'creation' : `of ${calleeKind(before.world.state, before.tx.to)}`,
  FRAME_START: frameStart,
  PRECOMPILE: precompile,
  RETURN: frameReturn,
  REVERT: (change) => endOf(change),
  HALT: (change) => endOf(change),
  TX_END: ({ before, after }) => {
    const kind = KINDS[before.tx.kind] ?? 'signed'
    return after.phase === PHASE.DESTRUCT ? `${kind}, with contracts to delete` : kind
  },
  DESTRUCT: ({ after }) => (after.phase === PHASE.DESTRUCT ? 'more to delete' : 'the last'),
  TX_CLOSE: () => 'ok',
  CHEAT: cheat,
}

function txStart({ before, after }: Change): string {
  const { raw, kind } = { raw: before.tx.raw, kind: after.tx.kind }
  if (after.phase === PHASE.TX_NEXT) return `skips: ${skipReason(before, raw ?? new Uint8Array(0))}`
  if (after.phase === PHASE.CHEAT) return 'cheat'
  if (kind === DEPOSIT_TYPE) return after.phase === PHASE.TX_END ? 'failed deposit' : 'deposit'
  if (after.phase === PHASE.ACCESS) return 'with an access list'
  if (after.phase === PHASE.AUTHORIZE) return 'with authorizations'
  return 'signed'
}

/** The reasons of the spec's TX_START, in its order. */
function skipReason(before: MachineState, raw: Uint8Array): string {
  if (raw[0] === DEPOSIT_TYPE && before.tx.source !== SOURCE.INBOX)
    return 'deposit outside the inbox'
  if (raw[0] === 3) return 'unsupportedType'
  try {
    const parsed = parseTransaction(raw, { chainId: before.block.chainId })
    return parsed.kind === 'signed' ? refusalOf(before, parsed) : 'none'
  } catch (error) {
    if (error instanceof InvalidTransactionError) return error.reason
    throw error
  }
}

/** Why block or sender refuse a transaction that is well formed. */
function refusalOf({ block, world }: MachineState, signed: SignedTransaction): string {
  const { gasLimit, maxFeePerGas, value, nonce } = signed
  if (maxFeePerGas < block.baseFee) return 'feeBelowBaseFee'
  if (gasLimit + block.gasUsed > block.gasLimit) return 'blockGasExhausted'
  if (gasLimit * maxFeePerGas + value >= 2n ** 256n) return 'costBeyondWord'
  const code = codeOf(world.state, signed.from)
  if (code.length > 0 && delegateOf(code) === undefined) return 'senderHasCode'
  const known = getAccount(world.state, signed.from)?.nonce ?? 0n
  if (known !== nonce) return nonce < known ? 'nonceTooLow' : 'nonceTooHigh'
  return 'insufficientFunds'
}

function authorize({ before, after, context }: Change): string {
  if (before.world.state !== after.world.state) {
    const isNewRefund = after.world.refund > before.world.refund
    return isNewRefund ? 'delegates an existing account' : 'delegates a new account'
  }
  return partsOf(before, context).trie.length > 0 ? 'refused by the account' : 'invalid tuple'
}

function frameStart({ before, after }: Change): string {
  const { frame } = before
  if (frame === null) return 'no frame'
  const value = frame.value === 0n ? '' : ' with value'
  if (frame.kind === FRAME_KIND.CREATE)
    return after.phase === PHASE.HALT ? 'collision' : `creation${value}`
  const into = after.phase === PHASE.PRECOMPILE ? 'precompile' : 'code'
  const moves = frame.kind === FRAME_KIND.CALL && frame.value !== 0n
  if (!moves) return into
  return `${into} with value${equalBytes(frame.caller, frame.self) ? ' to itself' : ''}`
}

function precompile({ before, after }: Change): string {
  if (after.phase === PHASE.RETURN) return 'ok'
  const { frame } = before
  if (frame === null) return 'no frame'
  const { codeAddress, input, gas } = frame
  const result = callPrecompile(codeAddress, input.bytes, L2_RULES.precompileGasMax, L2_RULES)
  if (result !== undefined) return result.gasUsed > gas ? 'out of gas' : 'none'
  return isAboveCap(precompileNumber(codeAddress), input.bytes) ? 'gas above the cap' : 'bad input'
}

/** Whether a call that fails with as much gas as the cap allows would cost more; the precompile itself may take hours to say so. */
function isAboveCap(number: number, input: Uint8Array): boolean {
  const cap = L2_RULES.precompileGasMax
  if (number === 0x05) return [0, 32, 64].every((at) => readWord(input, at) <= MODEXP_LENGTH_MAX)
  if (number === 0x08) return 45_000 + 34_000 * Math.floor(input.length / 192) > cap
  return number === 0x09 && input.length === 213 && readWord(input, 0) >> 224n > BigInt(cap)
}

function frameReturn(change: Change): string {
  const { frame } = change.before
  if (frame === null) return 'no frame'
  const size = frame.returnData.bytes.length
  if (change.after.phase === PHASE.HALT) {
    if (size > change.context.rules.codeSizeMax) return 'code too large'
    return frame.gas < CODE_BYTE_GAS * size ? 'code too dear' : 'code begins with 0xef'
  }
  const isEmpty = frame.kind === FRAME_KIND.CREATE && size === 0
  return `${endOf(change)}${isEmpty ? ', without code' : ''}`
}

/** Who goes on behind a frame. */
function endOf({ before, after }: Change): string {
  const { frame } = before
  if (frame === null) return 'no frame'
  if (after.phase === PHASE.SYSTEM) return 'of a system call'
  const what = frame.kind === FRAME_KIND.CREATE ? 'creation' : 'call'
  if (frame.depth === 0) return `of a transaction's ${what}`
  const isWritten =
    before.phase !== PHASE.HALT && frame.outLength > 0 && frame.returnData.bytes.length > 0
  return `of a ${what}${isWritten ? ' with output' : ''}`
}

const CHEATS: Readonly<Record<number, string>> = {
  [CHEAT.SET_BALANCE]: 'sets a balance',
  [CHEAT.ADD_BALANCE]: 'adds to a balance',
  [CHEAT.SET_NONCE]: 'sets a nonce',
  [CHEAT.SET_CODE]: 'sets code',
  [CHEAT.SET_STORAGE]: 'sets storage',
  [CHEAT.SEND]: 'sends',
}

function cheat({ before, after }: Change): string {
  const { tx, block } = before
  if (tx.source !== SOURCE.PAYLOAD) return 'skips: outside the payload'
  try {
    const parsed = parseTransaction(tx.raw ?? new Uint8Array(0), { chainId: block.chainId })
    if (parsed.kind !== 'cheat') return 'none'
    if (after.phase === PHASE.TX_NEXT) return 'skips: blockGasExhausted'
    const isFailed = parsed.action === CHEAT.SEND && after.phase === PHASE.TX_END
    return isFailed ? 'fails to send' : (CHEATS[parsed.action] ?? 'none')
  } catch (error) {
    if (error instanceof InvalidTransactionError) return 'skips: malformed'
    throw error
  }
}

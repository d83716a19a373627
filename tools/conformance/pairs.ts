/**
 * The set of (kind of step, outcome) pairs that the machine has: what conformance must cover. It is declared here, from the spec and not from
 * what happened to be executed, so that a pair that no program reaches is seen as missing.
 */
import { OPCODES } from '../../workers/rollup/machine/opcodes.ts'
import type { Opcode } from '../../workers/rollup/machine/ops/opcode.ts'
import type { PhaseName } from '../../workers/rollup/machine/types.ts'
import { ACCOUNT_OPCODES, CALL_OPCODES, OP, RANGES } from './opcodeOutcome.ts'
import { opcodeKind, type Pair } from './outcome.ts'

export function declaredPairs(): readonly Pair[] {
  return [...opcodePairs(), ...phasePairs(), ...precompilePairs()]
}

/** Without stutters and finished traces, which only open a state, as the same state elsewhere does. */
export function steppingPairs(): readonly Pair[] {
  return declaredPairs().filter((pair) => !/: (stutter|finished)$/.test(pair))
}

function opcodePairs(): Pair[] {
  return Array.from({ length: 256 }, (_, opcode) => opcode).flatMap((opcode) => {
    const rule = OPCODES[opcode]
    const outcomes = rule === undefined ? ['undefined'] : outcomesOf(opcode, rule)
    return outcomes.map((outcome) => `${opcodeKind(opcode)}: ${outcome}`)
  })
}

function outcomesOf(opcode: number, rule: Opcode): string[] {
  const outcomes = [...successes(opcode), ...(HALTS[opcode] ?? [])]
  if (rule.pops > 0) outcomes.push('stack underflow')
  if (rule.pushes > rule.pops) outcomes.push('stack overflow')
  if (rule.writes || opcode === OP.CALL) outcomes.push('static violation')
  if (RANGES[opcode] !== undefined) outcomes.push('memory cap')
  if (!FREE.includes(opcode)) outcomes.push('out of gas')
  if (takesProofs(opcode)) outcomes.push('out of gas after proofs')
  return outcomes
}

/** SLOAD and SSTORE always take proofs before they are priced; STOP costs nothing. */
const FREE: readonly number[] = [OP.STOP, OP.SLOAD, OP.SSTORE]

function takesProofs(opcode: number): boolean {
  const others: readonly number[] = [OP.SLOAD, OP.SSTORE, OP.SELFDESTRUCT]
  return [...ACCOUNT_OPCODES, ...CALL_OPCODES, ...others].includes(opcode)
}

const HALTS: Readonly<Record<number, readonly string[]>> = {
  [OP.RETURNDATACOPY]: ['return data out of bounds'],
  [OP.SSTORE]: ['gas at the sentry'],
  [OP.JUMP]: ['bad jump'],
  [OP.JUMPI]: ['bad jump'],
  [OP.CREATE]: ['initcode too large'],
  [OP.CREATE2]: ['initcode too large'],
}

const CALLEES = [
  'a precompile',
  'a contract',
  'no code',
  'a delegation',
  'a delegation to a precompile',
] as const
const CALLS = CALLEES.map((callee) => `ok, of ${callee}`)
const VALUE_CALLS = [...CALLS, ...CALLS.map((call) => `${call} with value`), 'ok, too poor']
const COLD_CHANGES = ['no change', 'set', 'changed', 'cleared'] as const
const WARM_CHANGES = [...COLD_CHANGES, 'changed again', 'back to the original'] as const
const DESTRUCTIONS = ['nothing to move', 'to itself', 'to another', 'to an absent account'] as const

const SUCCESSES: Readonly<Record<number, readonly string[]>> = {
  [OP.STOP]: ['ok', 'ok, behind the end of code'],
  [OP.JUMPI]: ['ok, taken', 'ok, not taken'],
  [OP.BLOCKHASH]: ['ok, known', 'ok, unknown'],
  [OP.SLOAD]: ['ok, warm', 'ok, cold'],
  [OP.SSTORE]: [
    ...COLD_CHANGES.map((change) => `ok, cold, ${change}`),
    ...WARM_CHANGES.map((change) => `ok, warm, ${change}`),
  ],
  [OP.EXTCODECOPY]: ['warm', 'cold'].flatMap((heat) => [`ok, ${heat}`, `ok, ${heat}, empty range`]),
  [OP.CREATE]: ['ok', 'ok, too deep', 'ok, too poor', 'ok, nonce at its end'],
  [OP.CREATE2]: ['ok', 'ok, too deep', 'ok, too poor', 'ok, nonce at its end'],
  [OP.CALL]: [...VALUE_CALLS, 'ok, too deep'],
  [OP.CALLCODE]: [...VALUE_CALLS, 'ok, too deep'],
  [OP.SELFDESTRUCT]: ['of a new contract', 'of an old contract'].flatMap((whose) =>
    DESTRUCTIONS.map((how) => `ok, ${whose}, ${how}`),
  ),
}

function successes(opcode: number): readonly string[] {
  const known = SUCCESSES[opcode]
  if (known !== undefined) return known
  if (CALL_OPCODES.includes(opcode)) return [...CALLS, 'ok, too deep']
  if (ACCOUNT_OPCODES.includes(opcode)) return ['ok, warm', 'ok, cold']
  if (opcode >= OP.PUSH1 && opcode <= OP.PUSH32) return ['ok', 'ok, cut by the end of code']
  const isSized = RANGES[opcode]?.some(([, length]) => typeof length === 'number') ?? false
  return isSized ? ['ok', 'ok, empty range'] : ['ok']
}

const ENDS = ["of a transaction's call", "of a transaction's creation", 'of a system call'] as const

/** PRECOMPILE's outcomes depend on its number: `precompilePairs`. */
const PHASES: Readonly<Record<Exclude<PhaseName, 'EXEC' | 'PRECOMPILE'>, readonly string[]>> = {
  BATCH_OPEN: ['opens', 'empty entry', 'finished', 'stutter'],
  BLOCK_START: ['from the payload', 'deposits alone', 'closes the entry', 'stutter'],
  TX_NEXT: ['from the inbox', 'from the payload', 'malformed payload', 'none left', 'stutter'],
  BLOCK_END: ['ok', 'stutter'],
  SYSTEM: ['block hash', 'beacon root', 'L1 block', 'done'],
  TX_START: [
    'signed',
    'with an access list',
    'with authorizations',
    'deposit',
    'failed deposit',
    'cheat',
    ...[
      'malformed',
      'unsupportedType',
      'wrongChainId',
      'invalidSignature',
      'gasLimitAboveCap',
      'priorityFeeAboveMaxFee',
      'initcodeTooLarge',
      'emptyAuthorizationList',
      'gasBelowIntrinsic',
      'nonceAtMaximum',
      'deposit outside the inbox',
      'blockGasExhausted',
      'feeBelowBaseFee',
      'costBeyondWord',
      'senderHasCode',
      'nonceTooLow',
      'nonceTooHigh',
      'insufficientFunds',
    ].map((reason) => `skips: ${reason}`),
  ],
  ACCESS: ['address', 'slot'],
  AUTHORIZE: [
    'delegates a new account',
    'delegates an existing account',
    'refused by the account',
    'invalid tuple',
  ],
  TX_CALL: ['creation', ...CALLEES.map((callee) => `of ${callee}`)],
  FRAME_START: [
    'creation',
    'creation with value',
    'collision',
    ...['code', 'precompile'].flatMap((into) => [into, `${into} with value`]),
    'code with value to itself',
  ],
  RETURN: [
    "of a transaction's call",
    "of a transaction's creation",
    "of a transaction's creation, without code",
    'of a system call',
    'of a call',
    'of a call with output',
    'of a creation',
    'of a creation, without code',
    'code too large',
    'code too dear',
    'code begins with 0xef',
  ],
  REVERT: [...ENDS, 'of a call', 'of a call with output', 'of a creation'],
  HALT: [...ENDS, 'of a call', 'of a creation'],
  TX_END: ['signed', 'deposit', 'cheat'].flatMap((kind) => [
    kind,
    `${kind}, with contracts to delete`,
  ]),
  DESTRUCT: ['more to delete', 'the last'],
  TX_CLOSE: ['ok'],
  CHEAT: [
    'sets a balance',
    'adds to a balance',
    'sets a nonce',
    'sets code',
    'sets storage',
    'sends',
    'fails to send',
    'skips: outside the payload',
    'skips: malformed',
    'skips: blockGasExhausted',
  ],
}

function phasePairs(): Pair[] {
  return Object.entries(PHASES).flatMap(([phase, outcomes]) =>
    outcomes.map((outcome) => `${phase}: ${outcome}`),
  )
}

/** ecrecover, sha256, ripemd160, identity and P256VERIFY refuse no input. */
const TOLERANT: readonly number[] = [0x01, 0x02, 0x03, 0x04, 0x100]
/** Those whose price can pass 8,000,000 gas with an input that fits into a memory range. */
const DEAR: readonly number[] = [0x05, 0x08, 0x09]

function precompilePairs(): Pair[] {
  return [...Array.from({ length: 0x11 }, (_, i) => i + 1), 0x100].flatMap((number) => {
    const outcomes = ['ok', 'out of gas']
    if (!TOLERANT.includes(number)) outcomes.push('bad input')
    if (DEAR.includes(number)) outcomes.push('gas above the cap')
    const name = `PRECOMPILE 0x${number.toString(16).padStart(2, '0')}`
    return outcomes.map((outcome) => `${name}: ${outcome}`)
  })
}

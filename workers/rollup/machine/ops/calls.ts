/** CALL and its kin, CREATE and CREATE2, SELFDESTRUCT. */
import { concatBytes, equalBytes } from '../../bytes.ts'
import { keccak256 } from '../../keccak.ts'
import { createAddress } from '../../transaction/address.ts'
import { getCode } from '../../trie/world.ts'
import { byteString, type Code, delegateOf, EMPTY_CODE, EMPTY_STRING } from '../byteString.ts'
import {
  addWei,
  type Draft,
  isEmptyAccount,
  type OpenFrame,
  pushWord,
  takeAccount,
  takeCode,
  takeMemory,
  takeScratch,
  warm,
  writeAccount,
} from '../draft.ts'
import { MachineError } from '../errors.ts'
import { FRESH_FRAME } from '../hash.ts'
import { isPrecompile } from '../precompileAddress.ts'
import { SCRATCH } from '../scratch.ts'
import { FRAME_KIND, type FrameKind, PHASE } from '../types.ts'
import { addressToWord, clampNumber, wordCount, wordToAddress, wordToBytes } from '../words.ts'
import { accessGas } from './environment.ts'
import {
  charge,
  chargeMemory,
  type MemoryRange,
  memoryRange,
  type NumberedOpcode,
} from './opcode.ts'

const VALUE_GAS = 9_000
const NEW_ACCOUNT_GAS = 25_000
const STIPEND = 2_300
const CREATE_GAS = 32_000
const SELFDESTRUCT_GAS = 5_000
const COLD_ACCOUNT_GAS = 2_600
const DEPTH_MAX = 1_024
const NONCE_MAX = 2n ** 64n - 1n

export const CALLS: readonly NumberedOpcode[] = [
  createOpcode(0xf0, 'CREATE', 3),
  callOpcode(0xf1, 'CALL', FRAME_KIND.CALL),
  callOpcode(0xf2, 'CALLCODE', FRAME_KIND.CALLCODE),
  callOpcode(0xf4, 'DELEGATECALL', FRAME_KIND.DELEGATECALL),
  createOpcode(0xf5, 'CREATE2', 4),
  callOpcode(0xfa, 'STATICCALL', FRAME_KIND.STATICCALL),
  { number: 0xff, name: 'SELFDESTRUCT', pops: 1, pushes: 0, writes: true, run: selfDestruct },
]

interface Call {
  readonly kind: FrameKind
  readonly requested: number
  readonly to: Uint8Array
  /** What moves, or would move if caller and callee were not one; 0 for DELEGATECALL and STATICCALL. */
  readonly value: bigint
  readonly input: MemoryRange
  readonly output: MemoryRange
}

function callOpcode(number: number, name: string, kind: FrameKind): NumberedOpcode {
  const hasValue = kind === FRAME_KIND.CALL || kind === FRAME_KIND.CALLCODE
  return {
    number,
    name,
    pops: hasValue ? 7 : 6,
    pushes: 1,
    writes: false,
    run: (draft, frame, words) => {
      const rest = words.slice(hasValue ? 3 : 2)
      const value = hasValue ? (words[2] ?? 0n) : 0n
      if (frame.isStatic && kind === FRAME_KIND.CALL && value !== 0n) return false
      const input = memoryRange(draft, rest[0], rest[1])
      const output = memoryRange(draft, rest[2], rest[3])
      if (input === undefined || output === undefined) return false
      if (!chargeMemory(frame, 0, input, output)) return false
      const requested = clampNumber(words[0] ?? 0n, Number.MAX_SAFE_INTEGER)
      const to = wordToAddress(words[1] ?? 0n)
      return call(draft, frame, { kind, requested, to, value, input, output })
    },
  }
}

function call(draft: Draft, frame: OpenFrame, request: Call): boolean {
  const { kind, to, value } = request
  const {
    gas: accessCost,
    isNew,
    code,
  } = callee(draft, to, kind === FRAME_KIND.CALL && value !== 0n)
  let cost = accessCost
  if (isNew) cost += NEW_ACCOUNT_GAS
  let balance = 0n
  if (value !== 0n) {
    cost += VALUE_GAS
    balance = takeAccount(draft, draft.world.state, frame.self).account.balance
  }
  if (!charge(frame, cost)) return false
  let gas = Math.min(request.requested, frame.gas - Math.floor(frame.gas / 64))
  frame.gas -= gas
  if (value !== 0n) gas += STIPEND
  if (frame.depth === DEPTH_MAX || balance < value) {
    frame.gas += gas
    frame.returnData = EMPTY_STRING
    pushWord(frame, 0n)
    return true
  }
  const { input, output } = request
  const data = takeMemory(draft, frame, input.offset, input.length)
  const isDelegate = kind === FRAME_KIND.DELEGATECALL
  const keepsSelf = isDelegate || kind === FRAME_KIND.CALLCODE
  draft.frame = {
    ...FRESH_FRAME,
    depth: frame.depth + 1,
    kind,
    isStatic: frame.isStatic || kind === FRAME_KIND.STATICCALL,
    self: keepsSelf ? frame.self : to,
    codeAddress: to,
    caller: isDelegate ? frame.caller : frame.self,
    value: isDelegate ? frame.value : value,
    code,
    input: byteString(data),
    gas,
    outOffset: output.offset,
    outLength: output.length,
    parent: frame,
  }
  draft.phase = PHASE.FRAME_START
  return true
}

export interface Callee {
  readonly gas: number
  readonly code: Code
  /** Whether the account is empty; only asked for where `needsAccount`. */
  readonly isNew: boolean
}

/** Warms and prices a callee and finds the code that runs, through one delegation of EIP-7702. */
function callee(draft: Draft, to: Uint8Array, needsAccount: boolean): Callee {
  const gas = accessGas(draft, to)
  const found =
    isPrecompile(to) && !needsAccount ? undefined : takeAccount(draft, draft.world.state, to)
  const isNew = needsAccount && found !== undefined && isEmptyAccount(found.account)
  if (found === undefined || isPrecompile(to)) return { gas, code: EMPTY_CODE, isNew }
  const { code, delegationGas } = codeOf(draft, found.account.codeHash)
  return { gas: gas + delegationGas, code, isNew }
}

/** The code that runs for an account with this code hash; a delegation warms its target, which costs `delegationGas`. */
export function codeOf(
  draft: Draft,
  codeHash: Uint8Array,
): { readonly code: Code; readonly delegationGas: number } {
  const own = takeCode(draft, draft.world.state, codeHash)
  const delegate = delegateOf(own.bytes)
  if (delegate === undefined) return { code: own, delegationGas: 0 }
  const delegationGas = accessGas(draft, delegate)
  if (isPrecompile(delegate)) return { code: EMPTY_CODE, delegationGas }
  const { account } = takeAccount(draft, draft.world.state, delegate)
  const bytes = getCode(draft.world.state, account.codeHash)
  if (bytes === undefined) throw new MachineError('The world lacks the code of a delegate.')
  return { code: { bytes, hash: account.codeHash }, delegationGas }
}

function createOpcode(number: number, name: string, pops: number): NumberedOpcode {
  const isCreate2 = pops === 4
  return {
    number,
    name,
    pops,
    pushes: 1,
    writes: true,
    run: (draft, frame, words) => {
      if ((words[2] ?? 0n) > BigInt(draft.context.rules.initcodeSizeMax)) return false
      const range = memoryRange(draft, words[1], words[2])
      if (range === undefined) return false
      const wordGas = isCreate2 ? 8 : 2
      if (!chargeMemory(frame, CREATE_GAS + wordGas * wordCount(range.length), range)) return false
      const salt = isCreate2 ? (words[3] ?? 0n) : null
      return create(draft, frame, { value: words[0] ?? 0n, range, salt })
    },
  }
}

interface Creation {
  readonly value: bigint
  readonly range: MemoryRange
  /** Null for CREATE. */
  readonly salt: bigint | null
}

function create(draft: Draft, frame: OpenFrame, { value, range, salt }: Creation): boolean {
  frame.returnData = EMPTY_STRING
  const taken = takeAccount(draft, draft.world.state, frame.self)
  const { account } = taken
  if (frame.depth === DEPTH_MAX || account.balance < value || account.nonce === NONCE_MAX) {
    pushWord(frame, 0n)
    return true
  }
  writeAccount(draft, taken, { ...account, nonce: account.nonce + 1n })
  const initcode = takeMemory(draft, frame, range.offset, range.length)
  const hash = keccak256(initcode)
  const address =
    salt === null
      ? createAddress(frame.self, account.nonce)
      : keccak256(concatBytes(new Uint8Array([0xff]), frame.self, wordToBytes(salt), hash)).slice(
          12,
        )
  warm(draft, address)
  const gas = frame.gas - Math.floor(frame.gas / 64)
  frame.gas -= gas
  draft.frame = {
    ...FRESH_FRAME,
    depth: frame.depth + 1,
    kind: FRAME_KIND.CREATE,
    self: address,
    codeAddress: address,
    caller: frame.self,
    value,
    code: initcode.length === 0 ? EMPTY_CODE : { bytes: initcode, hash },
    gas,
    parent: frame,
  }
  draft.phase = PHASE.FRAME_START
  return true
}

function selfDestruct(draft: Draft, frame: OpenFrame, words: readonly bigint[]): boolean {
  const heir = wordToAddress(words[0] ?? 0n)
  if (frame.gas < SELFDESTRUCT_GAS) return false
  let gas = SELFDESTRUCT_GAS
  if (!warm(draft, heir)) gas += COLD_ACCOUNT_GAS
  const own = takeAccount(draft, draft.world.state, frame.self)
  const { balance } = own.account
  const heirAccount = balance === 0n ? null : takeAccount(draft, draft.world.state, heir)
  if (heirAccount !== null && isEmptyAccount(heirAccount.account)) gas += NEW_ACCOUNT_GAS
  if (!charge(frame, gas)) return false
  const isCreated = takeScratch(draft, SCRATCH.CREATED, frame.self, 0n) === 1n
  if (heirAccount !== null) {
    if (!equalBytes(heir, frame.self)) {
      const { account } = heirAccount
      writeAccount(draft, heirAccount, { ...account, balance: addWei(account.balance, balance) })
      const again = takeAccount(draft, draft.world.state, frame.self)
      writeAccount(draft, again, { ...again.account, balance: 0n })
    } else if (isCreated) {
      writeAccount(draft, own, { ...own.account, balance: 0n })
    }
  }
  if (isCreated) {
    const { world } = draft
    const item = { words: [addressToWord(frame.self)], below: world.destructs, hash: null }
    draft.world = { ...world, destructs: item }
  }
  frame.returnData = EMPTY_STRING
  frame.pc -= 1
  draft.phase = PHASE.RETURN
  return true
}

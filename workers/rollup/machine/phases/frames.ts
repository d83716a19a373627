/** TX_CALL, FRAME_START, PRECOMPILE, RETURN, REVERT and HALT: how frames begin and end. */
import { equalBytes } from '../../bytes.ts'
import { EMPTY_TRIE_ROOT, trieRoot } from '../../trie/trie.ts'
import { putCode } from '../../trie/world.ts'
import { byteString, EMPTY_CODE, EMPTY_STRING, isEmptyHash, stringHash } from '../byteString.ts'
import {
  addWei,
  type Draft,
  openFrame,
  pushWord,
  putMemory,
  setScratch,
  takeAccount,
  takeBlob,
  takeString,
  writeAccount,
} from '../draft.ts'
import { MachineError } from '../errors.ts'
import { CLEAN_WORLD, FRESH_FRAME, frameWords, NO_TX, worldWords } from '../hash.ts'
import { codeOf } from '../ops/calls.ts'
import { isPrecompile } from '../precompileAddress.ts'
import { callPrecompile } from '../precompiles.ts'
import { SCRATCH, scratchKey } from '../scratch.ts'
import { FRAME_KIND, type Frame, PHASE, SYSTEM_KIND, type World } from '../types.ts'
import { addressToWord } from '../words.ts'

const CODE_BYTE_GAS = 200

export function txCall(draft: Draft): void {
  const { tx } = draft
  const input = tx.data ?? EMPTY_STRING
  const common = {
    ...FRESH_FRAME,
    depth: 0,
    self: tx.to,
    codeAddress: tx.to,
    caller: tx.origin,
    value: tx.value,
    gas: tx.gas,
  }
  if (tx.isCreate) {
    const code = { bytes: input.bytes, hash: stringHash(input) }
    draft.frame = { ...common, kind: FRAME_KIND.CREATE, code }
  } else {
    draft.frame = { ...common, kind: FRAME_KIND.CALL, code: calleeCode(draft, tx.to), input }
  }
  draft.phase = PHASE.FRAME_START
}

function calleeCode(draft: Draft, to: Uint8Array): Frame['code'] {
  if (isPrecompile(to)) return EMPTY_CODE
  const { account } = takeAccount(draft, draft.world.state, to)
  return codeOf(draft, account.codeHash).code
}

export function frameStart(draft: Draft): void {
  const frame = openFrame(draft)
  frame.revertWorld = draft.world
  const isCreate = frame.kind === FRAME_KIND.CREATE
  if (isCreate && !createAccount(draft, frame)) {
    draft.phase = PHASE.HALT
    return
  }
  const moves = frame.kind === FRAME_KIND.CALL && frame.value !== 0n
  if (moves && !equalBytes(frame.caller, frame.self)) {
    const to = takeAccount(draft, draft.world.state, frame.self)
    const balance = addWei(to.account.balance, frame.value)
    writeAccount(draft, to, { ...to.account, balance })
    debitCaller(draft, frame)
  }
  draft.phase = !isCreate && isPrecompile(frame.codeAddress) ? PHASE.PRECOMPILE : PHASE.EXEC
}

/** False on a collision (EIP-684, EIP-7610). */
function createAccount(draft: Draft, frame: Frame): boolean {
  const created = takeAccount(draft, draft.world.state, frame.self)
  const { account } = created
  if (account.nonce !== 0n || !isEmptyHash(account.codeHash)) return false
  if (!equalBytes(trieRoot(account.storage), EMPTY_TRIE_ROOT)) return false
  const balance = addWei(account.balance, frame.value)
  writeAccount(draft, created, { ...account, nonce: 1n, balance })
  setScratch(draft, scratchKey(SCRATCH.CREATED, frame.self, 0n), 1n)
  if (frame.value !== 0n) debitCaller(draft, frame)
  return true
}

function debitCaller(draft: Draft, frame: Frame): void {
  const from = takeAccount(draft, draft.world.state, frame.caller)
  writeAccount(draft, from, { ...from.account, balance: from.account.balance - frame.value })
}

export function precompile(draft: Draft): void {
  const frame = openFrame(draft)
  const input = takeString(draft, frame.input)
  const result = callPrecompile(frame.codeAddress, input, frame.gas, draft.context.rules)
  if (result === undefined) {
    draft.frame = draft.before.frame
    draft.phase = PHASE.HALT
    return
  }
  frame.gas -= result.gasUsed
  frame.returnData = byteString(result.output)
  draft.phase = PHASE.RETURN
}

export function frameReturn(draft: Draft): void {
  const frame = runningFrame(draft)
  let { gas } = frame
  if (frame.kind === FRAME_KIND.CREATE) {
    const size = frame.returnData.bytes.length
    if (size > draft.context.rules.codeSizeMax || gas < CODE_BYTE_GAS * size) {
      draft.phase = PHASE.HALT
      return
    }
    if (size > 0 && !deployCode(draft, frame)) {
      draft.phase = PHASE.HALT
      return
    }
    gas -= CODE_BYTE_GAS * size
  }
  if (frame.depth === 0) {
    endTopFrame(draft, 1, gas)
    return
  }
  const result = frame.kind === FRAME_KIND.CREATE ? addressToWord(frame.self) : 1n
  const returnData = frame.kind === FRAME_KIND.CREATE ? EMPTY_STRING : frame.returnData
  resume(draft, frame, { gas, result, returnData })
}

/** False: the code may not begin with 0xEF (EIP-3541). */
function deployCode(draft: Draft, frame: Frame): boolean {
  const code = takeString(draft, frame.returnData)
  if (code[0] === 0xef) return false
  const taken = takeAccount(draft, draft.world.state, frame.self)
  draft.world = { ...draft.world, state: putCode(draft.world.state, code) }
  writeAccount(draft, taken, { ...taken.account, codeHash: stringHash(frame.returnData) })
  return true
}

export function frameRevert(draft: Draft): void {
  const frame = runningFrame(draft)
  restoreWorld(draft, frame)
  if (frame.depth === 0) endTopFrame(draft, 0, frame.gas)
  else resume(draft, frame, { gas: frame.gas, result: 0n, returnData: frame.returnData })
}

export function frameHalt(draft: Draft): void {
  const frame = runningFrame(draft)
  restoreWorld(draft, frame)
  if (frame.depth === 0) endTopFrame(draft, 0, 0)
  else resume(draft, frame, { gas: 0, result: 0n, returnData: EMPTY_STRING })
}

function runningFrame(draft: Draft): Frame {
  if (draft.frame === null) throw new MachineError(`Phase ${draft.phase} needs a frame.`)
  return draft.frame
}

function restoreWorld(draft: Draft, frame: Frame): void {
  if (frame.revertWorld === null) throw new MachineError('The frame has no world to restore.')
  if (draft.parts !== null) takeBlob(draft, worldWords(frame.revertWorld))
  draft.world = frame.revertWorld
}

function endTopFrame(draft: Draft, status: number, gasLeft: number): void {
  draft.frame = null
  if (draft.tx.kind === SYSTEM_KIND) {
    draft.tx = NO_TX
    draft.world = cleanWorld(draft.world)
    draft.phase = PHASE.SYSTEM
    return
  }
  draft.tx = { ...draft.tx, status, gasLeft }
  draft.phase = PHASE.TX_END
}

/** The world between transactions. */
export function cleanWorld(world: World): World {
  return { ...CLEAN_WORLD, state: world.state }
}

interface FrameResult {
  readonly gas: number
  readonly result: bigint
  readonly returnData: Frame['returnData']
}

/** Gives the parent its gas, the result on its stack, and the return data in its buffer and memory. */
function resume(draft: Draft, child: Frame, { gas, result, returnData }: FrameResult): void {
  if (child.parent === null) throw new MachineError('A frame below the top one has a parent.')
  if (draft.parts !== null) takeBlob(draft, frameWords(child.parent))
  const parent = { ...child.parent }
  draft.frame = parent
  parent.gas += gas
  pushWord(parent, result)
  parent.returnData = returnData
  const size = Math.min(child.outLength, returnData.bytes.length)
  if (size > 0) {
    const output = takeString(draft, returnData)
    putMemory(draft, parent, child.outOffset, output.subarray(0, size))
  }
  draft.phase = PHASE.EXEC
}

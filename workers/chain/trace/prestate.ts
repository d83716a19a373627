/** geth's `prestateTracer`: the accounts that a transaction touches as they were, and with `diffMode` what became of them. */
import type { InterpreterStep, Message } from '@ethereumjs/evm'
import type { Json } from '../../protocol/world.ts'
import { bigintToBytes, bytesToHex, equalBytes, hexToBytes, word } from '../../rollup/bytes.ts'
import { createAddress } from '../../rollup/transaction/address.ts'
import {
  type Account,
  EMPTY_ACCOUNT,
  EMPTY_CODE_HASH,
  getAccount,
  getCode,
  getStorage,
  type WorldState,
} from '../../rollup/trie/world.ts'
import type { Executor } from '../evm/executor.ts'
import { quantity } from '../rpc/format.ts'
import type { JsonObject } from '../rpc/params.ts'
import type { Trace, TraceSubject } from './trace.ts'

export interface PrestateOptions {
  readonly diffMode: boolean
  readonly disableCode: boolean
  readonly disableStorage: boolean
  readonly includeEmpty: boolean
}

/** Slots by account (0x); a transaction touches every account that is named. */
export type Touched = ReadonlyMap<string, ReadonlySet<string>>

export interface Change {
  readonly before: WorldState
  readonly after: WorldState
  readonly touched: Touched
}

const SLOTS: ReadonlySet<number> = new Set([0x54, 0x55])
/** BALANCE, EXTCODESIZE, EXTCODECOPY, EXTCODEHASH, SELFDESTRUCT: an address on top of the stack. */
const ACCOUNTS: ReadonlySet<number> = new Set([0x31, 0x3b, 0x3c, 0x3f, 0xff])
/** CALL, CALLCODE, DELEGATECALL, STATICCALL: an address below the gas. */
const CALLS: ReadonlySet<number> = new Set([0xf1, 0xf2, 0xf4, 0xfa])

export function tracePrestate(options: PrestateOptions): Trace {
  return async (executor, subject, work) => {
    const change = await watchChange(executor, subject, work)
    return options.diffMode ? formatDiff(change, options) : formatPrestate(change, options)
  }
}

/** Runs `work` and tells which accounts and slots it touched. */
export async function watchChange(
  executor: Executor,
  subject: Pick<TraceSubject, 'from' | 'to'>,
  work: () => Promise<unknown>,
): Promise<Change> {
  const { state, evm, context } = executor
  const before = state.flush()
  const touched = new Map<string, Set<string>>()
  const touch = (address: Uint8Array, slot?: bigint): void => {
    const key = bytesToHex(address)
    const slots = touched.get(key) ?? new Set<string>()
    if (slot !== undefined) slots.add(bytesToHex(word(slot)))
    touched.set(key, slots)
  }
  touch(subject.from)
  const nonce = getAccount(before, subject.from)?.nonce ?? 0n
  touch(subject.to ?? createAddress(subject.from, nonce))
  if (context !== undefined) touch(context.coinbase)
  const step = ({ opcode, stack, address }: InterpreterStep): void => {
    const at = (depth: number): Uint8Array | undefined => {
      const item = stack.at(-1 - depth)
      return item === undefined ? undefined : bigintToBytes(BigInt.asUintN(160, item), 20)
    }
    const named = ACCOUNTS.has(opcode.code) ? at(0) : CALLS.has(opcode.code) ? at(1) : undefined
    if (named !== undefined) touch(named)
    if (SLOTS.has(opcode.code)) touch(address.bytes, stack.at(-1))
  }
  // A creation's address is known only when its code runs.
  const created = (event: { readonly address: { readonly bytes: Uint8Array } }): void =>
    touch(event.address.bytes)
  const message = (event: Message): void => {
    if (event.to !== undefined) touch(event.to.bytes)
  }
  evm.events.on('step', step)
  evm.events.on('newContract', created)
  evm.events.on('beforeMessage', message)
  try {
    await work()
    return { before, after: state.flush(), touched }
  } finally {
    evm.events.off('step', step)
    evm.events.off('newContract', created)
    evm.events.off('beforeMessage', message)
  }
}

function formatPrestate({ before, touched }: Change, options: PrestateOptions): Json {
  const entries = [...touched].flatMap(([address, slots]): [string, JsonObject][] => {
    const account = getAccount(before, hexToBytes(address))
    if (!options.includeEmpty && isEmpty(account)) return []
    const storage = options.disableStorage ? [] : [...slots]
    return [
      [
        address,
        {
          ...formatAccount(before, account ?? EMPTY_ACCOUNT, options),
          ...formatStorage(before, address, storage),
        },
      ],
    ]
  })
  return Object.fromEntries(entries)
}

function formatDiff(change: Change, options: PrestateOptions): Json {
  const { before, after, touched } = change
  const pre: { [address: string]: JsonObject } = {}
  const post: { [address: string]: JsonObject } = {}
  for (const [address, slots] of touched) {
    const was = getAccount(before, hexToBytes(address))
    const is = getAccount(after, hexToBytes(address))
    const changed = options.disableStorage ? [] : [...slots].filter(isChanged(change, address))
    const fields = formatChanges(after, was ?? EMPTY_ACCOUNT, is ?? EMPTY_ACCOUNT, options)
    if (Object.keys(fields).length === 0 && changed.length === 0) continue
    if (!isEmpty(was) || options.includeEmpty) {
      pre[address] = {
        ...formatAccount(before, was ?? EMPTY_ACCOUNT, options),
        ...formatStorage(before, address, changed),
      }
    }
    if (is !== undefined) post[address] = { ...fields, ...formatStorage(after, address, changed) }
  }
  return { pre, post }
}

/** Whether a slot has another value than before. */
function isChanged({ before, after }: Change, address: string): (slot: string) => boolean {
  const at = (world: WorldState, slot: string): bigint =>
    getStorage(world, hexToBytes(address), hexToBytes(slot))
  return (slot) => at(before, slot) !== at(after, slot)
}

function formatAccount(
  world: WorldState,
  { balance, nonce, codeHash }: Account,
  options: PrestateOptions,
): JsonObject {
  const hasCode = !options.disableCode && !equalBytes(codeHash, EMPTY_CODE_HASH)
  return {
    balance: quantity(balance),
    ...(nonce === 0n ? {} : { nonce: Number(nonce) }),
    ...(hasCode
      ? {
          code: bytesToHex(getCode(world, codeHash) ?? new Uint8Array(0)),
          codeHash: bytesToHex(codeHash),
        }
      : {}),
  }
}

function formatChanges(
  after: WorldState,
  was: Account,
  is: Account,
  options: PrestateOptions,
): JsonObject {
  const hasNewCode = !options.disableCode && !equalBytes(was.codeHash, is.codeHash)
  return {
    ...(was.balance === is.balance ? {} : { balance: quantity(is.balance) }),
    ...(was.nonce === is.nonce ? {} : { nonce: Number(is.nonce) }),
    ...(hasNewCode
      ? {
          code: bytesToHex(getCode(after, is.codeHash) ?? new Uint8Array(0)),
          codeHash: bytesToHex(is.codeHash),
        }
      : {}),
  }
}

/** Slots that hold something. */
function formatStorage(world: WorldState, address: string, slots: readonly string[]): JsonObject {
  const held = slots
    .map((slot) => [slot, getStorage(world, hexToBytes(address), hexToBytes(slot))] as const)
    .filter(([, value]) => value !== 0n)
    .map(([slot, value]) => [slot, bytesToHex(word(value))] as const)
  return held.length === 0 ? {} : { storage: Object.fromEntries(held) }
}

function isEmpty(account: Account | undefined): boolean {
  if (account === undefined) return true
  const { nonce, balance, codeHash } = account
  return nonce === 0n && balance === 0n && equalBytes(codeHash, EMPTY_CODE_HASH)
}

/** Forked state as cheats, so that every role derives it and a dispute over it is decided like any other (docs/specs/CHEATS.md). */
import type { ForkedAccount, ForkPoint } from '../../protocol/fork.ts'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, hexToBytes, word } from '../../rollup/bytes.ts'
import { FORK_REGISTRY, MARK, markSlot, REGISTRY_SLOT } from '../../rollup/forkRegistry.ts'
import type { CheatCall } from '../loadState.ts'

/** How much of the source a world holds. */
export interface ForkCounts {
  readonly accounts: number
  readonly slots: number
}

/** What the counts are once these accounts are there, too. */
export function countWith(before: ForkCounts, brought: readonly ForkedAccount[]): ForkCounts {
  return {
    accounts: before.accounts + brought.filter(({ account }) => account !== null).length,
    slots: before.slots + brought.reduce((sum, { slots }) => sum + slots.length, 0),
  }
}

/**
 * Cheats in stages, each of which is in blocks before the next is sent; within one, any order leads to the same state. Rationale: a slot
 * of an empty account gives it nonce 1, so that a contract whose nonce is 0 has its code first.
 */
export function forkStages(
  point: ForkPoint,
  brought: readonly ForkedAccount[],
  counts: ForkCounts,
): readonly (readonly CheatCall[])[] {
  const first = brought.filter(({ account, slots }) => account?.nonce === 0n && slots.length > 0)
  const others = brought.filter((account) => !first.includes(account))
  const stages = [
    first.flatMap(valuesOf),
    [
      ...others.flatMap(valuesOf),
      ...brought.flatMap(slotsOf),
      ...brought.flatMap(marksOf),
      note(REGISTRY_SLOT.accounts, BigInt(counts.accounts)),
      note(REGISTRY_SLOT.slots, BigInt(counts.slots)),
      note(REGISTRY_SLOT.blockHash, BigInt(point.blockHash)),
    ],
  ]
  return stages.filter(({ length }) => length > 0)
}

/** Fields that are not as an empty account has them. */
function valuesOf({ address, account }: ForkedAccount): CheatCall[] {
  if (account === null) return []
  const { nonce, balance, code } = account
  return [
    ...(balance === 0n ? [] : [cheat('setBalance', address, quantity(balance))]),
    ...(code === '0x' ? [] : [cheat('setCode', address, code)]),
    ...(nonce === 0n ? [] : [cheat('setNonce', address, quantity(nonce))]),
  ]
}

function slotsOf({ address, slots }: ForkedAccount): CheatCall[] {
  return slots
    .filter(({ value }) => value !== 0n)
    .map(({ slot, value }) => setSlot(address, slot, value))
}

function marksOf({ address, account, slots }: ForkedAccount): CheatCall[] {
  const bytes = hexToBytes(address)
  const mark = account?.hasStorage === true ? MARK.withStorage : MARK.withoutStorage
  return [
    ...(account === null ? [] : [note(markSlot(bytes), mark)]),
    ...slots.map(({ slot }) => note(markSlot(bytes, hexToBytes(slot)), 1n)),
  ]
}

function note(slot: Uint8Array, value: bigint): CheatCall {
  return setSlot(bytesToHex(FORK_REGISTRY), bytesToHex(slot), value)
}

function setSlot(address: string, slot: string, value: bigint): CheatCall {
  return cheat('setStorageAt', address, slot, bytesToHex(word(value)))
}

function cheat(name: string, ...params: readonly Json[]): CheatCall {
  return { method: `anvil_${name}`, params }
}

function quantity(value: bigint): string {
  return `0x${value.toString(16)}`
}

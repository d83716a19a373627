import { beforeAll, expect, test } from 'vitest'
import { initKeccak, keccak256 } from '../keccak.ts'
import {
  EMPTY_ACCOUNT,
  EMPTY_WORLD,
  getAccount,
  getCode,
  getStorage,
  putCode,
  setAccount,
  setStorage,
  worldRoot,
} from './world.ts'

const address = new Uint8Array(20).fill(7)
const slot = new Uint8Array(32)

beforeAll(initKeccak)

test('a kept world is a snapshot', () => {
  const before = setAccount(EMPTY_WORLD, address, { ...EMPTY_ACCOUNT, balance: 5n })
  const after = setStorage(before, address, slot, 9n)
  expect(getStorage(before, address, slot)).toBe(0n)
  expect(getStorage(after, address, slot)).toBe(9n)
  expect(getAccount(after, address)?.balance).toBe(5n)
  expect(worldRoot(setStorage(after, address, slot, 0n))).toEqual(worldRoot(before))
})

test('code is found by its hash and the empty code is always known', () => {
  const code = new Uint8Array([0x60, 0x00])
  const world = putCode(EMPTY_WORLD, code)
  expect(getCode(world, keccak256(code))).toEqual(code)
  expect(getCode(EMPTY_WORLD, keccak256(code))).toBeUndefined()
  expect(getCode(EMPTY_WORLD, EMPTY_ACCOUNT.codeHash)).toEqual(new Uint8Array(0))
})

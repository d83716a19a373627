import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { ETHEREUM_CODE_LIMITS } from '../codeLimits.ts'
import { initKeccak } from '../keccak.ts'
import { encodeCheat } from './cheat.ts'
import { parseTransaction } from './decode.ts'
import { CHEAT, InvalidTransactionError } from './transaction.ts'

const chainId = 7_331_002
const from = new Uint8Array(20).fill(0xaa)
const to = new Uint8Array(20).fill(0xbb)
const base = { chainId: BigInt(chainId), salt: 9n, from } as const

beforeAll(() => initKeccak())

const VALID = {
  setBalance: { ...base, action: CHEAT.SET_BALANCE, value: 2n ** 256n - 1n },
  addBalance: { ...base, action: CHEAT.ADD_BALANCE, value: 1n },
  setNonce: { ...base, action: CHEAT.SET_NONCE, value: 2n ** 64n - 2n },
  setCode: {
    ...base,
    action: CHEAT.SET_CODE,
    data: new Uint8Array(ETHEREUM_CODE_LIMITS.initcodeSizeMax),
  },
  setStorageAt: { ...base, action: CHEAT.SET_STORAGE, slot: 2n ** 256n - 1n, value: 7n },
  send: { ...base, action: CHEAT.SEND, to, value: 5n, gasLimit: 21_016n, data: Uint8Array.of(1) },
  create: { ...base, action: CHEAT.SEND, gasLimit: 16_777_216n, data: new Uint8Array(49_152) },
} as const

const INVALID = {
  'action 0': { ...base, action: 0 },
  'action 7': { ...base, action: 7 },
  'a nonce above 2^64 - 2': { ...VALID.setNonce, value: 2n ** 64n - 1n },
  'code that is too long': {
    ...VALID.setCode,
    data: new Uint8Array(ETHEREUM_CODE_LIMITS.initcodeSizeMax + 1),
  },
  'code with a value': { ...VALID.setCode, value: 1n },
  'a balance with a slot': { ...VALID.setBalance, slot: 1n },
  'a balance with data': { ...VALID.setBalance, data: Uint8Array.of(1) },
  'a balance with a recipient': { ...VALID.setBalance, to },
  'a balance with gas': { ...VALID.setBalance, gasLimit: 1n },
  'a send with a slot': { ...VALID.send, slot: 1n },
  'a send below its intrinsic gas': { ...VALID.send, gasLimit: 21_015n },
  'a send above the cap': { ...VALID.send, gasLimit: 16_777_217n },
  'initcode that is too long': { ...VALID.create, data: new Uint8Array(49_153) },
} as const

describe('a cheat', () => {
  it.each(Object.entries(VALID))('%s is read as it was written', (_name, fields) => {
    const cheat = encodeCheat(fields)
    expect(parseTransaction(cheat.raw, { chainId })).toEqual(cheat)
    expect(cheat.raw[0]).toBe(0x7d)
  })

  it.each(Object.entries(INVALID))('with %s is refused', (_name, fields) => {
    expect(() => encodeCheat(fields)).toThrow(InvalidTransactionError)
  })

  it('of another chain is refused', () => {
    const { raw } = encodeCheat({ ...VALID.setBalance, chainId: 1n })
    expect(() => parseTransaction(raw, { chainId })).toThrow('chain 1')
  })

  it('has another hash with another salt', () => {
    const again = encodeCheat({ ...VALID.addBalance, salt: 10n })
    expect(again.hash).not.toEqual(encodeCheat(VALID.addBalance).hash)
  })

  it('with a flipped bit is another cheat or none', () => {
    const names = Object.keys(VALID).filter((name) => name !== 'create' && name !== 'setCode')
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.nat(7), (name, at, bit) => {
        const { raw, hash } = encodeCheat(VALID[name as keyof typeof VALID])
        const flipped = raw.slice()
        const index = at % raw.length
        flipped[index] = (flipped[index] ?? 0) ^ (1 << bit)
        try {
          expect(parseTransaction(flipped, { chainId }).hash).not.toEqual(hash)
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidTransactionError)
        }
      }),
    )
  })
})

import { secp256k1 as noble } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { describe, expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from './bytes.ts'
import { initKeccak, keccak256, keccakText } from './keccak.ts'
import {
  initSecp256k1,
  privateKeyToAddress,
  recoverAddress,
  recoverPublicKey,
  signHash,
} from './secp256k1.ts'

const key = hexToBytes('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const address = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'

describe('keccak and secp256k1', () => {
  it('gives the same results before and after the WebAssembly is loaded', async () => {
    const messages = Array.from({ length: 24 }, (_, index) =>
      new Uint8Array(index * 97).fill(index),
    )
    const hashes = messages.map(keccak256)
    const signatures = hashes.map((hash) => signHash(hash, key))
    const addresses = hashes.map(privateKeyToAddress)
    const keys = hashes.map((hash, index) => {
      const signed = signatures[index]
      return signed && recoverPublicKey(hash, signed.compact, signed.recovery)
    })
    const broken = hashes.map((hash, index) => {
      const compact = signatures[index]?.compact.slice() ?? new Uint8Array(64)
      compact[index] = (compact[index] ?? 0) ^ 1
      return recoverPublicKey(hash, compact, 1)
    })
    await Promise.all([initKeccak(), initSecp256k1()])
    expect(messages.map(keccak256)).toEqual(hashes)
    expect(hashes.map((hash) => signHash(hash, key))).toEqual(signatures)
    expect(hashes.map(privateKeyToAddress)).toEqual(addresses)
    expect(() => privateKeyToAddress(new Uint8Array(32))).toThrow('1 to n - 1')
    expect(
      hashes.map((hash, index) => {
        const signed = signatures[index]
        return signed && recoverPublicKey(hash, signed.compact, signed.recovery)
      }),
    ).toEqual(keys)
    expect(
      hashes.map((hash, index) => {
        const compact = signatures[index]?.compact.slice() ?? new Uint8Array(64)
        compact[index] = (compact[index] ?? 0) ^ 1
        return recoverPublicKey(hash, compact, 1)
      }),
    ).toEqual(broken)
    expect(messages.map((message) => keccak_256(message))).toEqual(hashes)
  })

  it('recovers the signer of the well-known first account', async () => {
    await initSecp256k1()
    const hash = keccakText('hello')
    const signed = signHash(hash, key)
    expect(bytesToHex(privateKeyToAddress(key))).toBe(address)
    expect(
      bytesToHex(recoverAddress(hash, signed.compact, signed.recovery) ?? new Uint8Array()),
    ).toBe(address)
    expect(noble.verify(signed.compact, hash, noble.getPublicKey(key), { prehash: false })).toBe(
      true,
    )
  })

  it('answers nothing for a signature that no key gives', async () => {
    await initSecp256k1()
    expect(recoverPublicKey(keccakText('x'), new Uint8Array(64), 0)).toBeUndefined()
    expect(recoverPublicKey(keccakText('x'), new Uint8Array(64).fill(255), 0)).toBeUndefined()
    expect(recoverPublicKey(keccakText('x'), new Uint8Array(64).fill(1), 4)).toBeUndefined()
    expect(() => signHash(keccakText('x'), new Uint8Array(32))).toThrow('Private key')
  })
})

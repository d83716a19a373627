import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createTxFromRLP, getMinimumGasLimit } from '@ethereumjs/tx'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../bytes.ts'
import { initKeccak } from '../keccak.ts'
import { initSecp256k1, privateKeyToAddress } from '../secp256k1.ts'
import { parseTransaction, type Unsigned } from './decode.ts'
import { encodeDeposit, signTransaction } from './sign.ts'
import { minimumGas } from './static.ts'
import { InvalidTransactionError, type SignedType } from './transaction.ts'

const chainId = 7331002
const common = new Common({
  chain: { ...Mainnet, chainId },
  hardfork: Hardfork.Osaka,
  customCrypto: { kzg: {} as never },
})
const key = hexToBytes('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const arbitrary = (type: SignedType): fc.Arbitrary<Unsigned> =>
  fc
    .record({
      nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 2n }),
      gasLimit: fc.bigInt({ min: 2_000_000n, max: 2n ** 24n }),
      fees: fc.tuple(
        fc.bigInt({ min: 0n, max: 2n ** 80n }),
        fc.bigInt({ min: 0n, max: 2n ** 80n }),
      ),
      to: type >= 3 ? bytes(20) : fc.option(bytes(20)),
      value: fc.bigInt({ min: 0n, max: 2n ** 200n }),
      data: fc.uint8Array({ maxLength: 300 }),
      isProtected: fc.boolean(),
      accessList: fc.array(
        fc.record({ address: bytes(20), storageKeys: fc.array(bytes(32), { maxLength: 3 }) }),
        { maxLength: type === 0 ? 0 : 3 },
      ),
      authorizations: fc.array(
        fc.record({
          chainId: fc.bigInt({ min: 0n, max: 2n ** 64n }),
          address: bytes(20),
          nonce: fc.bigInt({ min: 0n, max: 2n ** 63n }),
          yParity: fc.bigInt({ min: 0n, max: 1n }),
          r: fc.bigInt({ min: 1n, max: 2n ** 200n }),
          s: fc.bigInt({ min: 1n, max: 2n ** 200n }),
        }),
        { minLength: type === 4 ? 1 : 0, maxLength: type === 4 ? 3 : 0 },
      ),
      blobs: fc.array(bytes(31), { minLength: type === 3 ? 1 : 0, maxLength: type === 3 ? 6 : 0 }),
    })
    .map(({ fees, isProtected, blobs, ...fields }) => {
      const [low, high] = fees[0] < fees[1] ? fees : [fees[1], fees[0]]
      return {
        ...fields,
        kind: 'signed',
        type,
        chainId: type === 0 && !isProtected ? null : BigInt(chainId),
        maxFeePerGas: high,
        maxPriorityFeePerGas: type < 2 ? high : low,
        maxFeePerBlobGas: type === 3 ? 7n : 0n,
        blobVersionedHashes: blobs.map((tail) => Uint8Array.of(1, ...tail)),
      }
    })

beforeAll(async () => {
  await initKeccak()
  await initSecp256k1()
})

describe('transactions', () => {
  for (const type of [0, 1, 2, 3, 4] as const) {
    it(`of type ${type} are read as @ethereumjs/tx reads them`, () => {
      fc.assert(
        fc.property(arbitrary(type), (unsigned) => {
          const signed = signTransaction(unsigned, key)
          expect(parseTransaction(signed.raw, { chainId })).toEqual(signed)
          const oracle = createTxFromRLP(signed.raw, { common })
          expect(oracle.hash()).toEqual(signed.hash)
          expect(oracle.getSenderAddress().bytes).toEqual(signed.from)
          expect(oracle.serialize()).toEqual(signed.raw)
          expect(minimumGas(signed)).toBe(getMinimumGasLimit(oracle))
        }),
        { numRuns: 25 },
      )
    })
  }

  it('are refused, never misread, when one bit is wrong', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<SignedType>(0, 1, 2, 3, 4).chain(arbitrary),
        fc.nat(),
        (unsigned, position) => {
          const raw = signTransaction(unsigned, key).raw.slice()
          const bit = position % (raw.length * 8)
          raw[bit >> 3] = (raw[bit >> 3] ?? 0) ^ (1 << (bit & 7))
          try {
            const parsed = parseTransaction(raw, { chainId })
            expect(parsed.from).not.toEqual(privateKeyToAddress(key))
            // Whoever reads the same bytes elsewhere must find the same sender.
            const oracle = createTxFromRLP(raw, { common })
            expect(oracle.getSenderAddress().bytes).toEqual(parsed.from)
          } catch (error) {
            if (!(error instanceof InvalidTransactionError)) throw error
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  it('say why they are invalid', () => {
    const base: Unsigned = {
      kind: 'signed',
      type: 2,
      chainId: BigInt(chainId),
      nonce: 0n,
      gasLimit: 21_000n,
      maxFeePerGas: 2n,
      maxPriorityFeePerGas: 1n,
      to: new Uint8Array(20),
      value: 0n,
      data: new Uint8Array(),
      accessList: [],
      authorizations: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
    }
    const reason = (change: Partial<Unsigned>) => {
      try {
        parseTransaction(signTransaction({ ...base, ...change }, key).raw, { chainId })
        return 'valid'
      } catch (error) {
        return error instanceof InvalidTransactionError ? error.reason : error
      }
    }
    expect(reason({})).toBe('valid')
    expect(reason({ chainId: 1n })).toBe('wrongChainId')
    expect(reason({ gasLimit: 2n ** 24n + 1n })).toBe('gasLimitAboveCap')
    expect(reason({ maxPriorityFeePerGas: 3n })).toBe('priorityFeeAboveMaxFee')
    expect(reason({ gasLimit: 20_999n })).toBe('gasBelowIntrinsic')
    expect(reason({ gasLimit: 21_039n, data: Uint8Array.of(1) })).toBe('gasBelowIntrinsic')
    expect(reason({ gasLimit: 2n ** 24n, to: null, data: new Uint8Array(49_153) })).toBe(
      'initcodeTooLarge',
    )
    expect(reason({ nonce: 2n ** 64n - 1n })).toBe('nonceAtMaximum')
    expect(reason({ type: 4 })).toBe('emptyAuthorizationList')
    expect(reason({ type: 4, to: null })).toBe('malformed')
    expect(reason({ type: 3 })).toBe('invalidBlobs')
    expect(() => parseTransaction(new Uint8Array(), { chainId })).toThrow('no bytes')
    expect(() => parseTransaction(Uint8Array.of(5, 0xc0), { chainId })).toThrow('type 0x5')
  })

  it('of a deposit are encoded as OP Stack does', () => {
    const deposit = encodeDeposit({
      sourceHash: new Uint8Array(32).fill(1),
      from: new Uint8Array(20).fill(2),
      to: new Uint8Array(20).fill(3),
      mint: 5n,
      value: 5n,
      gasLimit: 100_000n,
      data: Uint8Array.of(9, 9),
    })
    expect(bytesToHex(deposit.raw).slice(0, 10)).toBe('0x7ef855a0')
    expect(parseTransaction(deposit.raw, { chainId })).toEqual(deposit)
  })
})

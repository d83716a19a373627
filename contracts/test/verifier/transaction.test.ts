import type { EVM } from '@ethereumjs/evm'
import fc from 'fast-check'
import { bytesToHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { call, createMachine, type Deployed, deploy } from '../../../tools/conformance/evm.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'
import { parseTransaction, type Unsigned } from '../../../workers/rollup/transaction/decode.ts'
import { calldataFloorGas, intrinsicGas } from '../../../workers/rollup/transaction/gas.ts'
import { encodeDeposit, signTransaction } from '../../../workers/rollup/transaction/sign.ts'
import {
  InvalidTransactionError,
  type SignedType,
  type Transaction,
} from '../../../workers/rollup/transaction/transaction.ts'
import { TransactionDecoder } from '../../generated/TransactionDecoder.ts'

const chainId = 7331002
let evm: EVM
let decoder: Deployed

beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  evm = await createMachine()
  decoder = await deploy(evm, TransactionDecoder, [49_152])
})

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const integer = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })

const unsigned = fc
  .record({
    type: fc.constantFrom<SignedType>(0, 1, 2, 4),
    isProtected: fc.boolean(),
    nonce: fc.oneof(integer(8), fc.constantFrom(2n ** 64n - 1n, 2n ** 64n - 2n)),
    gasLimit: fc.oneof(
      fc.bigInt(21_000n, 60_000n),
      fc.constantFrom(1_000_000n, 16_777_216n, 16_777_217n),
    ),
    fees: fc.tuple(integer(40), fc.oneof(integer(40), integer(256))),
    to: fc.option(bytes(20)),
    value: integer(256),
    data: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(new Uint8Array(49_153), new Uint8Array(700)),
    ),
    accessList: fc.array(
      fc.record({ address: bytes(20), storageKeys: fc.array(bytes(32), { maxLength: 3 }) }),
      { maxLength: 3 },
    ),
    authorizations: fc.array(
      fc.record({
        chainId: integer(64),
        address: bytes(20),
        nonce: integer(64),
        yParity: integer(2),
        r: integer(256),
        s: integer(256),
      }),
      { maxLength: 3 },
    ),
  })
  .map(
    ({ isProtected, fees, ...fields }): Unsigned => ({
      ...fields,
      kind: 'signed',
      chainId: fields.type === 0 && !isProtected ? null : BigInt(chainId),
      maxFeePerGas: fees[1],
      maxPriorityFeePerGas: fields.type < 2 ? fees[1] : fees[0],
      accessList: fields.type === 0 ? [] : fields.accessList,
      authorizations: fields.type === 4 ? fields.authorizations : [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
    }),
  )

const parse = (raw: Uint8Array): Transaction | undefined => {
  try {
    return parseTransaction(raw, { chainId })
  } catch (error) {
    if (error instanceof InvalidTransactionError) return undefined
    throw error
  }
}

async function expectSame(raw: Uint8Array): Promise<boolean> {
  const expected = parse(raw)
  const isDeposit = raw[0] === 0x7e
  const { result, error } = isDeposit
    ? await call(evm, decoder, 'decodeDeposit', [bytesToHex(raw)])
    : await call(evm, decoder, 'decodeSigned', [bytesToHex(raw), BigInt(chainId)])
  if (expected === undefined) {
    expect(error).toBeDefined()
    return false
  }
  expect(error).toBeUndefined()
  const read = result as Record<string, unknown> & { dataOffset: bigint; dataSize: bigint }
  const data = raw.slice(Number(read.dataOffset), Number(read.dataOffset + read.dataSize))
  expect(data).toEqual(new Uint8Array(expected.data))
  const common = {
    isCreation: expected.to === null,
    value: expected.value,
    gasLimit: expected.gasLimit,
    from: expect.stringMatching(new RegExp(bytesToHex(expected.from), 'i')),
  }
  if (expected.kind === 'deposit') {
    expect(read).toMatchObject({
      ...common,
      mint: expected.mint,
      sourceHash: bytesToHex(expected.sourceHash),
    })
    return true
  }
  // Cheats have a test of their own.
  if (expected.kind !== 'signed') return true
  expect(read).toMatchObject({
    ...common,
    txType: BigInt(expected.type),
    nonce: expected.nonce,
    maxFee: expected.maxFeePerGas,
    maxPriorityFee: expected.maxPriorityFeePerGas,
    authorizations: BigInt(expected.authorizations.length),
    intrinsicGas: intrinsicGas(expected),
    floorGas: calldataFloorGas(expected.data),
  })
  return true
}

describe('TransactionDecoder', () => {
  test('reads and refuses what the TypeScript decoder reads and refuses', async () => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(unsigned, bytes(32), async (fields, key) => {
        key[0] = 1
        if (await expectSame(signTransaction(fields, key).raw)) accepted++
      }),
      { numRuns: 60 },
    )
    expect(accepted).toBeGreaterThan(2)
  })

  test('agrees on bytes that were changed, cut or extended', async () => {
    await fc.assert(
      fc.asyncProperty(
        unsigned,
        fc.nat(),
        fc.nat(255),
        fc.constantFrom('flip', 'cut', 'extend'),
        async (fields, at, by, how) => {
          const small = { ...fields, data: fields.data.slice(0, 60), gasLimit: 1_000_000n }
          const { raw } = signTransaction(small, new Uint8Array(32).fill(7))
          const changed =
            how === 'cut'
              ? raw.slice(0, at % raw.length)
              : Uint8Array.from([...raw, ...(how === 'extend' ? [by] : [])])
          if (how === 'flip') changed[at % raw.length] = by
          if (changed[0] === 3) return
          await expectSame(changed)
        },
      ),
      { numRuns: 120 },
    )
  })

  test('reads deposits', async () => {
    const deposit = fc.record({
      sourceHash: bytes(32),
      from: bytes(20),
      to: fc.option(bytes(20)),
      mint: integer(128),
      value: integer(128),
      gasLimit: integer(40),
      data: fc.uint8Array({ maxLength: 200 }),
    })
    await fc.assert(
      fc.asyncProperty(
        deposit,
        fc.option(fc.tuple(fc.nat(), fc.nat(255))),
        async (fields, flip) => {
          const raw = Uint8Array.from(encodeDeposit(fields).raw)
          if (flip !== null) raw[1 + (flip[0] % (raw.length - 1))] = flip[1]
          await expectSame(raw)
        },
      ),
      { numRuns: 40 },
    )
  })
})

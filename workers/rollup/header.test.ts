import { createBlockHeader } from '@ethereumjs/block'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { Address } from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type BlockHeader,
  blobBaseFee,
  HEADER_DEFAULTS,
  headerHash,
  headerRlp,
  nextExcessBlobGas,
} from './header.ts'
import { l2HeaderRlp, nextBaseFee } from './l2Header.ts'

const common = new Common({ chain: Mainnet, hardfork: Hardfork.Osaka })
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const amount = fc.bigInt({ min: 0n, max: 2n ** 62n })

const header: fc.Arbitrary<BlockHeader> = fc
  .record({
    parentHash: bytes(32),
    coinbase: bytes(20),
    stateRoot: bytes(32),
    transactionsRoot: bytes(32),
    receiptsRoot: bytes(32),
    logsBloom: bytes(256),
    number: amount,
    gasLimit: fc.bigInt({ min: 5000n, max: 2n ** 40n }),
    timestamp: amount,
    extraData: fc.uint8Array({ maxLength: 32 }),
    prevrandao: bytes(32),
    baseFee: fc.bigInt({ min: 7n, max: 2n ** 50n }),
    blobs: fc.bigInt({ min: 0n, max: 9n }),
    excessBlobGas: fc.bigInt({ min: 0n, max: 2n ** 30n }),
    parentBeaconBlockRoot: bytes(32),
    part: fc.bigInt({ min: 0n, max: 100n }),
  })
  .map(({ blobs, part, ...fields }) => ({
    ...HEADER_DEFAULTS,
    ...fields,
    blobGasUsed: blobs * 131_072n,
    gasUsed: (fields.gasLimit * part) / 100n,
  }))

const oracle = (fields: BlockHeader) =>
  createBlockHeader(
    {
      ...fields,
      uncleHash: fields.ommersHash,
      coinbase: new Address(fields.coinbase),
      transactionsTrie: fields.transactionsRoot,
      receiptTrie: fields.receiptsRoot,
      mixHash: fields.prevrandao,
      baseFeePerGas: fields.baseFee,
    },
    { common, skipConsensusFormatValidation: true },
  )

describe('a header', () => {
  it('has the encoding, the hash and the successors that @ethereumjs/block gives it', () => {
    fc.assert(
      fc.property(header, (fields) => {
        const expected = oracle(fields)
        expect(headerRlp(fields)).toEqual(expected.serialize())
        expect(headerHash(fields)).toEqual(expected.hash())
        expect(nextBaseFee(fields)).toBe(expected.calcNextBaseFee())
        expect(blobBaseFee(fields.excessBlobGas)).toBe(expected.getBlobGasPrice())
        expect(nextExcessBlobGas(fields)).toBe(expected.calcNextExcessBlobGas(expected.common))
      }),
      { numRuns: 60 },
    )
  })

  it('is on L2 what the machine makes of it', () => {
    fc.assert(
      fc.property(header, (fields) => {
        const onL2 = { ...fields, extraData: new Uint8Array(0), blobGasUsed: 0n, excessBlobGas: 0n }
        expect(headerRlp(onL2)).toEqual(l2HeaderRlp(onL2))
      }),
      { numRuns: 20 },
    )
  })
})

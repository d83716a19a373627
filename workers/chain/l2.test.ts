import { describe, expect, it } from 'vitest'
import { concatBytes, hexToBytes, word } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { addReceipt, addTransaction, EMPTY_ACCUMULATOR, l2HeaderRlp } from '../rollup/l2Header.ts'
import { encodeDeposit, signAuthorization } from '../rollup/transaction/sign.ts'
import { getAccount, getStorage, worldRoot } from '../rollup/trie/world.ts'
import { createChain } from './chain.ts'
import { captureToPlain, plainToCapture } from './plain.ts'
import {
  contract,
  funded,
  sign,
  type TestAccount,
  testAccounts,
  testConfig,
  testEnvironment,
} from './testing/accounts.ts'
import type { Block, BlockRequest } from './types.ts'

const [alice, bob] = testAccounts(2) as [TestAccount, TestAccount]
const from = hexToBytes(`0x${'ab'.repeat(20)}`)
/** Stores 1 at slot 0 and reverts. */
const reverter = contract(`0x${'c1'.repeat(20)}`, '0x60015f555f5ffd')
/** Stores its call value at slot 0, logs it, and returns. */
const keeper = contract(`0x${'c2'.repeat(20)}`, '0x345f55345f5260205fa000')
/** Hashes the first 65,537 bytes of memory. */
const greedy = contract(`0x${'c3'.repeat(20)}`, '0x620100015f2000')
/** Calls modexp with lengths that cost more than 8,000,000 gas and returns whether it succeeded. */
const modexp = contract(
  `0x${'c4'.repeat(20)}`,
  // Base of 128, exponent of 1,024, modulus of 64 bytes: 8,257,024 gas with an exponent that begins with ones.
  `0x60805f5261040060205260406040527f${'ff'.repeat(32)}60e0525f5f6105005f5f600562f00000f15f5260205ff3`,
)

const deposit = (change: Partial<Parameters<typeof encodeDeposit>[0]>) =>
  encodeDeposit({
    sourceHash: word(1),
    from,
    to: keeper.address,
    mint: 10n,
    value: 4n,
    gasLimit: 200_000n,
    data: new Uint8Array(),
    ...change,
  })

async function build(request: Partial<BlockRequest>): Promise<Block> {
  const chain = await createChain(
    testConfig('l2', [funded(alice), funded(bob, 50_000n), reverter, keeper, greedy, modexp]),
  )
  return chain.buildBlock({ environment: testEnvironment(1), transactions: [], ...request })
}

describe('an L2 block', () => {
  it('has the header of docs/specs/MACHINE.md', async () => {
    const transaction = sign(alice, { to: bob.address, value: 1n })
    const block = await build({ transactions: [transaction.raw] })
    const [receipt] = block.receipts
    expect(block.headerRlp).toEqual(l2HeaderRlp(block.header))
    expect(block.header.transactionsRoot).toEqual(
      addTransaction(EMPTY_ACCUMULATOR, transaction.hash),
    )
    expect(block.header.receiptsRoot).toEqual(
      addReceipt(EMPTY_ACCUMULATOR, {
        succeeded: true,
        cumulativeGasUsed: 21_000n,
        bloomHash: keccak256(receipt?.logsBloom ?? new Uint8Array()),
        logHash: EMPTY_ACCUMULATOR,
      }),
    )
  })

  it('skips what is invalid and says why', async () => {
    const ok = sign(alice, { nonce: 0n, to: bob.address })
    const block = await build({
      transactions: [
        new Uint8Array(),
        hexToBytes('0x02c0'),
        ok.raw,
        ok.raw,
        sign(alice, { nonce: 5n }).raw,
        sign(alice, { nonce: 1n, maxFeePerGas: 5n, maxPriorityFeePerGas: 5n }).raw,
        sign(bob, { value: 60_000n, gasLimit: 21_000n }).raw,
        sign(alice, {
          nonce: 1n,
          type: 3,
          maxFeePerBlobGas: 9n,
          blobVersionedHashes: [concatBytes(Uint8Array.of(1), word(0).slice(1))],
        }).raw,
        sign(alice, { nonce: 1n, chainId: 1n }).raw,
        deposit({}).raw,
        sign(alice, { nonce: 1n, to: bob.address }).raw,
      ],
    })
    expect(block.skipped).toEqual([
      { index: 0, reason: 'malformed' },
      { index: 1, reason: 'malformed' },
      { index: 3, reason: 'nonceTooLow' },
      { index: 4, reason: 'nonceTooHigh' },
      { index: 5, reason: 'feeBelowBaseFee' },
      { index: 6, reason: 'insufficientFunds' },
      { index: 7, reason: 'unsupportedType' },
      { index: 8, reason: 'wrongChainId' },
      { index: 9, reason: 'unsupportedType' },
    ])
    expect(block.transactions.map(({ hash }) => hash).length).toBe(2)
  })

  it('executes deposits: they mint, count a nonce, pay nothing', async () => {
    const block = await build({ transactions: [deposit({}).raw], inboxMessages: 1 })
    expect(block.receipts[0]).toMatchObject({ succeeded: true, type: 0x7e, effectiveGasPrice: 0n })
    expect(block.receipts[0]?.logs).toHaveLength(1)
    expect(getAccount(block.world, from)).toMatchObject({ balance: 6n, nonce: 1n })
    expect(getAccount(block.world, keeper.address)?.balance).toBe(4n)
    expect(getStorage(block.world, keeper.address, word(0))).toBe(4n)
  })

  it('keeps what a failed deposit minted, and nothing else of it', async () => {
    const failing = [
      deposit({ to: reverter.address }),
      deposit({ to: null, data: hexToBytes('0xfe') }),
      deposit({ gasLimit: 20_000n }),
      deposit({ value: 10_000n }),
    ]
    const block = await build({ transactions: failing.map(({ raw }) => raw), inboxMessages: 4 })
    expect(block.receipts.map(({ succeeded }) => succeeded)).toEqual([false, false, false, false])
    expect(getAccount(block.world, from)).toMatchObject({ balance: 40n, nonce: 4n })
    expect(getStorage(block.world, reverter.address, word(0))).toBe(0n)
    expect(block.receipts[2]?.gasUsed).toBe(20_000n)
    expect(block.receipts[3]?.gasUsed).toBe(200_000n)
  })

  it('caps memory ranges and precompile gas', async () => {
    const block = await build({
      transactions: [
        sign(alice, { nonce: 0n, to: greedy.address, gasLimit: 300_000n }).raw,
        sign(alice, { nonce: 1n, to: modexp.address, gasLimit: 16_000_000n }).raw,
      ],
    })
    expect(block.receipts[0]).toMatchObject({ succeeded: false, gasUsed: 300_000n })
    expect(block.receipts[1]?.output).toEqual(word(0))
    const onL1 = await createChain(testConfig('l1', [funded(alice), greedy, modexp]))
    const free = await onL1.buildBlock({
      environment: testEnvironment(1),
      transactions: [
        sign(alice, { to: greedy.address, gasLimit: 300_000n }),
        sign(alice, { nonce: 1n, to: modexp.address, gasLimit: 16_000_000n }),
      ],
    })
    expect(free.receipts[0]?.succeeded).toBe(true)
    expect(free.receipts[1]?.output).toEqual(word(1))
  })

  it('keeps the state after every transaction on request', async () => {
    const block = await build({
      keepWorlds: true,
      transactions: [
        sign(alice, { nonce: 0n, to: bob.address }).raw,
        new Uint8Array(),
        sign(alice, { nonce: 1n, to: bob.address }).raw,
      ],
    })
    const nonces = block.worlds.map((world) => getAccount(world, alice.address)?.nonce)
    expect(nonces).toEqual([0n, 1n, 1n, 2n])
    expect(worldRoot(block.worlds[3] ?? block.world)).toEqual(block.header.stateRoot)
  })

  it('follows a delegation that an account signed', async () => {
    const authorization = signAuthorization(
      { chainId: 0n, address: keeper.address, nonce: 0n },
      bob.key,
    )
    const block = await build({
      transactions: [
        sign(alice, {
          nonce: 0n,
          type: 4,
          to: bob.address,
          value: 7n,
          gasLimit: 200_000n,
          authorizations: [authorization],
        }).raw,
      ],
    })
    expect(block.receipts[0]?.succeeded).toBe(true)
    expect(getStorage(block.world, bob.address, word(0))).toBe(7n)
    expect(getAccount(block.world, bob.address)?.nonce).toBe(1n)
  })

  it('refuses a timestamp below its parent', async () => {
    const chain = await createChain(testConfig('l2', []))
    const environment = { ...testEnvironment(0), timestamp: 1n }
    await expect(chain.buildBlock({ environment, transactions: [] })).rejects.toMatchObject({
      name: 'InvalidBlockError',
    })
  })
})

describe('a chain', () => {
  it('switches between branches and walks lower heads back', async () => {
    const chain = await createChain(testConfig('l2', [funded(alice)]))
    const first = await chain.buildBlock({ environment: testEnvironment(1), transactions: [] })
    const left = await chain.buildBlock({
      environment: testEnvironment(2),
      transactions: [sign(alice, {}).raw],
    })
    chain.setTag('safe', left.hash)
    const right = await chain.buildBlock({
      parentHash: first.hash,
      environment: testEnvironment(3),
      transactions: [],
    })
    expect(chain.block(2n)).toBe(right)
    expect(chain.block('safe')).toBe(first)
    expect(chain.transaction(left.transactions[0]?.hash ?? left.hash)).toBeUndefined()
    chain.setHead(left.hash)
    expect(chain.block('latest')).toBe(left)
    expect(chain.transaction(left.transactions[0]?.hash ?? left.hash)?.block).toBe(left)
    expect(chain.block(right.hash)).toBe(right)
    expect(chain.isCanonical(right)).toBe(false)
  })

  it('comes back from a capture', async () => {
    const chain = await createChain(testConfig('l2', [funded(alice)]))
    const capture = chain.capture()
    await chain.buildBlock({ environment: testEnvironment(1), transactions: [sign(alice, {}).raw] })
    chain.reinstate(capture)
    expect(chain.head()).toBe(chain.genesis)
    expect(chain.block(1n)).toBeUndefined()
  })

  it('goes through a structured clone and continues alike', async () => {
    const config = testConfig('l2', [funded(alice), keeper])
    const chain = await createChain(config)
    await chain.buildBlock({
      environment: testEnvironment(1),
      transactions: [sign(alice, { to: keeper.address, value: 3n, gasLimit: 100_000n }).raw],
    })
    chain.setTag('safe', chain.head().hash)
    const copy = await createChain(config)
    copy.reinstate(plainToCapture(structuredClone(captureToPlain(chain.capture()))))
    expect(copy.head().hash).toEqual(chain.head().hash)
    expect(copy.block('safe')).toBe(copy.head())
    expect(getStorage(copy.stateAt('latest'), keeper.address, word(0))).toBe(3n)
    const next = {
      environment: testEnvironment(2),
      transactions: [
        sign(alice, { nonce: 1n, to: keeper.address, value: 9n, gasLimit: 100_000n }).raw,
      ],
    }
    expect((await copy.buildBlock(next)).hash).toEqual((await chain.buildBlock(next)).hash)
  })

  it('forgets blocks below its history', async () => {
    const chain = await createChain({ ...testConfig('l2', []), historyBlocksMax: 4 })
    for (let number = 1; number <= 10; number += 1) {
      await chain.buildBlock({ environment: testEnvironment(number), transactions: [] })
    }
    expect(chain.block(6n)).toBeUndefined()
    expect(chain.block(7n)?.header.number).toBe(7n)
    expect(chain.block(0n)).toBe(chain.genesis)
  })
})

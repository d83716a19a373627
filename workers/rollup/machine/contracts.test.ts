/** Real contracts, Ethereum's precompiles, and L2's deviations: the machine and the chain engine agree on every block hash. */
import { readFileSync } from 'node:fs'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type Abi, encodeDeployData, encodeFunctionData, type Hex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import * as DemoToken from '../../../contracts/generated/DemoToken.ts'
import { contract, funded, sign, testAccounts } from '../../chain/testing/accounts.ts'
import type { GenesisAccount, Receipt } from '../../chain/types.ts'
import { bytesToHex, concatBytes, hexToBytes, padLeft, word } from '../bytes.ts'
import { initKeccak, keccak256 } from '../keccak.ts'
import { initSecp256k1, signHash } from '../secp256k1.ts'
import { createAddress } from '../transaction/address.ts'
import type { Unsigned } from '../transaction/decode.ts'
import { getAccount, getCode } from '../trie/world.ts'
import { describeState } from './describe.ts'
import { type ExecutedEntry, executeEntry, L1_BLOCK_STUB, runEntry } from './testing/rollup.ts'

const T0 = 1_767_225_600n
const [alice, bob] = testAccounts(2).map((account) => account) as [
  ReturnType<typeof testAccounts>[number],
  ReturnType<typeof testAccounts>[number],
]
const l1Block = contract('0x4200000000000000000000000000000000000015', L1_BLOCK_STUB)

beforeAll(() => Promise.all([initKeccak(), initSecp256k1()]))

/** Executes Alice's transactions, in order, one block each, and checks that the machine ends where the engine does. */
async function run(
  changes: readonly Partial<Unsigned>[],
  accounts: readonly GenesisAccount[] = [],
): Promise<{ readonly receipts: readonly Receipt[]; readonly executed: ExecutedEntry }> {
  const transactions = changes.map((change, i) =>
    sign(alice, { gasLimit: 8_000_000n, ...change, nonce: BigInt(i) }),
  )
  const executed = await executeEntry({
    accounts: [l1Block, funded(alice), funded(bob), ...accounts],
    messages: [],
    blocks: transactions.map(({ raw }, i) => ({
      timestamp: T0 + BigInt(i),
      inboxCount: 0n,
      transactions: [raw],
    })),
  })
  const end = runEntry(executed)
  expect(describeState(end)).toEqual(describeState(executed.expectedEnd))
  return { receipts: executed.blocks.flatMap(({ receipts }) => receipts), executed }
}

function deploy(
  artifact: { readonly abi: unknown; readonly bytecode: string },
  args: readonly unknown[],
): Partial<Unsigned> {
  const bytecode: Hex = artifact.bytecode.startsWith('0x')
    ? (artifact.bytecode as Hex)
    : `0x${artifact.bytecode}`
  return {
    to: null,
    data: hexToBytes(encodeDeployData({ abi: artifact.abi as Abi, bytecode, args: [...args] })),
  }
}

function call(
  artifact: { readonly abi: unknown },
  to: Uint8Array,
  functionName: string,
  args: readonly unknown[],
): Partial<Unsigned> {
  return {
    to,
    data: hexToBytes(
      encodeFunctionData({ abi: artifact.abi as Abi, functionName, args: [...args] }),
    ),
  }
}

const artifactAt = (path: string): { abi: unknown; bytecode: string } =>
  JSON.parse(readFileSync(`node_modules/@uniswap/${path}.json`, 'utf8')) as {
    abi: unknown
    bytecode: string
  }

describe('real contracts', () => {
  it('runs an ERC-20: deployment, transfers, approval, a failing transfer', async () => {
    const token = createAddress(alice.address, 0n)
    const to = bytesToHex(bob.address)
    const { receipts } = await run([
      deploy(DemoToken, ['Demo', 'DEMO', 10n ** 24n]),
      call(DemoToken, token, 'transfer', [to, 5n]),
      call(DemoToken, token, 'transfer', [to, 7n]),
      call(DemoToken, token, 'approve', [to, 9n]),
      call(DemoToken, token, 'transfer', [to, 10n ** 30n]),
      call(DemoToken, token, 'transfer', [bytesToHex(alice.address), 10n ** 24n - 12n]),
    ])
    expect(receipts.map(({ succeeded }) => succeeded)).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
    ])
  })

  it('runs Uniswap v2: factory, router, pair by CREATE2, liquidity, swaps', async () => {
    const factory = artifactAt('v2-core/build/UniswapV2Factory')
    const router = artifactAt('v2-periphery/build/UniswapV2Router02')
    const weth = artifactAt('v2-periphery/build/WETH9')
    const at = (nonce: bigint): Hex => bytesToHex(createAddress(alice.address, nonce))
    const me = bytesToHex(alice.address)
    const routerAddress = createAddress(alice.address, 4n)
    const amount = 10n ** 21n
    const deadline = 10n ** 12n
    const path = [at(0n), at(1n)]
    const { receipts } = await run([
      deploy(DemoToken, ['A', 'A', 10n ** 24n]),
      deploy(DemoToken, ['B', 'B', 10n ** 24n]),
      deploy(factory, [me]),
      deploy(weth, []),
      deploy(router, [at(2n), at(3n)]),
      call(DemoToken, createAddress(alice.address, 0n), 'approve', [at(4n), 2n ** 256n - 1n]),
      call(DemoToken, createAddress(alice.address, 1n), 'approve', [at(4n), 2n ** 256n - 1n]),
      call(router, routerAddress, 'addLiquidity', [
        ...path,
        amount,
        2n * amount,
        0n,
        0n,
        me,
        deadline,
      ]),
      call(router, routerAddress, 'swapExactTokensForTokens', [10n ** 18n, 0n, path, me, deadline]),
      call(router, routerAddress, 'swapExactTokensForTokens', [
        10n ** 17n,
        0n,
        path.toReversed(),
        me,
        deadline,
      ]),
      {
        ...call(router, routerAddress, 'addLiquidityETH', [at(0n), amount, 0n, 0n, me, deadline]),
        value: 10n ** 18n,
      },
    ])
    expect(receipts.every(({ succeeded }) => succeeded)).toBe(true)
  })
})

describe('precompiles', () => {
  it('answer, charge and fail as in the chain engine', async () => {
    const { receipts } = await run(
      precompileInputs().map(([number, data]) => ({
        to: padLeft(word(number).subarray(30), 20),
        data,
      })),
    )
    const failed = receipts.filter(({ succeeded }) => !succeeded).length
    expect(failed).toBeGreaterThan(5)
    expect(receipts.length - failed).toBeGreaterThan(18)
  }, 60_000)

  it('fail above eight million gas', async () => {
    const blake = (rounds: number): Partial<Unsigned> => ({
      to: padLeft(Uint8Array.of(9), 20),
      gasLimit: 16_000_000n,
      data: concatBytes(word(rounds).subarray(28), new Uint8Array(208), Uint8Array.of(1)),
    })
    const { receipts } = await run([blake(300_000), blake(8_000_001)])
    expect(receipts.map(({ succeeded }) => succeeded)).toEqual([true, false])
    expect(receipts[1]?.gasUsed).toBe(16_000_000n)
  }, 60_000)
})

describe('limits', () => {
  it('halt a frame that touches more than 64 KiB of memory at once', async () => {
    // keccak256, return and calldatacopy over `length` bytes.
    const over = (length: string): GenesisAccount[] => [
      contract(`0x${'a1'.repeat(20)}`, `0x62${length}5f205f5500`),
      contract(`0x${'a2'.repeat(20)}`, `0x62${length}5ff3`),
      contract(`0x${'a3'.repeat(20)}`, `0x62${length}5f5f3700`),
    ]
    const calls = ['a1', 'a2', 'a3'].map((byte) => ({ to: hexToBytes(byte.repeat(20)) }))
    const within = await run(calls, over('010000'))
    expect(within.receipts.map(({ succeeded }) => succeeded)).toEqual([true, true, true])
    const beyond = await run(calls, over('010001'))
    expect(beyond.receipts.map(({ succeeded }) => succeeded)).toEqual([false, false, false])
  })

  it('keep a contract that CREATE2 collides with before it destructs itself', async () => {
    // Runtime of the child: CALLER SELFDESTRUCT. Its initcode returns these two bytes.
    const initcode = '6133ff5f526002601ef3'
    const factory = `0x69${initcode}5f525f600a60165ff500`
    const child = keccak256(
      concatBytes(
        Uint8Array.of(0xff),
        hexToBytes('fa'.repeat(20)),
        new Uint8Array(32),
        keccak256(hexToBytes(initcode)),
      ),
    ).slice(12)
    const callBoth = `0x5f5f5f5f5f73${'fa'.repeat(20)}5af1505f5f5f5f5f73${bytesToHex(child).slice(2)}5af100`
    const { executed } = await run(
      [{ to: hexToBytes('fa'.repeat(20)) }, { to: hexToBytes('fb'.repeat(20)) }],
      [contract(`0x${'fa'.repeat(20)}`, factory), contract(`0x${'fb'.repeat(20)}`, callBoth)],
    )
    const { world } = executed.chain.head()
    const account = getAccount(world, child)
    expect(account && getCode(world, account.codeHash)).toEqual(Uint8Array.of(0x33, 0xff))
  })
})

function precompileInputs(): (readonly [number, Uint8Array])[] {
  const digest = keccak256(Uint8Array.of(1))
  const { compact, recovery } = signHash(digest, alice.key)
  const g1 = g1Bytes(bls12_381.G1.Point.BASE)
  const g1Negative = g1Bytes(bls12_381.G1.Point.BASE.negate())
  const g2 = g2Bytes()
  const ones = new Uint8Array(256).fill(1)
  const bnPoint = concatBytes(word(1), word(2))
  return [
    [1, concatBytes(digest, word(27 + recovery), compact)],
    [1, concatBytes(digest, word(29), compact)],
    [2, ones],
    [3, ones],
    [4, ones],
    [4, new Uint8Array(0)],
    [5, concatBytes(word(1), word(2), word(1), Uint8Array.of(3, 1, 0, 77))],
    [5, concatBytes(word(1_025), word(2), word(1), Uint8Array.of(3))],
    [5, new Uint8Array(0)],
    [6, concatBytes(bnPoint, bnPoint)],
    [6, ones],
    [7, concatBytes(bnPoint, word(9))],
    [8, new Uint8Array(0)],
    [8, new Uint8Array(191)],
    [9, concatBytes(word(12).subarray(28), new Uint8Array(208), Uint8Array.of(1))],
    [9, ones],
    [10, new Uint8Array(192)],
    ...pointEvaluations(),
    [11, concatBytes(g1, g1)],
    [11, ones],
    [12, concatBytes(g1, word(5), g1, word(7))],
    [12, new Uint8Array(0)],
    [13, concatBytes(g2, g2)],
    [14, concatBytes(g2, word(5))],
    [14, ones],
    [15, concatBytes(g1, g2, g1Negative, g2)],
    [15, concatBytes(g1, g2)],
    [15, g1],
    [16, concatBytes(new Uint8Array(63), Uint8Array.of(5))],
    [16, ones.subarray(0, 64)],
    [17, concatBytes(new Uint8Array(63), Uint8Array.of(5), new Uint8Array(63), Uint8Array.of(6))],
    [0x100, ones.subarray(0, 160)],
    [0x100, new Uint8Array(3)],
  ]
}

/** A constant polynomial opens anywhere with the proof at infinity. */
function pointEvaluations(): (readonly [number, Uint8Array])[] {
  const infinity = Uint8Array.of(0xc0, ...new Uint8Array(47))
  const commitment = bls12_381.G1.Point.BASE.multiply(5n).toBytes(true)
  const versionedHash = sha256(commitment)
  versionedHash[0] = 1
  const input = (z: bigint, y: bigint, proof: Uint8Array): Uint8Array =>
    concatBytes(versionedHash, word(z), word(y), commitment, proof)
  return [
    [10, input(3n, 5n, infinity)],
    [10, input(0n, 5n, infinity)],
    [10, input(3n, 6n, infinity)],
    [10, input(3n, 5n, commitment)],
    [10, input(bls12_381.fields.Fr.ORDER, 5n, infinity)],
    [
      10,
      input(
        3n,
        5n,
        infinity.map((byte) => byte ^ 0x80),
      ),
    ],
  ]
}

/** EIP-2537: each field element in 64 bytes. */
function g1Bytes(point: typeof bls12_381.G1.Point.BASE): Uint8Array {
  const { x, y } = point.toAffine()
  return concatBytes(element(x), element(y))
}

function g2Bytes(): Uint8Array {
  const { x, y } = bls12_381.G2.Point.BASE.toAffine()
  return concatBytes(element(x.c0), element(x.c1), element(y.c0), element(y.c1))
}

function element(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(128, '0'))
}

import { bytesToHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { payloadToBlob } from '../../../workers/rollup/batch/blob.ts'
import { type Entry, hashEntry } from '../../../workers/rollup/batch/entry.ts'
import { encodePayload } from '../../../workers/rollup/batch/payload.ts'
import { cellsRoot } from '../../../workers/rollup/data/cellsRoot.ts'
import { initKeccak, keccak256 } from '../../../workers/rollup/keccak.ts'
import { CLEAN_WORLD, NO_TX, stateHash } from '../../../workers/rollup/machine/hash.ts'
import { isFinished, step } from '../../../workers/rollup/machine/step.ts'
import { EMPTY_BLOCK } from '../../../workers/rollup/machine/testing/stateTest.ts'
import {
  L2_RULES,
  type MachineContext,
  type MachineState,
  PHASE,
} from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1, privateKeyToAddress } from '../../../workers/rollup/secp256k1.ts'
import { encodeDeposit, signTransaction } from '../../../workers/rollup/transaction/sign.ts'
import { EMPTY_ACCOUNT, EMPTY_WORLD, setAccount } from '../../../workers/rollup/trie/world.ts'
import { deployFamily, type Family, kindOf, verify } from './family.ts'

const key = new Uint8Array(32).fill(5)
const to = new Uint8Array(20).fill(0xcc)
const CHAIN_ID = 7_331_002

const transfer = (nonce: bigint, data = new Uint8Array(0), gasLimit = 21_000n) =>
  signTransaction(
    {
      kind: 'signed',
      type: 2,
      chainId: BigInt(CHAIN_ID),
      nonce,
      gasLimit,
      maxFeePerGas: 1_000n,
      maxPriorityFeePerGas: 2n,
      to,
      value: 5n,
      data,
      accessList: [],
      authorizations: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
    },
    key,
  ).raw

const entry = (fields: Partial<Entry>): Entry => ({
  kind: 0,
  cellsRoot: new Uint8Array(32),
  payloadLength: 0n,
  inboxCount: 0n,
  originNumber: 9n,
  originHash: new Uint8Array(32).fill(3),
  originTimestamp: 5_000n,
  originBaseFee: 11n,
  originPrevrandao: new Uint8Array(32).fill(4),
  postedAt: 5_100n,
  ...fields,
})

interface Posted {
  readonly entry: Entry
  readonly payload: Uint8Array
  readonly cells: readonly Uint8Array[]
}

/** The parity cells are never read; any bytes will do. */
function post(payload: Uint8Array, fields: Partial<Entry> = {}): Posted {
  const blob = payloadToBlob(payload)
  const cells = Array.from({ length: 128 }, (_, i) =>
    i < 64 ? blob.slice(i * 2048, (i + 1) * 2048) : new Uint8Array(2048).fill(i),
  )
  return {
    entry: entry({ cellsRoot: cellsRoot(cells), payloadLength: BigInt(payload.length), ...fields }),
    payload,
    cells,
  }
}

const empty = (kind: number, fields: Partial<Entry> = {}): Posted => ({
  entry: entry({ kind, ...fields }),
  payload: new Uint8Array(0),
  cells: [],
})

const deposit = encodeDeposit({
  sourceHash: new Uint8Array(32).fill(1),
  from: new Uint8Array(20).fill(0xdd),
  to,
  mint: 100n,
  value: 60n,
  gasLimit: 100_000n,
  data: new Uint8Array([1, 2]),
}).raw
const creation = encodeDeposit({
  sourceHash: new Uint8Array(32).fill(2),
  from: new Uint8Array(20).fill(0xdd),
  to: null,
  mint: 0n,
  value: 7n,
  gasLimit: 100_000n,
  data: new Uint8Array([0x00]),
}).raw
const poorDeposit = encodeDeposit({
  ...{
    sourceHash: new Uint8Array(32),
    from: to,
    to,
    mint: 0n,
    gasLimit: 50_000n,
    data: new Uint8Array(0),
  },
  value: 1n << 90n,
}).raw
const messages = [
  deposit,
  creation,
  poorDeposit,
  transfer(3n),
  new Uint8Array([0x7e, 0xc0]),
  new Uint8Array(0),
]

/** A transaction that lies over the border of two cells, and one that fills several. */
const large = transfer(1n, new Uint8Array(5_000).fill(7), 1_000_000n)
const truncated = (bytes: Uint8Array, cut: number) => bytes.slice(0, bytes.length - cut)
const block = (timestamp: bigint, inboxCount: bigint, transactions: Uint8Array[]) => ({
  timestamp,
  inboxCount,
  transactions,
})
const payload = encodePayload([
  block(5_001n, 2n, [
    transfer(0n),
    large,
    transfer(0n),
    transfer(9n),
    Uint8Array.of(3, 1),
    Uint8Array.of(0x7e),
  ]),
  block(99_999n, 3n, [transfer(2n)]),
])
const zeroLength = Uint8Array.from([...encodePayload([block(1n, 0n, [transfer(9n)])])])
zeroLength.set([0, 0, 0], 19)
const posted = [
  empty(2),
  post(payload, { inboxCount: 4n }),
  empty(1, { inboxCount: 6n }),
  empty(2),
  post(truncated(encodePayload([block(1n, 9n, [transfer(5n), transfer(6n)])]), 5), {
    inboxCount: 6n,
  }),
  post(zeroLength, { inboxCount: 6n }),
  post(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0), {
    inboxCount: 6n,
  }),
  post(Uint8Array.of(2, ...payload.slice(1, 40)), { inboxCount: 6n }),
  post(new Uint8Array(0), { inboxCount: 6n }),
]

const at = <T>(list: readonly T[], index: bigint): T => {
  const item = list[Number(index)]
  if (item === undefined) throw new RangeError(`no item ${index}`)
  return item
}

const context: MachineContext = {
  endEntry: BigInt(posted.length),
  rules: L2_RULES,
  source: {
    entry: (index) => at(posted, index).entry,
    payload: (index) => at(posted, index).payload,
    cells: (index) => at(posted, index).cells,
    message: (index) => at(messages, index),
  },
}

describe('a whole trace from batch to batch', () => {
  let family: Family
  beforeAll(async () => {
    await Promise.all([initKeccak(), initSecp256k1()])
    family = await deployFamily(
      posted.map((item) => bytesToHex(hashEntry(item.entry))),
      messages.map((message) => bytesToHex(keccak256(message))),
    )
  })

  const start = (): MachineState => ({
    phase: PHASE.BATCH_OPEN,
    block: { ...EMPTY_BLOCK, chainId: CHAIN_ID, batchIndex: 1n, number: 255n },
    tx: NO_TX,
    world: {
      ...CLEAN_WORLD,
      state: setAccount(EMPTY_WORLD, privateKeyToAddress(key), {
        ...EMPTY_ACCOUNT,
        balance: 10n ** 20n,
      }),
    },
    frame: null,
  })

  test('each step has the mirror’s result', async () => {
    let state = start()
    const failures: string[] = []
    const counts = new Map<string, number>()
    const gas = new Map<string, bigint>()
    for (let i = 0; !isFinished(state, context) && i < 2_000; i++) {
      const kind = kindOf(state, context)
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      const { result, expected, error, transactionGas } = await verify(family, state, context)
      if (transactionGas > (gas.get(kind) ?? 0n)) gas.set(kind, transactionGas)
      if (result !== expected) failures.push(`step ${i} ${kind}: ${error ?? 'another result'}`)
      state = step(state, context)
    }
    expect(failures).toEqual([])
    expect(isFinished(state, context)).toBe(true)
    expect(state.block.number).toBe(261n)
    expect(state.block.inboxCount).toBe(6n)
  })

  test('boundary phases wait for the next item and a finished trace stays', async () => {
    let state = start()
    const stutter = await verify(family, state, context, 5n)
    expect(stutter.result).toBe(bytesToHex(stateHash(state)))
    while (!isFinished(state, context)) state = step(state, context)
    const finished = await verify(family, state, context, 1n << 25n)
    expect(finished.result).toBe(bytesToHex(stateHash(state)))
    expect(
      (await verify(family, state, { ...context, endEntry: context.endEntry - 1n }, 0n)).result,
    ).toBe(finished.result)
  })
})

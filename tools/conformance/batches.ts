/** Entries of the inbox that together reach every phase between transactions: whole, cut, empty and malformed payloads, deposits alone. */
import { bytesToHex, type Hex } from 'viem'
import { payloadToBlob } from '../../workers/rollup/batch/blob.ts'
import { type Entry, hashEntry } from '../../workers/rollup/batch/entry.ts'
import { encodePayload } from '../../workers/rollup/batch/payload.ts'
import { cellsRoot } from '../../workers/rollup/data/cellsRoot.ts'
import { keccak256 } from '../../workers/rollup/keccak.ts'
import { CLEAN_WORLD, NO_TX } from '../../workers/rollup/machine/hash.ts'
import { BEACON_ROOTS_ADDRESS, HISTORY_ADDRESS } from '../../workers/rollup/machine/phases/batch.ts'
import { EMPTY_BLOCK } from '../../workers/rollup/machine/testing/stateTest.ts'
import {
  L2_RULES,
  type MachineContext,
  type MachineState,
  PHASE,
} from '../../workers/rollup/machine/types.ts'
import { privateKeyToAddress } from '../../workers/rollup/secp256k1.ts'
import { encodeDeposit, signTransaction } from '../../workers/rollup/transaction/sign.ts'
import { EMPTY_ACCOUNT, EMPTY_WORLD, putCode, setAccount } from '../../workers/rollup/trie/world.ts'

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

export const batchContext: MachineContext = {
  endEntry: BigInt(posted.length),
  rules: L2_RULES,
  source: {
    entry: (index) => at(posted, index).entry,
    payload: (index) => at(posted, index).payload,
    cells: (index) => at(posted, index).cells,
    message: (index) => at(messages, index),
  },
}

/** What the inbox holds for `batchContext`. */
export const batchEntries: readonly Hex[] = posted.map((item) => bytesToHex(hashEntry(item.entry)))
export const batchMessages: readonly Hex[] = messages.map((message) =>
  bytesToHex(keccak256(message)),
)

/** The output root's state before the first entry. */
export function batchStart(): MachineState {
  return {
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
  }
}

/** As `batchStart`, with system contracts that revert and halt. */
export function brokenSystemStart(): MachineState {
  const start = batchStart()
  const codes = [
    [HISTORY_ADDRESS, Uint8Array.of(0x5f, 0x5f, 0xfd)],
    [BEACON_ROOTS_ADDRESS, Uint8Array.of(0xfe)],
  ] as const
  let { state } = start.world
  for (const [address, code] of codes) {
    const account = { ...EMPTY_ACCOUNT, nonce: 1n, codeHash: keccak256(code) }
    state = setAccount(putCode(state, code), address, account)
  }
  return { ...start, world: { ...start.world, state } }
}

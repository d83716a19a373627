import { readFileSync } from 'node:fs'
import { encodeDeployData, encodeFunctionData } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import * as DemoToken from '../../../contracts/generated/DemoToken.ts'
import { type Chain, createChain } from '../../chain/chain.ts'
import { payloadToBlob } from '../batch/blob.ts'
import { ENTRY_BATCH, ENTRY_DEPOSIT_ONLY, type Entry } from '../batch/entry.ts'
import { type BatchBlock, encodePayload } from '../batch/payload.ts'
import { bytesToHex, concatBytes, type Hex, hexToBytes, word } from '../bytes.ts'
import { cellsRoot } from '../data/cellsRoot.ts'
import { type Kzg, loadKzg } from '../data/kzg.ts'
import { type GenesisFile, parseGenesisFile, type WorldGenesis } from '../genesisFile.ts'
import { TEST_PRIVATE_KEYS } from '../keys.ts'
import type { InboxEntry } from '../l1/view.ts'
import { nextOpcode, phaseName } from '../machine/describe.ts'
import { partsOf } from '../machine/step.ts'
import { L2_RULES } from '../machine/types.ts'
import { witnessParts } from '../machine/witnessParts.ts'
import { privateKeyToAddress } from '../secp256k1.ts'
import { signTransaction } from '../transaction/sign.ts'
import { rlpBytes, rlpInteger, rlpList } from '../trie/rlp.ts'
import { traceAnchors } from './anchors.ts'
import { followEntry } from './follow.ts'
import { chooseFraud } from './fraud.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { itemSteps, traceItems } from './outline.ts'
import {
  type BoundarySource,
  createL2Prover,
  entryEndState,
  l2Machine,
  machineSource,
  outputRootAt,
  type TraceSource,
} from './traces.ts'

const LAST = (1n << 46n) - 1n
const KEY = TEST_PRIVATE_KEYS[0] ?? new Uint8Array(32)
const SENDER = privateKeyToAddress(KEY)

let genesis: WorldGenesis
let chain: Chain
let kzg: Kzg
let ledger: Ledger
const entries: InboxEntry[] = []
const payloads = new Map<Hex, Uint8Array>()
const messages = [deposit(0n), deposit(1n), deposit(2n)]

function deposit(index: bigint): Uint8Array {
  const to = new Uint8Array(20).fill(9)
  const fields = [word(index), new Uint8Array(20).fill(8), to].map(rlpBytes)
  const numbers = [10n ** 18n, 10n ** 17n, 100_000n, 0n].map(rlpInteger)
  return concatBytes(
    Uint8Array.of(0x7e),
    rlpList([...fields, ...numbers, rlpBytes(new Uint8Array(0))]),
  )
}

function signed(nonce: bigint, to: Uint8Array | null, data: Hex): Uint8Array {
  return signTransaction(
    {
      kind: 'signed',
      type: 2,
      chainId: 7_331_002n,
      nonce,
      gasLimit: 3_000_000n,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 10n ** 9n,
      to,
      value: 0n,
      data: hexToBytes(data),
      accessList: [],
      authorizations: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
    },
    KEY,
  ).raw
}

function entryOf(index: bigint, change: Partial<Entry>): InboxEntry {
  const entry: Entry = {
    ...genesis.inboxGenesis,
    originNumber: index + 5n,
    originHash: word(1_000n + index),
    originTimestamp: genesis.l2.timestamp + 10n * index,
    originPrevrandao: word(2_000n + index),
    ...change,
  }
  const base = { header: null, commitment: new Uint8Array(0), poster: null, transactionHash: null }
  return { ...base, index, entry, hash: `0x${index}` as Hex }
}

function batch(index: bigint, blocks: readonly BatchBlock[], inboxCount: bigint): void {
  const payload = encodePayload(blocks)
  const entry = entryOf(index, {
    kind: ENTRY_BATCH,
    payloadLength: BigInt(payload.length),
    cellsRoot: cellsRoot(kzg.computeCells(payloadToBlob(payload))),
    inboxCount,
  })
  entries.push(entry)
  payloads.set(entry.hash, payload)
}

async function derive(): Promise<void> {
  for (;;) {
    const contents = {
      entries,
      messages,
      games: new Map(),
      anchor: { root: '0x' as const, entryIndex: 0n },
    }
    const payloadOf = (entry: InboxEntry) => payloads.get(entry.hash) ?? null
    const input = { engine: chain, ledger, contents, gasLimit: 60_000_000n, payloadOf }
    const result = await followEntry(input)
    ledger = result.ledger
    if (result.kind === 'upToDate') return
  }
}

const boundaries = (): BoundarySource => ({
  chainId: 7_331_002,
  ledger,
  blockAt: (height) => chain.block(height) ?? chain.genesis,
  roots: new Map(),
})
const stateAt = (entryIndex: bigint) => entryEndState(boundaries(), entryIndex)
const rootAt = (entryIndex: bigint) => outputRootAt(boundaries(), entryIndex)

const source = (): TraceSource => ({
  contents: { entries, messages },
  payloadOf: (entry) => payloads.get(entry.hash) ?? null,
  kzg,
  rules: L2_RULES,
})

beforeAll(async () => {
  const path = 'contracts/generated/genesis-classroom.json'
  genesis = parseGenesisFile(JSON.parse(readFileSync(path, 'utf8')) as GenesisFile, 'classroom')
  kzg = await loadKzg()
  chain = await createChain({ kind: 'l2', chainId: 7_331_002, genesis: genesis.l2 })
  const first = entryOf(0n, genesis.inboxGenesis)
  entries.push(first)
  ledger = openLedger({ hash: chain.genesis.hash, timestamp: genesis.l2.timestamp }, first.hash)
  const { abi, bytecode } = DemoToken
  const deploy = encodeDeployData({ abi, bytecode, args: ['Token', 'T', 10n ** 24n] })
  const address = (await import('viem')).getCreateAddress({ from: bytesToHex(SENDER), nonce: 0n })
  const transfer = (nonce: bigint) => {
    const args = [`0x${'7'.repeat(40)}`, 5n + nonce] as const
    const data = encodeFunctionData({ abi, functionName: 'transfer', args })
    return signed(nonce, hexToBytes(address), data)
  }
  const timestamp = genesis.l2.timestamp + 1n
  batch(
    1n,
    [
      { timestamp, inboxCount: 1n, transactions: [signed(0n, null, deploy)] },
      { timestamp: timestamp + 1n, inboxCount: 1n, transactions: [transfer(1n), Uint8Array.of(7)] },
    ],
    1n,
  )
  batch(2n, [{ timestamp: timestamp + 2n, inboxCount: 2n, transactions: [transfer(2n)] }], 2n)
  entries.push(entryOf(3n, { kind: ENTRY_DEPOSIT_ONLY, inboxCount: 3n }))
  await derive()
}, 60_000)

describe('output roots', () => {
  it('begin with the anchor of the L1 genesis', () => {
    expect(rootAt(0n)).toBe(bytesToHex(genesis.anchorRoot))
  })

  it('are what the machine computes, for every entry', async () => {
    expect(ledger.verified).toHaveLength(4)
    for (const entryIndex of [1n, 2n, 3n]) {
      const input = { source: source(), start: stateAt(entryIndex - 1n), lastEntry: entryIndex }
      expect(await createL2Prover(input).stateHashAt(LAST)).toBe(rootAt(entryIndex))
    }
    const whole = createL2Prover({ source: source(), start: stateAt(0n), lastEntry: 3n })
    expect(await whole.stateHashAt(LAST)).toBe(rootAt(3n))
  })
})

describe('anchors', () => {
  it('are the boundary states of the machine', () => {
    const span = { startEntry: 0n, lastEntry: 3n }
    const machine = l2Machine(source(), 3n)
    const prover = createL2Prover({ source: source(), start: stateAt(0n), lastEntry: 3n })
    const anchors = traceAnchors(boundaries(), source(), span)
    expect(anchors).toHaveLength(8)
    for (const { item, state } of anchors) {
      expect(machine.hash(state())).toBe(machine.hash(prover.stateBefore(BigInt(item) << 25n)))
    }
    const last = anchors.at(-1)?.state()
    expect(last && machine.isFinished(last)).toBe(true)
  })
})

describe('the outline', () => {
  const span = { startEntry: 0n, lastEntry: 3n }

  it('names every item as the machine begins it, and ends where the machine does', () => {
    const machine = l2Machine(source(), 3n)
    const prover = createL2Prover({ source: source(), start: stateAt(0n), lastEntry: 3n })
    const items = traceItems(ledger, source(), span)
    for (const [item, { phase, batchIndex, transaction }] of items.entries()) {
      const begin = prover.stateBefore(BigInt(item) << 25n)
      expect([item, phaseName(begin.phase), begin.block.batchIndex]).toEqual([
        item,
        phase,
        batchIndex,
      ])
      const loaded = prover.stateBefore((BigInt(item) << 25n) + 1n)
      expect(bytesToHex(loaded.tx.hash)).toBe(transaction?.hash ?? bytesToHex(loaded.tx.hash))
    }
    const end = prover.stateBefore(BigInt(items.length) << 25n)
    expect(machine.isFinished(end)).toBe(true)
    expect(machine.isFinished(prover.stateBefore(BigInt(items.length - 1) << 25n))).toBe(false)
  })

  it('counts the steps of an item and lists them', () => {
    const machine = l2Machine(source(), 3n)
    const prover = createL2Prover({ source: source(), start: stateAt(0n), lastEntry: 3n })
    const items = traceItems(ledger, source(), span)
    const item = items.findIndex(
      ({ transaction }) => transaction !== null && !transaction.isDeposit,
    )
    const { length, steps } = itemSteps(prover, { item, first: 0, count: 4 })
    expect(steps.map(({ phase }) => phase)).toEqual([
      'TX_NEXT',
      'TX_START',
      'TX_CALL',
      'FRAME_START',
    ])
    const begin = BigInt(item) << 25n
    const hashAt = (index: bigint) => machine.hash(prover.stateBefore(index))
    const next = hashAt(BigInt(item + 1) << 25n)
    expect(hashAt(begin + BigInt(length))).toBe(next)
    expect(hashAt(begin + BigInt(length - 1))).not.toBe(next)
    expect(itemSteps(prover, { item, first: length - 2, count: 9 }).steps).toHaveLength(2)
  })
})

describe('the parts of a witness', () => {
  it('of an SSTORE are the code, the popped words, its marks and four paths, and add up', async () => {
    const prover = createL2Prover({ source: source(), start: stateAt(0n), lastEntry: 3n })
    const items = traceItems(ledger, source(), { startEntry: 0n, lastEntry: 3n })
    const item = items.findIndex(
      ({ batchIndex, transaction }) => batchIndex === 2n && transaction && !transaction.isDeposit,
    )
    const begin = BigInt(item) << 25n
    const { length } = itemSteps(prover, { item, first: 0, count: 0 })
    const at = Array.from({ length }, (_, step) => begin + BigInt(step)).find(
      (index) => nextOpcode(prover.stateBefore(index)) === 'SSTORE',
    )
    if (at === undefined) throw new Error('The transfer writes no storage.')
    const before = prover.stateBefore(at)
    const context = { source: machineSource(source()), endEntry: 4n, rules: L2_RULES }
    const { length: bytes } = await prover.witnessAt(at)
    const parts = witnessParts(before, partsOf(before, context), bytes)
    expect(parts.map(({ name }) => name)).toEqual([
      'state',
      'code',
      'stackTop',
      'scratch',
      'account',
      'slot',
      'committedAccount',
      'committedSlot',
      'encoding',
    ])
    expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes)
    expect(parts.every((part) => part.bytes > 0)).toBe(true)
  })
})

describe('frauds', () => {
  it.each([
    'fraud-sstore',
    'fraud-arithmetic',
    'fraud-fee',
    'fraud-skip',
    'fraud-deposit',
  ] as const)('%s changes one step and the root', async (fraud) => {
    const start = stateAt(0n)
    const machine = l2Machine(source(), 2n)
    const anchors = traceAnchors(boundaries(), source(), { startEntry: 0n, lastEntry: 2n })
    const found = chooseFraud({ machine, anchors, fraud, thief: new Uint8Array(20).fill(0x66) })
    expect(found).not.toBeNull()
    if (!found) return
    const { tampering } = found
    const liar = createL2Prover({ source: source(), start, lastEntry: 2n, tampering })
    const honest = createL2Prover({ source: source(), start, lastEntry: 2n })
    const at = (BigInt(tampering.item) << 25n) + BigInt(tampering.step)
    expect(await liar.stateHashAt(at - 1n)).toBe(await honest.stateHashAt(at - 1n))
    expect(await liar.stateHashAt(at)).not.toBe(await honest.stateHashAt(at))
    expect(await liar.stateHashAt(LAST)).toBe(machine.hash(found.end))
    expect(await liar.stateHashAt(LAST)).not.toBe(await honest.stateHashAt(LAST))
  })
})

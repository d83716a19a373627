import { describe, expect, it } from 'vitest'
import { dataNode, sequencerNode } from '../../protocol/nodes.ts'
import { utf8ToBytes } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { PRESETS } from '../../rollup/parameters.ts'
import { encodeDeposit, signTransaction } from '../../rollup/transaction/sign.ts'
import { backlogBatchesMax } from '../../sequencer/config.ts'
import { createCommittee, give, type TestCommittee } from './committee.testing.ts'

interface L1Facts {
  readonly entries: readonly { readonly kind: number; readonly inboxCount: bigint }[]
  readonly slashed: readonly number[]
  readonly lastView: bigint
}

const l1 = async (committee: TestCommittee) =>
  (await committee.conductor.query('l1', 'facts', null)) as unknown as L1Facts

const deposit = (index: number) =>
  encodeDeposit({
    sourceHash: new Uint8Array(32).fill(index),
    from: new Uint8Array(20).fill(1),
    to: new Uint8Array(20).fill(2),
    mint: 5n,
    value: 5n,
    gasLimit: 100_000n,
    data: new Uint8Array(),
  }).raw

/** Two of them fill a batch. */
const large = (sender: number) =>
  signTransaction(
    {
      kind: 'signed',
      type: 2,
      chainId: BigInt(PRESETS.demo.l2ChainId),
      nonce: 0n,
      gasLimit: 1_000_000n,
      maxFeePerGas: 1_000_000_000n,
      maxPriorityFeePerGas: 1n,
      to: new Uint8Array(20).fill(7),
      value: 1n,
      data: new Uint8Array(60_000),
      accessList: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
      authorizations: [],
    },
    keccak256(utf8ToBytes(`sender ${sender}`)),
  ).raw

const noneDied = (committee: TestCommittee) =>
  expect(committee.trace.filter((event) => event.kind === 'died')).toEqual([])

describe('batches', () => {
  it('are posted in turn, with both certificates, and sampled by the data nodes', async () => {
    const committee = await createCommittee()
    await committee.runUntil(55_000)
    const posted = committee.reports('batch.posted')
    expect(posted.map(({ payload }) => payload.index)).toEqual([1n, 2n])
    expect(new Set(posted.map(({ payload }) => payload.poster)).size).toBe(2)
    const stages = committee.reports('batch.building').filter(({ payload }) => payload.index === 1n)
    expect(stages.map(({ payload }) => payload.stage)).toEqual([
      'encoding',
      'proving',
      'dispersing',
      'certifying',
      'posting',
    ])
    const sampled = committee.reports('da.sampled').filter(({ payload }) => payload.index === 1n)
    expect(sampled.length).toBe(16)
    expect(sampled.every(({ payload }) => payload.available)).toBe(true)
    noneDied(committee)
  }, 120_000)

  it('carry deposits within the time that the inbox demands', async () => {
    const committee = await createCommittee()
    await committee.runUntil(7_000)
    for (const index of [1, 2, 3]) give(committee.conductor, 'l1', 'queue', { raw: deposit(index) })
    await committee.runUntil(33_000)
    expect((await l1(committee)).entries[1]).toMatchObject({ kind: 0, inboxCount: 3n })
    noneDied(committee)
  }, 120_000)

  it('are certified with 4 of 16 data nodes offline, and not with 5', async () => {
    const committee = await createCommittee()
    const { conductor } = committee
    for (const index of [0, 5, 9, 15])
      await conductor.fault({ kind: 'crash', node: dataNode(index) })
    await committee.runUntil(32_000)
    expect((await l1(committee)).entries.length).toBe(2)
    await conductor.fault({ kind: 'crash', node: dataNode(1) })
    await committee.runUntil(70_000)
    expect((await l1(committee)).entries.length).toBe(2)
    await conductor.fault({ kind: 'restart', node: dataNode(1) })
    await committee.runUntil(80_000)
    expect((await l1(committee)).entries.length).toBeGreaterThanOrEqual(3)
    noneDied(committee)
  }, 180_000)

  it('show withheld cells to samplers, and are repaired by a node that was away', async () => {
    const committee = await createCommittee()
    const { conductor } = committee
    await committee.runUntil(1_000)
    for (const index of [2, 3, 4, 6])
      give(conductor, dataNode(index), 'corrupt', { fraud: 'withhold' })
    await conductor.fault({ kind: 'crash', node: dataNode(0) })
    await committee.runUntil(35_000)
    expect(committee.reports('da.sampled').some(({ payload }) => !payload.available)).toBe(true)
    await conductor.fault({ kind: 'restart', node: dataNode(0) })
    await committee.runUntil(50_000)
    expect(committee.reports('da.recovered').map(({ payload }) => payload)).toEqual([
      { node: dataNode(0), index: 1n, cells: expect.any(Number), repaired: 8 },
    ])
    noneDied(committee)
  }, 120_000)

  it('are taken over from a poster that crashed', async () => {
    const committee = await createCommittee()
    const { conductor } = committee
    await committee.runUntil(21_000)
    await conductor.fault({ kind: 'crash', node: sequencerNode(1) })
    await committee.runUntil(60_000)
    expect((await l1(committee)).entries.length).toBeGreaterThanOrEqual(2)
    expect(committee.reports('batch.building').some(({ node }) => node === sequencerNode(2))).toBe(
      true,
    )
    noneDied(committee)
  }, 120_000)

  it('are posted again after a reorg, and built anew on an entry that came between', async () => {
    const committee = await createCommittee()
    await committee.runUntil(31_000)
    expect((await l1(committee)).entries.length).toBe(2)
    give(committee.conductor, 'l1', 'reorg', { depth: 8 })
    give(committee.conductor, 'l1', 'force', {})
    await committee.runUntil(70_000)
    const { entries } = await l1(committee)
    expect(entries.slice(0, 4).map(({ kind }) => kind)).toEqual([2, 1, 0, 0])
    noneDied(committee)
  }, 120_000)

  it('are not ordered faster than L1 takes them, so that none waits past its window', async () => {
    const committee = await createCommittee()
    await committee.runUntil(3_000)
    const [count, batchesMax] = [48, backlogBatchesMax(PRESETS.demo)]
    for (let sender = 0; sender < count; sender += 1)
      give(committee.conductor, 'executor-0', 'gossip', { raw: large(sender) })
    let ordered = 0
    let mostWaiting = 0
    for (let timeMs = 6_000; ordered < count; timeMs += 2_000) {
      await committee.runUntil(timeMs)
      ordered = (await committee.finalized()).reduce((sum, block) => sum + block.transactions, 0)
      const posted = (await l1(committee)).entries.length - 1
      mostWaiting = Math.max(mostWaiting, Math.floor(ordered / 2) - posted)
      expect(timeMs).toBeLessThan(300_000)
    }
    expect(mostWaiting).toBeGreaterThan(batchesMax - 2)
    // Beside them the one that is being posted, and the one that is open.
    expect(mostWaiting).toBeLessThanOrEqual(batchesMax + 2)
    const [, ...entries] = (await l1(committee)).entries
    expect(entries.filter(({ kind }) => kind !== 0)).toEqual([])
    noneDied(committee)
  }, 180_000)

  it('are proven and checked with real KZG proofs', async () => {
    const committee = await createCommittee({ preset: 'classroom', hasRealProofs: true })
    await committee.runUntil(17_000)
    expect(committee.reports('batch.posted').map(({ payload }) => payload.index)).toEqual([1n])
    const stored = committee.reports('da.stored')
    expect(stored.map(({ payload }) => payload.columns.length)).toEqual([32, 32, 32, 32])
    noneDied(committee)
  }, 120_000)
})

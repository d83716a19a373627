import { describe, expect, it } from 'vitest'
import { createRng } from '../../kernel/rng.ts'
import type { KernelFault } from '../../kernel/trace.ts'
import { sequencerNode } from '../../protocol/nodes.ts'
import { bytesToHex, utf8ToBytes } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { PRESETS } from '../../rollup/parameters.ts'
import { signTransaction } from '../../rollup/transaction/sign.ts'
import { createCommittee, give, type TestCommittee } from './committee.testing.ts'

const { demo } = PRESETS

function transfer(sender: number, nonce: number): Uint8Array {
  return signTransaction(
    {
      kind: 'signed',
      type: 2,
      chainId: BigInt(demo.l2ChainId),
      nonce: BigInt(nonce),
      gasLimit: 21_000n,
      maxFeePerGas: 1_000_000_000n,
      maxPriorityFeePerGas: 1n,
      to: new Uint8Array(20).fill(7),
      value: 1n,
      data: new Uint8Array(),
      accessList: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
      authorizations: [],
    },
    keccak256(utf8ToBytes(`sender ${sender}`)),
  ).raw
}

const members = (...indices: number[]) => indices.map(sequencerNode)
const every = members(0, 1, 2, 3, 4, 5, 6)

/** What must hold whatever happens: one block per view, one chain, and no member that votes against itself. */
async function assertSafe(
  committee: TestCommittee,
  dishonest: readonly number[] = [],
): Promise<void> {
  const finalized = await committee.finalized()
  const hashes = new Map(finalized.map(({ view, hash }) => [String(view), hash]))
  for (const { view, hash } of finalized) expect(hashes.get(String(view))).toBe(hash)
  const chain = [...new Map(finalized.map((block) => [block.hash, block])).values()].sort((a, b) =>
    Number(a.view - b.view),
  )
  const known = new Set(chain.map(({ hash }) => hash))
  for (const [at, block] of chain.entries()) {
    // A message to the recording executor may have been lost; what it knows must be one chain.
    if (known.has(block.parent)) expect(block.parent).toBe(chain[at - 1]?.hash)
  }
  const voted = new Set<string>()
  for (const { payload } of committee.reports('view.voted')) {
    if (dishonest.includes(payload.voter)) continue
    const key = `${payload.voter} ${payload.kind} ${payload.view}`
    expect(voted.has(key), key).toBe(false)
    voted.add(key)
    const rival =
      payload.kind === 'finalize' ? 'nullify' : payload.kind === 'nullify' ? 'finalize' : ''
    expect(voted.has(`${payload.voter} ${rival} ${payload.view}`), key).toBe(false)
  }
  expect(committee.trace.filter((event) => event.kind === 'died')).toEqual([])
  for (const node of every.filter((id) => committee.conductor.isAlive(id))) {
    const rows = (await committee.conductor.query(node, 'inspect', null)) as {
      label: string
      value: string
    }[]
    const value = (label: string) => rows.find((row) => row.label === label)?.value ?? ''
    const known = hashes.get(value('last finalized view'))
    if (known !== undefined) expect(value('finalized block')).toBe(known)
  }
}

async function lastView(committee: TestCommittee): Promise<number> {
  const finalized = await committee.finalized()
  return Math.max(0, ...finalized.map(({ view }) => Number(view)))
}

/** Twelve random faults, a second or two apart. */
async function disturb(committee: TestCommittee, seed: number): Promise<void> {
  const { conductor } = committee
  const rng = createRng(seed)
  for (let turn = 0; turn < 12; turn++) {
    const node = sequencerNode(rng.nextBelow(7))
    const cut = rng.nextBelow(7)
    const groups = [every.slice(0, cut), every.slice(cut)]
    const faults: readonly KernelFault[] = [
      { kind: 'crash', node },
      { kind: 'restart', node },
      { kind: 'partition', groups },
      { kind: 'reconnect' },
      { kind: 'slow', node, factor: 1 + rng.nextBelow(20) },
      { kind: 'clog', from: node, to: sequencerNode((cut + 1) % 7), forMs: 2_000 },
    ]
    const fault = faults[rng.nextBelow(faults.length)]
    if (fault !== undefined) await conductor.fault(fault)
    await committee.runUntil(conductor.nowMs() + 500 + rng.nextBelow(2_500))
  }
}

describe('committee', () => {
  it('orders empty L2 blocks when idle, one for each slot', async () => {
    const committee = await createCommittee()
    await committee.runUntil(15_200)
    const finalized = await committee.finalized()
    const blocks = finalized.reduce((sum, block) => sum + block.blocks, 0)
    expect(blocks).toBeGreaterThanOrEqual(26)
    expect(blocks).toBeLessThanOrEqual(30)
    expect(finalized.length).toBeLessThanOrEqual(9)
    await assertSafe(committee)
  }, 60_000)

  it('orders transactions once each, in order of their nonces, a view for each L2 block', async () => {
    const committee = await createCommittee()
    await committee.runUntil(2_000)
    const { conductor } = committee
    for (let nonce = 0; nonce < 6; nonce++) {
      for (let sender = 0; sender < 3; sender++) {
        give(conductor, 'executor-0', 'gossip', { raw: transfer(sender, nonce) })
      }
      await committee.runUntil(2_000 + 500 * (nonce + 1))
    }
    await committee.runUntil(8_000)
    const finalized = await committee.finalized()
    expect(finalized.reduce((sum, block) => sum + block.transactions, 0)).toBe(18)
    expect(finalized.filter((block) => block.transactions > 0).length).toBeGreaterThanOrEqual(4)
    await assertSafe(committee)
  }, 60_000)

  it('goes on with two of seven crashed, skips them soon, and takes them back', async () => {
    const committee = await createCommittee()
    const { conductor } = committee
    await committee.runUntil(3_000)
    await conductor.fault({ kind: 'crash', node: sequencerNode(3) })
    await conductor.fault({ kind: 'crash', node: sequencerNode(4) })
    await committee.runUntil(60_000)
    const without = await lastView(committee)
    expect(without).toBeGreaterThan(18)
    await conductor.fault({ kind: 'restart', node: sequencerNode(3) })
    await conductor.fault({ kind: 'restart', node: sequencerNode(4) })
    await committee.runUntil(110_000)
    const late = committee.reports('view.proposed').filter(({ timeMs }) => timeMs > 75_000)
    expect(new Set(late.map(({ payload }) => payload.leader))).toEqual(
      new Set([0, 1, 2, 3, 4, 5, 6]),
    )
    await assertSafe(committee)
  }, 120_000)

  it('stops without a quorum, and recovers from what was durable when all come back', async () => {
    const committee = await createCommittee()
    const { conductor } = committee
    await committee.runUntil(10_000)
    for (const node of every) await conductor.fault({ kind: 'crash', node })
    await committee.runUntil(15_000)
    const before = await lastView(committee)
    for (const node of members(0, 1, 2, 3)) await conductor.fault({ kind: 'restart', node })
    await committee.runUntil(25_000)
    expect(await lastView(committee)).toBeLessThanOrEqual(before + 1)
    for (const node of members(4, 5, 6)) await conductor.fault({ kind: 'restart', node })
    await committee.runUntil(60_000)
    expect(await lastView(committee)).toBeGreaterThan(before + 5)
    await assertSafe(committee)
  }, 120_000)

  it('finalizes nothing in a minority, and heals to one prefix', async () => {
    const committee = await createCommittee()
    const { conductor } = committee
    await committee.runUntil(5_000)
    const groups = [members(0, 1), [...members(2, 3, 4, 5, 6), 'executor-0']]
    await conductor.fault({ kind: 'partition', groups })
    await committee.runUntil(30_000)
    const rows = (await conductor.query(sequencerNode(0), 'inspect', null)) as {
      label: string
      value: string
    }[]
    const minority = Number(rows.find(({ label }) => label === 'last finalized view')?.value)
    expect(await lastView(committee)).toBeGreaterThan(minority + 3)
    await conductor.fault({ kind: 'reconnect' })
    await committee.runUntil(50_000)
    await assertSafe(committee)
    const healed = (await conductor.query(sequencerNode(0), 'inspect', null)) as {
      label: string
      value: string
    }[]
    const caughtUp = Number(healed.find(({ label }) => label === 'last finalized view')?.value)
    expect(caughtUp).toBeGreaterThanOrEqual((await lastView(committee)) - 1)
  }, 120_000)

  it('survives loss and duplication of messages', async () => {
    const committee = await createCommittee({ seed: 5 })
    await committee.conductor.fault({ kind: 'loss', lossPermille: 50, duplicatePermille: 50 })
    await committee.runUntil(40_000)
    expect(await lastView(committee)).toBeGreaterThan(8)
    await assertSafe(committee)
  }, 120_000)

  it('catches a member that signs two blocks in one view; L1 slashes it, and it leads no more', async () => {
    const committee = await createCommittee()
    const { conductor } = committee
    await committee.runUntil(1_000)
    give(conductor, sequencerNode(2), 'corrupt', { fraud: 'equivocate' })
    await committee.runUntil(40_000)
    const evidence = committee.reports('sequencer.evidence')
    expect(evidence.length).toBeGreaterThanOrEqual(4)
    expect(new Set(evidence.map(({ payload }) => payload.culprit))).toEqual(new Set([2]))
    expect(committee.reports('sequencer.slashed').map(({ payload }) => payload.culprit)).toEqual([
      2,
    ])
    const slashedMs = committee.reports('sequencer.slashed')[0]?.timeMs ?? 0
    const led = committee.reports('view.proposed').filter(({ payload }) => payload.leader === 2)
    expect(led.every(({ timeMs }) => timeMs <= slashedMs + 500)).toBe(true)
    expect(await lastView(committee)).toBeGreaterThan(12)
    await assertSafe(committee, [2])
  }, 120_000)

  it('lets no leader censor what the others have known for some views', async () => {
    const committee = await createCommittee()
    const { conductor } = committee
    await committee.runUntil(1_000)
    for (const node of members(1, 2)) give(conductor, node, 'corrupt', { fraud: 'censor' })
    give(conductor, 'executor-0', 'gossip', { raw: transfer(1, 0) })
    await committee.runUntil(12_000)
    const finalized = await committee.finalized()
    expect(finalized.reduce((sum, block) => sum + block.transactions, 0)).toBe(1)
    await assertSafe(committee)
  }, 60_000)

  it('does the same for the same seed, and after a rollback', async () => {
    const [one, two] = [await createCommittee({ seed: 9 }), await createCommittee({ seed: 9 })]
    await one.runUntil(6_000)
    const checkpoint = await one.conductor.checkpoint()
    await one.runUntil(9_000)
    const hash = bytesToHex(await one.conductor.eventHash())
    await one.conductor.rollback(checkpoint)
    await one.runUntil(9_000)
    expect(bytesToHex(await one.conductor.eventHash())).toBe(hash)
    await two.runUntil(9_000)
    expect(bytesToHex(await two.conductor.eventHash())).toBe(hash)
  }, 60_000)

  for (const seed of [11, 12]) {
    it(`is safe under random crashes, partitions and delays (seed ${seed})`, async () => {
      const committee = await createCommittee({ seed })
      const { conductor } = committee
      await disturb(committee, seed)
      await assertSafe(committee)
      await conductor.fault({ kind: 'reconnect' })
      for (const node of every) await conductor.fault({ kind: 'slow', node, factor: 1 })
      for (const node of every)
        if (!conductor.isAlive(node)) await conductor.fault({ kind: 'restart', node })
      const before = await lastView(committee)
      await committee.runUntil(conductor.nowMs() + 30_000)
      expect(await lastView(committee), `seed ${seed}`).toBeGreaterThan(before + 4)
      await assertSafe(committee)
    }, 120_000)
  }
})

/** The Persona engine on L2's genesis: every number that it computes is held against the contracts. */

import { encodeFunctionData, type Hex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { abi as badgesAbi } from '../../contracts/generated/IBadges.ts'
import { abi as campaignsAbi } from '../../contracts/generated/ICampaigns.ts'
import { abi as engagementsAbi } from '../../contracts/generated/IEngagements.ts'
import { abi as rewardsAbi } from '../../contracts/generated/IEpochRewards.ts'
import { createTestNode, type TestNode } from '../chain/testing/viem.ts'
import { ownerAccount, sessionAccount, WATCHER } from '../persona/accounts.ts'
import { BADGES, CAMPAIGNS, ENGAGEMENTS, EPOCH_REWARDS } from '../persona/addresses.ts'
import { type ReadRpc, readContract } from '../persona/chainPort.ts'
import { createPersonaEngine } from '../persona/engine.ts'
import { epochEnd, pmsAt, pointsAt, rewardsOf } from '../persona/moment.ts'
import { createOutbox } from '../persona/outbox.ts'
import { createBookReader } from '../persona/reader.ts'
import { rewardTrees } from '../persona/rewards.ts'
import { rowProof } from '../persona/rowProofs.ts'
import { createDigests, signDigest } from '../persona/typedData.ts'
import { LITEPAPER_DRAFT } from '../protocol/litepaperDraft.ts'
import type {
  CommandResult,
  PersonaApi,
  PersonaCommand,
  PersonaProjection,
} from '../protocol/persona.ts'
import type { Json } from '../protocol/world.ts'
import { bytesToHex, hexToBytes } from '../rollup/bytes.ts'
import { initKeccak } from '../rollup/keccak.ts'
import { GENESIS_TIMESTAMP, PRESETS } from '../rollup/parameters.ts'
import { initSecp256k1 } from '../rollup/secp256k1.ts'
import { loadGenesis } from './genesis.ts'

const PEOPLE = 24
const SYBILS = 6

interface Stand {
  readonly node: TestNode
  readonly read: ReadRpc
  readonly engine: PersonaApi
  readonly seen: () => PersonaProjection
  /** One block of two seconds, and the engine's turn. */
  readonly beat: (times?: number) => Promise<void>
  readonly perform: (command: PersonaCommand) => Promise<CommandResult>
}

async function createStand(): Promise<Stand> {
  await Promise.all([initKeccak(), initSecp256k1()])
  const { l2 } = await loadGenesis('classroom')
  const node = await createTestNode({
    kind: 'l2',
    chainId: PRESETS.classroom.l2ChainId,
    genesis: l2,
    allowsCheats: PRESETS.classroom.allowsCheats,
  })
  node.mines = false
  const read: ReadRpc = async (method, params) => {
    // The world's projection is not here: nothing was posted to L1.
    if (method.startsWith('rollup_')) return []
    return (await node.request({ method, params })) as Json
  }
  const engine = createPersonaEngine(read)
  let seen: PersonaProjection | null = null
  await engine.subscribe((patch) => {
    seen = { ...seen, ...patch } as PersonaProjection
  })
  const beat = async (times = 1): Promise<void> => {
    for (let time = 0; time < times; time += 1) {
      await node.mine()
      await engine.advance(Number(node.chain.head().header.number) * 2_000)
    }
  }
  const perform = async (command: PersonaCommand) => {
    const done = engine.perform(command)
    let isOver = false
    const mark = (): void => {
      isOver = true
    }
    done.then(mark, mark)
    for (let beats = 0; beats < 5 && !isOver; beats += 1) await beat()
    return done
  }
  return {
    node,
    read,
    engine,
    beat,
    perform,
    seen: () => seen as unknown as PersonaProjection,
  }
}

describe('a campaign from passports to claims', () => {
  let stand: Stand
  beforeAll(async () => {
    stand = await createStand()
    const { engine, beat, perform, seen } = stand
    await engine.open({ seed: 7, personas: PEOPLE, sybilPermille: 250 })
    await beat(8)
    await perform({ kind: 'createCampaign', draft: { ...LITEPAPER_DRAFT, epochSeconds: 20 } })
    await beat(4)
    expect(seen().setup).toMatchObject({
      stage: 'ready',
      passports: PEOPLE,
      sybils: SYBILS,
      failure: null,
    })
    await engine.setLoad(100)
    await beat(8)
    await engine.setLoad(0)
    await beat(8)
  })

  const bookOf = async () => {
    const reader = createBookReader()
    await reader.sync(stand.read)
    const book = reader.book()
    const campaign = book.campaigns.get(1)
    if (campaign === undefined) throw new TypeError('There is no campaign.')
    return { book, campaign }
  }

  test('Alice scores 0.78 where her badges are new, on chain and here', async () => {
    const { book, campaign } = await bookOf()
    const [alice] = book.passports
    if (alice === undefined) throw new TypeError('Alice has no passport.')
    const issued = Math.max(
      ...[...alice.badges.values()].flat().map((badge) => badge.issued.timestamp),
    )
    expect(pmsAt(book, campaign, alice, issued)).toBe(780_000_000n)
  })

  test('every count, score and point of every passport is the contracts’', async () => {
    const { book, campaign } = await bookOf()
    for (const [epoch, { counts }] of campaign.epochs) {
      const time = epochEnd(campaign, epoch) - 1
      for (const record of book.passports) {
        const args = [1n, BigInt(record.passport), BigInt(time)]
        const pms = await readContract<bigint>(stand.read, {
          address: CAMPAIGNS,
          abi: campaignsAbi,
          functionName: 'pmsAt',
          args,
        })
        expect(pmsAt(book, campaign, record, time)).toBe(pms)
        const packed = await readContract<bigint>(stand.read, {
          address: ENGAGEMENTS,
          abi: engagementsAbi,
          functionName: 'countsOf',
          args: [1n, BigInt(epoch), BigInt(record.passport)],
        })
        const lanes = counts.get(record.passport) ?? []
        expect(
          lanes.reduce((sum, count, lane) => sum + (BigInt(count) << BigInt(32 * lane)), 0n),
        ).toBe(packed)
        expect(pointsAt(book, record, time) > 0n).toBe(true)
      }
    }
  })

  test('a root that inflates a Sybil is removed by the watcher, at the publisher’s cost', async () => {
    const { perform, beat, seen } = stand
    await perform({ kind: 'publishRewards', campaign: '1', inflate: PEOPLE })
    await beat(3)
    const removed = seen().epochs.find(({ status }) => status === 'removed')
    expect(removed?.challenge).toMatchObject({ passport: PEOPLE, rule: 'row' })
    expect(removed?.slashedWei).toBeGreaterThan(0n)
    expect(removed?.root).not.toBe(removed?.expectedRoot)
  })

  test('an honest root stands: the contract recomputes every row and finds it right', async () => {
    const { perform, read } = stand
    await perform({ kind: 'publishRewards', campaign: '1' })
    const { book, campaign } = await bookOf()
    const proposal = campaign.proposals.at(-1)
    if (proposal === undefined) throw new TypeError('Nothing is proposed.')
    const rewards = rewardsOf(book, campaign, proposal.epoch)
    const trees = rewardTrees(rewards)
    for (const { passport, trust } of rewards.rows) {
      const empty = rowProof([], trees, 0)
      const evidence = {
        row: rowProof(rewards.rows, trees, passport),
        before: rowProof(rewards.rows, trees, passport - 1),
        trust: {
          passport: BigInt(passport),
          trust,
          proof: trees.trust.at(-1)?.proof(passport).map(bytesToHex) ?? [],
        },
        last: empty,
      }
      const data = encodeFunctionData({
        abi: rewardsAbi,
        functionName: 'challengeRow',
        args: [1n, evidence],
      })
      const refusal = await read('eth_call', [{ to: EPOCH_REWARDS, data }, 'latest']).then(
        () => 'accepted',
        (error: { readonly data?: Hex }) => String(error.data).slice(0, 10),
      )
      expect(refusal, `passport ${passport}`).toBe(ROW_IS_RIGHT)
    }
  })

  test('Sybils get less with trust than without', () => {
    const payouts = stand.seen().epochs.findLast(({ root }) => root !== null)?.payouts
    expect(payouts?.withTrust.sybilShare).toBeLessThan(payouts?.withoutTrust.sybilShare ?? 0)
    expect(payouts?.withTrust.sybilShare).toBeGreaterThan(0)
  })

  test('after the challenge’s time the root is final, and a claim pays once, gas sponsored', async () => {
    const { beat, perform, seen, engine } = stand
    await beat(12)
    expect(seen().epochs.some(({ status }) => status === 'final')).toBe(true)
    const owed = (await engine.persona(1, '1'))?.claimableWei ?? 0n
    expect(owed).toBeGreaterThan(0n)
    const { gas, sponsoredWei } = await perform({ kind: 'claim', campaign: '1', passport: 1 })
    expect([gas, (sponsoredWei ?? 0n) > 0n]).toEqual(['sponsored', true])
    expect(await engine.persona(1, '1')).toMatchObject({ claimableWei: 0n, claimedWei: owed })
    await expect(perform({ kind: 'claim', campaign: '1', passport: 1 })).rejects.toThrow(
      'nothing to claim',
    )
  })

  test('epochs that are over before an earlier one is paid count what that one paid', async () => {
    const { engine, beat, perform, seen } = stand
    await engine.setLoad(50)
    await beat(24)
    await engine.setLoad(0)
    await beat(14)
    const closed = () => seen().epochs.filter(({ status }) => status === 'closed').length
    expect(closed()).toBeGreaterThan(1)
    while (closed() > 0) {
      await perform({ kind: 'publishRewards', campaign: '1' })
      await beat(12)
    }
    const { book, campaign } = await bookOf()
    const final = campaign.proposals.filter(({ finalized }) => finalized !== null)
    const owed = final
      .map(({ epoch }) => rewardsOf(book, campaign, epoch).rows[1]?.amount ?? 0n)
      .reduce((sum, amount) => sum + amount, 0n)
    expect(final.length).toBeGreaterThan(2)
    expect((await engine.persona(2, '1'))?.claimableWei).toBe(owed)
    await perform({ kind: 'claim', campaign: '1', passport: 2 })
    expect((await engine.persona(2, '1'))?.claimedWei).toBe(owed)
  })

  test('who acts beside the load is recorded, and the load goes on', async () => {
    const { engine, beat, perform, seen } = stand
    const actionsOf = async () => (await engine.persona(3, '1'))?.actions ?? 0
    await engine.setLoad(200)
    for (let round = 0; round < 4; round += 1) {
      const before = await actionsOf()
      await perform({ kind: 'act', passport: 3, action: 'gameMove' })
      expect(await actionsOf()).toBeGreaterThan(before)
    }
    await engine.setLoad(0)
    await beat(8)
    expect(seen().load).toMatchObject({ refused: 0, open: 0 })
    expect(seen().load.included).toBe(seen().load.signed + 4)
  })

  test('a wallet is linked by two signatures and unlinked again; the owner needs no ether', async () => {
    const { perform, engine, read } = stand
    await perform({ kind: 'linkWallet', passport: 1, wallet: 0 })
    const linked = (await engine.persona(1, null))?.wallets ?? []
    expect(linked.map((wallet) => wallet.linked)).toEqual([true, true])
    expect(linked[0]?.address).toBe(ownerAccount(0).address)
    await perform({ kind: 'unlinkWallet', passport: 1, address: linked[1]?.address ?? '' })
    expect((await engine.persona(1, null))?.wallets.map((wallet) => wallet.linked)).toEqual([
      true,
      false,
    ])
    const again = { kind: 'unlinkWallet', passport: 1, address: linked[1]?.address ?? '' } as const
    await expect(perform(again)).rejects.toThrow('reverted')
    expect(await read('eth_getBalance', [ownerAccount(0).address, 'latest'])).toBe('0x0')
  })

  test('a rogue validator’s badges count no more from that second on, and did before', async () => {
    const { perform, engine, node } = stand
    const before = Number(node.chain.head().header.number) * 2_000
    await perform({ kind: 'revokeValidator', validator: 'zktls' })
    const now = await engine.persona(1, '1')
    const then = await engine.persona(1, '1', before)
    expect(now?.badges.find(({ name }) => name === 'followers')?.state).toBe('revoked')
    expect(then?.badges.find(({ name }) => name === 'followers')?.state).toBe('valid')
    expect(now?.score).toBeLessThan(then?.score ?? 0)
  })

  test('another engine that reads the chain comes to the same rows', async () => {
    const [first, second] = [await bookOf(), await bookOf()]
    const epoch = [...first.campaign.epochs.keys()][0] as number
    expect(rewardsOf(first.book, first.campaign, epoch)).toEqual(
      rewardsOf(second.book, second.campaign, epoch),
    )
  })

  test("ranks people as of half a year ahead, as each one's own page tells it", async () => {
    const { engine } = stand
    const query = { campaign: '1', from: 0, count: PEOPLE, order: 'score' } as const
    const timeMs = 182 * 86_400_000
    const [now, later] = [await engine.personas(query), await engine.personas({ ...query, timeMs })]
    expect(later.total).toBe(now.total)
    const scores = later.rows.map(({ score }) => score)
    expect(scores).toEqual(scores.toSorted((left, right) => right - left))
    expect(scores).not.toEqual(now.rows.map(({ score }) => score))
    for (const row of later.rows)
      expect(await engine.persona(row.passport, '1', timeMs)).toMatchObject({ score: row.score })
  })

  test('a Rexy has a spike for each badge that the contract counts, and loses that of one that ends', async () => {
    const { engine, read, node } = stand
    const badges = { address: BADGES, abi: badgesAbi }
    const kinds = Number(await readContract<bigint>(read, { ...badges, functionName: 'kindCount' }))
    const spikesAt = async (timeMs: number) => {
      const time = BigInt(GENESIS_TIMESTAMP + timeMs / 1_000)
      let worn = 0
      for (let kind = 0n; kind < kinds; kind += 1n) {
        const call = { ...badges, functionName: 'valueAt', args: [1n, kind, time] }
        if ((await readContract<bigint>(read, call)) > 0n) worn += 1
      }
      const spikes = (await engine.persona(1, '1', timeMs))?.rexy.spikes ?? -1
      expect(spikes).toBe(worn)
      return spikes
    }
    const now = await spikesAt(Number(node.chain.head().header.number) * 2_000)
    expect(await spikesAt(182 * 86_400_000)).toBeLessThan(now)
  })

  test('shows a graph, people, tasks without a score, and what is wrong with a draft', async () => {
    const { engine } = stand
    const graph = await engine.graph()
    expect(graph.kinds).toHaveLength(graph.nodes)
    expect(graph.edges.length).toBe(2 * graph.weights.length)
    expect(Math.max(...graph.edges)).toBeLessThan(graph.nodes)
    const { campaign } = await bookOf()
    const pairs = new Set<string>()
    for (const { sources } of campaign.epochs.values()) {
      for (const [target, chain] of sources)
        for (const source of chain) pairs.add(`${source}/${target}`)
    }
    const social = graph.edges.filter((from, at) => at % 2 === 0 && (graph.kinds[from] ?? 0) >= 2)
    expect(social).toHaveLength(pairs.size)
    const early = await engine.graph((campaign.terms.start - GENESIS_TIMESTAMP + 1) * 1_000)
    expect(early.weights.length).toBeLessThan(graph.weights.length)
    const { rows, total } = await engine.personas({
      campaign: '1',
      from: 0,
      count: 5,
      order: 'score',
    })
    expect([rows.length, total]).toEqual([5, PEOPLE])
    const tasks = await engine.tasks(1, '1')
    expect(tasks).toHaveLength(3)
    expect(JSON.stringify(tasks)).not.toContain('score')
    const wrong = { ...LITEPAPER_DRAFT, conditions: LITEPAPER_DRAFT.conditions.slice(1) }
    expect((await engine.preview(wrong)).problems).toEqual([
      { field: 'conditions', text: 'The weights sum to 0.5, not to 1.' },
    ])
    const scores = (await engine.preview(LITEPAPER_DRAFT)).examples.map(({ score }) => score)
    expect(scores).toEqual([0.78, 0.74, 0.82])
  })
})

describe('a session that its owner revokes on chain', () => {
  const PASSPORT = 4
  const PERSON = PASSPORT - 1
  let stand: Stand
  beforeAll(async () => {
    stand = await createStand()
    await stand.engine.open({ seed: 7, personas: 8, sybilPermille: 0 })
    await stand.beat(8)
    await stand.perform({ kind: 'createCampaign', draft: LITEPAPER_DRAFT })
    await stand.beat(4)
    expect(stand.seen().setup).toMatchObject({ stage: 'ready', failure: null })
  })

  const actionsOf = async () => (await stand.engine.persona(PASSPORT, '1'))?.actions ?? 0
  const play = async () => {
    await stand.engine.setLoad(100)
    await stand.beat(8)
    await stand.engine.setLoad(0)
    await stand.beat(4)
    const { included, signed, refused } = stand.seen().load
    expect({ included, refused }).toEqual({ included: signed, refused: 0 })
  }
  /** As the owner itself sends it, without the engine. */
  const ownerSends = async (data: Hex) => {
    const { read, beat } = stand
    const owner = ownerAccount(PERSON)
    const outbox = createOutbox(read, PRESETS.classroom.l2ChainId, {})
    const { address } = owner
    await outbox.send(WATCHER, { to: address, value: 10n ** 17n, gas: 21_000n })
    await outbox.send(owner, { to: ENGAGEMENTS, data, gas: 300_000n })
    for (const { raw } of outbox.take()) {
      await read('eth_sendRawTransaction', [raw])
      await beat()
    }
    await beat()
  }
  const revoke = (session: number) =>
    ownerSends(
      encodeFunctionData({
        abi: engagementsAbi,
        functionName: 'revokeSession',
        args: [BigInt(session)],
      }),
    )
  const openFor = (key: Hex, nonce: number) => {
    const terms = {
      passport: PASSPORT,
      campaign: 1,
      allowance: 1_000_000,
      expiry: 2_000_000_000,
      nonce,
    }
    const digests = createDigests(PRESETS.classroom.l2ChainId)
    const digest = digests.session({ ...terms, key: hexToBytes(key) })
    const session = {
      passport: BigInt(terms.passport),
      key,
      campaign: BigInt(terms.campaign),
      allowance: BigInt(terms.allowance),
      expiry: BigInt(terms.expiry),
      nonce: BigInt(terms.nonce),
    }
    const signature = bytesToHex(signDigest(digest, ownerAccount(PERSON).key))
    return ownerSends(
      encodeFunctionData({
        abi: engagementsAbi,
        functionName: 'openSession',
        args: [session, signature],
      }),
    )
  }
  const act = () => stand.perform({ kind: 'act', passport: PASSPORT, action: 'gameMove' })

  test('acts while it stands', async () => {
    await play()
    expect(await actionsOf()).toBeGreaterThan(0)
    expect(stand.seen().load).toMatchObject({ withheld: 0, silent: 0 })
  })

  test('stops its Persona alone, and both the figures and a command say so', async () => {
    await revoke(PASSPORT)
    const [before, { included }] = [await actionsOf(), stand.seen().load]
    expect(stand.seen().feed[0]?.text).toContain('session was revoked')
    await play()
    const { load } = stand.seen()
    expect(await actionsOf()).toBe(before)
    expect(load.silent).toBe(1)
    expect(load.withheld).toBeGreaterThan(0)
    expect(load.included).toBeGreaterThan(included)
    await expect(act()).rejects.toThrow('Passport 4 revoked its session')
  })

  test('of a key of somebody else is not signed for', async () => {
    await openFor(ownerAccount(0).address, 1)
    const before = await actionsOf()
    await play()
    expect(await actionsOf()).toBe(before)
    await expect(act()).rejects.toThrow('to another key')
  })

  test('goes on when the owner opens another for its session key', async () => {
    await openFor(sessionAccount(PERSON).address, 2)
    const [before, { withheld }] = [await actionsOf(), stand.seen().load]
    await play()
    await act()
    expect(await actionsOf()).toBeGreaterThan(before + 1)
    expect(stand.seen().load).toMatchObject({ withheld, silent: 0 })
  })

  test('a revocation of the old session does not stop the new one', async () => {
    await revoke(PASSPORT)
    const before = await actionsOf()
    await act()
    expect(await actionsOf()).toBe(before + 1)
    expect(stand.seen().load.silent).toBe(0)
  })
})

/** Selector of `EpochRewards_RowIsRight(uint256)`. */
const ROW_IS_RIGHT = '0x67bd4635'

describe('a chain that is read anew', () => {
  test('while passports and badges are on their way issues none of them twice', async () => {
    const { engine, node, beat, seen } = await createStand()
    await engine.open({ seed: 7, personas: 8, sybilPermille: 0 })
    const { readings } = seen().setup
    const turn = () => engine.advance(Number(node.chain.head().header.number) * 2_000)
    for (let block = 0; block < 10 && seen().setup.stage !== 'ready'; block += 1) {
      await turn()
      await engine.forget()
      await turn()
      await beat()
    }
    await beat(4)
    expect(seen().setup).toMatchObject({ stage: 'ready', passports: 8, failure: null })
    expect(seen().setup.readings).toBeGreaterThan(readings)
    const people = await Promise.all(
      Array.from({ length: 8 }, (_, index) => engine.persona(index + 1, null)),
    )
    const levels = people.flatMap((one) => one?.badges.map(({ level }) => level) ?? [])
    expect(levels).toHaveLength(seen().setup.badges)
    expect(Math.max(...levels)).toBe(1)
  })

  test('is ready only when the last badge is in a block', async () => {
    const { engine, node, beat, seen } = await createStand()
    await engine.open({ seed: 7, personas: 8, sybilPermille: 0 })
    for (let block = 0; block < 10 && seen().setup.stage !== 'ready'; block += 1) await beat()
    const { badges } = seen().setup
    await node.mine()
    await beat(2)
    expect(seen().setup).toMatchObject({ stage: 'ready', badges })
  })
})

import { type Hex, keccak256, toHex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { voteDigest } from '../../workers/rollup/bls/digests.ts'
import { bytesToHex, hexToBytes } from '../../workers/rollup/bytes.ts'
import {
  certificate,
  createRollup,
  ETHER,
  nextHeader,
  postArguments,
  postBatch,
  type Rollup,
  registration,
  SEQUENCERS,
  STAKE,
  sequencerAccount,
  signature,
  UNBONDING,
} from './rollup.ts'

const DIGEST = keccak256(toHex('digest'))
const BURN: Hex = '0x000000000000000000000000000000000000dead'
const BLOCK_A = keccak256(toHex('block a'))
const BLOCK_B = keccak256(toHex('block b'))
const NONE: Hex = `0x${'00'.repeat(32)}`

type Kind = 1 | 2 | 3
const KINDS = ['', 'notarize', 'nullify', 'finalize'] as const

function vote(node: string, kind: Kind, viewNumber: bigint, blockHash: Hex) {
  const name = KINDS[kind] as 'notarize' | 'nullify' | 'finalize'
  const digest = bytesToHex(
    voteDigest({ kind: name, view: viewNumber, block: hexToBytes(blockHash) }),
  )
  return { kind, viewNumber, blockHash, signature: signature(node, digest) }
}

describe('registration', () => {
  it('counts stake as weight and keeps the order of registration', async () => {
    const { chain, sequencers } = await createRollup()
    expect(await chain.read(sequencers, 'totalWeight')).toBe(STAKE * BigInt(SEQUENCERS))
    expect(await chain.read(sequencers, 'quorum')).toBe((2n * STAKE * 4n) / 3n + 1n)
    expect(await chain.read(sequencers, 'activeMembers')).toBe(0b1111n)
    const member = await chain.read<{ operator: string }>(sequencers, 'member', [2n])
    expect(member.operator.toLowerCase()).toBe(chain.account(10))
  })

  it("refuses too little stake, a stranger's proof, a second key or operator, and infinity", async () => {
    const { chain, sequencers } = await createRollup()
    const from = chain.account(30)
    const [key, possession] = registration('sequencer-9')
    const [otherKey] = registration('sequencer-8')
    const attempt = (args: readonly unknown[], value = STAKE, account = from) =>
      chain.errorOf(sequencers, 'register', args, { from: account, value })
    expect(await attempt([key, possession], STAKE - 1n)).toBe('SequencerRegistry_StakeTooSmall')
    expect(await attempt([otherKey, possession])).toBe('SequencerRegistry_InvalidPossession')
    expect(await attempt([`0x${'00'.repeat(128)}`, `0x${'00'.repeat(256)}`])).toBe(
      'SequencerRegistry_InvalidKey',
    )
    expect(await attempt([key.slice(0, -2), possession])).toBe('SequencerRegistry_InvalidKey')
    expect(await attempt(registration('sequencer-0'))).toBe(
      'SequencerRegistry_KeyAlreadyRegistered',
    )
    expect(await attempt([key, possession], STAKE, chain.account(8))).toBe(
      'SequencerRegistry_OperatorAlreadyRegistered',
    )
    expect(await attempt([key, possession])).toBe('')
  })

  it('lets a member leave at once and withdraw after unbonding', async () => {
    const rollup = await createRollup()
    const { chain, sequencers } = rollup
    const from = sequencerAccount(rollup, 3)
    await chain.send(sequencers, 'requestExit', [], { from })
    expect(await chain.read(sequencers, 'weightOf', [3n])).toBe(0n)
    expect(await chain.read(sequencers, 'totalWeight')).toBe(STAKE * 3n)
    expect(await chain.errorOf(sequencers, 'withdraw', [], { from })).toBe(
      'SequencerRegistry_NotWithdrawable',
    )
    await chain.mine(Number(UNBONDING))
    const before = await chain.balanceOf(from)
    await chain.send(sequencers, 'withdraw', [], { from })
    expect((await chain.balanceOf(from)) - before).toBe(STAKE)
    expect(await chain.errorOf(sequencers, 'withdraw', [], { from })).toBe(
      'SequencerRegistry_NotWithdrawable',
    )
  })
})

describe('certificates', () => {
  let rollup: Rollup
  beforeAll(async () => {
    rollup = await createRollup()
  })
  const check = (digest: Hex, signers: bigint, sig: Hex) =>
    rollup.chain.errorOf(rollup.sequencers, 'verifyCertificate', [digest, signers, sig])

  it('hold with a quorum and cost less than 350k gas', async () => {
    const valid = certificate('sequencer', [0, 1, 3], DIGEST)
    const { gasUsed, result } = await rollup.chain.send(rollup.sequencers, 'verifyCertificate', [
      DIGEST,
      valid.signers,
      valid.signature,
    ])
    expect(result).toBe(3n * STAKE)
    expect(gasUsed).toBeLessThan(350_000n)
  })

  it('fail when one bit of digest, bitmap or signature is flipped', async () => {
    const valid = certificate('sequencer', [0, 1, 3], DIGEST)
    const flip = (hex: Hex, bit: bigint) =>
      `0x${(BigInt(hex) ^ (1n << bit)).toString(16).padStart(hex.length - 2, '0')}` as Hex
    for (const bit of [0n, 77n, 255n])
      expect(await check(flip(DIGEST, bit), valid.signers, valid.signature)).toBe(
        'SequencerRegistry_InvalidSignature',
      )
    for (const bit of [0n, 600n, 1300n])
      expect(await check(DIGEST, valid.signers, flip(valid.signature, bit))).toBe(
        'SequencerRegistry_InvalidSignature',
      )
    expect(await check(DIGEST, 0b1111n, valid.signature)).toBe('SequencerRegistry_InvalidSignature')
    expect(await check(DIGEST, 0b0111n, valid.signature)).toBe('SequencerRegistry_InvalidSignature')
    expect(await check(DIGEST, 0b0011n, valid.signature)).toBe('SequencerRegistry_QuorumMissing')
    expect(await check(DIGEST, valid.signers | (1n << 4n), valid.signature)).toBe(
      'SequencerRegistry_UnknownSigner',
    )
    expect(await check(DIGEST, 0n, valid.signature)).toBe('SequencerRegistry_QuorumMissing')
  })

  it('of data nodes need the fixed number of active nodes', async () => {
    const { chain, dataNodes } = rollup
    const enough = certificate('da', [1, 2, 3], DIGEST)
    const few = certificate('da', [1, 2], DIGEST)
    expect(
      await chain.errorOf(dataNodes, 'verifyCertificate', [
        DIGEST,
        enough.signers,
        enough.signature,
      ]),
    ).toBe('')
    expect(
      await chain.errorOf(dataNodes, 'verifyCertificate', [DIGEST, few.signers, few.signature]),
    ).toBe('DataRegistry_QuorumMissing')
    expect(
      await chain.errorOf(dataNodes, 'verifyCertificate', [DIGEST, 0b0111n, enough.signature]),
    ).toBe('DataRegistry_InvalidSignature')
  })
})

describe('slashing', () => {
  const conflicts: [string, ReturnType<typeof vote>, ReturnType<typeof vote>][] = [
    ['two notarizations', vote('sequencer-1', 1, 7n, BLOCK_A), vote('sequencer-1', 1, 7n, BLOCK_B)],
    ['two finalizations', vote('sequencer-1', 3, 7n, BLOCK_A), vote('sequencer-1', 3, 7n, BLOCK_B)],
    ['nullify and finalize', vote('sequencer-1', 2, 7n, NONE), vote('sequencer-1', 3, 7n, BLOCK_A)],
    ['finalize and nullify', vote('sequencer-1', 3, 7n, BLOCK_A), vote('sequencer-1', 2, 7n, NONE)],
  ]

  it.each(conflicts)('punishes %s', async (_, first, second) => {
    const { chain, sequencers } = await createRollup()
    const from = chain.account(25)
    const { logs } = await chain.send(sequencers, 'slash', [1n, first, second], { from })
    expect(logs[0]?.name).toBe('MemberSlashed')
    expect(await chain.read(sequencers, 'totalWeight')).toBe(3n * STAKE)
    expect(await chain.read(sequencers, 'activeMembers')).toBe(0b1101n)
    expect(await chain.read(sequencers, 'rewardOf', [from])).toBe(STAKE / 10n)
    expect(await chain.balanceOf(BURN)).toBe((STAKE * 9n) / 10n)
    const before = await chain.balanceOf(from)
    await chain.send(sequencers, 'claimReward', [], { from })
    expect((await chain.balanceOf(from)) - before).toBe(STAKE / 10n)
    expect(await chain.errorOf(sequencers, 'slash', [1n, first, second])).toBe(
      'SequencerRegistry_AlreadySlashed',
    )
  })

  it('spares honest behaviour and forged evidence', async () => {
    const { chain, sequencers } = await createRollup()
    const slash = (culprit: bigint, first: unknown, second: unknown) =>
      chain.errorOf(sequencers, 'slash', [culprit, first, second])
    const a = vote('sequencer-1', 1, 7n, BLOCK_A)
    const b = vote('sequencer-1', 1, 7n, BLOCK_B)
    expect(await slash(1n, a, a)).toBe('SequencerRegistry_NoConflict')
    expect(await slash(1n, a, vote('sequencer-1', 1, 8n, BLOCK_B))).toBe(
      'SequencerRegistry_NoConflict',
    )
    expect(await slash(1n, a, vote('sequencer-1', 2, 7n, NONE))).toBe(
      'SequencerRegistry_NoConflict',
    )
    expect(await slash(1n, a, vote('sequencer-1', 3, 7n, BLOCK_B))).toBe(
      'SequencerRegistry_NoConflict',
    )
    expect(await slash(2n, a, b)).toBe('SequencerRegistry_InvalidSignature')
    expect(await slash(1n, a, { ...b, signature: a.signature })).toBe(
      'SequencerRegistry_InvalidSignature',
    )
    expect(
      await slash(1n, a, { ...b, viewNumber: 7n, blockHash: BLOCK_A.replace(/.$/, '0') }),
    ).toBe('SequencerRegistry_InvalidSignature')
    expect(await slash(9n, a, b)).toBe('SequencerRegistry_UnknownSigner')
    const nullify = { ...vote('sequencer-1', 2, 7n, BLOCK_A) }
    expect(await slash(1n, nullify, vote('sequencer-1', 3, 7n, BLOCK_A))).toBe(
      'SequencerRegistry_InvalidVote',
    )
    expect(await chain.read(sequencers, 'totalWeight')).toBe(4n * STAKE)
  })

  it('reaches a member that leaves, until it withdraws', async () => {
    const rollup = await createRollup()
    const { chain, sequencers } = rollup
    await chain.send(sequencers, 'requestExit', [], { from: sequencerAccount(rollup, 1) })
    const [, first, second] = conflicts[0] ?? []
    await chain.send(sequencers, 'slash', [1n, first, second])
    await chain.mine(Number(UNBONDING))
    expect(
      await chain.errorOf(sequencers, 'withdraw', [], { from: sequencerAccount(rollup, 1) }),
    ).toBe('SequencerRegistry_NotWithdrawable')
    expect(await chain.read(sequencers, 'totalWeight')).toBe(3n * STAKE)
  })

  it('lets a certificate made before it count without the slashed weight', async () => {
    const { chain, sequencers } = await createRollup()
    const all = certificate('sequencer', [0, 1, 2, 3], DIGEST)
    const [, first, second] = conflicts[0] ?? []
    await chain.send(sequencers, 'slash', [1n, first, second])
    expect(
      await chain.read(sequencers, 'verifyCertificate', [DIGEST, all.signers, all.signature]),
    ).toBe(3n * STAKE)
    const three = certificate('sequencer', [0, 1, 2], DIGEST)
    expect(
      await chain.errorOf(sequencers, 'verifyCertificate', [
        DIGEST,
        three.signers,
        three.signature,
      ]),
    ).toBe('SequencerRegistry_QuorumMissing')
  })
})

describe('rewards', () => {
  it('pay the poster a fifth and signers by weight; what is not earned stays', async () => {
    const rollup = await createRollup()
    const { chain, sequencers } = rollup
    await chain.mine(3)
    const pool = await chain.read<bigint>(sequencers, 'rewardPool')
    await postBatch(rollup)
    const rewards = await Promise.all([0, 1, 2, 3].map(async (i) => sequencerAccount(rollup, i)))
    const owed: bigint[] = []
    for (const account of rewards)
      owed.push(await chain.read<bigint>(sequencers, 'rewardOf', [account]))
    const share = (ETHER * 60n) / 100n / 4n
    expect(owed).toEqual([ETHER / 5n + share, share, share, 0n])
    const left = await chain.read<bigint>(sequencers, 'rewardPool')
    expect(left).toBe(pool - owed.reduce((sum, value) => sum + value, 0n))
  })

  it('conserve every wei: stakes, pool and what is owed are the balance', async () => {
    const rollup = await createRollup()
    const { chain, sequencers } = rollup
    await chain.mine(3)
    for (let i = 0; i < 3; i++) {
      await postBatch(rollup)
      await chain.mine(1)
      if (i === 1)
        await chain.send(sequencers, 'claimReward', [], { from: sequencerAccount(rollup, 1) })
      let owed = await chain.read<bigint>(sequencers, 'rewardPool')
      for (let m = 0; m < SEQUENCERS; m++) {
        owed += await chain.read<bigint>(sequencers, 'rewardOf', [sequencerAccount(rollup, m)])
        owed += (await chain.read<{ stake: bigint }>(sequencers, 'member', [BigInt(m)])).stake
      }
      expect(owed).toBe(await chain.balanceOf(sequencers.address))
    }
  })

  it('are credited by the inbox alone and claimed once', async () => {
    const rollup = await createRollup()
    const { chain, sequencers } = rollup
    expect(await chain.errorOf(sequencers, 'creditBatch', [1n, chain.account(3), 15n])).toBe(
      'SequencerRegistry_NotInbox',
    )
    await chain.mine(3)
    await postBatch(rollup)
    const from = sequencerAccount(rollup, 1)
    await chain.send(sequencers, 'claimReward', [], { from })
    expect(await chain.errorOf(sequencers, 'claimReward', [], { from })).toBe(
      'SequencerRegistry_NothingToClaim',
    )
  })

  it('never exceed the pool', async () => {
    const rollup = await createRollup({ members: false })
    const { chain, sequencers, dataNodes } = rollup
    for (let i = 0; i < 4; i++) {
      await chain.send(sequencers, 'register', registration(`sequencer-${i}`), {
        from: sequencerAccount(rollup, i),
        value: STAKE,
      })
      await chain.send(dataNodes, 'register', registration(`da-${i}`), {
        from: chain.account(16 + i),
        value: 8n * ETHER,
      })
    }
    await chain.send(sequencers, 'fundRewards', [], { value: 10n })
    await chain.mine(3)
    const header = await nextHeader(rollup)
    await chain.send(rollup.inbox, 'postBatch', await postArguments(rollup, header))
    expect(await chain.read<bigint>(sequencers, 'rewardPool')).toBeLessThan(10n)
    expect(await chain.balanceOf(sequencers.address)).toBe(4n * STAKE + 10n)
  })
})

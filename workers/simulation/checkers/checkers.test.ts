import { describe, expect, test } from 'vitest'
import {
  bridgeSolvent,
  CHECKERS,
  derivedEqualsUnsafe,
  falseRootsFall,
  honestBondKept,
  judge,
  noDepositTwice,
  prefixAgreement,
  supplyConserved,
} from './checkers.ts'
import type { Evidence } from './evidence.ts'

const block = (
  number: bigint,
  burnedWei = 0n,
  deposits: Evidence['l2']['blocks'][number]['deposits'] = [],
) => ({
  number,
  hash: `0x${number}`,
  burnedWei,
  deposits,
})
const deposit = (name: string, mintWei: bigint) => ({ sourceHash: name, mintWei, succeeded: true })

/** A small run in which everything adds up. */
const sound: Evidence = {
  l1: { genesisTotalWei: 1_000n, totalWei: 993n, blocks: [block(1n, 7n)] },
  l2: {
    genesisTotalWei: 100n,
    totalWei: 108n,
    blocks: [block(1n, 2n, [deposit('a', 4n)]), block(2n, 0n, [deposit('b', 6n)])],
  },
  bridge: {
    genesisBalanceWei: 100n,
    balanceWei: 107n,
    receivedWei: 12n,
    paidWei: 5n,
    withdrawnWei: 5n,
    queued: [
      { sourceHash: 'a', mintWei: 4n },
      { sourceHash: 'b', mintWei: 6n },
      { sourceHash: 'c', mintWei: 2n },
    ],
  },
  certificates: [
    { node: 's-0', view: 1n, kind: 'notarize', hash: 'x' },
    { node: 's-0', view: 1n, kind: 'finalize', hash: 'x' },
    { node: 's-1', view: 1n, kind: 'finalize', hash: 'x' },
    { node: 's-0', view: 2n, kind: 'nullify', hash: '' },
  ],
  derived: new Map([
    [
      'challenger-0',
      new Map([
        [1n, '0x1'],
        [2n, '0xother'],
      ]),
    ],
  ]),
  unsafe: new Map([
    [1n, '0x1'],
    [2n, '0x2'],
  ]),
  safeNumber: 1n,
  games: [
    {
      game: 'g',
      honest: true,
      status: 'defenderWins',
      claims: [
        { index: 0, claimant: 'good', winner: 'good' },
        { index: 1, claimant: 'bad', winner: 'good' },
      ],
    },
    {
      game: 'h',
      honest: false,
      status: 'challengerWins',
      claims: [{ index: 0, claimant: 'bad', winner: 'good' }],
    },
    {
      game: 'i',
      honest: true,
      status: null,
      claims: [{ index: 0, claimant: 'good', winner: null }],
    },
  ],
  honestAccounts: new Set(['good']),
}

test('a sound run breaks nothing', () => {
  const { invariants, complaints } = judge(sound)
  expect(complaints).toEqual([])
  expect(Object.values(invariants)).toEqual(Object.keys(CHECKERS).map(() => true))
})

describe('each checker catches the bug that it is for', () => {
  test('supplyConserved: a balance out of nothing, on either chain, or a burn that burned nothing', () => {
    expect(supplyConserved({ ...sound, l2: { ...sound.l2, totalWei: 109n } })).toHaveLength(1)
    expect(supplyConserved({ ...sound, l1: { ...sound.l1, totalWei: 992n } })).toHaveLength(1)
    expect(supplyConserved({ ...sound, l1: { ...sound.l1, totalWei: 1_000n } })).toHaveLength(1)
  })

  test('bridgeSolvent: escrow that vanished, a payment that nobody withdrew, more ETH on L2 than in escrow', () => {
    const bridge = (change: Partial<Evidence['bridge']>) =>
      bridgeSolvent({ ...sound, bridge: { ...sound.bridge, ...change } })
    expect(bridge({ balanceWei: 106n })).not.toEqual([])
    expect(bridge({ withdrawnWei: 4n })).not.toEqual([])
    expect(bridgeSolvent({ ...sound, l2: { ...sound.l2, totalWei: 200n } })).not.toEqual([])
  })

  test('prefixAgreement: two blocks finalized in one view, or a finalized view skipped', () => {
    const add = (...more: Evidence['certificates'][number][]) =>
      prefixAgreement({ ...sound, certificates: [...sound.certificates, ...more] })
    expect(add({ node: 's-2', view: 1n, kind: 'finalize', hash: 'y' })).toHaveLength(1)
    expect(add({ node: 's-2', view: 1n, kind: 'nullify', hash: '' })).toHaveLength(1)
    expect(add({ node: 's-2', view: 2n, kind: 'nullify', hash: '' })).toEqual([])
  })

  test('derivedEqualsUnsafe: another block below the safe head; not above it', () => {
    expect(derivedEqualsUnsafe({ ...sound, safeNumber: 2n })).toHaveLength(1)
    expect(derivedEqualsUnsafe(sound)).toEqual([])
  })

  test('honestBondKept: an honest root that falls, an honest bond lost', () => {
    const game = (change: Partial<Evidence['games'][number]>) =>
      honestBondKept({
        ...sound,
        games: [{ ...(sound.games[0] as Evidence['games'][number]), ...change }],
      })
    expect(game({ status: 'challengerWins' })).toHaveLength(1)
    expect(game({ claims: [{ index: 0, claimant: 'good', winner: 'bad' }] })).toHaveLength(1)
  })

  test('falseRootsFall: a false root that stands', () => {
    const [good] = sound.games as [Evidence['games'][number]]
    expect(falseRootsFall(sound)).toEqual([])
    expect(falseRootsFall({ ...sound, games: [{ ...good, honest: false }] })).toHaveLength(1)
  })

  test('noDepositTwice: executed twice, out of order, with another amount, or forged', () => {
    const run = (deposits: Evidence['l2']['blocks'][number]['deposits']) =>
      noDepositTwice({ ...sound, l2: { ...sound.l2, blocks: [block(1n, 0n, deposits)] } })
    expect(run([deposit('a', 4n), deposit('a', 4n)])).not.toEqual([])
    expect(run([deposit('b', 6n)])).not.toEqual([])
    expect(run([deposit('a', 5n)])).not.toEqual([])
    expect(
      run([deposit('a', 4n), deposit('b', 6n), deposit('c', 2n), deposit('d', 1n)]),
    ).not.toEqual([])
    expect(run([deposit('a', 4n)])).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { funded, SYSTEM_CONTRACTS, sign, testAccounts } from '../chain/testing/accounts.ts'
import { createRng } from '../kernel/rng.ts'
import type { Effect, Plain, Role } from '../kernel/role.ts'
import type { L1Head } from '../protocol/messages.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { PRESETS } from '../rollup/parameters.ts'
import type { L1Config } from './config.ts'
import { createL1Role } from './l1.ts'

const [alice, bob] = testAccounts(2)
if (alice === undefined || bob === undefined) throw new Error('accounts')
const parameters = PRESETS.classroom

const config: L1Config = {
  preset: 'classroom',
  contracts: {},
  subscribers: ['executor-0'],
  genesis: {
    accounts: [...SYSTEM_CONTRACTS, funded(alice), funded(bob)],
    timestamp: 1_767_225_600n,
    gasLimit: 60_000_000n,
    baseFee: 1_000_000_000n,
    coinbase: new Uint8Array(20),
    prevrandao: new Uint8Array(32),
    extraData: new Uint8Array(0),
  },
}

const transfer = (nonce: bigint, tip = 10n ** 9n) =>
  sign(alice, {
    nonce,
    to: bob.address,
    value: 1n,
    chainId: BigInt(parameters.l1ChainId),
    maxPriorityFeePerGas: tip,
  })

interface Harness {
  readonly role: Role
  readonly durable: Map<string, Plain>
  timeMs: number
  send(
    kind: 'start' | 'message' | 'timer' | 'input',
    type: string,
    payload?: Plain,
  ): Promise<readonly Effect[]>
  slot(): Promise<readonly Effect[]>
}

async function boot(durable = new Map<string, Plain>()): Promise<Harness> {
  const role = await createL1Role(
    { id: 'l1', rng: createRng('l1'), durable },
    config as unknown as Plain,
  )
  let sequence = 0
  const harness: Harness = {
    role,
    durable,
    timeMs: 0,
    async send(kind, type, payload = null) {
      sequence += 1
      const source = kind === 'message' ? 'sequencer-1' : 'l1'
      const effects = await role.step({
        timeMs: harness.timeMs,
        source,
        sequence,
        kind,
        type,
        payload,
      })
      for (const effect of effects)
        if (effect.kind === 'persist') durable.set(effect.key, effect.value)
      return effects
    },
    slot() {
      harness.timeMs += parameters.l1SlotMs
      return harness.send('timer', 'slot')
    },
  }
  await harness.send('start', durable.size === 0 ? 'boot' : 'restart')
  return harness
}

const heads = (effects: readonly Effect[], to = 'executor-0') =>
  effects.flatMap((effect) =>
    effect.kind === 'send' && effect.type === 'l1.head' && effect.to === to
      ? [effect.payload as unknown as L1Head]
      : [],
  )

describe('the L1 node', () => {
  it('makes a block each slot and sends its head', async () => {
    const l1 = await boot()
    await l1.send('message', 'l1.sendTransaction', { raw: transfer(0n).raw })
    const effects = await l1.slot()
    const [head] = heads(effects)
    expect(head?.number).toBe(1n)
    expect(head?.timestamp).toBe(1_767_225_601n)
    expect(head?.outcomes).toMatchObject([{ nonce: 0n, succeeded: true, gasUsed: 21_000n }])
    expect(head && keccak256(head.headerRlp)).toEqual(head?.hash)
    expect(
      effects.some((effect) => effect.kind === 'timer' && effect.delayMs === parameters.l1SlotMs),
    ).toBe(true)
    expect(effects.find((effect) => effect.kind === 'report')).toMatchObject({
      type: 'l1.block',
      payload: { number: 1n, transactions: 1 },
    })
  })

  it('answers inputs with a hash, or with an error that says why', async () => {
    const l1 = await boot()
    const raw = bytesToHex(transfer(0n).raw)
    const input = { inputId: 5, method: 'eth_sendRawTransaction', params: [raw] }
    expect(await l1.send('input', 'rpc', input)).toEqual([
      { kind: 'reply', inputId: 5, result: bytesToHex(transfer(0n).hash) },
    ])
    expect(await l1.send('input', 'rpc', input)).toMatchObject([
      { kind: 'replyError', inputId: 5, error: { name: 'TransactionRejectedError', code: -32003 } },
    ])
    await l1.slot()
    expect(await l1.send('input', 'rpc', input)).toMatchObject([
      { error: { message: expect.stringContaining('nonce too low') } },
    ])
    expect(await l1.send('input', 'rpc', { ...input, params: ['0xzz'] })).toMatchObject([
      { error: { code: -32602 } },
    ])
    expect(await l1.send('input', 'rpc', { ...input, method: 'eth_nothing' })).toMatchObject([
      { error: { code: -32601 } },
    ])
  })

  it('replays heads to whom subscribes, and answers JSON-RPC to nodes', async () => {
    const l1 = await boot()
    for (let index = 0; index < 3; index += 1) await l1.slot()
    const replayed = heads(
      await l1.send('message', 'l1.subscribe', { fromNumber: 2n }),
      'sequencer-1',
    )
    expect(replayed.map(({ number }) => number)).toEqual([2n, 3n])
    expect(heads(await l1.slot(), 'sequencer-1').map(({ number }) => number)).toEqual([4n])
    const [answer] = await l1.send('message', 'l1.rpc', {
      id: 1,
      method: 'eth_blockNumber',
      params: '[]',
    })
    expect(answer).toMatchObject({
      to: 'sequencer-1',
      payload: { id: 1, result: '"0x4"', error: '' },
    })
  })

  it('replaces blocks in a reorg and includes their transactions again', async () => {
    const l1 = await boot()
    const before: L1Head[] = []
    for (let index = 0; index < 5; index += 1) {
      await l1.send('message', 'l1.sendTransaction', { raw: transfer(BigInt(index)).raw })
      before.push(...heads(await l1.slot()))
    }
    const effects = await l1.send('input', 'reorg', { inputId: 1, depth: 3 })
    const after = heads(effects)
    expect(after.map(({ number }) => number)).toEqual([3n, 4n, 5n])
    expect(after[0]?.parentHash).toEqual(before[1]?.hash)
    expect(after[2]?.hash).not.toEqual(before[4]?.hash)
    expect(effects.at(-1)).toMatchObject({ kind: 'reply', inputId: 1 })
    const later = heads(await l1.slot())
    const outcomes = [...after, ...later].flatMap((head) => head.outcomes.map(({ nonce }) => nonce))
    expect(outcomes).toEqual([2n, 3n, 4n])
    expect(await l1.send('input', 'reorg', { inputId: 2, depth: 99 })).toMatchObject([
      { kind: 'replyError', error: { name: 'InvalidArgumentError' } },
    ])
  })

  it('has the same chain again after a crash', async () => {
    const l1 = await boot()
    await l1.send('message', 'l1.sendTransaction', { raw: transfer(0n).raw })
    await l1.slot()
    await l1.slot()
    const again = await boot(l1.durable)
    const hash = (harness: Harness) =>
      harness.role.query('rpc', { method: 'eth_getBlockByNumber', params: ['latest', false] })
    expect(await hash(again)).toEqual(await hash(l1))
  })

  it('returns to a snapshot, whatever happened since', async () => {
    const l1 = await boot()
    await l1.slot()
    const snapshot = l1.role.snapshot()
    const digest = l1.role.digest()
    await l1.send('message', 'l1.sendTransaction', { raw: transfer(0n).raw })
    expect(l1.role.digest()).not.toEqual(digest)
    await l1.slot()
    await l1.role.restore(snapshot)
    expect(l1.role.digest()).toEqual(digest)
  })
})

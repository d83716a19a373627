import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Conductor, type ConductorOptions, createConductor } from './conductor.ts'
import { createJobRunner } from './jobs.ts'
import { createRoleHost } from './roleHost.ts'
import { toyHash, toyJobs, toyNetwork, toyRoles, toySpecs } from './toyRoles.testing.ts'
import type { KernelTrace } from './trace.ts'

/** `hosts` hosts, nodes placed round robin. */
async function toyWorld(options: Partial<ConductorOptions> & { hosts?: number } = {}) {
  const hosts = Array.from({ length: options.hosts ?? 1 }, () =>
    createRoleHost({ roles: toyRoles, hash: toyHash }),
  )
  const trace: KernelTrace[] = []
  const conductor = await createConductor({
    seed: 7,
    nodes: toySpecs().map((spec, i) => ({ spec, host: hosts[i % hosts.length] as never })),
    jobs: createJobRunner(toyJobs),
    network: toyNetwork,
    hash: toyHash,
    digestEveryMs: 500,
    onTrace: (event) => trace.push(event),
    ...options,
  })
  return { conductor, trace }
}

async function runUntil(conductor: Conductor, timeMs: number): Promise<void> {
  for (let next = conductor.nextMs(); next !== null && next < timeMs; next = conductor.nextMs()) {
    await conductor.step()
  }
  await conductor.idleUntil(timeMs)
}

const hashAt = async (conductor: Conductor, timeMs: number) => {
  await runUntil(conductor, timeMs)
  return Buffer.from(await conductor.eventHash()).toString('hex')
}

describe('determinism', () => {
  test('the same seed gives the same hash on one host and on three', async () => {
    const one = await toyWorld()
    const three = await toyWorld({ hosts: 3 })
    const hash = await hashAt(one.conductor, 3000)
    expect(await hashAt(three.conductor, 3000)).toBe(hash)
    expect(three.trace).toEqual(one.trace)
    expect(one.conductor.events()).toBeGreaterThan(200)
  })

  test('another seed gives another hash', async () => {
    const a = await toyWorld({ seed: 7 })
    const b = await toyWorld({ seed: 8 })
    expect(await hashAt(a.conductor, 1000)).not.toBe(await hashAt(b.conductor, 1000))
  })

  test('recorded inputs and faults replay to the same hash, whenever they were given', async () => {
    const moment = fc.integer({ min: 0, max: 150 })
    const action = fc.record({
      waitMs: moment,
      what: fc.constantFrom(
        'count',
        'throw',
        'crash',
        'restart',
        'slow',
        'partition',
        'reconnect',
        'loss',
        'clog',
        'badJob',
      ),
      node: fc.constantFrom('a', 'b', 'c', 'd'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        const live = await toyWorld()
        for (const { waitMs, what, node } of actions) {
          await runUntil(live.conductor, live.conductor.nowMs() + waitMs)
          await act(live.conductor, what, node)
        }
        const endMs = live.conductor.nowMs() + 400
        const hash = await hashAt(live.conductor, endMs)
        const replayed = await toyWorld({ hosts: 2, inputs: live.conductor.inputs() })
        expect(await hashAt(replayed.conductor, endMs)).toBe(hash)
      }),
      { numRuns: 40 },
    )
  })

  test('inputs given while a window runs are stamped behind it', async () => {
    const live = await toyWorld()
    const running = runUntil(live.conductor, 2000)
    for (let i = 0; i < 20; i++) {
      void live.conductor.input('a', 'count', {})
      await Promise.resolve()
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    await running
    const hash = await hashAt(live.conductor, 3000)
    const replayed = await toyWorld({ inputs: live.conductor.inputs() })
    expect(await hashAt(replayed.conductor, 3000)).toBe(hash)
  })
})

async function act(conductor: Conductor, what: string, node: string): Promise<void> {
  switch (what) {
    case 'crash':
    case 'restart':
      return conductor.fault({ kind: what, node })
    case 'slow':
      return conductor.fault({ kind: 'slow', node, factor: 3 })
    case 'partition':
      return conductor.fault({ kind: 'partition', groups: [['a', 'b'], ['c']] })
    case 'reconnect':
      return conductor.fault({ kind: 'reconnect' })
    case 'loss':
      return conductor.fault({ kind: 'loss', lossPermille: 200, duplicatePermille: 200 })
    case 'clog':
      return conductor.fault({ kind: 'clog', from: node, to: node === 'a' ? 'b' : 'a', forMs: 300 })
    default:
      void conductor.input(node, what, {}).catch(() => undefined)
      // The input is stamped when its turn comes, before the next step.
      await conductor.idleUntil(0)
  }
}

describe('checkpoints', () => {
  test('a rollback returns to the same future', async () => {
    const { conductor } = await toyWorld({ hosts: 2 })
    await runUntil(conductor, 700)
    const id = await conductor.checkpoint()
    const timeMs = conductor.nowMs()
    const first = await hashAt(conductor, 2000)
    await conductor.fault({ kind: 'crash', node: 'b' })
    await runUntil(conductor, 2500)
    await conductor.rollback(id)
    expect(conductor.nowMs()).toBe(timeMs)
    expect(await hashAt(conductor, 2000)).toBe(first)
    expect(conductor.inputs()).toEqual([])
  })

  test('a rollback revives a node that crashed since', async () => {
    const { conductor } = await toyWorld()
    await runUntil(conductor, 300)
    const id = await conductor.checkpoint()
    const before = await conductor.query('a', 'state', null)
    await conductor.fault({ kind: 'crash', node: 'a' })
    await runUntil(conductor, 600)
    await expect(conductor.query('a', 'state', null)).rejects.toThrow('crashed')
    await conductor.rollback(id)
    expect(await conductor.query('a', 'state', null)).toEqual(before)
  })

  test('an input that a rollback forgets is rejected, not left hanging', async () => {
    const { conductor } = await toyWorld()
    const id = await conductor.checkpoint()
    const reply = conductor.input('a', 'ignore', {})
    await conductor.idleUntil(0)
    await conductor.rollback(id)
    await expect(reply).rejects.toMatchObject({ name: 'UnknownCheckpointError' })
  })

  test('an unknown checkpoint is a typed error', async () => {
    const { conductor } = await toyWorld()
    await expect(conductor.rollback(99)).rejects.toMatchObject({ name: 'UnknownCheckpointError' })
  })
})

describe('inputs', () => {
  test('resolve with the reply, reject with its error', async () => {
    const { conductor } = await toyWorld()
    const count = conductor.input('a', 'count', {})
    const refusal = conductor.input('a', 'refuse', {})
    const settled = Promise.allSettled([count, refusal])
    await conductor.idleUntil(0)
    await runUntil(conductor, 100)
    const [first, second] = await settled
    expect(first).toEqual({ status: 'fulfilled', value: 0 })
    expect(second).toMatchObject({
      reason: { name: 'ToyError', message: 'No.', code: -32000, data: { why: 'no' } },
    })
  })

  test('a crashed node rejects inputs, also those it had not answered', async () => {
    const { conductor } = await toyWorld()
    const unanswered = conductor.input('a', 'ignore', {})
    await conductor.idleUntil(0)
    await conductor.step()
    await conductor.fault({ kind: 'crash', node: 'a' })
    const late = conductor.input('a', 'count', {})
    const settled = Promise.allSettled([unanswered, late])
    await conductor.idleUntil(0)
    await runUntil(conductor, 200)
    for (const one of await settled)
      expect(one).toMatchObject({ reason: { name: 'NodeCrashedError' } })
  })

  test('an input that is never answered is rejected within the bound', async () => {
    const { conductor } = await toyWorld()
    const reply = conductor.input('a', 'ignore', {}).catch((error: Error) => error.name)
    await conductor.idleUntil(0)
    await runUntil(conductor, 121_000)
    expect(await reply).toBe('InputTimeoutError')
  })

  test('closing rejects what is pending', async () => {
    const { conductor } = await toyWorld()
    const reply = conductor.input('a', 'ignore', {})
    await conductor.idleUntil(0)
    await conductor.close()
    await expect(reply).rejects.toMatchObject({ name: 'WorldClosedError' })
  })

  test('an unknown node, a bad payload and a bad fault are refused before anything is recorded', async () => {
    const { conductor } = await toyWorld()
    await expect(conductor.input('z', 'count', {})).rejects.toMatchObject({
      name: 'UnknownNodeError',
    })
    await expect(conductor.input('a', 'count', { x: Number.NaN })).rejects.toMatchObject({
      name: 'CanonicalError',
    })
    await expect(conductor.fault({ kind: 'slow', node: 'a', factor: 0 })).rejects.toMatchObject({
      name: 'InvalidArgumentError',
    })
    await expect(conductor.fault({ kind: 'crash', node: 'z' })).rejects.toMatchObject({
      name: 'UnknownNodeError',
    })
    expect(conductor.inputs()).toEqual([])
  })
})

describe('faults', () => {
  test.each(['throw', 'badTimer', 'badJob', 'notPlain'])(
    'a role that fails by %s dies alone and can be restarted',
    async (type) => {
      const { conductor, trace } = await toyWorld()
      await runUntil(conductor, 200)
      const reply = conductor.input('a', type, {}).catch((error: Error) => error.name)
      await conductor.idleUntil(0)
      await runUntil(conductor, 300)
      expect(await reply).toBe('NodeCrashedError')
      expect(conductor.isAlive('a')).toBe(false)
      expect(trace.some((event) => event.kind === 'died' && event.node === 'a')).toBe(true)
      expect(trace.some((event) => event.kind === 'report' && event.type === 'role.error')).toBe(
        true,
      )
      await conductor.fault({ kind: 'restart', node: 'a' })
      await runUntil(conductor, 600)
      expect(await conductor.query('a', 'state', null)).toMatchObject({ boots: 2 })
    },
  )

  test('a crash keeps durable storage and forgets timers and jobs', async () => {
    const { conductor, trace } = await toyWorld()
    await runUntil(conductor, 500)
    await conductor.fault({ kind: 'crash', node: 'b' })
    await runUntil(conductor, 1000)
    expect(trace.some((e) => e.kind === 'report' && e.node === 'b' && e.timeMs >= 500)).toBe(false)
    await conductor.fault({ kind: 'restart', node: 'b' })
    await runUntil(conductor, 1100)
    const started = trace.filter(
      (e) => e.kind === 'report' && e.type === 'toy.started' && e.node === 'b',
    )
    expect(started.at(-1)).toMatchObject({ payload: { type: 'restart', boots: 2 } })
  })

  test('a partition loses messages between its groups in both directions, a block in one', async () => {
    const { conductor, trace } = await toyWorld()
    await conductor.fault({ kind: 'partition', groups: [['a'], ['b']] })
    await conductor.fault({ kind: 'block', from: ['c'], to: ['d'] })
    await runUntil(conductor, 2000)
    const lost = (from: string, to: string) =>
      trace.flatMap((e) => (e.kind === 'message' && e.from === from && e.to === to ? [e.lost] : []))
    expect([lost('a', 'b'), lost('b', 'a'), lost('c', 'd')].flat()).not.toContain(false)
    expect([lost('d', 'c'), lost('a', 'c')].flat()).not.toContain(true)
    await conductor.fault({ kind: 'reconnect' })
    const before = trace.length
    await runUntil(conductor, 4000)
    expect(trace.slice(before).some((e) => e.kind === 'message' && e.lost)).toBe(false)
  })

  test('messages of one link arrive in order and never before the minimum latency', async () => {
    const { conductor, trace } = await toyWorld()
    await runUntil(conductor, 5000)
    const last = new Map<string, number>()
    for (const event of trace) {
      if (event.kind !== 'message') continue
      const link = `${event.from}>${event.to}`
      expect(event.arriveMs).toBeGreaterThanOrEqual(last.get(link) ?? 0)
      expect(event.arriveMs - event.timeMs).toBeGreaterThanOrEqual(10)
      last.set(link, event.arriveMs)
    }
  })
})

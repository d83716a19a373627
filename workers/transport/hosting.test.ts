import { afterAll, describe, expect, test } from 'vitest'
import { type Conductor, createConductor } from '../kernel/conductor.ts'
import { toyHash, toyJobs, toyNetwork, toyRoles, toySpecs } from '../kernel/toyRoles.testing.ts'
import type { KernelTrace, RecordedInput } from '../kernel/trace.ts'
import { createThreadlessHosting, type Hosting } from '../simulation/host.ts'
import { createThreadHosting } from './threadWorkers.node.ts'

const threads = () =>
  createThreadHosting(async () => new URL('./toyRole.testing.node.ts', import.meta.url))
const threadless = () => createThreadlessHosting({ roles: toyRoles, jobs: toyJobs, hash: toyHash })

const open: Conductor[] = []
afterAll(async () => {
  await Promise.all(open.map((conductor) => conductor.close()))
})

async function toyWorld(hosting: Hosting, inputs: readonly RecordedInput[] = []) {
  const hosts = [await hosting.createHost('one'), await hosting.createHost('two')]
  const trace: KernelTrace[] = []
  const conductor = await createConductor({
    seed: 7,
    nodes: toySpecs().map((spec, i) => ({ spec, host: hosts[i % 2] as never })),
    jobs: await hosting.createJobs('jobs'),
    network: toyNetwork,
    hash: toyHash,
    digestEveryMs: 500,
    inputs,
    onTrace: (event) => trace.push(event),
  })
  open.push(conductor)
  return { conductor, trace }
}

async function run(conductor: Conductor, timeMs: number): Promise<string> {
  for (let next = conductor.nextMs(); next !== null && next < timeMs; next = conductor.nextMs()) {
    await conductor.step()
  }
  await conductor.idleUntil(timeMs)
  return Buffer.from(await conductor.eventHash()).toString('hex')
}

describe('worker threads', () => {
  test('give the same event hash and trace as one thread, with faults and inputs', async () => {
    const a = await toyWorld(threads())
    await run(a.conductor, 500)
    await a.conductor.fault({ kind: 'crash', node: 'b' })
    const count = a.conductor.input('a', 'count', {})
    await run(a.conductor, 1000)
    expect(await count).toBeGreaterThan(0)
    await a.conductor.fault({ kind: 'restart', node: 'b' })
    const hash = await run(a.conductor, 2000)
    const b = await toyWorld(threadless(), a.conductor.inputs())
    expect(await run(b.conductor, 2000)).toBe(hash)
    expect(b.trace).toEqual(a.trace)
  })

  test('keep name, code, data and details of errors', async () => {
    const { conductor } = await toyWorld(threads())
    await expect(conductor.query('a', 'nothing', null)).rejects.toMatchObject({
      name: 'ToyError',
      code: -32601,
      shortMessage: 'Node a knows no query "nothing".',
    })
  })

  test('keep checkpoints inside', async () => {
    const { conductor } = await toyWorld(threads())
    await run(conductor, 400)
    const id = await conductor.checkpoint()
    const hash = await run(conductor, 1500)
    await conductor.rollback(id)
    expect(await run(conductor, 1500)).toBe(hash)
  })

  test('that die take their nodes with them; the run goes on, replays, and a restart brings them back', async () => {
    const { conductor, trace } = await toyWorld(threads())
    await run(conductor, 400)
    const asked = conductor.input('b', 'killWorker', {}).catch((error: Error) => error.name)
    await run(conductor, 600)
    expect(await asked).toBe('NodeCrashedError')
    expect(['a', 'b', 'c', 'd'].map((id) => conductor.isAlive(id))).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect(trace.some((event) => event.kind === 'died' && event.node === 'd')).toBe(true)
    await expect(conductor.query('d', 'state', null)).rejects.toMatchObject({
      name: 'WorkerLostError',
    })
    await conductor.fault({ kind: 'restart', node: 'b' })
    await conductor.fault({ kind: 'restart', node: 'd' })
    const hash = await run(conductor, 2000)
    expect(await conductor.query('b', 'state', null)).toMatchObject({ boots: 2 })
    const replay = await toyWorld(threadless(), conductor.inputs())
    expect(await run(replay.conductor, 2000)).toBe(hash)
  })
})

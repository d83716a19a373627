import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { PersonaProjection } from '../../../workers/protocol/persona.ts'
import type { Projection } from '../../../workers/protocol/projection.ts'
import { personaStore } from '../../store/persona.ts'
import { worldStore } from '../../store/world.ts'
import { createStage, LeftError } from './stage.ts'

/** The world's head, the block that the engine has read, and how many passports it shows. */
function show(head: bigint, read: bigint, passports: number, readings = 1): void {
  worldStore.setState({
    world: { clock: { failure: null }, l2: { heads: { unsafe: { number: head } } } } as Projection,
  })
  personaStore.setState({
    personas: { setup: { blockNumber: read, readings, passports } } as PersonaProjection,
  })
}

function createTestStage(forgotten: number | null = null) {
  const leaving = new AbortController()
  const tell = vi.fn()
  const stage = createStage({} as never, {
    cut: 'full',
    signal: leaving.signal,
    forgotten,
    tell,
    note: vi.fn(),
  })
  return { stage, leaving, tell }
}

const passports = {
  read: ({ personas }: { readonly personas: PersonaProjection }) =>
    personas.setup.passports || null,
}

describe('a step that waits', () => {
  beforeEach(() => {
    personaStore.setState({ personas: null, crash: null })
    worldStore.setState({ world: null })
  })

  it('says what for, and goes on with what it finds', async () => {
    const { stage, tell } = createTestStage()
    const waiting = stage.until('people are there', passports.read)
    expect(tell).toHaveBeenCalledWith('Waits until people are there.')
    show(5n, 5n, 0)
    show(6n, 6n, 200)
    await expect(waiting).resolves.toBe(200)
  })

  it('does not believe what the engine read in a future that was taken back', async () => {
    const { stage } = createTestStage()
    const waiting = stage.until('people are there', passports.read)
    show(3n, 170n, 999)
    show(3n, 3n, 12)
    await expect(waiting).resolves.toBe(12)
  })

  it('does not believe it either while the page has not heard that the world went back', async () => {
    const { stage } = createTestStage(1)
    const waiting = stage.until('people are there', passports.read)
    show(170n, 170n, 999, 1)
    show(3n, 3n, 12, 2)
    await expect(waiting).resolves.toBe(12)
  })

  it('ends when the step is left, and when the engine crashes', async () => {
    const left = createTestStage()
    const waiting = left.stage.until('people are there', passports.read)
    left.leaving.abort(new LeftError())
    await expect(waiting).rejects.toThrow(LeftError)
    const crashed = createTestStage().stage.until('people are there', passports.read)
    personaStore.setState({ crash: 'out of memory' })
    await expect(crashed).rejects.toThrow('out of memory')
  })
})

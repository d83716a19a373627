import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PersonaProjection } from '../../../workers/protocol/persona.ts'
import type { Projection } from '../../../workers/protocol/projection.ts'
import { type Proven, type Prover, type Refusal, StoppedError } from '../../bridge/prover.ts'
import { personaStore } from '../../store/persona.ts'
import { worldStore } from '../../store/world.ts'
import type { Session } from '../shell/session-context.ts'

// The page's theme stands in the document.
vi.stubGlobal('document', { documentElement: { dataset: {} } })
const { changeOneBit, readProof, startProof, stopProof } = await import('./run.ts')

const claim = { kind: 'score', passport: 1, campaign: '1' } as const
const proven = { l2Block: 5n } as Proven
const refusal = { isRefused: true } as Refusal

const clockAt = (timeMs: number) =>
  worldStore.setState({ world: { clock: { timeMs } } as Projection })

const sessionOf = (prover: Partial<Prover>): Session =>
  ({ prover: { stop: () => undefined, ...prover } }) as unknown as Session

/** A proof that was believed at second 10. */
async function believed(change: Prover['change'] = async () => refusal): Promise<Session> {
  personaStore.setState({ personas: {} as PersonaProjection })
  clockAt(10_000)
  const session = sessionOf({ prove: async () => proven, change })
  await startProof(session, { claim, title: 'Alice: score' })
  return session
}

const run = readProof

afterEach(() => stopProof(sessionOf({})))

describe('a proof on the page', () => {
  it('keeps its verdict as time goes on, and goes with a world that went back before it', async () => {
    await believed()
    expect(run()).toMatchObject({ verdict: proven, atMs: 10_000 })
    clockAt(12_000)
    expect(run()?.verdict).toBe(proven)
    clockAt(9_999)
    expect(run()).toBeNull()
  })

  it('goes with the people of its world, wherever the next world begins', async () => {
    await believed()
    personaStore.setState({ personas: null })
    expect(run()).toBeNull()
  })

  it('keeps its verdict when a changed bit is refused, and when it could not even be sent', async () => {
    const session = await believed()
    await changeOneBit(session, 'storageProof')
    expect(run()).toMatchObject({ verdict: proven, change: { stage: 'answered', refusal } })
    const broken = await believed(() => Promise.reject(new Error('The node is crashed.')))
    await changeOneBit(broken, 'storageProof')
    expect(run()).toMatchObject({
      verdict: proven,
      change: { stage: 'failed', reason: 'The node is crashed.' },
    })
  })

  it('says why there is no verdict, but nothing after it was stopped', async () => {
    const failing = sessionOf({ prove: () => Promise.reject(new Error('No badge.')) })
    await startProof(failing, { claim, title: '' })
    expect(run()).toMatchObject({ verdict: null, failure: 'No badge.' })
    let stop: (reason: Error) => void = () => undefined
    const endless = sessionOf({
      prove: () => new Promise((_, reject) => (stop = reject)),
      stop: () => stop(new StoppedError('Stopped.')),
    })
    const proving = startProof(endless, { claim, title: '' })
    stopProof(endless)
    await proving
    expect(run()).toBeNull()
  })
})

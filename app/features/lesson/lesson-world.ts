import type { Projection } from '../../../workers/protocol/projection.ts'
import { lessonOptions, type Session } from '../../bridge/session.ts'
import { select, viewStore } from '../../store/view.ts'

const liar = 'executor-0'
export const watcher = 'challenger-0'
const fraud = 'fraud-sstore'

/** Whether the world that runs is the lesson's, and nobody has lied in it yet. */
export function isLessonWorld({ run, frauds }: Projection): boolean {
  const { preset, seed, scenario } = lessonOptions
  const { parameters } = run
  const isSame = parameters.preset === preset && run.seed === seed && run.scenario === scenario
  return isSame && parameters.codeSizeMax === 24_576 && frauds.length === 0
}

/** Replaces whatever runs by a fresh world of the lesson. */
export async function openLessonWorld({ world, wallet }: Session): Promise<void> {
  select(null)
  viewStore.setState({ checkpoints: [] })
  await wallet.forget()
  await world.open(lessonOptions, { kept: false })
  await world.setSpeed(1)
  await world.play()
}

/** Keeps the moment before the lie, so that it can be told again; the number is for `cheatAgain`. */
export async function cheat({ world }: Session): Promise<number> {
  const moment = await world.checkpoint()
  await world.fault({ kind: 'corrupt', node: liar, fraud })
  return moment
}

/** Back to the moment before the lie, and the same lie once more. */
export async function cheatAgain({ world, wallet }: Session, moment: number): Promise<void> {
  await wallet.forget()
  await world.rollback(moment)
  await world.fault({ kind: 'corrupt', node: liar, fraud })
  await world.setSpeed(1)
  await world.play()
}

/** How much faster the unwatched world runs: nothing happens in it but waiting. */
export const unwatchedSpeed = 10

/** The same world and the same lie, but the only challenger is stopped before. */
export async function cheatUnwatched(session: Session): Promise<void> {
  await openLessonWorld(session)
  const { world } = session
  await world.fault({ kind: 'crash', node: watcher })
  await world.fault({ kind: 'corrupt', node: liar, fraud })
  await world.setSpeed(unwatchedSpeed)
}

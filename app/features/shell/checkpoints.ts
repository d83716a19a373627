import type { World } from '../../../workers/protocol/world.ts'
import type { Session } from '../../bridge/session.ts'
import { notify, viewStore } from '../../store/view.ts'
import { worldStore } from '../../store/world.ts'
import { formatClock } from '../../ui/format.ts'

/** Remembers this moment, so that another future can start from it. */
export async function takeCheckpoint(world: World): Promise<void> {
  const id = await world.checkpoint()
  const timeMs = worldStore.getState().world?.clock.timeMs ?? 0
  viewStore.setState(({ checkpoints }) => ({ checkpoints: [...checkpoints, { id, timeMs }] }))
  notify(
    'info',
    `This moment is kept at ${formatClock(timeMs)}. Click its flag on the timeline to start again from here.`,
  )
}

/** Goes back to a kept moment; what happened after it is forgotten. */
export async function returnTo({ world, wallet }: Session, id: number): Promise<void> {
  await wallet.forget()
  await world.rollback(id)
  viewStore.setState(({ checkpoints }) => ({
    checkpoints: checkpoints.filter((kept) => kept.id <= id),
  }))
}

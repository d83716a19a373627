import { useCallback, useEffect } from 'react'
import { notify, select, viewStore } from '../../store/view.ts'
import { attempt, type Session, useSession } from './session-context.ts'

/** Runs are some megabytes, worlds some hundred; anything larger is something else. */
const sizeMax = 1_000_000_000
const runPrefix = 'trex1.'
/** Stands in the first field of a saved world, which is binary. */
const worldMark = 'trex-world'
const headBytes = 256

/** Opens a file that holds a run, which is replayed, a world, which goes on, or a scenario of Personas, which fills the forms. */
export function useOpenFile(): (file: File) => void {
  const session = useSession()
  return useCallback((file: File) => attempt(() => openFile(session, file)), [session])
}

async function openFile(session: Session, file: File): Promise<void> {
  if (file.size > sizeMax) throw new RangeError(`${file.name} is too large to be a world.`)
  const head = (await file.slice(0, headBytes).text()).trimStart()
  if (head.startsWith('{')) await openScenario(file)
  else if (head.startsWith(runPrefix)) await replayRun(session, file)
  else if (head.includes(worldMark)) await openWorld(session, file)
  else {
    throw new TypeError(
      `${file.name} holds no world, no run, and no scenario of Personas; nothing was changed.`,
    )
  }
}

/** What the forms are filled with is seen among the Personas, wherever the file was dropped. */
async function openScenario(file: File): Promise<void> {
  const { openScenarioFile } = await import('../persona-report/open-scenario.ts')
  await openScenarioFile(file)
  if (!location.hash.startsWith('#/personas')) location.hash = '#/personas'
}

async function replayRun(session: Session, file: File): Promise<void> {
  notify('info', `Replaying ${file.name}…`)
  await session.wallet.forget()
  forgetMoments()
  await session.world.load((await file.text()).trim())
  notify('info', 'The run was replayed to its end. Press Space to go on from there.')
}

async function openWorld(session: Session, file: File): Promise<void> {
  notify('info', `Opening ${file.name}…`)
  await session.wallet.forget()
  await session.world.restore(new Uint8Array(await file.arrayBuffer()))
  forgetMoments()
  notify('info', 'The world stands where it was saved. Press Space to go on.')
}

/** What was selected and kept was of the world before. */
function forgetMoments(): void {
  select(null)
  viewStore.setState({ checkpoints: [] })
}

/** A run, a world or a scenario that was saved as a file is opened when it is dropped on the page. */
export function useDroppedFiles(): void {
  const open = useOpenFile()
  useEffect(() => {
    const allow = (event: DragEvent) => event.preventDefault()
    const drop = (event: DragEvent) => {
      event.preventDefault()
      const file = event.dataTransfer?.files[0]
      if (file !== undefined) open(file)
    }
    window.addEventListener('dragover', allow)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', allow)
      window.removeEventListener('drop', drop)
    }
  }, [open])
}

import { useCallback, useEffect } from 'react'
import { notify, select, viewStore } from '../../store/view.ts'
import { attempt, type Session, useSession } from './session-context.ts'

/** Runs are some megabytes, worlds some hundred; anything larger is something else. */
const sizeMax = 1_000_000_000
const runPrefix = 'trex1.'

/** Opens a file that holds a run, which is replayed, or a world, which goes on. */
export function useOpenFile(): (file: File) => void {
  const session = useSession()
  return useCallback((file: File) => attempt(() => openFile(session, file)), [session])
}

async function openFile({ world, wallet }: Session, file: File): Promise<void> {
  if (file.size > sizeMax) throw new RangeError(`${file.name} is too large to be a world.`)
  const isRun = (await file.slice(0, 64).text()).trimStart().startsWith(runPrefix)
  select(null)
  viewStore.setState({ checkpoints: [] })
  notify('info', isRun ? `Replaying ${file.name}…` : `Opening ${file.name}…`)
  await wallet.forget()
  if (isRun) await world.load((await file.text()).trim())
  else await world.restore(new Uint8Array(await file.arrayBuffer()))
  notify(
    'info',
    isRun
      ? 'The run was replayed to its end. Press Space to go on from there.'
      : 'The world stands where it was saved. Press Space to go on.',
  )
}

/** A run or a world that was saved as a file is opened when it is dropped on the page. */
export function useDroppedRuns(): void {
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

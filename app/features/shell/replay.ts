import { useEffect } from 'react'
import { notify, select, viewStore } from '../../store/view.ts'
import { attempt, useSession } from './session-context.ts'

/** Shares are at most some megabytes; anything larger is something else. */
const sizeMax = 64_000_000

/** A run that was saved as a file is replayed when the file is dropped on the page. */
export function useDroppedRuns(): void {
  const { world, wallet } = useSession()
  useEffect(() => {
    const replay = async (file: File) => {
      if (file.size > sizeMax) throw new RangeError(`${file.name} is too large to be a run.`)
      const text = (await file.text()).trim()
      select(null)
      viewStore.setState({ checkpoints: [] })
      notify('info', `Replaying ${file.name}…`)
      await wallet.forget()
      await world.load(text)
      notify('info', 'The run was replayed to its end. Press Space to go on from there.')
    }
    const allow = (event: DragEvent) => event.preventDefault()
    const drop = (event: DragEvent) => {
      event.preventDefault()
      const file = event.dataTransfer?.files[0]
      if (file !== undefined) attempt(() => replay(file))
    }
    window.addEventListener('dragover', allow)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', allow)
      window.removeEventListener('drop', drop)
    }
  }, [world, wallet])
}

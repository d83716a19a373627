import { notify } from '../../store/view.ts'
import { attempt } from './session-context.ts'

/** Puts a text into the clipboard and says so. `what` begins the sentence. */
export function copyText(what: string, text: string): void {
  attempt(async () => {
    await navigator.clipboard.writeText(text)
    notify('info', `${what} is in the clipboard.`)
  })
}

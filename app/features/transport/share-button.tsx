import { shareLink } from '../../bridge/origin.ts'
import { notify } from '../../store/view.ts'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { attempt, useSession } from '../shell/session-context.ts'

/** Longer shares are saved as a file, because links break. */
const linkMax = 8_192

export function ShareButton() {
  const { world } = useSession()
  const share = async () => {
    const { text } = await world.share()
    if (text.length > linkMax) {
      save(text)
      notify(
        'info',
        'This run is too long for a link and was saved as a file. Drop the file on the page to replay it.',
      )
      return
    }
    await navigator.clipboard.writeText(shareLink(text))
    notify('info', 'Link copied. Whoever opens it sees this run again, event by event.')
  }
  return (
    <IconButton label="Copy a link that replays this run" onClick={() => attempt(share)}>
      <Icon name="share" />
    </IconButton>
  )
}

function save(text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = 'trex-run.txt'
  link.click()
  URL.revokeObjectURL(link.href)
}

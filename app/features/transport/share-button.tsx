import { useRef } from 'react'
import { shareLink } from '../../bridge/origin.ts'
import { notify } from '../../store/view.ts'
import { IconButton } from '../../ui/button.tsx'
import { download } from '../../ui/download.ts'
import { Icon } from '../../ui/icon.tsx'
import { Menu, type MenuEntry } from '../../ui/menu.tsx'
import { useOpenFile } from '../shell/replay.ts'
import { attempt, useSession } from '../shell/session-context.ts'

/** Longer shares are saved as a file, because links break. */
const linkMax = 8_192

/** Takes the run out of the page, and back in: as a link that replays it, or as a file that goes on from here. */
export function ShareButton() {
  const { world } = useSession()
  const openFile = useOpenFile()
  const input = useRef<HTMLInputElement>(null)
  const share = async () => {
    const { text } = await world.share()
    if (text.length > linkMax) {
      download('trex-run.txt', text)
      notify(
        'info',
        'This run is too long for a link and was saved as a file. Drop the file on the page to replay it.',
      )
      return
    }
    await navigator.clipboard.writeText(shareLink(text))
    notify('info', 'Link copied. Whoever opens it sees this run again, event by event.')
  }
  const save = async () => {
    download('trex-world.bin', await world.save())
    notify('info', 'Saved. Open the file to go on from this very moment.')
  }
  const entries: readonly MenuEntry[] = [
    {
      kind: 'item',
      icon: 'share',
      text: 'Copy a link that replays this run',
      note: 'From the first event; long runs become a file',
      onSelect: () => attempt(share),
    },
    { kind: 'separator' },
    {
      kind: 'item',
      text: 'Save this world as a file',
      note: 'The whole state: it opens at this moment',
      onSelect: () => attempt(save),
    },
    {
      kind: 'item',
      text: 'Open a file…',
      note: 'A saved world, a saved run, or a scenario of Personas',
      onSelect: () => input.current?.click(),
    },
  ]
  return (
    <>
      <Menu entries={entries} align="end">
        <IconButton label="Share, save or open">
          <Icon name="share" />
        </IconButton>
      </Menu>
      <input
        ref={input}
        type="file"
        hidden
        onChange={({ target }) => {
          const file = target.files?.[0]
          target.value = ''
          if (file !== undefined) openFile(file)
        }}
      />
    </>
  )
}

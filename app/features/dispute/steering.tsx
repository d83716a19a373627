import { useEffect } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Slide } from '../../ui/slide.tsx'
import styles from './dispute.module.css'
import type { Beat } from './scene.ts'

interface SteeringProps {
  readonly beats: readonly Beat[]
  readonly at: number
  /** Nothing was chosen: the newest beat is shown as it comes. */
  readonly isLive: boolean
  readonly onGo: (at: number) => void
}

/** Forwards, backwards, anywhere: by button, arrow key or scrubber. */
export function Steering({ beats, at, isLive, onGo }: SteeringProps) {
  const last = beats.length - 1
  useArrowKeys(at, last, onGo)
  return (
    <div className={styles.steering}>
      <IconButton
        look="outline"
        label="Back one move (←)"
        disabled={at === 0}
        onClick={() => onGo(at - 1)}
      >
        <Icon name="left" />
      </IconButton>
      <IconButton
        look="outline"
        label="On one move (→)"
        disabled={at === last}
        onClick={() => onGo(at + 1)}
      >
        <Icon name="right" />
      </IconButton>
      <div className={styles.scrubber}>
        <Slide
          label="Moment of the game"
          value={at}
          max={Math.max(1, last)}
          valueText={beatTitle(beats[at])}
          onChange={onGo}
        />
      </div>
      <span className={styles.beatTitle}>{beatTitle(beats[at])}</span>
      <Button look={isLive ? 'plain' : 'outline'} disabled={isLive} onClick={() => onGo(last)}>
        {isLive ? 'Newest' : 'To the newest'}
      </Button>
    </div>
  )
}

export function beatTitle(beat: Beat | undefined): string {
  switch (beat?.kind) {
    case 'claim':
      return beat.claim.index === 0 ? 'The root claim' : `Move ${beat.claim.index}`
    case 'step':
      return 'The one step'
    case 'verdict':
      return 'The verdict'
    case undefined:
      return ''
  }
}

/** Left and right walk the beats, Home and End go to the first and the newest. */
function useArrowKeys(at: number, last: number, onGo: (at: number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isBusy =
        event.target instanceof Element &&
        event.target.closest(
          'input, [role="tablist"], [role="menu"], [role="dialog"], [role="slider"]',
        )
      if (isBusy || event.ctrlKey || event.metaKey || event.altKey) return
      const targets: Readonly<Record<string, number>> = {
        ArrowRight: at + 1,
        ArrowLeft: at - 1,
        Home: 0,
        End: last,
      }
      const target = targets[event.key]
      if (target === undefined) return
      event.preventDefault()
      if (target >= 0 && target <= last) onGo(target)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [at, last, onGo])
}

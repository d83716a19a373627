import type { ComponentProps, KeyboardEvent, MouseEvent } from 'react'

interface SceneProps extends ComponentProps<'svg'> {
  /** What the picture shows, for those who hear it. */
  readonly label: string
}

/** An SVG whose parts can be operated. */
export function Scene({ label, ...props }: SceneProps) {
  // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a drawing.
  return <svg role="group" aria-label={label} {...props} />
}

interface PressProps extends ComponentProps<'g'> {
  readonly label: string
  readonly onPress: () => void
}

/** A part of a drawing that is a button, by pointer and Enter; Space stays with play and pause. */
export function Press({ label, onPress, onClick, ...props }: PressProps) {
  const click = (event: MouseEvent<SVGGElement>) => {
    onClick?.(event)
    onPress()
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onPress()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button element cannot stand inside an SVG.
    <g {...props} role="button" tabIndex={0} aria-label={label} onClick={click} onKeyDown={key} />
  )
}

import { Tooltip } from 'radix-ui'
import type { ReactNode } from 'react'
import { GLOSSARY, type TermName } from './glossary.ts'
import styles from './ui.module.css'

interface TipProps {
  readonly text: ReactNode
  readonly children: ReactNode
}

/** A tooltip around one element that takes focus or a pointer. */
export function Tip({ text, children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className={styles.tip} sideOffset={6} collisionPadding={8}>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

/** A word of the glossary; explains itself on hover and focus. */
export function Term({
  name,
  children,
}: {
  readonly name: TermName
  readonly children?: ReactNode
}) {
  const [title, sentence] = GLOSSARY[name]
  return (
    <Tip text={sentence}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard. */}
      <span className={styles.term} tabIndex={0}>
        {children ?? title}
      </span>
    </Tip>
  )
}

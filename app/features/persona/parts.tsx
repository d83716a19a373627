import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { Tip } from '../../ui/tip.tsx'
import styles from './persona.module.css'

/** Where a figure comes from. */
export type FigureSource = 'measured' | 'simulated' | 'assumed'

const sourceWords: Readonly<Record<FigureSource, string>> = {
  measured: 'Measured on the chains that run in this tab.',
  simulated: 'Computed for people and behaviour that are made up.',
  assumed: 'A number that somebody chose; change it to yours.',
}

/** Says whether a figure is measured, simulated or assumed, by word and shape. */
export function Mark({ source }: { readonly source: FigureSource }) {
  return (
    <Tip text={sourceWords[source]}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard. */}
      <span className={styles.mark} data-source={source} tabIndex={0}>
        {source}
      </span>
    </Tip>
  )
}

interface CardProps {
  readonly title: string
  readonly about?: ReactNode
  /** Stands at the right of the title. */
  readonly aside?: ReactNode
  readonly children: ReactNode
}

export function Card({ title, about, aside, children }: CardProps) {
  return (
    <section className={styles.card} aria-label={title}>
      <header className={styles.cardHead}>
        <div>
          <h3>{title}</h3>
          {about !== undefined && <p className={styles.quiet}>{about}</p>}
        </div>
        {aside}
      </header>
      {children}
    </section>
  )
}

interface FigureProps {
  readonly label: string
  readonly value: ReactNode
  readonly source: FigureSource
  readonly note?: ReactNode
}

export function Figure({ label, value, source, note }: FigureProps) {
  return (
    <div className={styles.figure}>
      <dt>
        {label} <Mark source={source} />
      </dt>
      <dd>
        {value}
        {note !== undefined && <span className={styles.quiet}>{note}</span>}
      </dd>
    </div>
  )
}

export function Figures({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.figures}>{children}</dl>
}

interface SegmentsProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly (readonly [Value, string])[]
  readonly onChange: (value: Value) => void
}

/** One of few, all in sight. */
export function Segments<Value extends string>(props: SegmentsProps<Value>) {
  const { label, value, options, onChange } = props
  return (
    <ToggleGroup.Root
      type="single"
      className={styles.segments}
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        if (next !== '') onChange(next as Value)
      }}
    >
      {options.map(([option, title]) => (
        <ToggleGroup.Item key={option} value={option} className={styles.segment}>
          {title}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

/** A share of a whole as a bar; `alarm` is for dishonesty alone. */
export function Bar({
  share,
  alarm = false,
}: {
  readonly share: number
  readonly alarm?: boolean
}) {
  return (
    <span className={styles.bar} data-alarm={alarm} aria-hidden="true">
      <span style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
    </span>
  )
}

import { Slider } from 'radix-ui'
import styles from './ui.module.css'

interface SlideProps {
  readonly label: string
  readonly value: number
  readonly max: number
  readonly step?: number
  /** Reads the value aloud where the number says little. */
  readonly valueText?: string
  readonly onChange: (value: number) => void
}

export function Slide({ label, value, max, step = 1, valueText, onChange }: SlideProps) {
  return (
    <Slider.Root
      className={styles.slider}
      min={0}
      max={max}
      step={step}
      value={[value]}
      onValueChange={(values) => onChange(values[0] ?? 0)}
    >
      <Slider.Track className={styles.track}>
        <Slider.Range className={styles.range} />
      </Slider.Track>
      <Slider.Thumb className={styles.thumb} aria-label={label} aria-valuetext={valueText} />
    </Slider.Root>
  )
}

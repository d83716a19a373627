import { lineRadial, scaleLinear } from 'd3'
import { DIMENSIONS, type DimensionName } from '../../../workers/protocol/persona.ts'
import styles from './passport.module.css'
import { dimensionTitles } from './words.ts'

const radius = 92
const rings = [0.25, 0.5, 0.75, 1] as const
const distance = scaleLinear([0, 1], [0, radius])
const angle = (index: number) => (index * 2 * Math.PI) / DIMENSIONS.length

/** A Persona's five dimensions, 0 … 1 each. */
export function Radar({ radar }: { readonly radar: Readonly<Record<DimensionName, number>> }) {
  const outline = lineRadial<DimensionName>()
    .angle((_, index) => angle(index))
    .radius((dimension) => distance(radar[dimension]))
  const words = DIMENSIONS.map(
    (dimension) => `${dimensionTitles[dimension]} ${radar[dimension].toFixed(2)}`,
  )
  return (
    <svg
      className={styles.radar}
      viewBox="-165 -132 330 246"
      role="img"
      aria-label={`Five dimensions: ${words.join(', ')}`}
    >
      {rings.map((ring) => (
        <circle key={ring} r={distance(ring)} fill="none" stroke="var(--line)" />
      ))}
      <path d={`${outline(DIMENSIONS)}Z`} className={styles.radarShape} />
      {DIMENSIONS.map((dimension, index) => {
        const [x, y] = [Math.sin(angle(index)), -Math.cos(angle(index))]
        // The uppermost stands clear of the ring.
        const lift = y < -0.9 ? 8 : -2
        const anchor = Math.abs(x) < 0.1 ? 'middle' : x > 0 ? 'start' : 'end'
        return (
          <g key={dimension}>
            <line x2={x * radius} y2={y * radius} stroke="var(--line)" />
            <circle
              cx={x * distance(radar[dimension])}
              cy={y * distance(radar[dimension])}
              r={3.5}
              fill="var(--persona)"
            />
            <text x={x * (radius + 10)} y={y * (radius + 14) - lift} textAnchor={anchor}>
              {dimensionTitles[dimension]}
            </text>
            <text
              x={x * (radius + 10)}
              y={y * (radius + 14) + 15 - lift}
              textAnchor={anchor}
              className={styles.radarValue}
            >
              {radar[dimension].toFixed(2)}
            </text>
          </g>
        )
      })}
    </svg>
  )
}

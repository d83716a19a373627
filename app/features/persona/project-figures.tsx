import { max, scaleLinear } from 'd3'
import { Link } from 'react-router'
import type { DistributionView } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatCount, formatDecimal } from '../../ui/format.ts'
import { Card, Figure, Figures, Mark } from './parts.tsx'
import styles from './persona.module.css'
import { formatDemo, formatScore } from './words.ts'

export function ProjectFigures() {
  const { personas, sybils } = usePersonas(({ setup }) => setup)
  const load = usePersonas((all) => all.load)
  const campaign = usePersonas(({ campaigns }) => campaigns.at(-1))
  const distribution = usePersonas((all) => all.distribution)
  return (
    <div className={styles.columns}>
      <Card
        title={campaign === undefined ? 'Scores' : 'How well people match the campaign'}
        aside={campaign !== undefined && <Mark source="measured" />}
      >
        {campaign === undefined ? (
          <Empty title="No campaign yet">
            Scores say how well somebody matches a campaign.{' '}
            <Link className={styles.link} to="/personas/campaign">
              Make one
            </Link>{' '}
            and everyone here gets a score.
          </Empty>
        ) : (
          <Distribution distribution={distribution} />
        )}
      </Card>
      <Card title="In short">
        <Figures>
          <Figure
            label="People"
            value={formatCount(personas)}
            source="simulated"
            note={`${formatCount(sybils)} of them Sybils`}
          />
          <Figure
            label="Average score"
            value={campaign === undefined ? '–' : formatScore(distribution.average)}
            source="measured"
          />
          <Figure
            label="Actions"
            value={formatCount(load.included)}
            source="measured"
            note={`${formatDecimal(load.perSecond)} a second`}
          />
          <Figure
            label="Paid out"
            value={formatDemo(campaign?.paidWei ?? 0n, 0)}
            source="measured"
          />
        </Figures>
      </Card>
    </div>
  )
}

const [width, height] = [600, 190]
const margin = { top: 12, bottom: 26 }

/** Personas per twentieth of the score; Sybils stand apart by colour and stripes. */
function Distribution({ distribution }: { readonly distribution: DistributionView }) {
  const { honest, sybils, average } = distribution
  const x = scaleLinear([0, honest.length], [0, width])
  const most = max(honest, (count, bin) => count + (sybils[bin] ?? 0)) ?? 0
  const y = scaleLinear([0, Math.max(1, most)], [height - margin.bottom, margin.top])
  const floor = y(0)
  const bar = width / honest.length - 4
  return (
    <figure>
      <svg
        className={styles.chart}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Distribution of scores from 0 to 1, average ${formatScore(average)}`}
      >
        <defs>
          <pattern
            id="sybil-stripes"
            width={5}
            height={5}
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width={5} height={5} fill="var(--alarm-soft)" />
            <rect width={2.2} height={5} fill="var(--alarm)" />
          </pattern>
        </defs>
        {honest.map((count, bin) => {
          const fakes = sybils[bin] ?? 0
          const top = y(count + fakes)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a bin is its index.
            <g key={bin}>
              <rect
                x={x(bin) + 2}
                y={y(count)}
                width={bar}
                height={floor - y(count)}
                rx={2}
                fill="var(--persona)"
              />
              <rect
                x={x(bin) + 2}
                y={top}
                width={bar}
                height={y(count) - top}
                rx={2}
                fill="url(#sybil-stripes)"
              />
              {count + fakes > 0 && (
                <text x={x(bin + 0.5)} y={top - 4} textAnchor="middle" className={styles.tick}>
                  {count + fakes}
                </text>
              )}
            </g>
          )
        })}
        <line x2={width} y1={floor} y2={floor} stroke="var(--line-strong)" />
        {[0, 0.25, 0.5, 0.75, 1].map((score) => (
          <text
            key={score}
            x={score * width}
            y={height - 8}
            textAnchor={score === 0 ? 'start' : score === 1 ? 'end' : 'middle'}
            className={styles.tick}
          >
            {score}
          </text>
        ))}
        <line
          x1={average * width}
          x2={average * width}
          y1={margin.top - 4}
          y2={floor}
          stroke="var(--ink)"
          strokeDasharray="3 3"
        />
      </svg>
      <figcaption className={styles.legend}>
        <span data-kind="honest">People</span>
        <span data-kind="sybil">Sybils, as the demonstration knows and the chain does not</span>
        <span data-kind="average">Average {formatScore(average)}</span>
      </figcaption>
    </figure>
  )
}

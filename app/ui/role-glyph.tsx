import type { RoleName } from '../../workers/protocol/nodes.ts'

/** One shape per role, so that colour is never the only sign. Drawn around (0, 0) with the given radius. */
export function roleShape(role: RoleName, radius: number): string {
  switch (role) {
    case 'l1':
      return roundedSquare(radius * 0.86)
    case 'sequencer':
      return polygonCircle(radius)
    case 'executor':
      return polygon(6, radius * 1.08, -90)
    case 'da':
      return `M${-radius * 0.62},${-radius}h${radius * 1.24}v${radius * 2}h${-radius * 1.24}z`
    case 'challenger':
      return shield(radius)
  }
}

function polygon(sides: number, radius: number, startDegrees: number): string {
  const points = Array.from({ length: sides }, (_, index) => {
    const angle = ((startDegrees + (index * 360) / sides) * Math.PI) / 180
    return `${(radius * Math.cos(angle)).toFixed(2)},${(radius * Math.sin(angle)).toFixed(2)}`
  })
  return `M${points.join('L')}Z`
}

function polygonCircle(radius: number): string {
  return `M0,${-radius}A${radius},${radius} 0 1 1 0,${radius}A${radius},${radius} 0 1 1 0,${-radius}Z`
}

function roundedSquare(half: number): string {
  const corner = half * 0.35
  const edge = half - corner
  return `M${-edge},${-half}H${edge}Q${half},${-half} ${half},${-edge}V${edge}Q${half},${half} ${edge},${half}H${-edge}Q${-half},${half} ${-half},${edge}V${-edge}Q${-half},${-half} ${-edge},${-half}Z`
}

function shield(radius: number): string {
  const r = radius
  return `M0,${-r}L${r * 0.9},${-r * 0.66}V${r * 0.1}C${r * 0.9},${r * 0.62} ${r * 0.45},${r * 0.94} 0,${r * 1.12}C${-r * 0.45},${r * 0.94} ${-r * 0.9},${r * 0.62} ${-r * 0.9},${r * 0.1}V${-r * 0.66}Z`
}

export function RoleGlyph({
  actor,
  size = 16,
}: {
  readonly actor: RoleName
  readonly size?: number
}) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="-10 -10 20 20"
      aria-hidden="true"
      style={{ flex: 'none' }}
    >
      <path
        d={roleShape(actor, 7.5)}
        fill={`var(--${actor}-soft)`}
        stroke={`var(--${actor})`}
        strokeWidth={2}
        strokeLinejoin="round"
      />
    </svg>
  )
}

import type { HeadName } from '../../../workers/protocol/reports.ts'

export const headNames: readonly HeadName[] = ['unsafe', 'safe', 'settled', 'finalized']

interface Reach {
  readonly safe: number
  readonly settled: number
  readonly finalized: number
}

export function headOf(offset: number, { safe, settled, finalized }: Reach): HeadName {
  if (offset < finalized) return 'finalized'
  if (offset < settled) return 'settled'
  return offset < safe ? 'safe' : 'unsafe'
}

/** Lightness carries the order of heads; a pattern doubles it for eyes and projectors that lose lightness. */
export function headFill(head: HeadName): string {
  return head === 'safe' || head === 'unsafe' ? `url(#head-${head})` : `var(--head-${head})`
}

/** A small square in the look of a head, for lines of text. */
export function HeadMark({ head }: { readonly head: HeadName }) {
  return (
    <svg width={11} height={11} aria-hidden="true">
      <rect
        x={1}
        y={1}
        width={9}
        height={9}
        rx={2}
        fill={headFill(head)}
        stroke="var(--head-unsafe-edge)"
      />
    </svg>
  )
}

/** The patterns that `headFill` names; once per page. Unsafe is hollow, safe is striped, settled and finalized are solid. */
export function HeadPatterns() {
  return (
    <svg width={0} height={0} style={{ position: 'absolute' }} aria-hidden="true">
      <defs>
        <pattern id="head-unsafe" width={4} height={4} patternUnits="userSpaceOnUse">
          <rect width={4} height={4} fill="var(--head-unsafe)" />
        </pattern>
        <pattern
          id="head-safe"
          width={4}
          height={4}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width={4} height={4} fill="var(--head-safe)" />
          <rect width={1.2} height={4} fill="var(--head-unsafe-edge)" />
        </pattern>
      </defs>
    </svg>
  )
}

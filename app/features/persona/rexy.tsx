import type { CSSProperties } from 'react'
import type { RexyView, ValidatorKind } from '../../../workers/protocol/persona.ts'
import { validatorTitles } from './words.ts'

const stageWords: Readonly<Record<RexyView['stage'], string>> = {
  egg: 'an egg',
  hatchling: 'a hatchling',
  young: 'young',
  grown: 'grown',
}

/** How large it stands, by age. */
const growth: Readonly<Record<RexyView['stage'], number>> = {
  egg: 1,
  hatchling: 0.72,
  young: 0.88,
  grown: 1,
}

/** Tips of the spikes along the back, from the neck to the tail, and the feet of each. */
const back: readonly (readonly [tip: string, feet: string])[] = [
  ['29 22', '43 20 40 31'],
  ['29 33', '41 29 41 39'],
  ['29 43', '41 38 41 47'],
  ['27 52', '41 46 39 55'],
  ['23 60', '39 53 35 63'],
  ['20 66', '35 62 31 72'],
  ['19 63', '26 74 19 75'],
  ['10 59', '18 75 9 70'],
]

/**
 * A small dinosaur that grows with points, has a spike for each badge, and wears a mark per kind of validator that vouches for it. Our
 * design.
 */
export function Rexy({ rexy, size = 96 }: { readonly rexy: RexyView; readonly size?: number }) {
  const { hue, stage, level, spikes, marks, pattern } = rexy
  const vouched = marks.map((mark) => validatorTitles[mark]).join(', ')
  const label = `Rexy, ${stageWords[stage]}, level ${level}, ${spikes} ${spikes === 1 ? 'spike' : 'spikes'}${vouched === '' ? '' : `, vouched for by ${vouched}`}`
  return (
    <svg
      className="rexy-colours"
      style={{ '--rexy-hue': hue, flex: 'none' } as CSSProperties}
      width={size}
      height={size}
      viewBox="0 0 100 100"
      role="img"
      aria-label={label}
    >
      <circle cx={50} cy={50} r={49} fill="var(--rexy-ground)" />
      {stage === 'egg' ? <Egg pattern={pattern} /> : <Body rexy={rexy} />}
    </svg>
  )
}

function Egg({ pattern }: { readonly pattern: number }) {
  return (
    <g>
      <path
        d="M50 18C66 18 76 42 76 57a26 26 0 0 1-52 0C24 42 34 18 50 18z"
        fill="var(--rexy-skin)"
      />
      <Spots pattern={pattern} />
    </g>
  )
}

function Body({ rexy: { stage, spikes, marks, pattern } }: { readonly rexy: RexyView }) {
  const scale = growth[stage]
  return (
    <g transform={`translate(50 92) scale(${scale}) translate(-50 -92)`}>
      {back.slice(0, spikes).map(([tip, feet]) => (
        <path key={tip} d={`M${tip}L${feet}z`} fill="var(--rexy-crest)" />
      ))}
      <path
        d="M30 88c-2-14 0-24 6-32 3-4 4-7 3-12-3-14 6-25 21-25 13 0 22 7 23 16 1 8-5 12-13 12h-8c-3 0-4 3-2 6 7 8 10 20 9 35z"
        fill="var(--rexy-skin)"
      />
      <path d="M31 82C18 84 10 78 7 66c6 6 14 7 24 4z" fill="var(--rexy-skin)" />
      <path d="M44 88c-2-12-1-20 4-27 6 7 9 16 8 27z" fill="var(--rexy-belly)" />
      {stage === 'grown' && <path d="M52 19l1-9 6 7 5-8 4 9 7-4-1 9" fill="var(--rexy-crest)" />}
      <circle cx={64} cy={32} r={4.6} fill="var(--rexy-white)" />
      <circle cx={65} cy={32} r={2.4} fill="var(--rexy-eye)" />
      <path
        d="M70 41c4 1 8 0 11-2"
        fill="none"
        stroke="var(--rexy-eye)"
        strokeWidth={1.8}
        strokeLinecap="round"
      />
      <path
        d="M58 62c5 1 8 0 11-3"
        fill="none"
        stroke="var(--rexy-crest)"
        strokeWidth={4.5}
        strokeLinecap="round"
      />
      <Spots pattern={pattern} />
      {marks.map((mark, index) => (
        <MarkShape key={mark} mark={mark} x={37 + index * 9} />
      ))}
    </g>
  )
}

/** Three spots whose places mean nothing; they only tell two Rexys apart. */
function Spots({ pattern }: { readonly pattern: number }) {
  return [0, 1, 2].map((spot) => {
    const bits = (pattern >>> (spot * 9)) & 0x1ff
    return (
      <circle
        key={spot}
        cx={36 + (bits & 0xf)}
        cy={56 + ((bits >> 4) & 0xf)}
        r={1.6 + ((bits >> 7) & 3) * 0.6}
        fill="var(--rexy-crest)"
        opacity={0.65}
      />
    )
  })
}

/** One shape per kind of validator, on the ground line. */
function MarkShape({ mark, x }: { readonly mark: ValidatorKind; readonly x: number }) {
  const y = 91
  const shapes: Readonly<Record<ValidatorKind, string>> = {
    onchain: `M${x - 3} ${y - 3}h6v6h-6z`,
    zktls: `M${x} ${y - 3.6}l3.4 1.4v2.600c0 2-1.500 3-3.400 3.800c-1.900-.8-3.400-1.800-3.400-3.800v-2.600z`,
    ecosystem: `M${x} ${y - 3.8}l3.8 3.8l-3.8 3.8l-3.800-3.800z`,
    social: `M${x - 3.4} ${y}a3.400 3.400 0 1 0 6.800 0a3.400 3.400 0 1 0-6.800 0z`,
  }
  return (
    <path d={shapes[mark]} fill="var(--rexy-white)" stroke="var(--rexy-eye)" strokeWidth={1.2} />
  )
}

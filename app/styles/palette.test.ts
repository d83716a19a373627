import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./palette.css', import.meta.url), 'utf8')

/** OKLCH → linear sRGB, after Björn Ottosson, "A perceptual color space for image processing". */
function linearRgb(lightness: number, chroma: number, hueDegrees: number): readonly number[] {
  const hue = (hueDegrees * Math.PI) / 180
  const a = chroma * Math.cos(hue)
  const b = chroma * Math.sin(hue)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((channel) => Math.min(1, Math.max(0, channel)))
}

function luminance(colour: string): number {
  const [l = 0, c = 0, h = 0] = colour.split(/\s+/).map(Number)
  const [red = 0, green = 0, blue = 0] = linearRgb(l, c, h)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function theme(name: 'light' | 'dark'): ReadonlyMap<string, string> {
  const block = css.slice(css.indexOf(`data-theme="${name}"`))
  const body = block.slice(0, block.indexOf('}'))
  return new Map(
    [...body.matchAll(/--([\w-]+): oklch\(([^)/]+)\)/g)].map(([, key = '', value = '']) => [
      key,
      value,
    ]),
  )
}

/** WCAG 2.2 contrast of two variables of a theme. */
function contrast(colours: ReadonlyMap<string, string>, front: string, back: string): number {
  const [a, b] = [front, back].map((name) => {
    const value = colours.get(name)
    if (value === undefined) throw new TypeError(`No colour --${name}.`)
    return luminance(value)
  }) as [number, number]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

const roles = ['l1', 'sequencer', 'executor', 'da', 'challenger', 'alarm', 'persona'] as const

describe.each(['light', 'dark'] as const)('%s theme', (name) => {
  const colours = theme(name)

  it.each(['ink', 'ink-2', 'ink-3'])('%s is readable on every surface', (ink) => {
    for (const surface of ['ground', 'surface', 'raised', 'sunken']) {
      expect(contrast(colours, ink, surface), `--${ink} on --${surface}`).toBeGreaterThanOrEqual(
        4.5,
      )
    }
  })

  it.each(roles)('%s is readable as text on surfaces and on its soft tone', (role) => {
    expect(contrast(colours, role, 'surface')).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colours, role, `${role}-soft`)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colours, 'on-role', role)).toBeGreaterThanOrEqual(4.5)
  })

  it('steps the heads evenly in one direction', () => {
    const steps = ['head-unsafe', 'head-safe', 'head-settled', 'head-finalized'].map((head) =>
      luminance(colours.get(head) ?? ''),
    )
    const rises = steps.slice(1).map((value, index) => value - (steps[index] ?? 0))
    expect(new Set(rises.map(Math.sign)).size).toBe(1)
    for (const [a, b] of [
      ['head-safe', 'head-settled'],
      ['head-settled', 'head-finalized'],
    ] as const) {
      expect(contrast(colours, a, b)).toBeGreaterThan(1.4)
    }
  })

  it('outlines what is hollow with at least 3 to 1', () => {
    expect(contrast(colours, 'off', 'surface')).toBeGreaterThanOrEqual(3)
    expect(contrast(colours, 'focus', 'surface')).toBeGreaterThanOrEqual(3)
  })
})

import { type RefObject, useEffect, useRef } from 'react'
import { viewStore } from '../../store/view.ts'
import { worldStore } from '../../store/world.ts'
import { type Anchor, type Anchors, measureAnchors, measureQuiet } from './anchors.ts'
import { drawMessages } from './draw-messages.ts'
import styles from './messages.module.css'

const roles = ['l1', 'sequencer', 'executor', 'da', 'challenger'] as const
/** Trails fade in this many wall milliseconds, whatever the speed. */
const trailWallMs = 260
/** Nodes move when blocks arrive and panels grow; positions are measured again this often. */
const measureEveryMs = 400

/** A canvas over the stage on which messages travel. It reads the store itself, so React never renders for a message. */
export function MessageOverlay({ stage }: { readonly stage: RefObject<HTMLDivElement | null> }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    const host = stage.current
    const context = element?.getContext('2d')
    if (!element || !host || !context) return
    return animate(element, host, context)
  }, [stage])
  return <canvas ref={canvas} className={styles.overlay} />
}

function animate(
  canvas: HTMLCanvasElement,
  stage: HTMLElement,
  context: CanvasRenderingContext2D,
): () => void {
  const reduced = matchMedia('(prefers-reduced-motion: reduce)')
  let anchors: Anchors = new Map()
  let quiet: readonly Anchor[] = []
  let measuredAt = Number.NEGATIVE_INFINITY
  let frame = 0
  let palette = readPalette()
  const unsubscribe = viewStore.subscribe((state, before) => {
    if (state.theme !== before.theme) palette = readPalette()
  })
  const clock = createFrameClock()

  const draw = (now: number) => {
    frame = requestAnimationFrame(draw)
    const { world } = worldStore.getState()
    if (world === null) return
    if (now - measuredAt > measureEveryMs) {
      measuredAt = now
      fitCanvas(canvas, stage)
      anchors = measureAnchors(stage)
      quiet = measureQuiet(stage)
    }
    const scale = devicePixelRatio
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, canvas.width, canvas.height)
    context.setTransform(scale, 0, 0, scale, 0, 0)
    const speed = world.clock.speed === 'max' ? Math.max(1, world.totals.pace) : world.clock.speed
    drawMessages(context, {
      anchors,
      quiet,
      flights: world.traffic.flights,
      flows: world.traffic.flows,
      timeMs: clock(now, world.clock.timeMs, world.clock.phase === 'playing' ? speed : 0),
      trailMs: Math.min(390, trailWallMs * speed),
      colour: (node) => palette[node.split('-')[0] ?? ''] ?? palette.l1 ?? '#888',
      still: reduced.matches,
    })
  }
  frame = requestAnimationFrame(draw)
  return () => {
    cancelAnimationFrame(frame)
    unsubscribe()
  }
}

/** Virtual time between two patches: the last one known, carried on at the world's speed, never by more than a tenth of a second of wall time. */
function createFrameClock(): (now: number, timeMs: number, speed: number) => number {
  let knownMs = -1
  let knownAt = 0
  return (now, timeMs, speed) => {
    if (timeMs !== knownMs) {
      knownMs = timeMs
      knownAt = now
    }
    return timeMs + Math.min(100, now - knownAt) * speed
  }
}

function fitCanvas(canvas: HTMLCanvasElement, stage: HTMLElement): void {
  const width = Math.round(stage.clientWidth * devicePixelRatio)
  const height = Math.round(stage.clientHeight * devicePixelRatio)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}

function readPalette(): Readonly<Record<string, string>> {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(roles.map((role) => [role, style.getPropertyValue(`--${role}`).trim()]))
}

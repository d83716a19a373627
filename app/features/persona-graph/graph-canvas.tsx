import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import type { GraphView } from '../../../workers/protocol/persona.ts'
import { createGraphDrawing, type GraphDrawing } from '../../bridge/graph-drawing.ts'
import type { GraphPace } from '../../bridge/graph-drawing.worker.ts'
import { useView } from '../../store/view.ts'
import { formatCount } from '../../ui/format.ts'
import { useSize } from '../../ui/use-size.ts'
import styles from './graph.module.css'
import { graphPaint } from './paint.ts'

interface GraphCanvasProps {
  readonly graph: GraphView
  readonly focus: number | null
  /** The camera goes there as well: the node was searched for, not clicked. */
  readonly isCentred: boolean
  readonly onFocus: (node: number | null) => void
  readonly onPace: (pace: GraphPace) => void
}

const panStep = 60
const zoomStep = 1.25
/** A press that moved less than this is a click. */
const clickPixels = 4

/** The canvas belongs to a worker; this hands over what people do with it. */
export function GraphCanvas(props: GraphCanvasProps) {
  const { graph, focus, isCentred, onFocus } = props
  const [box, size] = useSize<HTMLDivElement>()
  const drawing = useDrawing(box, size, props)
  useEffect(() => {
    void drawing.current?.remote.show(graph)
  }, [drawing, graph])
  useEffect(() => {
    void drawing.current?.remote.focus(focus, isCentred)
  }, [drawing, focus, isCentred])
  const hand = useHand(drawing, onFocus)
  useWheel(box, drawing)
  const press = (event: KeyboardEvent) => {
    const act = keys[event.key]
    if (act === undefined || drawing.current === null) return
    event.preventDefault()
    act(drawing.current, size)
  }
  const people = graph.nodes - graph.names.length
  return (
    <div ref={box} className={styles.canvas}>
      <div
        className={styles.surface}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows, plus and minus move what is in sight.
        tabIndex={0}
        aria-label={`Value Graph of ${formatCount(people)} people and ${formatCount(graph.edges.length / 2)} ties. Arrows move, plus and minus zoom, zero shows all; search finds somebody.`}
        onKeyDown={press}
        {...hand}
      />
    </div>
  )
}

const keys: Readonly<
  Record<string, (drawing: GraphDrawing, size: { width: number; height: number }) => void>
> = {
  ArrowLeft: ({ remote }) => void remote.pan(panStep, 0),
  ArrowRight: ({ remote }) => void remote.pan(-panStep, 0),
  ArrowUp: ({ remote }) => void remote.pan(0, panStep),
  ArrowDown: ({ remote }) => void remote.pan(0, -panStep),
  '+': ({ remote }, { width, height }) => void remote.zoom(zoomStep, width / 2, height / 2),
  '-': ({ remote }, { width, height }) => void remote.zoom(1 / zoomStep, width / 2, height / 2),
  '0': ({ remote }) => void remote.fit(),
}

type Box = ReturnType<typeof useSize<HTMLDivElement>>[0]

/** A worker and a fresh canvas per mount: a canvas can be given away once only. */
function useDrawing(
  box: Box,
  { width, height }: { readonly width: number; readonly height: number },
  { graph, onPace }: GraphCanvasProps,
) {
  const drawing = useRef<GraphDrawing | null>(null)
  const theme = useView((view) => view.theme)
  const [isSized, setSized] = useState(false)
  if (!isSized && width > 0 && height > 0) setSized(true)
  const { names, kinds } = graph
  const latest = useRef({ graph, width, height })
  latest.current = { graph, width, height }
  // biome-ignore lint/correctness/useExhaustiveDependencies: size, names and theme of later are told below.
  useEffect(() => {
    if (!isSized || box.current === null) return
    const canvas = document.createElement('canvas')
    box.current.prepend(canvas)
    const made = createGraphDrawing(onPace)
    const now = latest.current
    made.attach(canvas, sizeOf(now), graphPaint(now.graph))
    void made.remote.show(now.graph)
    drawing.current = made
    return () => {
      drawing.current = null
      made.end()
      canvas.remove()
    }
  }, [isSized])
  useEffect(() => {
    void drawing.current?.remote.resize(sizeOf({ width, height }))
  }, [width, height])
  const hubs = names.join('/')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the palette's variables come to.
  useEffect(() => {
    void drawing.current?.remote.paint(graphPaint({ names, kinds }))
  }, [theme, hubs])
  return drawing
}

function sizeOf({ width, height }: { readonly width: number; readonly height: number }) {
  return { width, height, ratio: Math.min(2, devicePixelRatio) }
}

/** Drag to move, wheel or two fingers to zoom, click to focus. */
function useHand(
  drawing: { readonly current: GraphDrawing | null },
  onFocus: (node: number | null) => void,
) {
  const fingers = useRef(new Map<number, { x: number; y: number }>())
  const travelled = useRef(0)
  const spread = () => {
    const [one, other] = [...fingers.current.values()]
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0
  }
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId)
      fingers.current.set(event.pointerId, placeOf(event))
      travelled.current = 0
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const before = fingers.current.get(event.pointerId)
      if (before === undefined) return
      const wide = spread()
      const place = placeOf(event)
      fingers.current.set(event.pointerId, place)
      const [dx, dy] = [place.x - before.x, place.y - before.y]
      travelled.current += Math.abs(dx) + Math.abs(dy)
      if (fingers.current.size > 1) {
        if (wide > 0) void drawing.current?.remote.zoom(spread() / wide, place.x, place.y)
      } else void drawing.current?.remote.pan(dx, dy)
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      fingers.current.delete(event.pointerId)
      const { current } = drawing
      if (travelled.current > clickPixels || current === null) return
      const { x, y } = placeOf(event)
      void current.remote.pick(x, y).then(onFocus)
    },
    onPointerCancel: (event: PointerEvent<HTMLElement>) => {
      fingers.current.delete(event.pointerId)
    },
  }
}

/** The page must not scroll meanwhile, which only a listener that is not passive can prevent. */
function useWheel(box: Box, drawing: { readonly current: GraphDrawing | null }): void {
  useEffect(() => {
    const element = box.current
    const zoom = (event: WheelEvent) => {
      event.preventDefault()
      const { left, top } = (event.currentTarget as Element).getBoundingClientRect()
      const factor = Math.exp(-event.deltaY / 400)
      void drawing.current?.remote.zoom(factor, event.clientX - left, event.clientY - top)
    }
    element?.addEventListener('wheel', zoom, { passive: false })
    return () => element?.removeEventListener('wheel', zoom)
  }, [box, drawing])
}

function placeOf(event: { currentTarget: Element; clientX: number; clientY: number }) {
  const { left, top } = event.currentTarget.getBoundingClientRect()
  return { x: event.clientX - left, y: event.clientY - top }
}

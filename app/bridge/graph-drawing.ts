/** The worker that draws the Value Graph; one for as long as its canvas is on the page. */
import * as Comlink from 'comlink'
import type { GraphDrawingApi, GraphPace, GraphSize } from './graph-drawing.worker.ts'
import type { GraphPaint } from './graph-scene.ts'

export interface GraphDrawing {
  readonly remote: Comlink.Remote<GraphDrawingApi>
  attach(canvas: HTMLCanvasElement, size: GraphSize, paint: GraphPaint): void
  end(): void
}

export function createGraphDrawing(onPace: (pace: GraphPace) => void): GraphDrawing {
  const worker = new Worker(new URL('./graph-drawing.worker.ts', import.meta.url), {
    type: 'module',
    name: 'graph',
  })
  const remote = Comlink.wrap<GraphDrawingApi>(worker)
  void remote.onPace(Comlink.proxy(onPace))
  return {
    remote,
    attach: (canvas, size, paint) => {
      const offscreen = canvas.transferControlToOffscreen()
      void remote.attach(Comlink.transfer(offscreen, [offscreen]), size, paint)
    },
    end: () => worker.terminate(),
  }
}

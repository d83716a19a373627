/** One frame of the Value Graph: ties below, nodes on them, names above. */
import { createEdgePainter } from './graph-edges.ts'
import { drawNames } from './graph-names.ts'
import { createNodePainter } from './graph-nodes.ts'
import type { Scene } from './graph-scene.ts'

export type FramePainter = (context: OffscreenCanvasRenderingContext2D, scene: Scene) => void

/** All that is not in focus. */
const dimmed = 0.25

export function createFramePainter(): FramePainter {
  const edges = createEdgePainter()
  const nodes = createNodePainter()
  return (context, scene) => {
    const { near } = scene
    edges.draw(context, scene)
    context.globalAlpha = near === null ? 1 : dimmed
    nodes.draw(context, scene, null)
    context.globalAlpha = 1
    if (near !== null) nodes.draw(context, scene, near.nodes)
    drawNames(context, scene)
  }
}

/** What of a graph is in sight. */
export interface CameraView {
  /** CSS pixels per unit of the layout. */
  readonly scale: number
  /** Point of the layout in the middle of the canvas. */
  readonly x: number
  readonly y: number
}

interface Camera {
  now(): CameraView
  pan(dx: number, dy: number): void
  /** `x` and `y` from the middle, in CSS pixels: what lies there stays there. */
  zoom(factor: number, x: number, y: number): void
  centre(x: number, y: number): void
  /** Follows the layout until somebody moves the camera. */
  fit(): void
  /** Before each frame. */
  follow(positions: Float32Array, size: { readonly width: number; readonly height: number }): void
}

const scaleMin = 0.02
const scaleMax = 8
/** Scale at which somebody and their ties fill the sight. */
const closeScale = 1.8
const margin = 1.12

export function createCamera(): Camera {
  let view: CameraView = { scale: 1, x: 0, y: 0 }
  let isFollowing = true
  return {
    now: () => view,
    pan: (dx, dy) => {
      isFollowing = false
      view = { ...view, x: view.x - dx / view.scale, y: view.y - dy / view.scale }
    },
    zoom: (factor, x, y) => {
      isFollowing = false
      const scale = Math.min(scaleMax, Math.max(scaleMin, view.scale * factor))
      view = {
        scale,
        x: view.x + x / view.scale - x / scale,
        y: view.y + y / view.scale - y / scale,
      }
    },
    centre: (x, y) => {
      isFollowing = false
      view = { scale: Math.max(view.scale, closeScale), x, y }
    },
    fit: () => {
      isFollowing = true
    },
    follow: (positions, { width, height }) => {
      if (!isFollowing || positions.length === 0) return
      const [left, right, top, bottom] = boundsOf(positions)
      const scale = Math.min(
        width / (margin * Math.max(1, right - left)),
        height / (margin * Math.max(1, bottom - top)),
      )
      view = {
        scale: Math.min(scaleMax, Math.max(scaleMin, scale)),
        x: (left + right) / 2,
        y: (top + bottom) / 2,
      }
    },
  }
}

function boundsOf(positions: Float32Array): readonly [number, number, number, number] {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity]
  for (let at = 0; at < positions.length; at += 2) {
    const [x = 0, y = 0] = [positions[at], positions[at + 1]]
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  return [left, right, top, bottom]
}

/** Where nodes stand on the stage, in pixels of the stage; measured from the drawing itself. */
export interface Anchor {
  readonly x: number
  readonly y: number
  readonly radius: number
}

export type Anchors = ReadonlyMap<string, Anchor>

export function measureAnchors(stage: HTMLElement): Anchors {
  const origin = stage.getBoundingClientRect()
  const anchors = new Map<string, Anchor>()
  for (const element of stage.querySelectorAll<SVGGElement>('[data-node]')) {
    const id = element.dataset.node
    const body = element.querySelector('path:nth-of-type(2)') ?? element
    const box = body.getBoundingClientRect()
    if (id === undefined || box.width === 0) continue
    anchors.set(id, {
      x: box.x + box.width / 2 - origin.x,
      y: box.y + box.height / 2 - origin.y,
      radius: Math.min(box.width, box.height) / 2,
    })
  }
  return anchors
}

/** Circles of the drawing that hold words: `[data-quiet]`. */
export function measureQuiet(stage: HTMLElement): readonly Anchor[] {
  const origin = stage.getBoundingClientRect()
  return [...stage.querySelectorAll('[data-quiet]')].map((element) => {
    const box = element.getBoundingClientRect()
    return {
      x: box.x + box.width / 2 - origin.x,
      y: box.y + box.height / 2 - origin.y,
      radius: box.width / 2,
    }
  })
}

/** Merges patches of a projection and lands them once per frame. A hidden tab gets no frames, so there they land at once. */
export function landPerFrame<Patch extends object>(
  land: (patch: Patch) => void,
): (patch: Patch) => void {
  let pending: Patch | null = null
  const landNow = (): void => {
    if (pending === null) return
    const patch = pending
    pending = null
    land(patch)
  }
  return (patch) => {
    if (pending !== null) {
      pending = { ...pending, ...patch }
      return
    }
    pending = patch
    if (document.hidden) landNow()
    else requestAnimationFrame(landNow)
  }
}

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepBeating } from './persona-beat.ts'

const everyMs = 200

/** Calls that end when the test says so. */
function createCalls() {
  const open: { readonly finish: () => void; readonly fail: (error: Error) => void }[] = []
  const beat = vi.fn(() => new Promise<void>((finish, fail) => void open.push({ finish, fail })))
  return { beat, last: () => open.at(-1) }
}

describe('keepBeating', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('never has two calls under way', async () => {
    const { beat, last } = createCalls()
    const beating = keepBeating({ beat, everyMs, onFailure: vi.fn() })
    await vi.advanceTimersByTimeAsync(5 * everyMs)
    expect(beat).toHaveBeenCalledTimes(1)
    last()?.finish()
    await vi.advanceTimersByTimeAsync(everyMs)
    expect(beat).toHaveBeenCalledTimes(2)
    beating.stop()
  })

  it('tells of the first failure once, and is over', async () => {
    const failure = new TypeError('out of memory')
    const beat = vi.fn(() => Promise.reject(failure))
    const onFailure = vi.fn()
    keepBeating({ beat, everyMs, onFailure })
    await vi.advanceTimersByTimeAsync(5 * everyMs)
    expect(beat).toHaveBeenCalledTimes(1)
    expect(onFailure.mock.calls).toEqual([[failure]])
  })

  it('is silent about a call that fails after the end', async () => {
    const { beat, last } = createCalls()
    const onFailure = vi.fn()
    const beating = keepBeating({ beat, everyMs, onFailure })
    await vi.advanceTimersByTimeAsync(everyMs)
    beating.stop()
    last()?.fail(new TypeError('terminated'))
    await vi.advanceTimersByTimeAsync(everyMs)
    expect(onFailure).not.toHaveBeenCalled()
  })

  it('holds once the call under way is done, until it is released', async () => {
    const { beat, last } = createCalls()
    const beating = keepBeating({ beat, everyMs, onFailure: vi.fn() })
    await vi.advanceTimersByTimeAsync(everyMs)
    const held = vi.fn()
    const holding = beating.hold().then(held)
    await vi.advanceTimersByTimeAsync(3 * everyMs)
    expect(held).not.toHaveBeenCalled()
    last()?.finish()
    await holding
    await vi.advanceTimersByTimeAsync(3 * everyMs)
    expect(beat).toHaveBeenCalledTimes(1)
    beating.release()
    await vi.advanceTimersByTimeAsync(everyMs)
    expect(beat).toHaveBeenCalledTimes(2)
    beating.stop()
  })
})

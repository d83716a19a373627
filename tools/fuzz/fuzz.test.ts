import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'
import { hostileRequests } from './requests.ts'

it('answers 2,000 malformed and hostile requests, each with JSON-RPC', async () => {
  const report = await fuzz(1, 2_000)
  expect(report.failures).toEqual([])
  expect(report).toMatchObject({ failed: 0, ok: true })
  // An internal error would be a fault of ours that the request only showed.
  expect(report.answers['error -32603'] ?? 0).toBe(0)
  expect(Object.keys(report.kinds).length).toBeGreaterThan(8)
}, 240_000)

it('draws the same requests from the same seed', () => {
  const bodies = (seed: number) => [...hostileRequests(seed, 200)].map(({ body }) => body)
  expect(bodies(7)).toEqual(bodies(7))
  expect(bodies(8)).not.toEqual(bodies(7))
})

import { expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'
import { hostileRequests } from './requests.ts'

it('answers 400 malformed and hostile requests, each with JSON-RPC', async () => {
  const report = await fuzz(1, 400)
  expect(report.failures).toEqual([])
  expect(report).toMatchObject({ failed: 0, ok: true })
  expect(Object.keys(report.kinds).length).toBeGreaterThan(8)
  expect(Object.keys(report.ways).sort()).toEqual(['l1 http', 'l1 ws', 'l2 http', 'l2 ws'])
}, 240_000)

it('draws the same requests from the same seed', () => {
  const bodies = (seed: number) => [...hostileRequests(seed, 200)].map(({ body }) => body)
  expect(bodies(7)).toEqual(bodies(7))
  expect(bodies(8)).not.toEqual(bodies(7))
})

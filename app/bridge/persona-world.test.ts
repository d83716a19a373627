import { describe, expect, it } from 'vitest'
import type { ProjectionPatch } from '../../workers/protocol/projection.ts'
import type { World } from '../../workers/protocol/world.ts'
import { withPersonas } from './persona-world.ts'

/** What happens to engine and world, in order. `restore` is the world's. */
function follow(restore: (publish: (patch: ProjectionPatch) => void) => Promise<void>) {
  const told: string[] = []
  let publish: (patch: ProjectionPatch) => void = () => undefined
  const world = withPersonas(
    {
      restore: async () => {
        told.push('restore')
        await restore((patch) => publish(patch))
      },
      open: async () => void told.push('open'),
      rollback: async () => void told.push('rollback'),
      subscribe: async (listener: (patch: ProjectionPatch) => void) => {
        publish = listener
      },
    } as unknown as World,
    {
      end: () => void told.push('end'),
      during: async (task) => {
        told.push('hold')
        try {
          return await task()
        } finally {
          told.push('release')
        }
      },
    },
  )
  return { world, told }
}

const another = { run: {} } as ProjectionPatch
const file = new Uint8Array()

describe('the Persona engine and its world', () => {
  it('goes on after a file that is no world', async () => {
    const { world, told } = follow(() => Promise.reject(new TypeError('no world')))
    await world.subscribe(() => undefined)
    await expect(world.restore(file)).rejects.toThrow('no world')
    expect(told).toEqual(['hold', 'restore', 'release'])
  })

  it('ends with the first sign of the world that a file holds, not with its last', async () => {
    const { world, told } = follow(async (publish) => {
      publish({ totals: {} } as ProjectionPatch)
      expect(told).not.toContain('end')
      publish(another)
      expect(told).toContain('end')
    })
    await world.subscribe(() => undefined)
    await world.restore(file)
    expect(told).toEqual(['hold', 'restore', 'end', 'release', 'end'])
  })

  it('ends before a fresh world begins, and looks away from a rollback, whose run is shown again', async () => {
    const { world, told } = follow(async () => undefined)
    await world.subscribe(() => undefined)
    await world.open({ seed: 1, preset: 'demo', scenario: 'steady' })
    await world.rollback(1)
    expect(told).toEqual(['end', 'open', 'hold', 'rollback', 'release'])
  })
})

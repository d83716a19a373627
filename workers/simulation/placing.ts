/** Boots a composition's nodes in their hosts, and words why a world failed. */
import type { RoleHost } from '../kernel/hostPort.ts'
import type { Composition } from './composition.ts'
import type { Hosting } from './host.ts'

export async function placeNodes(hosting: Hosting, composition: Composition) {
  const placed = await Promise.all(
    composition.placements.map(async ({ name, nodes }) => {
      const host: RoleHost = await hosting.createHost(name)
      return nodes.map((spec) => ({ spec, host }))
    }),
  )
  return placed.flat()
}

export function failureText(failure: unknown): string {
  return failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure)
}

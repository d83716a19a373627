import type { DisputeQueries } from '../../../workers/protocol/queries.ts'
import type { World } from '../../../workers/protocol/world.ts'
import { worldStore } from '../../store/world.ts'
import { nodeTitle } from '../../ui/format.ts'
import { errorText } from '../shell/session-context.ts'

type QueryParams = Parameters<World['query']>[2]
type Method = keyof DisputeQueries
type Result<M extends Method> = DisputeQueries[M]['result']

/** What the players know, or why none of them can tell. */
export type Known<T> =
  | { readonly state: 'asking' }
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'refused'; readonly reasons: readonly string[] }

/** Asks every player of the game. Refusals are kept: a crashed node, or one that has not derived the batch, says so. */
export async function askPlayers<M extends Method>(
  world: World,
  method: M,
  params: DisputeQueries[M]['params'],
): Promise<{ readonly answers: readonly Result<M>[]; readonly reasons: readonly string[] }> {
  const nodes = Object.values(worldStore.getState().world?.nodes ?? {})
  // The challenger computes for itself; an executor may be the liar.
  const players = ['challenger', 'executor'].flatMap((role) =>
    nodes.filter((node) => node.role === role),
  )
  const asked = players.map(({ id }) => world.query(id, method, params as unknown as QueryParams))
  const settled = await Promise.allSettled(asked)
  const answers: Result<M>[] = []
  const reasons: string[] = []
  for (const [at, outcome] of settled.entries()) {
    if (outcome.status === 'fulfilled') answers.push(outcome.value as unknown as Result<M>)
    else reasons.push(`${nodeTitle(players[at]?.id ?? '')}: ${errorText(outcome.reason)}`)
  }
  return { answers, reasons }
}

export function toKnown<T>(value: T | undefined, reasons: readonly string[]): Known<T> {
  if (value !== undefined) return { state: 'known', value }
  return { state: 'refused', reasons: reasons.length > 0 ? reasons : ['No player is running.'] }
}

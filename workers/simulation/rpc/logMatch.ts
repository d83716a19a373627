/** Whether a log as JSON-RPC shows it is one that a filter asks for. */
import type { Json } from '../../protocol/world.ts'

export interface LogCriteria {
  readonly address?: Json
  readonly topics?: Json
}

type Shown = { readonly [key: string]: Json }

/** Alternatives stand in lists; null and an empty list mean any. */
export function matchesLog({ address, topics }: LogCriteria, log: Json): boolean {
  const { address: own, topics: ownTopics } = log as Shown
  const held = Array.isArray(ownTopics) ? ownTopics : []
  if (!isAmong(own, address)) return false
  if (!Array.isArray(topics)) return true
  if (topics.length > held.length) return false
  return topics.every((wanted: Json, position: number) => isAmong(held[position], wanted))
}

function isAmong(item: Json | undefined, wanted: Json | undefined): boolean {
  if (wanted === undefined || wanted === null) return true
  const alternatives = Array.isArray(wanted) ? wanted : [wanted]
  if (alternatives.length === 0) return true
  return alternatives.some((one: Json) => String(one).toLowerCase() === String(item).toLowerCase())
}

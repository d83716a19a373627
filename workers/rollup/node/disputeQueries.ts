/** What a player tells about a game that it knows; the queries of the protocol that challengers and executors share. */
import { BaseError } from '../../kernel/errors.ts'
import type { Plain } from '../../kernel/role.ts'
import type { Hex } from '../bytes.ts'
import { type GameView, latest } from '../l1/view.ts'
import { decisiveDetails } from './decisive.ts'
import { type DisputeInput, expectedRoot, gameProver, traceSource } from './disputes.ts'
import { claimTruths, itemSteps, traceItems } from './outline.ts'

/** The game is unknown, its batches are not derived yet, or no step has been proven in it. */
export class UnknownGameError extends BaseError {
  override readonly name = 'UnknownGameError'

  constructor(game: string, reason: string) {
    super(`Game ${game} ${reason}.`, { data: { game } })
  }
}

/** A field of the query is missing or out of range. */
export class InvalidQueryError extends BaseError {
  override readonly name = 'InvalidQueryError'
}

export const DISPUTE_QUERIES = ['decisiveStep', 'disputeTrace', 'itemSteps'] as const

/** `undefined`: the method is none of these. */
export async function queryDispute(
  input: Omit<DisputeInput, 'player'>,
  method: string,
  params: Plain,
): Promise<Plain | undefined> {
  if (!(DISPUTE_QUERIES as readonly string[]).includes(method)) return undefined
  const fields = (params ?? {}) as { readonly [key: string]: Plain }
  const game = knownGame(input, String(fields['game']).toLowerCase() as Hex)
  const prover = gameProver(input, game, { kind: 'honest' })
  if (method === 'itemSteps') {
    const [item, first, count] = ['item', 'first', 'count'].map((name) => natural(fields, name))
    return itemSteps(prover, { item: item ?? 0, first: first ?? 0, count: count ?? 0 }) as never
  }
  const source = traceSource(input.core)
  if (method === 'disputeTrace') {
    const span = { startEntry: game.startEntry, lastEntry: game.entryIndex }
    const items = traceItems(input.core.fields.ledger, source, span)
    return { items, truths: await claimTruths(game, prover) } as never
  }
  const stance = input.stanceOf(game)
  const claimed = stance.kind === 'lying' ? stance.tampering.state : null
  const details = await decisiveDetails({ game, source, prover, claimed })
  if (!details) throw new UnknownGameError(game.address, 'has no decisive step yet')
  return details as never
}

function knownGame(input: Omit<DisputeInput, 'player'>, address: Hex): GameView {
  const game = latest(input.core.fields.view).games.get(address)
  if (!game) throw new UnknownGameError(address, 'is unknown')
  if (expectedRoot(input, game.entryIndex) === null) {
    throw new UnknownGameError(address, 'is about batches that are not derived yet')
  }
  return game
}

const NATURAL_MAX = 2 ** 25

function natural(fields: { readonly [key: string]: Plain }, name: string): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < NATURAL_MAX) {
    return value
  }
  throw new InvalidQueryError(`"${name}" must be an integer from 0 to ${NATURAL_MAX - 1}.`)
}

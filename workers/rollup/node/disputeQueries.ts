/** What a player tells about a game that it knows; the queries of the protocol that challengers and executors share. */
import { BaseError } from '../../kernel/errors.ts'
import type { Plain } from '../../kernel/role.ts'
import type { Hex } from '../bytes.ts'
import { MAX_DEPTH, positionDepth, traceIndex } from '../game/position.ts'
import { type GameView, latest } from '../l1/view.ts'
import { type DecisiveInput, decisiveDetails } from './decisive.ts'
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

type Fields = { readonly [key: string]: Plain }

const DISPUTE_QUERIES = ['decisiveStep', 'disputeTrace', 'itemSteps'] as const

/** `undefined`: the method is none of these. */
export async function queryDispute(
  input: Omit<DisputeInput, 'player'>,
  method: string,
  params: Plain,
): Promise<Plain | undefined> {
  if (!(DISPUTE_QUERIES as readonly string[]).includes(method)) return undefined
  const fields = (params ?? {}) as Fields
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
  const step = game.step ?? refusedStep(game, fields)
  if (step === null) throw new UnknownGameError(game.address, 'has no decisive step yet')
  const stance = input.stanceOf(game)
  const claimed = stance.kind === 'lying' ? stance.tampering.state : null
  return (await decisiveDetails({ game, source, prover, step, claimed })) as never
}

/** L1 keeps no trace of a step that it refused, for the call reverted: who asks says which it was. */
function refusedStep(game: GameView, fields: Fields): DecisiveInput['step'] | null {
  if (fields['refused'] === undefined || fields['refused'] === null) return null
  const refused = fields['refused'] as Fields
  const claimIndex = natural(refused, 'claimIndex')
  const leaf = game.claims[claimIndex]
  if (!leaf || positionDepth(leaf.position) !== MAX_DEPTH) {
    throw new InvalidQueryError('"refused.claimIndex" must be a claim at the greatest depth.')
  }
  const isAttack = refused['attack'] === true
  return { claimIndex, traceIndex: traceIndex(leaf.position) + (isAttack ? 0n : 1n) }
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

function natural(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < NATURAL_MAX) {
    return value
  }
  throw new InvalidQueryError(`"${name}" must be an integer from 0 to ${NATURAL_MAX - 1}.`)
}

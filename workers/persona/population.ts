/**
 * The people of the demonstration: five archetypes, some of them Sybils in rings. Everything follows from the seed and an index, so
 * that nobody has to keep a list of ten thousand of them.
 */
import { InvalidArgumentError } from '../kernel/errors.ts'
import { deriveRng, type Rng } from '../kernel/rng.ts'
import {
  ACTION_KINDS,
  type ActionKind,
  ARCHETYPES,
  type ArchetypeName,
} from '../protocol/persona.ts'

export interface PopulationOptions {
  /** Unsigned 32-bit integer. */
  readonly seed: number
  /** 2 … 10,000. The first one is Alice. */
  readonly personas: number
  /** Share of Sybils, 0 … 900. */
  readonly sybilPermille: number
}

/** What somebody is like before the chain knows it. */
export interface PersonPlan {
  readonly index: number
  readonly name: string
  readonly archetype: ArchetypeName
  /** Which ring of Sybils it belongs to; null for honest people. */
  readonly ring: number | null
  readonly followers: number
  readonly votes: boolean
  /** Liquidity in thousandths of what a campaign asks for at the most. */
  readonly liquidityPermille: number
}

export interface Population {
  readonly options: PopulationOptions
  readonly people: readonly PersonPlan[]
  /** Honest people before Sybils; `people[sybilsFrom]` is the first Sybil. */
  readonly sybilsFrom: number
}

/** One thing that somebody does. */
export interface ActionPlan {
  /** Index of the one who acts, and of the one whom a social action is about (itself otherwise). */
  readonly actor: number
  readonly target: number
  readonly kind: ActionKind
}

export const PERSONAS_MAX = 10_000
/** Members of a ring of Sybils. */
export const RING_SIZE = 8
/** Sybils are scripts: they act this many times as often as people. */
const SYBIL_PACE = 2

/**
 * So many actions in a row are one person's. Rationale: whoever opens an app does several things in it, and one signature of the session
 * key covers them, however many people there are.
 */
export const BURST = 10

/** Throws `InvalidArgumentError` naming the option that is out of range. */
export function createPopulation(options: PopulationOptions): Population {
  const { seed, personas, sybilPermille } = options
  assertRange('personas', personas, 2, PERSONAS_MAX)
  assertRange('sybilPermille', sybilPermille, 0, 900)
  const sybilsFrom = personas - Math.floor((personas * sybilPermille) / 1000)
  const people = Array.from({ length: personas }, (_, index) =>
    index === 0 ? ALICE : personPlan(seed, index, sybilsFrom),
  )
  return { options, people, sybilsFrom }
}

/** The action with that number: who does what to whom. Any action can be planned without those before it. */
export function planAction(population: Population, number: number): ActionPlan {
  const { people, sybilsFrom, options } = population
  const burst = deriveRng(options.seed, `burst:${Math.floor(number / BURST)}`)
  const sybils = people.length - sybilsFrom
  const drawn = burst.nextBelow(sybilsFrom + SYBIL_PACE * sybils)
  const actor = drawn < sybilsFrom ? drawn : sybilsFrom + ((drawn - sybilsFrom) % sybils)
  const rng = deriveRng(options.seed, `action:${number}`)
  const person = people[actor] as PersonPlan
  const kind = pickKind(rng, person.archetype)
  const target = kind === 'social' ? pickTarget(rng, population, person) : actor
  return { actor, target, kind }
}

/** The litepaper's example: votes, 0.4 of the liquidity asked for, 10,000 followers. */
const ALICE: PersonPlan = {
  index: 0,
  name: 'Alice',
  archetype: 'governor',
  ring: null,
  followers: 10_000,
  votes: true,
  liquidityPermille: 400,
}

const FIRST_NAMES = (
  'Bruno Chiara Dario Elena Farid Greta Hana Ivo Jana Kofi Lena Mateo Nadia Omar Priya Quinn Rosa Sami Tess ' +
  'Uma Viktor Wen Ximena Yara Zeno Amara Bela Clio Dina Emil Freya Gabe Hugo Ines Jonas Kira Luca Mina Noor Otto'
).split(' ')

interface Habits {
  /** Followers: one of these orders of magnitude, times 1 … 9. */
  readonly magnitudes: readonly number[]
  readonly votesPercent: number
  readonly liquidityPermilleMax: number
  /** How often each kind of action, in percent. */
  readonly kinds: Readonly<Record<ActionKind, number>>
}

const HABITS: Readonly<Record<ArchetypeName, Habits>> = {
  governor: {
    magnitudes: [10, 100, 1_000],
    votesPercent: 95,
    liquidityPermilleMax: 600,
    kinds: { microReward: 40, gameMove: 10, social: 50 },
  },
  provider: {
    magnitudes: [1, 10, 100],
    votesPercent: 50,
    liquidityPermilleMax: 1_000,
    kinds: { microReward: 70, gameMove: 10, social: 20 },
  },
  creator: {
    magnitudes: [1_000, 10_000],
    votesPercent: 30,
    liquidityPermilleMax: 200,
    kinds: { microReward: 15, gameMove: 5, social: 80 },
  },
  player: {
    magnitudes: [10, 100],
    votesPercent: 15,
    liquidityPermilleMax: 150,
    kinds: { microReward: 15, gameMove: 75, social: 10 },
  },
  newcomer: {
    magnitudes: [1, 10],
    votesPercent: 5,
    liquidityPermilleMax: 50,
    kinds: { microReward: 45, gameMove: 35, social: 20 },
  },
}

function personPlan(seed: number, index: number, sybilsFrom: number): PersonPlan {
  const rng = deriveRng(seed, `person:${index}`)
  const archetype = ARCHETYPES[rng.nextBelow(ARCHETYPES.length)] as ArchetypeName
  const isSybil = index >= sybilsFrom
  const habits = HABITS[archetype]
  const magnitude = habits.magnitudes[rng.nextBelow(habits.magnitudes.length)] ?? 1
  const followers = magnitude * (1 + rng.nextBelow(9))
  const votes = rng.nextBelow(100) < habits.votesPercent
  const liquidityPermille = rng.nextBelow(habits.liquidityPermilleMax + 1)
  const first = FIRST_NAMES[(index - 1) % FIRST_NAMES.length]
  const round = Math.floor((index - 1) / FIRST_NAMES.length)
  return {
    index,
    name: round === 0 ? `${first}` : `${first} ${round + 1}`,
    archetype,
    ring: isSybil ? Math.floor((index - sybilsFrom) / RING_SIZE) : null,
    followers,
    votes,
    liquidityPermille,
  }
}

function pickKind(rng: Rng, archetype: ArchetypeName): ActionKind {
  let left = rng.nextBelow(100)
  for (const kind of ACTION_KINDS) {
    left -= HABITS[archetype].kinds[kind]
    if (left < 0) return kind
  }
  return 'microReward'
}

/** Sybils praise their own ring; people anyone who is honest, some of them now and then a Sybil. */
function pickTarget(rng: Rng, population: Population, person: PersonPlan): number {
  const { people, sybilsFrom } = population
  if (person.ring === null) {
    const isFooled = sybilsFrom < people.length && rng.nextBelow(100) < 2
    const [from, count] = isFooled ? [sybilsFrom, people.length - sybilsFrom] : [0, sybilsFrom]
    return besides(from + rng.nextBelow(count), person.index, from, count)
  }
  const from = sybilsFrom + person.ring * RING_SIZE
  const count = Math.min(RING_SIZE, people.length - from)
  return besides(from + rng.nextBelow(count), person.index, from, count)
}

/** Nobody praises himself, unless he is alone. */
function besides(drawn: number, self: number, from: number, count: number): number {
  return drawn === self ? from + ((drawn - from + 1) % count) : drawn
}

function assertRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  throw new InvalidArgumentError(`${name} must be an integer from ${min} to ${max}, is ${value}.`)
}

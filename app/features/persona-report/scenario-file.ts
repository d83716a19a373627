/**
 * A demonstration as text: who takes part, the campaign, and, only where that was chosen, the partner's names and logo. A file holds it as
 * it is, a link as base64url.
 */
import {
  type ACTION_KINDS,
  type CampaignDraft,
  type ConditionDraft,
  DIMENSIONS,
  FORMULAS,
  VALUATIONS,
} from '../../../workers/protocol/persona.ts'
import type { Brand } from '../persona/brand.ts'
import type { PeopleOptions } from '../persona/people.ts'

export interface PersonaScenario {
  readonly people: PeopleOptions
  readonly draft: CampaignDraft
  /** Null where names and logo stay on the device. */
  readonly brand: Brand | null
}

/** What was opened is no scenario, or not one that this page understands. */
export class ScenarioFileError extends Error {
  override name = 'ScenarioFileError'
}

const format = 'trex-persona-scenario'
const version = 1
const conditionsMax = 16
const textMax = 200
const logoMax = 700_000

export function writeScenario({ people, draft, brand }: PersonaScenario): string {
  const named = brand === null ? { ...draft, name: 'Campaign' } : draft
  return JSON.stringify({ format, version, people, draft: named, brand }, replaceBigInt, 2)
}

/** For an address; a logo is too large for one. */
export function scenarioToLink({ people, draft, brand }: PersonaScenario): string {
  const light = brand === null ? null : { ...brand, logo: null }
  const bytes = new TextEncoder().encode(
    JSON.stringify(JSON.parse(writeScenario({ people, draft, brand: light }))),
  )
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  return text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Throws `ScenarioFileError`. */
export function scenarioFromLink(text: string): PersonaScenario {
  let decoded: string
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new ScenarioFileError('The link holds no scenario: it was cut off or changed.', { cause })
  }
  return readScenario(decoded)
}

/** Throws `ScenarioFileError` that names the field and what it may be. */
export function readScenario(text: string): PersonaScenario {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (cause) {
    throw new ScenarioFileError('This file holds no scenario: it is not JSON.', { cause })
  }
  const file = objectOf(found, 'The file')
  if (file['format'] !== format) throw new ScenarioFileError(`format must be "${format}".`)
  if (file['version'] !== version) {
    throw new ScenarioFileError(`version must be ${version}, is ${String(file['version'])}.`)
  }
  const people = objectOf(file['people'], 'people')
  return {
    people: {
      personas: whole(people['personas'], 'people.personas', [2, 10_000]),
      sybilPermille: whole(people['sybilPermille'], 'people.sybilPermille', [0, 900]),
    },
    draft: readDraft(objectOf(file['draft'], 'draft')),
    brand: file['brand'] == null ? null : readBrand(objectOf(file['brand'], 'brand')),
  }
}

type Fields = Readonly<Record<string, unknown>>
type Range = readonly [least: number, most: number]

function readDraft(draft: Fields): CampaignDraft {
  const weights = objectOf(draft['actionWeights'], 'draft.actionWeights')
  const weight = (kind: (typeof ACTION_KINDS)[number]) =>
    whole(weights[kind], `draft.actionWeights.${kind}`, [0, 65_535])
  const conditions = draft['conditions']
  if (!Array.isArray(conditions) || conditions.length > conditionsMax) {
    throw new ScenarioFileError(`draft.conditions must be a list of at most ${conditionsMax}.`)
  }
  return {
    name: textOf(draft['name'], 'draft.name', textMax),
    conditions: conditions.map(readCondition),
    actionWeights: {
      microReward: weight('microReward'),
      gameMove: weight('gameMove'),
      social: weight('social'),
    },
    formula: oneOf(draft['formula'], 'draft.formula', FORMULAS),
    budget: wei(draft['budget'], 'draft.budget'),
    epochBudget: wei(draft['epochBudget'], 'draft.epochBudget'),
    epochSeconds: whole(draft['epochSeconds'], 'draft.epochSeconds', [10, 31_536_000]),
  }
}

function readCondition(found: unknown, index: number): ConditionDraft {
  const field = `draft.conditions.${index}`
  const condition = objectOf(found, field)
  return {
    name: textOf(condition['name'], `${field}.name`, textMax),
    dimension: oneOf(condition['dimension'], `${field}.dimension`, DIMENSIONS),
    valuation: oneOf(condition['valuation'], `${field}.valuation`, VALUATIONS),
    weight: number(condition['weight'], `${field}.weight`, [0, 1]),
    full: whole(condition['full'], `${field}.full`, [1, Number.MAX_SAFE_INTEGER]),
  }
}

function readBrand(brand: Fields): Brand {
  const logo = brand['logo'] ?? null
  const isPicture = typeof logo === 'string' && /^data:image\/(png|jpeg|svg\+xml|webp);/.test(logo)
  if (logo !== null && !isPicture) {
    throw new ScenarioFileError('brand.logo must be a picture as a data URL, or null.')
  }
  return {
    project: textOf(brand['project'], 'brand.project', textMax),
    campaign: textOf(brand['campaign'], 'brand.campaign', textMax),
    logo: logo === null ? null : textOf(logo, 'brand.logo', logoMax),
    isPublic: brand['isPublic'] === true,
  }
}

function objectOf(value: unknown, field: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new ScenarioFileError(`${field} must be an object.`)
}

function textOf(value: unknown, field: string, most: number): string {
  if (typeof value === 'string' && value.length <= most) return value
  throw new ScenarioFileError(`${field} must be text of at most ${most} characters.`)
}

function number(value: unknown, field: string, [least, most]: Range): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw new ScenarioFileError(`${field} must be a number from ${least} to ${most}.`)
}

function whole(value: unknown, field: string, [least, most]: Range): number {
  if (Number.isSafeInteger(value)) return number(value, field, [least, most])
  throw new ScenarioFileError(`${field} must be a whole number from ${least} to ${most}.`)
}

function wei(value: unknown, field: string): bigint {
  if (typeof value === 'string' && /^\d{1,40}$/.test(value)) return BigInt(value)
  throw new ScenarioFileError(`${field} must be an amount in wei, as decimal digits in quotes.`)
}

function oneOf<Name extends string>(value: unknown, field: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === value)
  if (found !== undefined) return found
  throw new ScenarioFileError(`${field} must be one of ${names.join(', ')}.`)
}

function replaceBigInt(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

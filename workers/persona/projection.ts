/** The engine's state as observers see it. A section that did not change stays the same object. */
import type { PersonaProjection, SetupView } from '../protocol/persona.ts'
import { campaignView } from './campaignViews.ts'
import { type EngineState, loadOf } from './engineState.ts'
import { epochViews } from './epochViews.ts'
import { epochAt } from './moment.ts'
import type { RowSetting } from './views.ts'

export function projectionOf(
  state: EngineState,
  setting: RowSetting,
  before: PersonaProjection | null,
): PersonaProjection {
  const { book } = setting
  const campaigns = [...book.campaigns.values()]
  const next: PersonaProjection = {
    setup: setupView(state, setting),
    campaigns: campaigns.map((one) => campaignView(book, one, epochAt(one, setting.time))),
    load: loadOf(state),
    epochs: campaigns.flatMap((one) => epochViews(setting, one, state.challengeSeconds)),
    distribution: state.known.distribution(setting),
    feed: state.feed,
  }
  if (before === null) return next
  return Object.fromEntries(
    Object.entries(next).map(([name, section]) => {
      const old = before[name as keyof PersonaProjection]
      return [name, old === section || print(old) === print(section) ? old : section]
    }),
  ) as unknown as PersonaProjection
}

function print(section: unknown): string {
  return JSON.stringify(section, (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  )
}

function setupView(state: EngineState, { book, population, campaign }: RowSetting): SetupView {
  const { people, sybilsFrom } = population
  const isMinted = book.passports.length >= people.length
  const isBadged = isMinted && state.setup.isSettled
  const isOpen = campaign === null || campaign.sessions.size >= people.length
  return {
    stage: state.failure !== null ? 'failed' : isBadged && isOpen ? 'ready' : 'preparing',
    step: stepText({ isMinted, isBadged, isOpen }),
    personas: people.length,
    sybils: people.length - sybilsFrom,
    passports: book.passports.length,
    badges: book.badges,
    blockNumber: BigInt(state.reader.head()?.number ?? 0),
    readings: state.readings,
    failure: state.failure,
  }
}

function stepText(done: {
  readonly isMinted: boolean
  readonly isBadged: boolean
  readonly isOpen: boolean
}): string {
  if (!done.isMinted) return 'Passports are being minted.'
  if (!done.isBadged) return 'Validators are issuing badges.'
  return done.isOpen ? 'Everyone is there.' : 'Session keys are being opened.'
}

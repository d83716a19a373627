import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LITEPAPER_DRAFT } from '../../../workers/protocol/litepaperDraft.ts'
import {
  type PersonaScenario,
  readScenario,
  ScenarioFileError,
  scenarioFromLink,
  scenarioToLink,
  writeScenario,
} from './scenario-file.ts'

const brand = {
  project: 'Ärger & Söhne',
  campaign: 'Спасибо 🦖',
  logo: 'data:image/png;base64,AAAA',
  isPublic: true,
}
const scenario: PersonaScenario = {
  people: { personas: 500, sybilPermille: 300 },
  draft: LITEPAPER_DRAFT,
  brand,
}

describe('a scenario as a file', () => {
  it('comes back as it was', () => {
    expect(readScenario(writeScenario(scenario))).toEqual(scenario)
  })

  it('holds no name and no logo of a partner unless that was chosen', () => {
    const text = writeScenario({ ...scenario, brand: null })
    expect(text).not.toMatch(/Ärger|Спасибо|data:image|Governance season/)
    expect(readScenario(text).brand).toBeNull()
  })

  it.each([
    ['people.personas', { people: { personas: 1, sybilPermille: 0 } }, 'from 2 to 10000'],
    ['draft.formula', { draft: { ...LITEPAPER_DRAFT, formula: 'mine' } }, 'one of trusted'],
    ['brand.logo', { brand: { ...brand, logo: 'https://tracker.example/a.png' } }, 'a data URL'],
    ['version', { version: 2 }, 'must be 1, is 2'],
  ])('names %s when it is wrong', (field, change, range) => {
    const changed = { ...JSON.parse(writeScenario(scenario)), ...change }
    const text = JSON.stringify(changed, (_name, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(() => readScenario(text)).toThrow(ScenarioFileError)
    expect(() => readScenario(text)).toThrow(new RegExp(`^${field}.*${range}`))
  })

  it('refuses whatever else is opened with an error of its own', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => readScenario(text)).toThrow(ScenarioFileError)
      }),
    )
  })
})

describe('a scenario as a link', () => {
  it('comes back without the logo, in letters that an address may have', () => {
    const text = scenarioToLink(scenario)
    expect(text).toMatch(/^[\w-]+$/)
    expect(scenarioFromLink(text)).toEqual({ ...scenario, brand: { ...brand, logo: null } })
  })

  it('is refused when it was cut off', () => {
    const text = scenarioToLink(scenario)
    expect(() => scenarioFromLink(text.slice(0, -7))).toThrow(ScenarioFileError)
  })
})

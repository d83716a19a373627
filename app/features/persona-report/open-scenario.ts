/** Takes the demonstration out of the page and back in. */
import { notify } from '../../store/view.ts'
import { formatCount, plural } from '../../ui/format.ts'
import { currentBrand, setBrand } from '../persona/brand.ts'
import { currentPeople, setPeople } from '../persona/people.ts'
import { currentDraft, setDraft } from '../persona-campaign/draft.ts'
import { type PersonaScenario, readScenario } from './scenario-file.ts'

const fileSizeMax = 2_000_000

export function currentScenario(withBrand: boolean): PersonaScenario {
  return {
    people: currentPeople(),
    draft: currentDraft(),
    brand: withBrand ? currentBrand() : null,
  }
}

/** Fills the forms; nothing is sent. */
export function openScenario({ people, draft, brand }: PersonaScenario): void {
  setPeople(people)
  setDraft(draft)
  if (brand !== null) setBrand(brand)
  notify(
    'info',
    `The scenario is open: ${formatCount(people.personas)} people, ${plural(draft.conditions.length, 'condition')}. Nothing is on chain yet.`,
  )
}

/** Rejects with `ScenarioFileError`, or `RangeError` for what is too large to be one. */
export async function openScenarioFile(file: File): Promise<void> {
  if (file.size > fileSizeMax) {
    throw new RangeError(`${file.name} is too large to be a scenario: at most 2 MB.`)
  }
  openScenario(readScenario(await file.text()))
}

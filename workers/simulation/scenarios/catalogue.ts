/** All scenarios by name. */
import { createIdleScript } from '../../kernel/script.ts'
import { UnknownScenarioError } from '../errors.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'quiet',
    description: 'Nobody sends anything: empty blocks, empty batches.',
    boundMs: () => 60_000,
    createScript: () => createIdleScript(),
  },
]

/** Throws `UnknownScenarioError` listing the names. */
export function findScenario(name: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (scenario !== undefined) return scenario
  throw new UnknownScenarioError(`Unknown scenario "${name}".`, {
    metaMessages: [`Scenarios: ${SCENARIOS.map((one) => one.name).join(', ')}`],
  })
}

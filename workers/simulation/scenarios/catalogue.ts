/** All scenarios by name. */
import { UnknownScenarioError } from '../errors.ts'
import { quiet, steady } from './calm.ts'
import { fraudScenarios } from './frauds.ts'
import { mishapScenarios } from './mishaps.ts'
import { outageScenarios } from './outages.ts'
import { personaCampaign } from './persona.ts'
import type { Scenario } from './scenario.ts'

export const SCENARIOS: readonly Scenario[] = [
  steady,
  quiet,
  ...fraudScenarios,
  ...mishapScenarios,
  personaCampaign,
  ...outageScenarios,
]

/** Throws `UnknownScenarioError` listing the names. */
export function findScenario(name: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (scenario !== undefined) return scenario
  throw new UnknownScenarioError(`Unknown scenario "${name}".`, {
    metaMessages: [`Scenarios: ${SCENARIOS.map((one) => one.name).join(', ')}`],
  })
}

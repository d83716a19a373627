/** A scenario: what happens from outside, as a script, and what is expected of the end. */
import type { Script } from '../../kernel/script.ts'
import type { Parameters } from '../../rollup/parameters.ts'

export interface ScenarioSetting {
  readonly seed: number
  readonly parameters: Parameters
}

export interface Scenario {
  readonly name: string
  /** One sentence, for lists. */
  readonly description: string
  /** Virtual time after which the scenario runner stops at the latest. */
  readonly boundMs: (parameters: Parameters) => number
  readonly createScript: (setting: ScenarioSetting) => Script
}

/** A scenario: what happens from outside, as a script, and when the runner has seen enough. */
import type { Script } from '../../kernel/script.ts'
import type { Json } from '../../protocol/world.ts'
import type { Parameters } from '../../rollup/parameters.ts'
import type { Summary } from '../summary.ts'
import { type Actor, createActorScript } from './actor.ts'

export interface ScenarioSetting {
  readonly seed: number
  readonly parameters: Parameters
  /** L1 contracts by name, 0x-strings. */
  readonly contracts: Readonly<Record<string, string>>
  /** For people: an input of the script was refused. */
  readonly onRefused?: (type: string, error: Error) => void
}

export interface Scenario {
  readonly name: string
  /** One sentence, for lists. */
  readonly description: string
  /** Virtual time after which the runner stops at the latest. */
  readonly boundMs: (parameters: Parameters) => number
  /** Whether everything that the scenario is about has happened. */
  readonly isDone: (summary: Summary) => boolean
  /** What went wrong when it is not done in time, or done in a way that it must not be; empty when all is well. */
  readonly complaints: (summary: Summary) => readonly string[]
  /** Challengers of the world, beyond the usual one. */
  readonly challengers?: number
  /** Invariants that the scenario is there to break: reaching its goal means that these, and no others, are broken. */
  readonly breaks?: readonly string[]
  readonly actors: (setting: ScenarioSetting) => readonly Actor<unknown>[]
  /** A section of the report of its own, gathered from L2 when the run is over. */
  readonly section?: {
    readonly name: string
    readonly gather: (read: ReadL2, summary: Summary, seed: number) => Promise<SectionContent>
  }
}

type ReadL2 = (method: string, params: readonly Json[]) => Promise<Json>

export interface SectionContent {
  readonly value: Json
  readonly complaints: readonly string[]
}

export function createScenarioScript(scenario: Scenario, setting: ScenarioSetting): Script {
  return createActorScript(setting, scenario.actors(setting))
}

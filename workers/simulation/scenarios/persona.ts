/** Personas: a campaign from passports to claims, with a lie on each of two levels. */
import { disputesOf, type Summary } from '../summary.ts'
import { anyActor } from './actor.ts'
import { calmComplaints, finalityBoundMs } from './calm.ts'
import { createPersonaActor } from './personaActor.ts'
import { personaSection } from './personaSection.ts'
import type { Scenario } from './scenario.ts'

export const personaCampaign: Scenario = {
  name: 'persona-campaign',
  description:
    'Personas engage in a campaign; a false reward root is challenged on L2, and an inflated reward in a state root is disputed on L1.',
  boundMs: (parameters) =>
    2 * finalityBoundMs(parameters) + 2_000 * parameters.gameClockSeconds + 240_000,
  isDone: (summary) =>
    disputesOf(summary).some(({ injected, honestWon }) => injected && honestWon === true),
  complaints: (summary) => [...calmComplaints(summary), ...verdictComplaints(summary)],
  actors: ({ seed }) => [
    anyActor(
      createPersonaActor({
        seed,
        personas: 200,
        sybilPermille: 200,
        actionsPerSecond: 250,
        actions: 4_000,
        epochSeconds: 60,
      }),
    ),
  ],
  section: { name: 'persona', gather: personaSection },
}

function verdictComplaints(summary: Summary): string[] {
  const lies = disputesOf(summary).filter(({ injected }) => injected)
  if (lies.length === 0) return ['No inflated reward was disputed.']
  return lies.flatMap(({ game, honestWon, decidedBy }) => {
    if (honestWon === false) return [`The false root ${game} stood.`]
    if (decidedBy !== null && decidedBy.opcode !== 'SSTORE') {
      return [`Game ${game} was decided at ${decidedBy.opcode}, not at an SSTORE.`]
    }
    return []
  })
}

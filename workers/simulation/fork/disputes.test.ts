import { describe, expect, test } from 'vitest'
import type { ForkPoint } from '../../protocol/fork.ts'
import { SCENARIOS } from '../scenarios/catalogue.ts'
import { assertFaultAllowed, assertScenarioAllowed } from './disputes.ts'

const proven: ForkPoint = {
  host: '127.0.0.1:8545',
  chainId: 1,
  blockNumber: 1,
  blockHash: `0x${'01'.repeat(32)}`,
  stateRoot: `0x${'02'.repeat(32)}`,
  proofs: true,
}
const unproven: ForkPoint = { ...proven, proofs: false }
const lieOf = (node: string, fraud: string) => ({ kind: 'corrupt', node, fraud }) as never

describe('a fork without proofs', () => {
  test('has no scenario in which somebody lies about a root', () => {
    for (const scenario of ['steady', 'quiet']) assertScenarioAllowed(unproven, scenario)
    // The campaign's executor inflates a reward, which ends in a dispute.
    for (const scenario of ['persona-campaign', 'fraud-sstore'])
      expect(() => assertScenarioAllowed(unproven, scenario)).toThrow('127.0.0.1:8545')
  })

  test('has no lie of an executor, but those of sequencers', () => {
    expect(() => assertFaultAllowed(unproven, lieOf('executor-0', 'fraud-sstore'))).toThrow()
    expect(() => assertFaultAllowed(unproven, lieOf('sequencer-0', 'equivocate'))).not.toThrow()
  })

  test('is all that is restricted', () => {
    for (const { name } of SCENARIOS) {
      assertScenarioAllowed(proven, name)
      assertScenarioAllowed(undefined, name)
    }
    assertFaultAllowed(proven, lieOf('executor-0', 'fraud-sstore'))
  })
})

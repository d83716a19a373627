/**
 * The challenger's role itself against a real node: it follows Anvil's blocks, fetches the batch from the data nodes, plays every move of the
 * game with its own transactions down to the lie, has Anvil decide it, and takes the liar's bonds.
 */
import { afterEach, beforeAll, beforeEach, describe, it } from 'vitest'
import {
  catchFraud,
  loadDisputeGenesis,
} from '../../workers/simulation/disputes/disputeWorld.testing.ts'
import { type AnvilL1, createAnvilL1 } from './l1.ts'

beforeAll(loadDisputeGenesis)

describe('the roles with a real Ethereum node as their L1', () => {
  let l1: AnvilL1
  beforeEach(() => {
    l1 = createAnvilL1()
  })
  afterEach(() => l1.close())

  it('catch a wrong SSTORE at its step, slash it, and go on', async () => {
    const place = { phase: 'EXEC', opcode: 'SSTORE' }
    await catchFraud({ fraud: 'fraud-sstore', place, l1: l1.factory })
  }, 300_000)
})

/** A dispute between real roles, from the lie to its resolution. Others: `disputes.long.test.ts`. */
import { beforeAll, it } from 'vitest'
import { catchFraud, loadDisputeGenesis } from './disputeWorld.testing.ts'

beforeAll(loadDisputeGenesis)

it('catches a wrong SSTORE at its step, slashes it, and goes on', async () => {
  await catchFraud({ fraud: 'fraud-sstore', place: { phase: 'EXEC', opcode: 'SSTORE' } })
}, 300_000)

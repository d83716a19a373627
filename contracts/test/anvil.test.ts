import type { Hex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Anvil, classroomGenesis, replayClassroom, startAnvil } from './anvilNode.ts'

const TRANSACTION_GAS_MAX = 16_777_216n

describe('a real Ethereum node', () => {
  let anvil: Anvil
  beforeAll(async () => {
    anvil = await startAnvil()
  }, 30_000)
  afterAll(() => anvil.stop())

  it('deploys the same contracts within its limits and registers every member', async () => {
    const { client } = anvil
    const genesis = classroomGenesis()
    for (const { label, status, gasUsed, creates } of await replayClassroom(client)) {
      expect([label, status]).toEqual([label, 'success'])
      expect(gasUsed).toBeLessThan(TRANSACTION_GAS_MAX)
      if (creates === undefined) continue
      const code = await client.getCode({ address: creates })
      expect(code).toBe(genesis.l1.alloc[creates]?.code)
    }
    for (const [address, { storage }] of Object.entries(genesis.l1.alloc)) {
      // Entry 0 of the inbox holds the block in which it was deployed, which differs here.
      if (address === genesis.addresses['inbox']) continue
      for (const [slot, value] of Object.entries(storage))
        expect(await client.getStorageAt({ address: address as Hex, slot: slot as Hex })).toBe(
          value,
        )
    }
  }, 60_000)
})

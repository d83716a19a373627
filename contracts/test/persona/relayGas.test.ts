/** The relay sends batches with a limit of gas that it reckons: too little, and nothing of the batch is recorded. */
import { concatHex, type Hex, size } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchGas } from '../../../workers/persona/relay.ts'
import { ACTION_KINDS, type ActionKind } from '../../../workers/protocol/persona.ts'
import { encodeBatch, micro, move, signGroup, social } from './batch.ts'
import { createPersona, type Persona, personOf, signSession } from './persona.ts'

const ACTORS = 6
const EACH = 10
const key = personOf(9_000)

let persona: Persona
let campaign: bigint
let deadline: bigint

/** Nobody of these acted before, and nobody was liked. */
beforeAll(async () => {
  persona = await createPersona()
  campaign = await persona.campaign()
  deadline = persona.chain.timestamp() + 50n
  const { chain, contracts } = persona
  for (let person = 0; person < ACTORS * (EACH + 1); person += 1)
    await persona.mint(personOf(person))
  for (let actor = 0; actor < ACTORS; actor += 1) {
    const terms = { campaign, key: key.address, allowance: 10_000n, expiry: deadline, nonce: 0n }
    const session = { ...terms, passport: BigInt(actor + 1) }
    const signature = await signSession(personOf(actor), session)
    await chain.send(contracts.engagements, 'openSession', [session, signature])
  }
})

const ACTIONS: Readonly<Record<ActionKind, (actor: number, index: number) => Hex>> = {
  microReward: (_, index) => micro(index),
  gameMove: (_, index) => move(index % 4, 1 + (index % 8)),
  social: (actor, index) => social(BigInt(ACTORS + actor * EACH + index + 1)),
}

async function gasOf(kind: ActionKind): Promise<bigint> {
  const groups = await Promise.all(
    Array.from({ length: ACTORS }, (_, actor) => {
      const actions = concatHex(
        Array.from({ length: EACH }, (_, index) => ACTIONS[kind](actor, index)),
      )
      const passport = BigInt(actor + 1)
      return signGroup(passport, key, { passport, actions, campaign, nonce: 0n, deadline })
    }),
  )
  const batch = encodeBatch(campaign, deadline, groups)
  const { result, gasUsed } = await persona.chain.send(persona.contracts.engagements, 'submit', [
    batch,
  ])
  expect(result).toEqual([BigInt(ACTORS * EACH), 0n])
  // The call's own 100 bytes and the batch at the highest price of calldata.
  return gasUsed + 21_000n + 16n * BigInt(100 + size(batch))
}

describe('the gas of a relayed batch', () => {
  it.each(ACTION_KINDS)('is enough for first actions of the kind %s', async (kind) => {
    const restore = persona.chain.capture()
    const used = await gasOf(kind)
    restore()
    const reckoned = batchGas(
      Array.from({ length: ACTORS }, () => Array.from({ length: EACH }, () => ({ kind }))),
    )
    expect(reckoned).toBeGreaterThan(Number(used))
    // Not much more either: what is reckoned bounds how many groups a transaction has.
    expect(reckoned).toBeLessThan(2.5 * Number(used))
  })
})

/** The dearest steps fit into one transaction of Ethereum: 16,777,216 gas (EIP-7825). */
import { beforeAll, describe, expect, test } from 'vitest'
import {
  dearestOfLargeCode,
  dearestOpcodes,
  JUMP_GAS_AIM,
  noise,
} from '../../../tools/conformance/dearest.ts'
import { GAS_LIMIT } from '../../../tools/conformance/evm.ts'
import { deployFamily, type Family, verify } from '../../../tools/conformance/family.ts'
import { kindOf } from '../../../tools/conformance/outcome.ts'
import { addressOf, context, transaction } from '../../../tools/conformance/states.ts'
import { CODE_LIMITS } from '../../../workers/rollup/codeLimits.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { step } from '../../../workers/rollup/machine/step.ts'
import {
  type MachineContext,
  type MachineState,
  PHASE,
} from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

let family: Family
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  family = await deployFamily()
})

function until(state: MachineState, phase: number): MachineState {
  let next = state
  while (next.phase !== phase) next = step(next, context)
  return next
}

const ZERO_COST = new Uint8Array(0)
const identity = (size: number) =>
  transaction(ZERO_COST, {
    to: addressOf(0).fill(4, 19),
    data: noise(size),
    gasLimit: 16_000_000n,
  })
/** As many bytes of access list, and as many authorizations, as a transaction can pay for or hold. */
const addresses = Array.from({ length: 2_600 }, (_, i) => ({
  address: addressOf((i & 127) + 1),
  storageKeys: [],
}))
const slots = [
  {
    address: addressOf(1),
    storageKeys: Array.from({ length: 1_900 }, (_, i) => new Uint8Array(32).fill((i & 127) + 1)),
  },
]
const tuples = (length: number) =>
  Array.from({ length }, () => ({
    chainId: 1n << 60n,
    address: addressOf(1),
    nonce: 1n << 60n,
    yParity: 200n,
    r: 1n << 255n,
    s: 1n << 255n,
  }))

const DEAREST: Readonly<Record<string, () => MachineState>> = {
  ...dearestOpcodes,
  'TX_START with 62,000 bytes of data': () =>
    transaction(ZERO_COST, { data: noise(62_000), gasLimit: 16_000_000n }),
  'TX_START with 2,600 addresses': () =>
    transaction(ZERO_COST, { accessList: addresses, gasLimit: 16_000_000n }),
  'TX_START with 1,900 slots': () =>
    transaction(ZERO_COST, { accessList: slots, gasLimit: 16_000_000n }),
  'TX_START with 660 authorizations': () =>
    transaction(ZERO_COST, { type: 4, authorizations: tuples(660), gasLimit: 16_777_216n }),
  'TX_START with 600 authorizations that it cannot pay': () =>
    transaction(ZERO_COST, { type: 4, authorizations: tuples(600), gasLimit: 1_000_000n }),
  'TX_CALL with 62,000 bytes of data': () => until(identity(62_000), PHASE.TX_CALL),
  'identity of 62,000 bytes': () => until(identity(62_000), PHASE.PRECOMPILE),
}

/** Gas by name; each step must have the mirror's result and fit into a transaction. */
async function gasOfEach(
  by: Family,
  states: Readonly<Record<string, () => MachineState>>,
  within: MachineContext,
): Promise<ReadonlyMap<string, bigint>> {
  const gas = new Map<string, bigint>()
  for (const [name, make] of Object.entries(states)) {
    const state = make()
    expect(step(state, within).phase, name).not.toBe(PHASE.HALT)
    const { result, expected, error, transactionGas } = await verify(by, state, within)
    gas.set(`${name} (${kindOf(state)})`, transactionGas)
    expect(error, name).toBeUndefined()
    expect(result, name).toBe(expected)
    expect(transactionGas, name).toBeLessThan(GAS_LIMIT)
  }
  console.info([...gas].map(([name, value]) => `${name}: ${value} gas`).join('\n'))
  return gas
}

describe('gas of one step', () => {
  test('the dearest steps fit into one transaction', async () => {
    const gas = await gasOfEach(family, DEAREST, context)
    for (const [name, value] of gas) {
      if (name.startsWith('JUMP')) expect(value, name).toBeLessThan(JUMP_GAS_AIM)
    }
  })

  test('those over code of 64 KiB, in a world that allows it, do too', async () => {
    const codeLimits = CODE_LIMITS[65_536]
    const large = await deployFamily([], [], { codeLimits })
    const rules = { ...context.rules, ...codeLimits }
    const { size } = await gasOfEach(large, dearestOfLargeCode, { ...context, rules })
    expect(size).toBe(6)
  })
})

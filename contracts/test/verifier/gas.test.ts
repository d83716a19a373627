/** The dearest steps fit into one transaction of Ethereum: 16,777,216 gas (EIP-7825). */
import { beforeAll, describe, expect, test } from 'vitest'
import { GAS_LIMIT } from '../../../tools/conformance/evm.ts'
import { deployFamily, type Family, verify } from '../../../tools/conformance/family.ts'
import { kindOf } from '../../../tools/conformance/outcome.ts'
import { addressOf, context, executing, transaction } from '../../../tools/conformance/states.ts'
import { initKeccak, keccak256 } from '../../../workers/rollup/keccak.ts'
import { byteString } from '../../../workers/rollup/machine/byteString.ts'
import { writeMemory } from '../../../workers/rollup/machine/memory.ts'
import { step } from '../../../workers/rollup/machine/step.ts'
import { type MachineState, PHASE } from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

let family: Family
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  family = await deployFamily()
})

const random = (size: number) => {
  const bytes = new Uint8Array(size)
  let block = new Uint8Array(32)
  for (let i = 0; i < size; i += 32) {
    block = Uint8Array.from(keccak256(block))
    bytes.set(block.subarray(0, Math.min(32, size - i)), i)
  }
  return bytes
}

/** A frame whose memory is full of noise, at an odd offset, so that nothing compresses and both borders need siblings. */
function wide(opcode: number, operands: readonly bigint[]): MachineState {
  const state = executing(opcode, operands, { gas: 10_000_000 })
  const { frame } = state
  if (frame === null) throw new Error('EXEC has a frame.')
  const memory = writeMemory(frame.memory, 0, random(140_000))
  return {
    ...state,
    frame: { ...frame, memory, memoryWords: 4_375, input: byteString(random(65_000)) },
  }
}

/** EXEC of a jump to the end of code without push data: the longest scan. */
function longJump(size: number): MachineState {
  const state = executing(0x56, [BigInt(size - 1)], { gas: 1_000_000 })
  const bytes = new Uint8Array(size).fill(0x5b)
  bytes[0] = 0x56
  const code = { bytes, hash: keccak256(bytes) }
  const { frame } = state
  if (frame === null) throw new Error('EXEC has a frame.')
  return { ...state, frame: { ...frame, pc: 0, code } }
}

function until(state: MachineState, phase: number): MachineState {
  let next = state
  while (next.phase !== phase) next = step(next, context)
  return next
}

const ZERO_COST = new Uint8Array(0)
const identity = (size: number) =>
  transaction(ZERO_COST, {
    to: addressOf(0).fill(4, 19),
    data: random(size),
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
  'KECCAK256 of 64 KiB': () => wide(0x20, [33n, 65_535n]),
  'MCOPY of 64 KiB': () => wide(0x5e, [33n, 70_001n, 65_535n]),
  'CALLDATACOPY of 64 KiB': () => wide(0x37, [33n, 1n, 65_535n]),
  'LOG4 of 64 KiB': () => wide(0xa4, [33n, 65_535n, 1n, 2n, 3n, 4n]),
  'CREATE of 48 KiB': () => wide(0xf0, [0n, 33n, 49_152n]),
  'JUMP over 24 KiB': () => longJump(24_576),
  'JUMP over 48 KiB of initcode': () => longJump(49_152),
  'TX_START with 62,000 bytes of data': () =>
    transaction(ZERO_COST, { data: random(62_000), gasLimit: 16_000_000n }),
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

describe('gas of one step', () => {
  test('the dearest steps fit into one transaction', async () => {
    const lines: string[] = []
    for (const [name, make] of Object.entries(DEAREST)) {
      const state = make()
      const { result, expected, error, transactionGas } = await verify(family, state, context)
      lines.push(`${name} (${kindOf(state)}): ${transactionGas} gas`)
      expect(error, name).toBeUndefined()
      expect(result, name).toBe(expected)
      expect(transactionGas, name).toBeLessThan(GAS_LIMIT)
    }
    console.info(lines.join('\n'))
  })
})

/** Where a jump may land: the verifier's library beside the mirror, for each byte of codes that are full of PUSHes. */
import fc from 'fast-check'
import { bytesToHex } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { call, createMachine, type Deployed, deploy } from '../../../tools/conformance/evm.ts'
import { isJumpDestination } from '../../../workers/rollup/machine/byteString.ts'
import { LibraryProbe } from '../../generated/test/LibraryProbe.ts'

const JUMPDEST = 0x5b
let ask: (code: Uint8Array) => Promise<readonly boolean[]>
beforeAll(async () => {
  const evm = await createMachine()
  const probe: Deployed = await deploy(evm, LibraryProbe)
  ask = async (code) => {
    const { result, error } = await call(evm, probe, 'jumpTargets', [bytesToHex(code)])
    expect(error).toBeUndefined()
    return result as readonly boolean[]
  }
})

const expected = (code: Uint8Array) => [...code].map((_, at) => isJumpDestination(code, at))

describe('the target of a jump', () => {
  test('is a JUMPDEST behind the data of a PUSH, and none within it, wherever the PUSH is', async () => {
    for (let size = 1; size <= 32; size++) {
      for (const at of [0, 1, 30, 31, 32, 33, 63]) {
        const code = new Uint8Array(at + size + 40).fill(JUMPDEST)
        code[at] = 0x5f + size
        const targets = await ask(code)
        expect([at, size, ...targets]).toEqual([at, size, ...expected(code)])
        expect(targets[at + size]).toBe(false)
        expect(targets[at + size + 1]).toBe(true)
      }
    }
  })

  test('is what the mirror says, in any code', async () => {
    const byte = fc.oneof(
      { weight: 4, arbitrary: fc.constant(JUMPDEST) },
      { weight: 2, arbitrary: fc.integer({ min: 0x60, max: 0x64 }) },
      { weight: 2, arbitrary: fc.integer({ min: 0x60, max: 0x7f }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
    )
    const codes = fc.array(byte, { minLength: 1, maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(codes, async (bytes) => {
        const code = Uint8Array.from(bytes)
        expect(await ask(code)).toEqual(expected(code))
      }),
      { numRuns: 300 },
    )
  })

  test('is none beyond the code, and none in code without a JUMPDEST', async () => {
    expect(await ask(new Uint8Array(0))).toEqual([])
    expect(await ask(new Uint8Array(70).fill(0x7f))).not.toContain(true)
  })
})

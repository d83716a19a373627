import { createEVM } from '@ethereumjs/evm'
import { beforeAll, describe, expect, it } from 'vitest'
import { hexToBytes } from '../../rollup/bytes.ts'
import { rememberAnalyses } from './codeAnalysis.ts'
import { createRules } from './common.ts'

/** PUSH1 4, JUMP, INVALID, JUMPDEST, PUSH1 1, PUSH0, MSTORE8, PUSH1 1, PUSH0, RETURN. */
const JUMPS = hexToBytes('0x600456fe5b60015f5360015ff3')
/** The same, but what it jumps to is the data of a PUSH1. */
const INTO_DATA = hexToBytes('0x600456605b60015f5360015ff3')

const evmOf = () => createEVM({ common: createRules(1, 'osaka') })

describe('analyses of code that are remembered', () => {
  beforeAll(rememberAnalyses)

  it('lets code jump the second time as the first', async () => {
    const evm = await evmOf()
    for (let turn = 0; turn < 3; turn += 1) {
      const { returnValue, exceptionError } = await evm.runCode({ code: JUMPS, gasLimit: 1_000n })
      expect(exceptionError).toBeUndefined()
      expect(returnValue).toEqual(Uint8Array.of(1))
    }
  })

  it('refuses a jump into data every time, also after code of the same length was run', async () => {
    const evm = await evmOf()
    await evm.runCode({ code: JUMPS, gasLimit: 1_000n })
    for (let turn = 0; turn < 3; turn += 1) {
      const { exceptionError } = await evm.runCode({ code: INTO_DATA, gasLimit: 1_000n })
      expect(exceptionError?.error).toMatch(/^invalid JUMP/)
    }
  })

  it('knows code by the array that holds it', async () => {
    const evm = await evmOf()
    const corrupted = Uint8Array.from(JUMPS)
    corrupted[4] = 0x5a
    expect((await evm.runCode({ code: JUMPS, gasLimit: 1_000n })).exceptionError).toBeUndefined()
    const { exceptionError } = await evm.runCode({ code: corrupted, gasLimit: 1_000n })
    expect(exceptionError?.error).toMatch(/^invalid JUMP/)
  })

  it('goes through code once', async () => {
    const evm = await evmOf()
    const code = Uint8Array.from(JUMPS)
    await evm.runCode({ code, gasLimit: 1_000n })
    // Were it gone through again, what stands there now would be found.
    code[4] = 0x5a
    const { exceptionError } = await evm.runCode({ code, gasLimit: 1_000n })
    expect(exceptionError).toBeUndefined()
  })
})

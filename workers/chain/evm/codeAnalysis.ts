/**
 * Which bytes of a contract are instructions, found out once per contract instead of once per call. @ethereumjs/evm 10.1.3 goes through
 * the whole code at the first jump of every call, and makes some hundred kilobytes of garbage on the way.
 */
import { createEVM, type EVM } from '@ethereumjs/evm'
import { assert } from '../../kernel/errors.ts'
import { createRules } from './common.ts'

/** The library's, as far as it concerns this. It exports neither its class nor its type. */
interface Interpreter {
  _evm: EVM
  _getValidJumpDestinations(code: Uint8Array): Analysis
}

/** What the library finds; it only reads it afterwards. */
type Analysis = object

let installed: Promise<void> | undefined

/** Makes every EVM of this thread remember what it found. Code is known by the array that holds it, which nobody changes in place. */
export function rememberAnalyses(): Promise<void> {
  installed ??= install()
  return installed
}

async function install(): Promise<void> {
  const prototype = await interpreterPrototype()
  const analyse = prototype._getValidJumpDestinations
  assert(
    typeof analyse === 'function',
    '@ethereumjs/evm analyses code under another name than it did in 10.1.3.',
  )
  // Opcodes differ from fork to fork, so each EVM has its own.
  const known = new WeakMap<EVM, WeakMap<Uint8Array, Analysis>>()
  prototype._getValidJumpDestinations = function (this: Interpreter, code) {
    const mine = known.get(this._evm) ?? new WeakMap<Uint8Array, Analysis>()
    known.set(this._evm, mine)
    const analysis = mine.get(code) ?? analyse.call(this, code)
    mine.set(code, analysis)
    return analysis
  }
}

/** Only an opcode's own logic gets to see the interpreter that runs it. */
async function interpreterPrototype(): Promise<Interpreter> {
  const PROBE = 0x0c
  let prototype: Interpreter | undefined
  const evm = await createEVM({
    common: createRules(1, 'osaka'),
    customOpcodes: [
      {
        opcode: PROBE,
        opcodeName: 'PROBE',
        baseFee: 0,
        logicFunction: ({ interpreter }) => {
          prototype = Object.getPrototypeOf(interpreter) as Interpreter
        },
      },
    ],
  })
  await evm.runCode({ code: Uint8Array.of(PROBE), gasLimit: 1_000n })
  assert(prototype !== undefined, '@ethereumjs/evm did not run the probe.')
  return prototype
}

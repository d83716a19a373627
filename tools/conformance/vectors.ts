/** Language-neutral vectors of the machine: one step of each phase and of each class of opcodes. `docs/vectors/machine.json` holds them. */
import { bytesToHex, type Hex } from 'viem'
import { stateHash } from '../../workers/rollup/machine/hash.ts'
import { step, witness } from '../../workers/rollup/machine/step.ts'
import type { Pair } from './outcome.ts'
import { stepOfEach } from './programs.ts'

export const VECTORS_FILE = 'docs/vectors/machine.json'

export interface StepVector {
  readonly pair: Pair
  readonly endEntry: string
  readonly traceIndex: string
  /** stateHash before the step, which the witness opens. */
  readonly preState: Hex
  /** abi.encode(State, Parts). */
  readonly witness: Hex
  readonly postState: Hex
}

const PAIRS: readonly Pair[] = [
  'BATCH_OPEN: opens',
  'BLOCK_START: from the payload',
  'TX_NEXT: from the payload',
  'BLOCK_END: ok',
  'SYSTEM: block hash',
  'TX_START: signed',
  'ACCESS: slot',
  'AUTHORIZE: delegates a new account',
  'TX_CALL: of a contract',
  'FRAME_START: creation with value',
  'PRECOMPILE 0x01: ok',
  'RETURN: of a call with output',
  'REVERT: of a call with output',
  'HALT: of a call',
  'TX_END: signed',
  'DESTRUCT: the last',
  'TX_CLOSE: ok',
  'CHEAT: sets storage',
  'EXEC ADD: ok',
  'EXEC 0x0c: undefined',
  'EXEC KECCAK256: ok',
  'EXEC BALANCE: ok, cold',
  'EXEC MSTORE: ok',
  'EXEC SSTORE: ok, cold, cleared',
  'EXEC JUMPI: ok, taken',
  'EXEC TSTORE: ok',
  'EXEC PUSH32: ok',
  'EXEC LOG4: ok',
  'EXEC CREATE2: ok',
  'EXEC CALL: ok, of a contract with value',
  'EXEC SELFDESTRUCT: ok, of a new contract, to another',
]

export function stepVectors(): readonly StepVector[] {
  const steps = stepOfEach(PAIRS)
  return PAIRS.flatMap((pair) => {
    const one = steps.get(pair)
    if (one === undefined) return []
    const { before, context, traceIndex } = one
    return {
      pair,
      endEntry: context.endEntry.toString(),
      traceIndex: traceIndex.toString(),
      preState: bytesToHex(stateHash(before)),
      witness: bytesToHex(witness(before, context)),
      postState: bytesToHex(stateHash(step(before, context))),
    }
  })
}

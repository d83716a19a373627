/** Where our EVM differs from @ethereumjs/evm 10.1.3: L2's caps (docs/specs/MACHINE.md, section 6) and one of its bugs. */
import type { Common } from '@ethereumjs/common'
import {
  EVMError,
  type EVMOpts,
  type ExecResult,
  getActivePrecompiles,
  getOpcodesForHF,
  type Message,
  type PrecompileFunc,
} from '@ethereumjs/evm'
import { Address } from '@ethereumjs/util'
import { assert } from '../../kernel/errors.ts'
import { EMPTY_BYTES, equalBytes, hexToBytes } from '../../rollup/bytes.ts'
import { EMPTY_CODE_HASH } from '../../rollup/trie/world.ts'
import { loadKzg } from './kzg.ts'
import type { Overlay } from './overlay.ts'

/** Gas that one precompile call may cost on L2, since the verifier repeats it on L1. */
const PRECOMPILE_GAS_MAX = 8_000_000n
/** Bytes of memory that one opcode may read or write at once on L2. */
const MEMORY_RANGE_MAX = 65_536n
const POINT_EVALUATION = '000000000000000000000000000000000000000a'

type CustomPrecompiles = NonNullable<EVMOpts['customPrecompiles']>
type CustomOpcodes = NonNullable<EVMOpts['customOpcodes']>

/** The precompiles with KZG loaded on demand; on L2 capped. */
export function customPrecompiles(common: Common, isCapped: boolean): CustomPrecompiles {
  return [...getActivePrecompiles(common)]
    .filter(([address]) => isCapped || address === POINT_EVALUATION)
    .map(([address, original]) => {
      const loadable = address === POINT_EVALUATION ? withKzg(original) : original
      return {
        address: new Address(hexToBytes(address)),
        function: isCapped ? withGasCap(loadable) : loadable,
      }
    })
}

function withKzg(original: PrecompileFunc): PrecompileFunc {
  return async (input) => {
    await loadKzg()
    return original(input)
  }
}

function withGasCap(original: PrecompileFunc): PrecompileFunc {
  return async (input) => {
    if (input.gasLimit <= PRECOMPILE_GAS_MAX) return original(input)
    const result = await original({ ...input, gasLimit: PRECOMPILE_GAS_MAX })
    return result.exceptionError === undefined ? result : outOfGas(input.gasLimit)
  }
}

function outOfGas(gasLimit: bigint): ExecResult {
  return {
    returnValue: EMPTY_BYTES,
    executionGasUsed: gasLimit,
    exceptionError: new EVMError(EVMError.errorMessages.OUT_OF_GAS),
  }
}

/** Positions in the stack, from the top, of the lengths of the memory ranges that an opcode names. */
const RANGE_LENGTHS: Readonly<Record<number, readonly number[]>> = {
  32: [1],
  55: [2],
  57: [2],
  60: [3],
  62: [2],
  94: [2],
  160: [1],
  161: [1],
  162: [1],
  163: [1],
  164: [1],
  241: [4, 6],
  242: [4, 6],
  243: [1],
  244: [3, 5],
  250: [3, 5],
  253: [1],
}

/** L2's opcodes: as Ethereum's, but a memory range above 64 KiB halts the frame. */
export function customOpcodes(common: Common): CustomOpcodes {
  const { opcodes, handlers, dynamicGasHandlers } = getOpcodesForHF(common)
  return Object.entries(RANGE_LENGTHS).map(([code, positions]) => {
    const opcode = Number(code)
    const info = opcodes.get(opcode)
    const logic = handlers.get(opcode)
    const price = dynamicGasHandlers.get(opcode)
    assert(info && logic && price, `@ethereumjs/evm has no dynamic gas for opcode ${opcode}.`)
    const depth = Math.max(...positions) + 1
    return {
      opcode,
      opcodeName: info.name,
      baseFee: info.fee,
      gasFunction: (state, gas, rules) => {
        const stack = state.stack.peek(depth)
        if (positions.some((position) => (stack[position] ?? 0n) > MEMORY_RANGE_MAX)) {
          throw new EVMError(EVMError.errorMessages.OUT_OF_GAS)
        }
        return price(state, gas, rules)
      },
      logicFunction: logic,
    }
  })
}

const JUMPDEST = 0x5b

/** JUMPDEST with a tick: no code runs long without it or a call. */
export function tickingJump(
  common: Common,
  tick: () => Promise<void> | undefined,
): CustomOpcodes[number] {
  const info = getOpcodesForHF(common).opcodes.get(JUMPDEST)
  assert(info !== undefined, '@ethereumjs/evm has no JUMPDEST.')
  return {
    opcode: JUMPDEST,
    opcodeName: info.name,
    baseFee: info.fee,
    logicFunction: (() => tick()) as () => Promise<void>,
  }
}

/**
 * @ethereumjs/evm marks the target of CREATE2 as created in this transaction before it looks whether a contract stands there
 * already, which would let that contract destruct itself fully (EIP-6780). Called for every message before it runs.
 */
export function guardCreatedSet(message: Message, overlay: Overlay): void {
  const created = message.createdAddresses
  if (message.to !== undefined || message.salt === undefined || created === undefined) return
  const add = created.add.bind(created)
  created.add = (address) => {
    const account = overlay.account(hexToBytes(address))
    const isFree =
      account === undefined ||
      (account.nonce === 0n && equalBytes(account.codeHash, EMPTY_CODE_HASH))
    return isFree ? add(address) : created
  }
}

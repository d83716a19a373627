/**
 * Osaka's precompiles as pure synchronous functions. Those that @ethereumjs/evm offers synchronously are called there; of the
 * others (point evaluation and BLS12-381) prices and input checks stand here and the curve work is @ethereumjs/evm's.
 */
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import {
  type EVMInterface,
  getActivePrecompiles,
  NobleBLS,
  NobleBN254,
  paramsEVM,
} from '@ethereumjs/evm'
import { MachineError } from './errors.ts'
import { evaluatePoint } from './pointEvaluation.ts'
import { precompileNumber } from './precompileAddress.ts'
import type { MachineRules } from './types.ts'

export interface PrecompileResult {
  readonly gasUsed: number
  readonly output: Uint8Array
}

const common = new Common({ chain: Mainnet, hardfork: Hardfork.Osaka, params: paramsEVM })
const active = getActivePrecompiles(common)
const bls = new NobleBLS()
const curves = { _bn254: new NobleBN254(), _bls: bls } as unknown as EVMInterface

const G1_ADD_GAS = 375
const G2_ADD_GAS = 600
const G1_MUL_GAS = 12_000
const G2_MUL_GAS = 22_500
const PAIRING_GAS = 37_700
const PAIR_GAS = 32_600
const MAP_G1_GAS = 5_500
const MAP_G2_GAS = 23_800
const POINT_EVALUATION_GAS = 50_000
const DISCOUNT_DENOMINATOR = 1_000

/** Result of a call with `gas`, or undefined where it fails: too little gas, or an input that the precompile refuses. */
export function callPrecompile(
  address: Uint8Array,
  input: Uint8Array,
  gas: number,
  rules: MachineRules,
): PrecompileResult | undefined {
  const number = precompileNumber(address)
  const limit = Math.min(gas, rules.precompileGasMax)
  if (number === 0x0a) {
    const output = limit < POINT_EVALUATION_GAS ? undefined : evaluatePoint(input)
    return output === undefined ? undefined : { gasUsed: POINT_EVALUATION_GAS, output }
  }
  const blsCall = BLS_CALLS[number]
  if (blsCall !== undefined) return callBls(blsCall, input, limit)
  return callSync(number, input, limit)
}

function callSync(number: number, input: Uint8Array, limit: number): PrecompileResult | undefined {
  const run = active.get(number.toString(16).padStart(40, '0'))
  if (run === undefined) throw new MachineError(`No precompile has the number ${number}.`)
  const result = run({ data: input, gasLimit: BigInt(limit), common, _EVM: curves })
  if (result instanceof Promise) throw new MachineError(`Precompile ${number} is asynchronous.`)
  if (result.exceptionError !== undefined) return undefined
  return { gasUsed: Number(result.executionGasUsed), output: result.returnValue }
}

/** EIP-2537: price of k pairs in thousandths of k multiplications; the last value holds beyond the table. */
const DISCOUNTS_G1: readonly number[] = [
  1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665,
  661, 658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615,
  613, 611, 609, 608, 606, 604, 603, 601, 599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585,
  584, 582, 581, 580, 579, 577, 576, 575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563,
  562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545,
  544, 543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531, 530, 529,
  528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519,
]
const DISCOUNTS_G2: readonly number[] = [
  1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699,
  693, 688, 683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629,
  627, 624, 622, 620, 618, 615, 613, 611, 609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592,
  590, 589, 587, 586, 584, 583, 582, 580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567,
  566, 565, 563, 562, 561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548,
  547, 546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535, 534, 533,
  532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524,
]

interface BlsCall {
  readonly price: (input: Uint8Array) => number
  readonly isValidLength: (length: number) => boolean
  /** Sizes of what an input repeats: so many bytes, of which the first are field elements of 64 bytes. */
  readonly stride: number
  readonly elementBytes: number
  readonly run: (input: Uint8Array) => Uint8Array
}

const BLS_CALLS: Readonly<Record<number, BlsCall>> = {
  11: fixedCall(G1_ADD_GAS, 256, (input) => bls.addG1(input)),
  12: msmCall(G1_MUL_GAS, 128, DISCOUNTS_G1, (input) => bls.msmG1(input)),
  13: fixedCall(G2_ADD_GAS, 512, (input) => bls.addG2(input)),
  14: msmCall(G2_MUL_GAS, 256, DISCOUNTS_G2, (input) => bls.msmG2(input)),
  15: {
    price: (input) => PAIRING_GAS + PAIR_GAS * Math.floor(input.length / 384),
    isValidLength: (length) => length > 0 && length % 384 === 0,
    stride: 384,
    elementBytes: 384,
    run: (input) => bls.pairingCheck(input),
  },
  16: fixedCall(MAP_G1_GAS, 64, (input) => bls.mapFPtoG1(input)),
  17: fixedCall(MAP_G2_GAS, 128, (input) => bls.mapFP2toG2(input)),
}

function fixedCall(gas: number, size: number, run: BlsCall['run']): BlsCall {
  return {
    price: () => gas,
    isValidLength: (length) => length === size,
    stride: size,
    elementBytes: size,
    run,
  }
}

function msmCall(
  mulGas: number,
  pointBytes: number,
  discounts: readonly number[],
  run: BlsCall['run'],
): BlsCall {
  const stride = pointBytes + 32
  return {
    price: (input) => {
      const pairs = Math.floor(input.length / stride)
      if (pairs === 0) return 0
      const discount = discounts[Math.min(pairs, discounts.length) - 1] ?? 0
      return Math.floor((pairs * mulGas * discount) / DISCOUNT_DENOMINATOR)
    },
    isValidLength: (length) => length > 0 && length % stride === 0,
    stride,
    elementBytes: pointBytes,
    run,
  }
}

function callBls(call: BlsCall, input: Uint8Array, limit: number): PrecompileResult | undefined {
  const gasUsed = call.price(input)
  if (gasUsed > limit || !call.isValidLength(input.length)) return undefined
  if (!hasZeroPadding(input, call)) return undefined
  try {
    return { gasUsed, output: call.run(input) }
  } catch {
    // The curve library refuses what is no point, no field element or outside the subgroup.
    return undefined
  }
}

/** Field elements have 48 bytes in 64: the first 16 must be zero. */
function hasZeroPadding(input: Uint8Array, call: BlsCall): boolean {
  for (let item = 0; item < input.length; item += call.stride) {
    for (let element = 0; element < call.elementBytes; element += 64) {
      for (let i = 0; i < 16; i++) if (input[item + element + i] !== 0) return false
    }
  }
  return true
}

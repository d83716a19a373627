/** Transactions that together reach every phase and every way in which frames and transactions begin and end. */
import { bytesToBigint, concatBytes, hexToBytes } from '../../workers/rollup/bytes.ts'
import { keccak256 } from '../../workers/rollup/keccak.ts'
import { startOf } from '../../workers/rollup/machine/testing/stateTest.ts'
import { type MachineState, PHASE, SOURCE } from '../../workers/rollup/machine/types.ts'
import { privateKeyToAddress, signHash } from '../../workers/rollup/secp256k1.ts'
import { createAddress } from '../../workers/rollup/transaction/address.ts'
import { encodeDeposit } from '../../workers/rollup/transaction/sign.ts'
import type { Authorization } from '../../workers/rollup/transaction/transaction.ts'
import { rlpBytes, rlpInteger, rlpList } from '../../workers/rollup/trie/rlp.ts'
import { EMPTY_ACCOUNT, putCode, setAccount } from '../../workers/rollup/trie/world.ts'
import {
  ABSENT,
  addressOf,
  assemble,
  BREAKER,
  block,
  DELEGATED,
  DELEGATED_TO_PRECOMPILE,
  DESTROYER,
  RETURNER,
  REVERTER,
  RICH,
  SELF,
  stored,
  toWord,
  transaction,
  WRITER,
  worldWith,
} from './states.ts'

export interface Case {
  readonly name: string
  readonly start: MachineState
}

const CALLEES = {
  RETURNER,
  REVERTER,
  BREAKER,
  WRITER,
  DESTROYER,
  DELEGATED,
  DELEGATED_TO_PRECOMPILE,
  RICH,
  ABSENT,
}
const call = (opcode: number, to: Uint8Array | bigint, value?: bigint) => [
  100n,
  200n,
  33n,
  1n,
  ...(value === undefined ? [] : [value]),
  typeof to === 'bigint' ? to : toWord(to),
  200_000n,
  opcode,
]

/** Init code of up to 32 bytes, created with CREATE or CREATE2. */
export const create = (initcode: Uint8Array, opcode = 0xf0) => [
  ...stored(initcode),
  ...(opcode === 0xf5 ? [7n] : []),
  BigInt(initcode.length),
  0n,
  1n,
  opcode,
]

export const INITCODES: Readonly<Record<string, Uint8Array>> = {
  empty: new Uint8Array(0),
  'code of 3 bytes': assemble(0x635b5b00n, 0n, 0x52, 3n, 29n, 0xf3),
  'code that begins with 0xef': assemble(0xefn, 0n, 0x53, 1n, 0n, 0xf3),
  'code too long': assemble(24_577n, 0n, 0xf3),
  'code too dear': assemble(20_000n, 0n, 0xf3),
  'a revert with data': assemble(9n, 3n, 0xfd),
  'a halt': assemble(0xfe),
  'a selfdestruct to itself': assemble(0x30, 0xff),
  'a selfdestruct to another': assemble(RICH, 0xff),
  'a write and a nested creation': assemble(5n, 0n, 0x55, 0n, 0n, 0n, 0xf0),
}

function callCases(): Case[] {
  return Object.entries(CALLEES).flatMap(([name, to]) => [
    { name: `call of ${name} by a transaction`, start: transaction(new Uint8Array(0), { to }) },
    {
      name: `each kind of call of ${name}`,
      start: transaction(
        assemble(
          ...call(0xf1, to, 2n),
          ...call(0xf1, to, 0n),
          ...call(0xf2, to, 2n),
          ...call(0xf4, to),
          ...call(0xfa, to),
          0x3d,
          0n,
          0n,
          0x3e,
        ),
      ),
    },
  ])
}

function createCases(): Case[] {
  return Object.entries(INITCODES).flatMap(([name, code]) => [
    {
      name: `creation by a transaction: ${name}`,
      start: transaction(new Uint8Array(0), { to: null, data: code, gasLimit: 200_000n }),
    },
    { name: `CREATE: ${name}`, start: transaction(assemble(...create(code), 0x3d)) },
    {
      name: `CREATE2, twice: ${name}`,
      start: transaction(assemble(...create(code, 0xf5), ...create(code, 0xf5))),
    },
  ])
}

const bytesFrom = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 7 + 1) & 0xff)
const G1 = `${'0'.repeat(63)}1${'0'.repeat(63)}2`
const modexp = (base: number, exponent: number, modulus: number) =>
  concatBytes(
    ...[base, exponent, modulus].map((n) => hexToBytes(`0x${n.toString(16).padStart(64, '0')}`)),
    bytesFrom(base + exponent + modulus),
  )

function ecrecoverInput(): Uint8Array {
  const hash = keccak256(new Uint8Array(3))
  const { compact, recovery } = signHash(hash, new Uint8Array(32).fill(9))
  return concatBytes(hash, new Uint8Array(31), Uint8Array.of(27 + recovery), compact)
}

function precompileInputs(): readonly (readonly [number, Uint8Array])[] {
  const inputs: (readonly [number, Uint8Array])[] = []
  const numbers = [...Array.from({ length: 17 }, (_, i) => i + 1).filter((n) => n !== 10), 0x100]
  for (const number of numbers)
    for (const size of [0, 33, 128, 160, 288, 384])
      inputs.push([number, bytesFrom(size)], [number, new Uint8Array(size)])
  inputs.push([1, ecrecoverInput()])
  inputs.push(
    [5, modexp(1, 1, 1)],
    [5, modexp(64, 40, 64)],
    [5, modexp(33, 0, 8)],
    [5, modexp(1_025, 1, 1)],
    [5, modexp(0, 2, 0)],
    [5, modexp(1_024, 1_024, 1_024)],
  )
  inputs.push(
    [6, hexToBytes(`0x${G1}${G1}`)],
    [7, hexToBytes(`0x${G1}${'0'.repeat(63)}5`)],
    [8, new Uint8Array(192)],
  )
  const blake = new Uint8Array(213)
  blake[3] = 12
  inputs.push(
    [9, blake],
    [9, Uint8Array.from(blake, (byte, i) => (i === 212 ? 2 : byte))],
    [9, Uint8Array.from(blake, (byte, i) => (i < 4 ? 255 : byte))],
  )
  inputs.push(
    [0x0c, new Uint8Array(160 * 130)],
    [0x0e, new Uint8Array(288 * 3)],
    [0x0f, new Uint8Array(768)],
  )
  return inputs
}

function precompileCases(): Case[] {
  return precompileInputs().map(([number, data]) => {
    const to = new Uint8Array(20)
    new DataView(to.buffer).setUint32(16, number)
    return {
      name: `precompile ${number} with ${data.length} bytes`,
      start: transaction(new Uint8Array(0), { to, data, gasLimit: 9_000_000n }),
    }
  })
}

const OTHER_KEY = new Uint8Array(32).fill(6)
/** Who signs the authorizations; not in the programs' world. */
export const AUTHORITY = privateKeyToAddress(OTHER_KEY)

function authorization(fields: Partial<Authorization> = {}): Authorization {
  const item = { chainId: 0n, address: RETURNER, nonce: 0n, ...fields }
  const tuple = rlpList([rlpInteger(item.chainId), rlpBytes(item.address), rlpInteger(item.nonce)])
  const { compact, recovery } = signHash(keccak256(concatBytes(Uint8Array.of(5), tuple)), OTHER_KEY)
  const signature = {
    yParity: BigInt(recovery),
    r: bytesToBigint(compact.subarray(0, 32)),
    s: bytesToBigint(compact.subarray(32)),
  }
  return { ...item, ...signature, ...fields }
}

function transactionCases(): Case[] {
  const slots = [1, 2].map((n) => new Uint8Array(32).fill(n))
  const accessList = [
    { address: SELF, storageKeys: slots },
    { address: RICH, storageKeys: [] },
    { address: SELF, storageKeys: slots.slice(1) },
  ]
  const authorizations = [
    authorization(),
    authorization(),
    authorization({ nonce: 1n, address: new Uint8Array(20) }),
    authorization({ chainId: 5n }),
    authorization({ yParity: 7n }),
    authorization({ s: (1n << 256n) - 1n }),
    authorization({ r: 0n }),
    authorization({ nonce: 2n ** 64n - 1n }),
    authorization({ nonce: 2n, chainId: 7_331_002n, address: addressOf(0x77) }),
  ]
  const invalid: Readonly<Record<string, object>> = {
    'another chain': { chainId: 1n },
    'a low fee': { maxFeePerGas: 3n },
    'a nonce too high': { nonce: 1n },
    'too little gas': { gasLimit: 21_000n },
    'too much value': { value: 10n ** 21n },
    'a value that overflows': { value: 2n ** 256n - 1n },
    'gas above the block’s': { gasLimit: 2n ** 24n + 1n },
    'an unknown type': {
      type: 3,
      maxFeePerBlobGas: 1n,
      blobVersionedHashes: [new Uint8Array(32).fill(1)],
    },
  }
  return [
    { name: 'type 0', start: transaction(assemble(1n), { type: 0, maxPriorityFeePerGas: 100n }) },
    {
      name: 'type 0 without chain',
      start: transaction(assemble(1n), { type: 0, chainId: null, maxPriorityFeePerGas: 100n }),
    },
    {
      name: 'type 1 with an access list',
      start: transaction(assemble(1n, 0x54), { type: 1, maxPriorityFeePerGas: 100n, accessList }),
    },
    {
      name: 'type 4',
      start: transaction(assemble(AUTHORITY, 0x3f), {
        type: 4,
        accessList,
        authorizations,
      }),
    },
    {
      name: 'a call of the new delegate',
      start: transaction(new Uint8Array(0), {
        type: 4,
        to: AUTHORITY,
        authorizations: authorizations.slice(0, 1),
      }),
    },
    {
      name: 'calldata above the gas used',
      start: transaction(new Uint8Array(0), { data: bytesFrom(3_000), gasLimit: 200_000n }),
    },
    { name: 'a refund', start: transaction(assemble(0n, 1n, 0x55, 0n, 2n, 0x55, 0n, 3n, 0x55)) },
    {
      name: 'a transaction that reverts',
      start: transaction(assemble(1n, 1n, 0x55, 0n, 0n, 0xfd)),
    },
    { name: 'a transaction that halts', start: transaction(assemble(1n, 1n, 0x55, 0xfe)) },
    {
      name: 'the coinbase pays itself',
      start: transaction(new Uint8Array(0), { to: addressOf(0x42), value: 0n }),
    },
    { name: 'a collision', start: collision() },
    ...Object.entries(invalid).map(([name, fields]) => ({
      name: `invalid: ${name}`,
      start: transaction(new Uint8Array(0), fields),
    })),
    ...depositCases(),
  ]
}

/** The address that the sender's next creation gets has code already. */
function collision(): MachineState {
  const state = transaction(new Uint8Array(0), { to: null, data: assemble(0n), gasLimit: 200_000n })
  const code = Uint8Array.of(0)
  const at = createAddress(privateKeyToAddress(new Uint8Array(32).fill(5)), 0n)
  const account = { ...EMPTY_ACCOUNT, nonce: 1n, codeHash: keccak256(code) }
  return {
    ...state,
    world: { ...state.world, state: setAccount(putCode(state.world.state, code), at, account) },
  }
}

function depositCases(): Case[] {
  const from = addressOf(0x99)
  const base = {
    sourceHash: new Uint8Array(32),
    from,
    to: RETURNER,
    mint: 70n,
    value: 5n,
    gasLimit: 100_000n,
    data: bytesFrom(30),
  }
  const variants: Readonly<
    Record<string, Partial<typeof base> | { readonly to: null; readonly data?: Uint8Array }>
  > = {
    plain: {},
    'more value than balance': { value: 80n },
    'too little gas': { gasLimit: 20_000n },
    'gas above the cap': { gasLimit: 2n ** 40n },
    'a creation': { to: null, data: assemble(0n) },
    'initcode too large': { to: null, data: new Uint8Array(49_153) },
    'a refund': { to: SELF },
    'from a contract': { from: RETURNER },
    'a halt': { to: BREAKER },
  }
  return Object.entries(variants).map(([name, fields]) => ({
    name: `deposit: ${name}`,
    start: startOf(
      worldWith(assemble(0n, 1n, 0x55)),
      block,
      encodeDeposit({ ...base, ...fields }).raw,
      SOURCE.INBOX,
    ),
  }))
}

export function allCases(): readonly Case[] {
  return [...callCases(), ...createCases(), ...precompileCases(), ...transactionCases()].filter(
    ({ start }) => start.phase === PHASE.TX_START,
  )
}

import fc from 'fast-check'
import { encodeErrorResult, type Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { abi } from '../../contracts/generated/PersonaProver.ts'
import { contractError, encodeCall, errorName, type ProverCall } from './prover-course.ts'
import { changeOneBit, type Part } from './prover-tamper.ts'

const bytes = (least: number) =>
  fc.uint8Array({ minLength: least, maxLength: 96 }).map((from): Hex => {
    const digits = [...from].map((byte) => byte.toString(16).padStart(2, '0'))
    return `0x${digits.join('')}`
  })
const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const proofs = fc.record({
  game: fc.constant<Hex>(`0x${'11'.repeat(20)}`),
  statePreimage: bytes(1),
  worldPreimage: bytes(1),
  account: bytes(1),
  accountProof: fc.array(bytes(1), { minLength: 1, maxLength: 5 }),
  storageProof: fc.array(bytes(1), { minLength: 1, maxLength: 5 }),
  entryIndex: fc.constant(1n),
  outputRoot: fc.constant<Hex>(`0x${'22'.repeat(32)}`),
  blockNumber: fc.constant(2n),
})
const rows = fc.record({
  passport: word,
  engagement: word,
  pms: word,
  trust: word,
  prefix: word,
  amount: word,
  cumulative: word,
})
const scores: fc.Arbitrary<ProverCall> = fc
  .record({ proof: proofs, row: rows })
  .map(({ proof, row }) => ({
    functionName: 'proveScore',
    args: [1n, { row, proof: [] }],
    proof,
  }))
const parts: readonly Part[] = [
  'storageProof',
  'accountProof',
  'account',
  'worldPreimage',
  'statePreimage',
  'row',
]

function bitsBetween(left: Hex, right: Hex): number {
  let different = BigInt(left) ^ BigInt(right)
  let bits = 0
  for (; different > 0n; different &= different - 1n) bits += 1
  return left.length === right.length ? bits : Number.NaN
}

describe('a proof with one bit changed', () => {
  it('differs in one bit of the call, whatever the part', () => {
    fc.assert(
      fc.property(scores, fc.constantFrom(...parts), (call, part) => {
        const { call: changed, before, after } = changeOneBit(call, part)
        expect(bitsBetween(encodeCall(call), encodeCall(changed))).toBe(1)
        expect(before ^ after).toBe(1)
      }),
    )
  })

  it('leaves the proof that was believed as it was', () => {
    const [call] = fc.sample(scores, { numRuns: 1, seed: 7 })
    if (call === undefined) throw new TypeError('No sample.')
    const encoded = encodeCall(call)
    for (const part of parts) changeOneBit(call, part)
    expect(encodeCall(call)).toBe(encoded)
  })

  it('is refused for a row that is not there, or a part without a byte', () => {
    const [proof] = fc.sample(proofs, { numRuns: 1, seed: 7 })
    if (proof === undefined) throw new TypeError('No sample.')
    const call: ProverCall = { functionName: 'proveBadge', args: [1n, 2n], proof }
    expect(() => changeOneBit(call, 'row')).toThrow(RangeError)
    const bare: ProverCall = { ...call, proof: { ...proof, storageProof: [] } }
    expect(() => changeOneBit(bare, 'storageProof')).toThrow('storageProof has no byte')
  })
})

describe('an error of the contract', () => {
  const data = encodeErrorResult({ abi, errorName: 'PersonaProver_WrongRow', args: [3n] })

  it('has its name, also behind the causes that a client wraps around it', () => {
    expect(errorName(data)).toBe('PersonaProver_WrongRow')
    expect(contractError({ cause: { cause: { code: 3, data } } })).toBe('PersonaProver_WrongRow')
  })

  it('has none for other bytes, and other errors have none', () => {
    expect(errorName('0xdeadbeef')).toBeNull()
    expect(errorName(`${data.slice(0, 9)}0${data.slice(10)}` as Hex)).toBeNull()
    expect(contractError(new Error('The node is crashed.'))).toBeNull()
  })
})

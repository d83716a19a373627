import { readFileSync } from 'node:fs'
import { hexToBytes } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import { batchEntries, batchMessages } from '../../../tools/conformance/batches.ts'
import { check, deployFamily } from '../../../tools/conformance/family.ts'
import { type StepVector, stepVectors, VECTORS_FILE } from '../../../tools/conformance/vectors.ts'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { PHASE } from '../../../workers/rollup/machine/types.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'

beforeAll(() => Promise.all([initKeccak(), initSecp256k1()]))
const vectors = JSON.parse(readFileSync(VECTORS_FILE, 'utf8')) as readonly StepVector[]

test('the published vectors are the mirror’s, and hold a step of each phase', () => {
  expect(vectors).toEqual(stepVectors())
  const kinds = new Set(vectors.map(({ pair }) => pair.split(/[ :]/)[0]))
  expect([...kinds].sort()).toEqual(Object.keys(PHASE).sort())
})

test('the contracts answer the published vectors', async () => {
  const family = await deployFamily(batchEntries, batchMessages)
  for (const { pair, preState, witness, endEntry, traceIndex, postState } of vectors) {
    const bytes = hexToBytes(witness)
    const answer = await check(family, preState, bytes, BigInt(endEntry), BigInt(traceIndex))
    expect(answer, pair).toMatchObject({ result: postState })
  }
})

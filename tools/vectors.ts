/** `npx tsx tools/vectors.ts`: writes the vectors of the machine anew. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import { stepVectors, VECTORS_FILE } from './conformance/vectors.ts'

await Promise.all([initKeccak(), initSecp256k1()])
mkdirSync(dirname(VECTORS_FILE), { recursive: true })
writeFileSync(VECTORS_FILE, `${JSON.stringify(stepVectors(), null, 1)}\n`)

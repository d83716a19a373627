/** A saved world as one file: what it is, and its state, or none if it stands before its first event. */

import type { SavedConductor } from '../kernel/conductorSave.ts'
import { BaseError } from '../kernel/errors.ts'
import { decodeGraph, encodeGraph } from '../kernel/graph.ts'
import type { PinnedOptions } from '../protocol/world.ts'
import { concatBytes, equalBytes } from '../rollup/bytes.ts'
import { PRESETS } from '../rollup/parameters.ts'
import type { ProjectorSnapshot } from './projection.ts'
import { ForeignBuildError } from './share.ts'

export interface SavedState {
  readonly conductor: SavedConductor
  readonly projector: ProjectorSnapshot
}

export interface SavedWorld {
  readonly buildHash: string
  readonly options: PinnedOptions
  /** When it was saved, and the event hash at that moment. */
  readonly timeMs: number
  readonly eventHash: string
  /** Id of the last input that is in the state; 0 if none is. */
  readonly lastInputId: number
  readonly state: SavedState | null
}

/** Not a saved world, or one that was cut or altered. */
export class InvalidSaveError extends BaseError {
  override name = 'InvalidSaveError'
}

const FORMAT = 'trex-world'
const VERSION = 2
const CHECKSUM_BYTES = 4

/** A world before its first event: its options say everything. */
export function freshSave(buildHash: string, options: PinnedOptions): Uint8Array {
  return encodeSave({ buildHash, options, timeMs: 0, eventHash: '', lastInputId: 0, state: null })
}

export function encodeSave(world: SavedWorld): Uint8Array {
  const content = encodeGraph({ format: FORMAT, version: VERSION, ...world })
  return concatBytes(content, checksum(content))
}

/** Throws `InvalidSaveError`, or `ForeignBuildError` if it was saved by a build other than `buildHash`. */
export function decodeSave(file: Uint8Array, buildHash: string): SavedWorld {
  const content = decode(file)
  if (content.format !== FORMAT) throw new InvalidSaveError('This is not a saved world.')
  if (content.version !== VERSION) {
    throw new ForeignBuildError(
      `The saved world has version ${String(content.version)}; this build reads version ${VERSION}.`,
    )
  }
  const world = content as unknown as SavedWorld
  if (world.buildHash !== buildHash) {
    throw new ForeignBuildError('The world was saved by another build.', {
      metaMessages: [`Its build: ${world.buildHash}`, `This build: ${buildHash}`],
    })
  }
  if (!Object.hasOwn(PRESETS, world.options.preset)) {
    throw new InvalidSaveError(`Field "preset" must be one of ${Object.keys(PRESETS).join(', ')}.`)
  }
  return world
}

/** FNV-1a of 32 bits, which every change of a single byte changes: it tells damage, not malice. */
function checksum(bytes: Uint8Array): Uint8Array {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return Uint8Array.of(hash >>> 24, hash >>> 16, hash >>> 8, hash)
}

function decode(file: Uint8Array): Readonly<Record<string, unknown>> {
  const bytes = file.subarray(0, -CHECKSUM_BYTES)
  if (!equalBytes(checksum(bytes), file.subarray(-CHECKSUM_BYTES))) {
    throw new InvalidSaveError('This is no saved world, or a damaged one: its checksum is wrong.')
  }
  try {
    const content = decodeGraph(bytes)
    if (typeof content === 'object' && content !== null) return content as Record<string, unknown>
  } catch (cause) {
    throw new InvalidSaveError('The saved world is damaged: it does not decode.', { cause })
  }
  throw new InvalidSaveError('This is not a saved world.')
}

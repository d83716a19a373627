/** Payload ↔ blob ↔ bodies of cells: 31 usable bytes per field element, after docs/specs/BATCH.md. */
import { BaseError } from '../../kernel/errors.ts'
import {
  BLOB_SIZE,
  CELL_BODY_SIZE,
  CELL_SIZE,
  DATA_CELL_COUNT,
  FIELD_ELEMENT_BODY_SIZE,
  FIELD_ELEMENT_SIZE,
  PAYLOAD_SIZE_MAX,
} from './geometry.ts'

/** 131,072 bytes of 4,096 field elements, zero-padded. Throws `BlobSizeError` above 126,976 bytes. */
export function payloadToBlob(payload: Uint8Array): Uint8Array {
  if (payload.length > PAYLOAD_SIZE_MAX) {
    throw new BlobSizeError(`payload has ${payload.length} bytes, at most ${PAYLOAD_SIZE_MAX} fit`)
  }
  const blob = new Uint8Array(BLOB_SIZE)
  for (let from = 0, to = 1; from < payload.length; to += FIELD_ELEMENT_SIZE) {
    blob.set(payload.subarray(from, from + FIELD_ELEMENT_BODY_SIZE), to)
    from += FIELD_ELEMENT_BODY_SIZE
  }
  return blob
}

/** The first `payloadLength` bytes that a blob carries. A non-zero top byte is ignored. Throws `BlobSizeError`. */
export function blobToPayload(blob: Uint8Array, payloadLength: number): Uint8Array {
  if (blob.length !== BLOB_SIZE) {
    throw new BlobSizeError(`blob has ${blob.length} bytes, must have ${BLOB_SIZE}`)
  }
  return unpack(blob).slice(0, checkedLength(payloadLength))
}

/** The 1,984 payload bytes in one cell of 2,048 bytes. A non-zero top byte is ignored. Throws `BlobSizeError`. */
export function cellBody(cell: Uint8Array): Uint8Array {
  if (cell.length !== CELL_SIZE) {
    throw new BlobSizeError(`cell has ${cell.length} bytes, must have ${CELL_SIZE}`)
  }
  return unpack(cell)
}

/** Cell `index` (0 to 63) of a blob, before extension: the blob's own bytes. */
export function dataCell(blob: Uint8Array, index: number): Uint8Array {
  return blob.slice(index * CELL_SIZE, (index + 1) * CELL_SIZE)
}

/** Payload from the first 64 cells in order. Throws `BlobSizeError`. */
export function cellsToPayload(cells: readonly Uint8Array[], payloadLength: number): Uint8Array {
  if (cells.length < DATA_CELL_COUNT) {
    throw new BlobSizeError(`${cells.length} cells, need the first ${DATA_CELL_COUNT}`)
  }
  const payload = new Uint8Array(PAYLOAD_SIZE_MAX)
  cells.slice(0, DATA_CELL_COUNT).forEach((cell, index) => {
    payload.set(cellBody(cell), index * CELL_BODY_SIZE)
  })
  return payload.slice(0, checkedLength(payloadLength))
}

/** Index of the cell in which a payload offset lies. */
export function cellOfOffset(offset: number): number {
  return Math.floor(offset / CELL_BODY_SIZE)
}

function unpack(elements: Uint8Array): Uint8Array {
  const count = elements.length / FIELD_ELEMENT_SIZE
  const bodies = new Uint8Array(count * FIELD_ELEMENT_BODY_SIZE)
  for (let index = 0; index < count; index++) {
    const start = index * FIELD_ELEMENT_SIZE
    bodies.set(
      elements.subarray(start + 1, start + FIELD_ELEMENT_SIZE),
      index * FIELD_ELEMENT_BODY_SIZE,
    )
  }
  return bodies
}

function checkedLength(payloadLength: number): number {
  if (
    Number.isSafeInteger(payloadLength) &&
    payloadLength >= 0 &&
    payloadLength <= PAYLOAD_SIZE_MAX
  ) {
    return payloadLength
  }
  throw new BlobSizeError(`payloadLength is ${payloadLength}, outside 0 to ${PAYLOAD_SIZE_MAX}`)
}

/** A blob, cell or payload of a wrong size. */
export class BlobSizeError extends BaseError {
  override readonly name = 'BlobSizeError'
}

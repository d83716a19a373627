import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blobToPayload,
  cellBody,
  cellOfOffset,
  cellsToPayload,
  dataCell,
  payloadToBlob,
} from './blob.ts'
import { BLOB_SIZE, CELL_BODY_SIZE, DATA_CELL_COUNT, PAYLOAD_SIZE_MAX } from './geometry.ts'

const payloads = fc.uint8Array({ maxLength: 5_000 })

describe('blob of a payload', () => {
  it('carries the payload, through the blob and through its cells', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        const blob = payloadToBlob(payload)
        expect(blobToPayload(blob, payload.length)).toEqual(payload)
        const cells = Array.from({ length: DATA_CELL_COUNT }, (_, index) => dataCell(blob, index))
        expect(cellsToPayload(cells, payload.length)).toEqual(payload)
      }),
      { numRuns: 20 },
    )
  })

  it('keeps every field element below the modulus by a zero top byte', () => {
    const blob = payloadToBlob(new Uint8Array(PAYLOAD_SIZE_MAX).fill(255))
    expect(blob.length).toBe(BLOB_SIZE)
    expect(blob.every((byte, index) => byte === (index % 32 === 0 ? 0 : 255))).toBe(true)
  })

  it('puts payload offset o into cell o / 1,984', () => {
    const payload = new Uint8Array(PAYLOAD_SIZE_MAX)
    payload[CELL_BODY_SIZE * 7 + 5] = 9
    const cell = dataCell(payloadToBlob(payload), cellOfOffset(CELL_BODY_SIZE * 7 + 5))
    expect(cellBody(cell)[5]).toBe(9)
  })

  it('ignores a non-zero top byte', () => {
    const blob = payloadToBlob(Uint8Array.of(1, 2, 3))
    blob[0] = 0x12
    expect(blobToPayload(blob, 3)).toEqual(Uint8Array.of(1, 2, 3))
  })

  it('refuses sizes that do not fit', () => {
    expect(() => payloadToBlob(new Uint8Array(PAYLOAD_SIZE_MAX + 1))).toThrow('126976')
    expect(() => blobToPayload(new Uint8Array(5), 1)).toThrow('131072')
    expect(() => cellBody(new Uint8Array(5))).toThrow('2048')
    expect(() => blobToPayload(new Uint8Array(BLOB_SIZE), -1)).toThrow('payloadLength')
  })
})

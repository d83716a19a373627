/** Sizes of docs/specs/BATCH.md and EIP-7594, in bytes unless the name says otherwise. */
export const FIELD_ELEMENT_SIZE = 32
/** Usable bytes of one field element; its top byte stays zero. */
export const FIELD_ELEMENT_BODY_SIZE = 31
export const FIELD_ELEMENTS_PER_CELL = 64
export const CELL_SIZE = FIELD_ELEMENT_SIZE * FIELD_ELEMENTS_PER_CELL
export const CELL_BODY_SIZE = FIELD_ELEMENT_BODY_SIZE * FIELD_ELEMENTS_PER_CELL
/** Cells that carry the blob itself; the extension has as many again. */
export const DATA_CELL_COUNT = 64
export const CELL_COUNT = 128
export const BLOB_SIZE = CELL_SIZE * DATA_CELL_COUNT
/** The longest payload that one batch can carry. */
export const PAYLOAD_SIZE_MAX = CELL_BODY_SIZE * DATA_CELL_COUNT

export const PAYLOAD_VERSION = 1
export const VERSION_SIZE = 1
export const BLOCK_HEADER_SIZE = 18
export const TRANSACTION_LENGTH_SIZE = 3
export const TRANSACTION_SIZE_MAX = 65_536
export const TRANSACTION_COUNT_MAX = 65_535
export const UINT64_MAX = (1n << 64n) - 1n

/** ABI encoding of static words, which is all that the rollup's own digests need. */
import { BaseError } from '../../kernel/errors.ts'
import { concatBytes, word } from '../bytes.ts'

export const WORD_SIZE = 32

/** Each value as one 32-byte word: integers big-endian, 32-byte strings as they are. Throws `WordError`, `BytesError`. */
export function encodeWords(values: readonly (bigint | Uint8Array)[]): Uint8Array {
  return concatBytes(...values.map(toWord))
}

function toWord(value: bigint | Uint8Array): Uint8Array {
  if (typeof value === 'bigint') return word(value)
  if (value.length === WORD_SIZE) return value
  throw new WordError(`A word of ${value.length} bytes, must have ${WORD_SIZE}.`)
}

/** A byte string that is not one ABI word. */
export class WordError extends BaseError {
  override readonly name = 'WordError'
}

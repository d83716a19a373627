/** What is wrong with the files of a chain that is imported. */
import { BaseError } from '../../kernel/errors.ts'

/** A genesis file or a file of blocks that cannot be imported; the message names the field or the block. */
export class InvalidChainFileError extends BaseError {
  override name = 'InvalidChainFileError'
}

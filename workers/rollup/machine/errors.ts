import { BaseError } from '../../kernel/errors.ts'

/** What the machine was asked for does not exist: an entry, payload or message that its source lacks, a step of no state. */
export class MachineError extends BaseError {
  override name = 'MachineError'
}

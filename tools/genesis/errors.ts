import { BaseError } from '../../workers/kernel/errors.ts'

/** Genesis could not be built: a contract is missing, does not deploy, or refuses a transaction. */
export class GenesisError extends BaseError {
  override name = 'GenesisError'
}

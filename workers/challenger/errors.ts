import { BaseError } from '../kernel/errors.ts'

/** An input that challengers do not know. */
export class UnknownInputError extends BaseError {
  override readonly name = 'UnknownInputError'

  constructor(type: string) {
    super(`Challengers have no input "${type}".`, { metaMessages: ['They take: corrupt, heal.'] })
  }
}

/** A query that challengers do not know. */
export class UnknownQueryError extends BaseError {
  override readonly name = 'UnknownQueryError'

  constructor(method: string) {
    super(`Challengers have no query "${method}".`, {
      metaMessages: ['They answer: inspect, decisiveStep, disputeTrace, itemSteps.'],
    })
  }
}

/** A fraud that is not a challenger's. */
export class UnknownFraudError extends BaseError {
  override readonly name = 'UnknownFraudError'

  constructor(fraud: string) {
    super(`Challengers know no fraud "${fraud}".`, {
      metaMessages: ['They know: false-challenge.'],
    })
  }
}

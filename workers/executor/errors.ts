import { BaseError } from '../kernel/errors.ts'
import { STATE_FRAUD_NAMES } from '../rollup/machine/frauds.ts'

/** An input that executors do not know. */
export class UnknownInputError extends BaseError {
  override readonly name = 'UnknownInputError'

  constructor(type: string) {
    super(`Executors have no input "${type}".`, {
      metaMessages: ['They take: rpc, corrupt, heal.'],
      code: -32601,
    })
  }
}

/** A query that executors do not know. */
export class UnknownQueryError extends BaseError {
  override readonly name = 'UnknownQueryError'

  constructor(method: string) {
    super(`Executors have no query "${method}".`, {
      metaMessages: [
        'They answer: rpc, rpcKind, forkMissing, inspect, decisiveStep, disputeTrace, itemSteps.',
      ],
    })
  }
}

/** A fraud that is not an executor's. */
export class UnknownFraudError extends BaseError {
  override readonly name = 'UnknownFraudError'

  constructor(fraud: string) {
    super(`Executors know no fraud "${fraud}".`, {
      metaMessages: [`They know: ${STATE_FRAUD_NAMES.join(', ')}, fraud-stall.`],
    })
  }
}

/** What can go wrong between a world and the source that it was forked from. All of them name the source's host. */
import { BaseError } from '../../kernel/errors.ts'
import { RPC_CODE } from '../errors.ts'

/** Nobody answers at the URL: no connection, no answer in time, or the browser was not allowed to ask. */
export class ForkUnreachableError extends BaseError {
  override name = 'ForkUnreachableError'

  constructor(host: string, cause: unknown) {
    super(`The fork's source ${host} cannot be reached: ${reasonOf(cause)}.`, {
      metaMessages: [
        'Is the URL right, and does the node run? A page may only ask nodes that allow its origin (CORS).',
      ],
      code: RPC_CODE.unavailable,
      cause,
    })
  }
}

/** Node says why below a "fetch failed". */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message
}

/** The source answered, but not with what was asked for. */
export class ForkAnswerError extends BaseError {
  override name = 'ForkAnswerError'

  constructor(host: string, what: string, cause?: unknown) {
    super(`The fork's source ${host} ${what}`, { code: RPC_CODE.unavailable, cause })
  }
}

/** The source has no such block. */
export class ForkBlockNotFoundError extends BaseError {
  override name = 'ForkBlockNotFoundError'

  constructor(host: string, block: number, head: number) {
    super(`The fork's source ${host} has no block ${block}; its newest is ${head}.`, {
      metaMessages: ['Name a block from 0 to its newest, or none.'],
      code: RPC_CODE.invalidParams,
    })
  }
}

/** The source knows the block, but no longer its state. */
export class ForkStatePrunedError extends BaseError {
  override name = 'ForkStatePrunedError'
}

export function statePruned(host: string, block: number, cause: Error): ForkStatePrunedError {
  return new ForkStatePrunedError(
    `The fork's source ${host} no longer has the state of block ${block}: ${cause.message}`,
    {
      metaMessages: ['Fork a newer block, or use an archive node.'],
      code: RPC_CODE.unavailable,
      cause,
    },
  )
}

/** What the source says does not follow from the block that was forked; nothing of it is used. */
export class ForkProofError extends BaseError {
  override name = 'ForkProofError'
}

export function notProven(host: string, what: string, cause?: unknown): ForkProofError {
  const why = cause instanceof BaseError ? `: ${cause.shortMessage}` : '.'
  return new ForkProofError(`The fork's source ${host} does not prove ${what}${why}`, {
    metaMessages: [
      'Nothing of this answer was used. The node, or somebody on the way, is wrong.',
      'Anvil’s cheats change a block’s state without its root: mine a block after them, and fork that one.',
    ],
    code: RPC_CODE.unavailable,
    cause,
  })
}

/** Another chain, or another block, than the world was forked from. */
export class ForkMismatchError extends BaseError {
  override name = 'ForkMismatchError'
}

/** The world needs state of its source, which is not connected. */
export class ForkNotConnectedError extends BaseError {
  override name = 'ForkNotConnectedError'
}

/** Not the URL of a node, or not a height. */
export class InvalidForkError extends BaseError {
  override name = 'InvalidForkError'

  constructor(message: string) {
    super(message, { code: RPC_CODE.invalidParams })
  }
}

/** What needs a dispute, in a world whose source proves nothing. */
export class DisputesOffError extends BaseError {
  override name = 'DisputesOffError'

  constructor(host: string, what: string, instead: string) {
    super(`${what} needs disputes, which are off: ${host} gives no proofs of the forked state.`, {
      metaMessages: [instead, 'Fork a node that answers eth_getProof to have them.'],
      code: RPC_CODE.unsupported,
    })
  }
}

/**
 * Typed errors. Callers match on `name`, never on the message: names survive worker borders, classes do not.
 */
import type { Plain, PlainError } from './role.ts'

export interface BaseErrorOptions {
  readonly cause?: unknown
  /** Lines below the short message: the field, the value, the accepted range, what to do next. */
  readonly metaMessages?: readonly string[] | undefined
  /** JSON-RPC error code, where the error can reach a client. */
  readonly code?: number | undefined
  readonly data?: Plain | undefined
}

/** Base of every error that the project throws. Subclasses set a distinct `name`. */
export class BaseError extends Error {
  override name = 'BaseError'
  readonly shortMessage: string
  readonly metaMessages: readonly string[]
  readonly code?: number
  readonly data?: Plain

  constructor(shortMessage: string, options: BaseErrorOptions = {}) {
    const metaMessages = options.metaMessages ?? []
    const cause = options.cause === undefined ? {} : { cause: options.cause }
    super([shortMessage, ...metaMessages].join('\n'), cause)
    this.shortMessage = shortMessage
    this.metaMessages = metaMessages
    if (options.code !== undefined) this.code = options.code
    if (options.data !== undefined) this.data = options.data
  }
}

/** A programmer's error: a condition that the code itself guarantees does not hold. */
export class AssertionError extends BaseError {
  override name = 'AssertionError'
}

/** A value that is not `Plain`, or bytes that are not a canonical encoding. */
export class CanonicalError extends BaseError {
  override name = 'CanonicalError'
}

/** An argument outside its accepted range. */
export class InvalidArgumentError extends BaseError {
  override name = 'InvalidArgumentError'
}

/** A node id that the world does not have. */
export class UnknownNodeError extends BaseError {
  override name = 'UnknownNodeError'
}

/** The node is crashed; restart it first. */
export class NodeCrashedError extends BaseError {
  override name = 'NodeCrashedError'
}

/** An input was not answered within its bound of virtual time. */
export class InputTimeoutError extends BaseError {
  override name = 'InputTimeoutError'
}

/** A checkpoint id that was never made, or was discarded. */
export class UnknownCheckpointError extends BaseError {
  override name = 'UnknownCheckpointError'
}

/** A job name that no registry knows, or a job that failed. */
export class JobError extends BaseError {
  override name = 'JobError'
}

/** A role broke the kernel's rules, e.g. a timer of less than 1 ms. */
export class RoleContractError extends BaseError {
  override name = 'RoleContractError'
}

/** The world was closed while something was under way. */
export class WorldClosedError extends BaseError {
  override name = 'WorldClosedError'
}

/** An error that was thrown elsewhere; `name`, `code` and `data` are those of the original. */
export class RemoteError extends BaseError {
  constructor(error: PlainError) {
    super(error.message, { code: error.code, data: error.data })
    this.name = error.name
  }
}

/**
 * Throws `AssertionError` unless `condition` holds. For programmer errors only.
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** Any thrown value as plain data that crosses ports. Never throws. */
export function errorToPlain(thrown: unknown): PlainError {
  if (!(thrown instanceof Error)) return { name: 'UnknownError', message: String(thrown) }
  const { code, data } = thrown as { code?: unknown; data?: unknown }
  return {
    name: thrown.name,
    message: thrown.message,
    ...(typeof code === 'number' ? { code } : {}),
    ...(data === undefined || !(thrown instanceof BaseError) ? {} : { data: data as Plain }),
  }
}

/** The inverse of `errorToPlain`, up to the class: match on `name`. */
export function plainToError(error: PlainError): RemoteError {
  return new RemoteError(error)
}

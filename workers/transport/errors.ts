/** Errors across ports. comlink keeps a message and a name; callers also need `code`, `data` and the lines of detail. */
import { type TransferHandler, transferHandlers } from 'comlink'
import { BaseError, errorToPlain, plainToError } from '../kernel/errors.ts'
import type { PlainError } from '../kernel/role.ts'

interface WireError extends PlainError {
  readonly shortMessage?: string
  readonly metaMessages?: readonly string[]
}

let isInstalled = false

/** Replaces comlink's handler of thrown values. Call it once on both sides of every port, before the first call. */
export function installErrorTransfer(): void {
  if (isInstalled) return
  isInstalled = true
  const original = transferHandlers.get('throw')
  if (original === undefined) return
  const handler: TransferHandler<{ value: unknown }, WireError> = {
    // The marker of thrown values is comlink's secret; its own test is the only way to it.
    canHandle: original.canHandle as TransferHandler<{ value: unknown }, WireError>['canHandle'],
    serialize: ({ value }) => [errorToWire(value), []],
    deserialize: (wire) => {
      throw wireToError(wire)
    },
  }
  transferHandlers.set('throw', handler as TransferHandler<unknown, unknown>)
}

function errorToWire(thrown: unknown): WireError {
  const plain = errorToPlain(thrown)
  if (!(thrown instanceof BaseError)) return plain
  return { ...plain, shortMessage: thrown.shortMessage, metaMessages: thrown.metaMessages }
}

/** Match on `name`: the class is lost, the fields are not. */
function wireToError(wire: WireError): BaseError {
  const { shortMessage, metaMessages, ...plain } = wire
  return Object.assign(plainToError(plain), {
    ...(shortMessage === undefined ? {} : { shortMessage }),
    ...(metaMessages === undefined ? {} : { metaMessages }),
  })
}

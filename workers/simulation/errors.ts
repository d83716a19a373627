/** Errors that a world rejects with; their names are listed in `protocol/world.ts`. */
import { BaseError } from '../kernel/errors.ts'
import type { Plain } from '../kernel/role.ts'

/** Call `open` first. */
export class WorldNotOpenError extends BaseError {
  override name = 'WorldNotOpenError'
}

/** Another tab owns the world that is kept in this browser. */
export class WorldElsewhereError extends BaseError {
  override name = 'WorldElsewhereError'
}

export class UnknownScenarioError extends BaseError {
  override name = 'UnknownScenarioError'
}

export class InvalidFaultError extends BaseError {
  override name = 'InvalidFaultError'
}

/** Codes of JSON-RPC 2.0 and of execution-apis. */
export const RPC_CODE = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** The node is down, or did not answer in time. */
  unavailable: -32002,
  /** EIP-1474: the client asks for more than the node gives. */
  limitExceeded: -32005,
  /** A method that cannot mean here what it means elsewhere. */
  unsupported: -32004,
} as const

/** What a JSON-RPC client sees as `error`. */
export class RpcError extends BaseError {
  override name = 'RpcError'

  constructor(message: string, code: number, data?: Plain, cause?: unknown) {
    super(message, { code, data, cause })
  }
}

/** Codes of typed errors that name none, because they are not of JSON-RPC. */
const CODES: ReadonlyMap<string, number> = new Map([
  ['NodeCrashedError', RPC_CODE.unavailable],
  ['InputTimeoutError', RPC_CODE.unavailable],
  ['WorkerLostError', RPC_CODE.unavailable],
  ['WorldNotOpenError', RPC_CODE.unavailable],
  // What a client wrote that cannot be recorded: numbers that are none, lists that are nested too deep.
  ['CanonicalError', RPC_CODE.invalidParams],
  ['InvalidArgumentError', RPC_CODE.invalidParams],
  ['InvalidFaultError', RPC_CODE.invalidParams],
  ['UnknownNodeError', RPC_CODE.invalidParams],
  ['UnknownFraudError', RPC_CODE.invalidParams],
])

/** Any failure of a call as JSON-RPC carries it. Codes of typed errors are kept. */
export function toRpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error
  const { name, message, code, data } = error as {
    name?: string
    message?: string
    code?: number
    data?: Plain
  }
  const text = message ?? String(error)
  if (typeof code === 'number') return new RpcError(text, code, data, error)
  return new RpcError(text, CODES.get(name ?? '') ?? RPC_CODE.internal, data, error)
}

/** Errors of JSON-RPC, with the codes of EIP-1474 and execution-apis. */
import { BaseError } from '../../kernel/errors.ts'
import type { Plain } from '../../kernel/role.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { revertReason } from './revertReason.ts'

export class MethodNotFoundError extends BaseError {
  override name = 'MethodNotFoundError'

  constructor(method: string) {
    super(`the method ${method} does not exist/is not available`, { code: -32601 })
  }
}

/** A parameter that is missing or not what its method needs; the message names it. */
export class InvalidParamsError extends BaseError {
  override name = 'InvalidParamsError'

  constructor(field: string, expected: string, value?: unknown, options: { cause?: unknown } = {}) {
    const given = value === undefined ? '' : `, is ${printed(value)}`
    super(`invalid params: ${field} must be ${expected}${given}`, { code: -32602, ...options })
  }
}

/** A block, transaction or state that the chain does not hold; geth's code for it. */
export class ResourceNotFoundError extends BaseError {
  override name = 'ResourceNotFoundError'

  constructor(message: string) {
    super(message, { code: -32000 })
  }
}

/** The call reverted; `data` is what it reverted with. */
export class ExecutionRevertedError extends BaseError {
  override name = 'ExecutionRevertedError'

  constructor(output: Uint8Array) {
    const reason = revertReason(output)
    super(reason === undefined ? 'execution reverted' : `execution reverted: ${reason}`, {
      code: 3,
      data: bytesToHex(output),
    })
  }
}

/** Anything else that a client asked for and cannot have. */
export class ServerError extends BaseError {
  override name = 'ServerError'

  constructor(
    message: string,
    { code = -32000, ...options }: { code?: number; data?: Plain; cause?: unknown } = {},
  ) {
    super(message, { code, ...options })
  }
}

const PRINTED_MAX = 80

function printed(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > PRINTED_MAX ? `${text.slice(0, PRINTED_MAX)}…` : text
}

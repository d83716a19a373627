/** Parameters of wallet methods; a wrong one is an error that names it. */
import type { Json } from '../../workers/protocol/world.ts'
import { CODES, ProviderError } from './errors.ts'

export type JsonObject = { readonly [key: string]: Json }

export function asObject(field: string, value: Json | undefined): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject
  }
  throw new ProviderError(CODES.invalidParams, `Field "${field}" must be an object.`)
}

export function asAddress(field: string, value: Json | undefined): string {
  if (typeof value === 'string' && /^0x[0-9a-f]{40}$/i.test(value)) return value
  throw new ProviderError(CODES.invalidParams, `Field "${field}" must be an address of 20 bytes.`)
}

export function asHex(field: string, value: Json | undefined): string {
  if (typeof value === 'string' && /^0x[0-9a-f]*$/i.test(value)) return value
  throw new ProviderError(CODES.invalidParams, `Field "${field}" must be hexadecimal text.`)
}

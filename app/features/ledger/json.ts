/** Careful reading of JSON-RPC answers: what is missing reads as nothing, never as a crash. */
import type { Json } from '../../../workers/protocol/world.ts'

export type JsonObject = { readonly [key: string]: Json }

export function asObject(value: Json | undefined): JsonObject | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as JsonObject)
    : null
}

export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

export function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** A 0x-quantity; 0 if it is none. */
export function asBigInt(value: Json | undefined): bigint {
  return typeof value === 'string' && /^0x[0-9a-fA-F]+$/.test(value) ? BigInt(value) : 0n
}

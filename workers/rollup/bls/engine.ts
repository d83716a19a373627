/**
 * BLS12-381 signatures as docs/specs/DIGESTS.md has them: public keys in G1 (48 bytes), signatures in G2 (96 bytes), both
 * compressed. WebAssembly once `initBls` resolved, JavaScript with the same results, ten times slower, before.
 */
import { nobleEngine } from './nobleEngine.ts'

/** What an implementation must do. Malformed bytes, points at infinity or outside the subgroup never verify. */
export interface BlsEngine {
  /** 48 bytes. */
  publicKey(secretKey: Uint8Array): Uint8Array
  /** 96 bytes; deterministic. */
  sign(digest: Uint8Array, secretKey: Uint8Array): Uint8Array
  /** 96 bytes, or `null` if one signature is malformed or the sum is the point at infinity. */
  aggregate(signatures: readonly Uint8Array[]): Uint8Array | null
  /** Whether `signature` is the sum of one signature over `digest` by each key. */
  verifyAggregate(input: AggregateInput): boolean
}

export interface AggregateInput {
  readonly digest: Uint8Array
  readonly signature: Uint8Array
  readonly publicKeys: readonly Uint8Array[]
}

/** Domain of votes and certificates. */
export const SIGNATURE_DOMAIN = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'

let engine: BlsEngine = nobleEngine(SIGNATURE_DOMAIN)
let loading: Promise<void> | undefined

/** Loads the WebAssembly engine. May be called often; it loads once. */
export function initBls(): Promise<void> {
  loading ??= load()
  return loading
}

/** The engine in use. Ask each time, for it changes when `initBls` resolves. */
export function blsEngine(): BlsEngine {
  return engine
}

async function load(): Promise<void> {
  const { createWasmEngine } = await import('./wasmEngine.ts')
  engine = await createWasmEngine()
}

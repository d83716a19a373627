/** Keccak-256: WebAssembly once `initKeccak` resolved, JavaScript with the same result before. */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { createKeccak } from 'hash-wasm'
import { utf8ToBytes } from './bytes.ts'

type Hash = (bytes: Uint8Array) => Uint8Array

let hash: Hash = (bytes) => keccak_256(bytes)
let loading: Promise<void> | undefined

/** Loads the WebAssembly hasher. May be called often; it loads once. Hashing works without it, ten times slower. */
export function initKeccak(): Promise<void> {
  loading ??= load()
  return loading
}

/** 32 bytes. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return hash(bytes)
}

/** Hash of a text's UTF-8, as event topics and domain names are made. */
export function keccakText(text: string): Uint8Array {
  return hash(utf8ToBytes(text))
}

async function load(): Promise<void> {
  const hasher = await createKeccak(256)
  hash = (bytes) => hasher.init().update(bytes).digest('binary')
}

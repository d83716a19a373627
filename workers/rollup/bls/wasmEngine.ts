/**
 * BLS on bls-eth-wasm (mcl): the same results as noble, ten times faster.
 * Rationale: a vote's digest is hashed to a point by whoever signs or verifies it, which is half of a signature's cost, and a vote is
 * parsed by whoever aggregates it. Both are pure functions of bytes, so logical nodes that share a worker share them.
 */
import { BaseError } from '../../kernel/errors.ts'
import { bytesToHex } from '../bytes.ts'
import { createMemo } from '../memo.ts'
import { isPresentPoint, PUBLIC_KEY_SIZE, SIGNATURE_SIZE } from './encoding.ts'
import type { AggregateInput, BlsEngine } from './engine.ts'
import { type BlsLibrary, loadBlsLibrary } from './library.ts'

type SecretKey = InstanceType<BlsLibrary['SecretKey']>
type PublicKey = InstanceType<BlsLibrary['PublicKey']> & Words
type Signature = InstanceType<BlsLibrary['Signature']> & Words

/** What a value of the library consists of; not in its types. */
interface Words {
  readonly a_: Uint32Array
}

/** The library's calls of its C functions; not in its types, so `bls.test.ts` compares every result with noble. */
interface Calls {
  /** x := f(x, y) */
  callUpdate(f: unknown, x: Uint32Array, y: Uint32Array): void
  /** f(x, y, bytes) */
  callGetter2Input(f: unknown, x: Uint32Array, y: Uint32Array, bytes: Uint8Array): number
  /** signature := scalar · signature */
  readonly _blsSignatureMul: unknown
  /** 1 if the pairing of generator and signature is that of key and point. */
  readonly _blsVerifyPairing: unknown
}

/** Keys of a few committees and of the data nodes. */
const PUBLIC_KEYS_KNOWN_MAX = 256
/** Votes of a few views. */
const SIGNATURES_KNOWN_MAX = 512
const POINTS_KNOWN_MAX = 128

interface Engine {
  readonly library: BlsLibrary
  readonly calls: Calls
  readonly publicKey: (bytes: Uint8Array) => PublicKey
  /** Throws for malformed bytes, and for points outside the subgroup. */
  readonly signature: (bytes: Uint8Array) => Signature
  readonly remember: (bytes: Uint8Array, signature: Signature) => void
  /** A digest hashed to G2. */
  readonly point: (digest: Uint8Array) => Signature
}

/** Loads and initialises the library. Throws `BlsLibraryError` if it lacks what is needed. */
export async function createWasmEngine(): Promise<BlsEngine> {
  const library = await loadBlsLibrary()
  const engine = createEngine(library)
  return {
    publicKey: (secretKey) => parseSecretKey(library, secretKey).getPublicKey().serialize(),
    sign: (digest, secretKey) => sign(engine, digest, secretKey),
    aggregate: (signatures) => aggregate(engine, signatures),
    verifyAggregate: (input) => verifyAggregate(engine, input),
  }
}

function createEngine(library: BlsLibrary): Engine {
  const publicKeys = createMemo<PublicKey>(PUBLIC_KEYS_KNOWN_MAX)
  const signatures = createMemo<Signature>(SIGNATURES_KNOWN_MAX)
  const points = createMemo<Signature>(POINTS_KNOWN_MAX)
  const one = new library.SecretKey()
  one.setInt(1)
  return {
    library,
    calls: callsOf(library),
    publicKey: (bytes) =>
      publicKeys.recall(bytesToHex(bytes), () => parsed(new library.PublicKey(), bytes)),
    signature: (bytes) =>
      signatures.recall(bytesToHex(bytes), () => parsed(new library.Signature(), bytes)),
    remember: (bytes, signature) => {
      signatures.recall(bytesToHex(bytes), () => signature)
    },
    // What the key 1 signs with is the digest's point itself.
    point: (digest) => points.recall(bytesToHex(digest), () => one.sign(digest) as Signature),
  }
}

function callsOf(library: BlsLibrary): Calls {
  const { mod } = library as unknown as { readonly mod?: Partial<Calls> }
  for (const name of [
    'callUpdate',
    'callGetter2Input',
    '_blsSignatureMul',
    '_blsVerifyPairing',
  ] as const) {
    if (typeof mod?.[name] !== 'function') {
      throw new BlsLibraryError(`bls-eth-wasm does not expose ${name} any more.`)
    }
  }
  return mod as Calls
}

/** Throws for bytes that are no point of the subgroup. */
function parsed<Value extends { deserialize(bytes: Uint8Array): void }>(
  value: Value,
  bytes: Uint8Array,
): Value & Words {
  value.deserialize(bytes)
  return value as Value & Words
}

function parseSecretKey(library: BlsLibrary, bytes: Uint8Array): SecretKey & Words {
  return parsed(new library.SecretKey(), bytes)
}

function sign(engine: Engine, digest: Uint8Array, secretKey: Uint8Array): Uint8Array {
  const { calls, library } = engine
  const key = parseSecretKey(library, secretKey)
  const signature = engine.point(digest).clone()
  calls.callUpdate(calls._blsSignatureMul, signature.a_, key.a_)
  const bytes = signature.serialize()
  engine.remember(bytes, signature)
  return bytes
}

function aggregate(engine: Engine, signatures: readonly Uint8Array[]): Uint8Array | null {
  const areForm = signatures.every((signature) => isPresentPoint(signature, SIGNATURE_SIZE))
  if (signatures.length === 0 || !areForm) return null
  try {
    const sum = new engine.library.Signature() as Signature
    sum.aggregate(signatures.map(engine.signature))
    if (sum.isZero()) return null
    const bytes = sum.serialize()
    engine.remember(bytes, sum)
    return bytes
  } catch {
    return null
  }
}

function verifyAggregate(
  engine: Engine,
  { digest, signature, publicKeys }: AggregateInput,
): boolean {
  if (publicKeys.length === 0 || !isPresentPoint(signature, SIGNATURE_SIZE)) return false
  if (!publicKeys.every((key) => isPresentPoint(key, PUBLIC_KEY_SIZE))) return false
  try {
    const { calls } = engine
    const [first, ...others] = publicKeys.map(engine.publicKey)
    if (first === undefined) return false
    const key = first.clone()
    for (const other of others) key.add(other)
    if (key.isZero()) return false
    const { a_ } = engine.signature(signature)
    const keyBytes = new Uint8Array(key.a_.buffer)
    return (
      calls.callGetter2Input(calls._blsVerifyPairing, a_, engine.point(digest).a_, keyBytes) === 1
    )
  } catch {
    return false
  }
}

/** The library changed under us. */
export class BlsLibraryError extends BaseError {
  override readonly name = 'BlsLibraryError'
}

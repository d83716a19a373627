/** Loads bls-eth-wasm once, for signatures and for KZG. */
export type BlsLibrary = typeof import('bls-eth-wasm')

let loading: Promise<BlsLibrary> | undefined

/** May be called often; it loads and initialises once. */
export function loadBlsLibrary(): Promise<BlsLibrary> {
  loading ??= load()
  return loading
}

async function load(): Promise<BlsLibrary> {
  const imported = await import('bls-eth-wasm')
  // The package is CommonJS: bundlers and Node put its exports on `default`.
  const library = 'default' in imported ? (imported.default as BlsLibrary) : imported
  await library.init(library.BLS12_381)
  library.verifyPublicKeyOrder(true)
  library.verifySignatureOrder(true)
  return library
}

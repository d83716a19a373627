/** npm's Solidity compiler in a worker of its own: 9 MB that load when the first contract is compiled, from our own build. */
import * as Comlink from 'comlink'
import soljsonUrl from 'solc/soljson.js?url'

export interface CompilerApi {
  /** Version of the compiler; loads it. */
  version(): Promise<string>
  /** Standard JSON in, standard JSON out. */
  compile(input: string): Promise<string>
}

/** What Emscripten's module offers of libsolc.h. */
interface Soljson {
  cwrap(name: string, returns: 'string', takes: readonly string[]): (...args: unknown[]) => string
}

interface Compiler {
  readonly version: string
  readonly compile: (input: string) => string
}

async function load(): Promise<Compiler> {
  const response = await fetch(soljsonUrl)
  if (!response.ok) throw new Error(`The compiler could not be loaded: HTTP ${response.status}.`)
  const source = await response.text()
  // A script, not a module: it leaves what it is in the variable `Module`.
  const soljson = new Function(`${source}\nreturn Module`)() as Soljson
  return {
    version: soljson.cwrap('solidity_version', 'string', [])(),
    // The callback for imports is left out: a source is whole in itself.
    compile: (input) =>
      soljson.cwrap('solidity_compile', 'string', ['string', 'number', 'number'])(input, 0, 0),
  }
}

let loading: Promise<Compiler> | null = null

function ready(): Promise<Compiler> {
  loading ??= load().catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

const api: CompilerApi = {
  version: async () => (await ready()).version,
  compile: async (input) => (await ready()).compile(input),
}
Comlink.expose(api)

/** Solidity for the page. */
import * as Comlink from 'comlink'
import type { Abi, Hex } from 'viem'
import type { CompilerApi } from './compiler.worker.ts'

export interface CompiledContract {
  readonly name: string
  readonly abi: Abi
  readonly bytecode: Hex
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  /** Where in the source, as offsets of UTF-16 units; null if nowhere. */
  readonly range: { readonly from: number; readonly to: number } | null
}

export interface Compilation {
  readonly compiler: string
  /** Contracts that can be deployed, in the order of the source; empty if there was an error. */
  readonly contracts: readonly CompiledContract[]
  readonly diagnostics: readonly Diagnostic[]
}

const file = 'Contract.sol'
let remote: Comlink.Remote<CompilerApi> | null = null

/** Compiles one source for the fork that the chains run. The compiler loads at the first call and stays. */
export async function compileSolidity(source: string): Promise<Compilation> {
  remote ??= Comlink.wrap<CompilerApi>(
    new Worker(new URL('./compiler.worker.ts', import.meta.url), {
      type: 'module',
      name: 'compiler',
    }),
  )
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: source } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const [compiler, text] = await Promise.all([
    remote.version(),
    remote.compile(JSON.stringify(input)),
  ])
  const output = JSON.parse(text) as SolcOutput
  return {
    compiler,
    contracts: contractsOf(output),
    diagnostics: (output.errors ?? []).map((error) => toDiagnostic(error, source)),
  }
}

interface SolcOutput {
  readonly errors?: readonly SolcError[]
  readonly contracts?: Readonly<Record<string, Readonly<Record<string, SolcContract>>>>
}

interface SolcError {
  readonly severity: Diagnostic['severity']
  readonly type: string
  readonly message: string
  readonly sourceLocation?: { readonly start: number; readonly end: number }
}

interface SolcContract {
  readonly abi: Abi
  readonly evm: { readonly bytecode: { readonly object: string } }
}

/** Interfaces and abstract contracts have no bytecode. */
function contractsOf({ contracts = {} }: SolcOutput): readonly CompiledContract[] {
  return Object.entries(contracts[file] ?? {}).flatMap(([name, { abi, evm }]) => {
    const { object } = evm.bytecode
    return object === '' ? [] : [{ name, abi, bytecode: `0x${object}` as const }]
  })
}

function toDiagnostic(
  { severity, type, message, sourceLocation }: SolcError,
  source: string,
): Diagnostic {
  const isPlaced = sourceLocation !== undefined && sourceLocation.start >= 0
  return {
    severity,
    message: `${type}: ${message}`,
    range: isPlaced
      ? { from: unitsOf(source, sourceLocation.start), to: unitsOf(source, sourceLocation.end) }
      : null,
  }
}

/** solc counts bytes of UTF-8. */
function unitsOf(source: string, byteOffset: number): number {
  const bytes = new TextEncoder().encode(source).subarray(0, byteOffset)
  return new TextDecoder().decode(bytes).length
}

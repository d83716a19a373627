/** Compiled contracts by name, as tools/contracts.ts wrote them. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { Abi, AbiParameter, Hex } from 'viem'
import { GenesisError } from './errors.ts'

export const REPOSITORY = resolve(import.meta.dirname, '../..')
export const GENERATED = join(REPOSITORY, 'contracts/generated')

export interface Artifact {
  readonly abi: Abi
  readonly bytecode: Hex
  readonly deployedBytecode: Hex
}

export function hasArtifact(name: string): boolean {
  return existsSync(join(GENERATED, `${name}.ts`))
}

/** Throws `GenesisError` if the contract was not compiled. */
export async function loadArtifact(name: string): Promise<Artifact> {
  if (!hasArtifact(name)) throw new GenesisError(`Contract ${name} is not compiled.`)
  return (await import(join(GENERATED, `${name}.ts`))) as Artifact
}

export function constructorInputs(artifact: Artifact): readonly AbiParameter[] {
  const found = artifact.abi.find((item) => item.type === 'constructor')
  return found?.type === 'constructor' ? found.inputs : []
}

/** Creation code of Multicall3, which viem carries for calls to chains without one. */
export function multicall3Bytecode(): Hex {
  const require = createRequire(import.meta.url)
  const entry = require.resolve('viem')
  const { multicall3Bytecode: code } = require(resolve(entry, '../constants/contracts.js')) as {
    multicall3Bytecode: Hex
  }
  return code
}

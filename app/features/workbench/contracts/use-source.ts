import { useState } from 'react'
import {
  type Compilation,
  type CompiledContract,
  compileSolidity,
  type Diagnostic,
} from '../../../bridge/compiler.ts'
import { errorText } from '../../shell/session-context.ts'
import { EXAMPLES } from './examples.ts'

export interface Source {
  readonly text: string
  readonly setText: (text: string) => void
  readonly compile: () => void
  readonly isCompiling: boolean
  /** Version of the compiler, once it has loaded. */
  readonly compiler: string | null
  readonly diagnostics: readonly Diagnostic[]
  readonly contracts: readonly CompiledContract[]
  /** The compiler itself could not run. */
  readonly failure: string | null
}

const storageKey = 'workbench-source'
const none: Compilation = { compiler: '', contracts: [], diagnostics: [] }

/** The source that is being written, kept from visit to visit, and what the compiler made of it. */
export function useSource(): Source {
  const [text, setText] = useState(() => readKept() ?? EXAMPLES['Counter'] ?? '')
  const [compilation, setCompilation] = useState<Compilation | null>(null)
  const [isCompiling, setCompiling] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const compile = () => {
    setCompiling(true)
    setFailure(null)
    compileSolidity(text)
      .then(setCompilation, (error: unknown) => setFailure(errorText(error)))
      .finally(() => setCompiling(false))
  }
  const { contracts, diagnostics, compiler } = compilation ?? none
  return {
    text,
    setText: (next) => {
      setText(next)
      keep(next)
    },
    compile,
    isCompiling,
    compiler: compilation === null ? null : compiler,
    diagnostics,
    contracts,
    failure,
  }
}

function readKept(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}

function keep(text: string): void {
  try {
    localStorage.setItem(storageKey, text)
  } catch {
    // Private windows may refuse storage; the source then lasts as long as the page.
  }
}

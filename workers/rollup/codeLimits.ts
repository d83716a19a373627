/** How large code may be on L2: as on Ethereum, or as much as one step of the machine can move. */
export interface CodeLimits {
  /** Bytes of a contract's code (EIP-170). */
  readonly codeSizeMax: CodeSizeLimit
  /** Bytes of initcode (EIP-3860), and of code that a cheat sets. */
  readonly initcodeSizeMax: number
}

/** What a world may take as the limit of a contract's code, in bytes. */
export type CodeSizeLimit = 24_576 | 65_536

/**
 * Rationale: EIP-3860 allows twice as much initcode as code. A transaction's bytes and a memory range of L2 end at 65,536 bytes each, so
 * that larger initcode could not come to its frame; a larger limit would promise what no step can do.
 */
export const CODE_LIMITS: Readonly<Record<CodeSizeLimit, CodeLimits>> = {
  24576: { codeSizeMax: 24_576, initcodeSizeMax: 49_152 },
  65536: { codeSizeMax: 65_536, initcodeSizeMax: 65_536 },
}

export const ETHEREUM_CODE_LIMITS: CodeLimits = CODE_LIMITS[24_576]

/** For messages. */
export const CODE_SIZE_LIMITS: readonly string[] = Object.keys(CODE_LIMITS)

export function isCodeSizeLimit(value: unknown): value is CodeSizeLimit {
  return typeof value === 'number' && Object.hasOwn(CODE_LIMITS, value)
}

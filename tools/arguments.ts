/** Command lines of the tools: `--name value` and `--flag`, refused with a sentence when they are wrong. */
import { parseArgs } from 'node:util'
import { BaseError } from '../workers/kernel/errors.ts'
import {
  CODE_SIZE_LIMITS,
  type CodeSizeLimit,
  isCodeSizeLimit,
} from '../workers/rollup/codeLimits.ts'
import { PRESETS, type PresetName } from '../workers/rollup/parameters.ts'

export class UsageError extends Error {
  override name = 'UsageError'
}

export type Flags = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>
>

/** Throws `UsageError` on a flag that is not listed. */
export function readFlags(
  flags: Flags,
): Record<string, string | boolean | (string | boolean)[] | undefined> {
  try {
    return parseArgs({ options: flags as never, strict: true, allowPositionals: false })
      .values as never
  } catch (cause) {
    const names = Object.keys(flags).map((name) => `--${name}`)
    throw new UsageError(`${(cause as Error).message}\nFlags: ${names.join(', ')}`, { cause })
  }
}

/** Throws `UsageError` naming the flag and its range. */
export function integerFlag(
  name: string,
  value: unknown,
  fallback: number,
  range: readonly [number, number],
): number {
  if (value === undefined) return fallback
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (Number.isSafeInteger(number) && number >= range[0] && number <= range[1]) return number
  throw new UsageError(
    `--${name} must be an integer from ${range[0]} to ${range[1]}, is "${String(value)}".`,
  )
}

/** Throws `UsageError` listing the presets. */
export function presetFlag(value: unknown): PresetName {
  if (value === undefined) return 'demo'
  if (typeof value === 'string' && Object.hasOwn(PRESETS, value)) return value as PresetName
  throw new UsageError(
    `--preset must be one of ${Object.keys(PRESETS).join(', ')}, is "${String(value)}".`,
  )
}

/** Undefined where nothing is said. Throws `UsageError`. */
export function codeSizeLimitFlag(value: unknown): CodeSizeLimit | undefined {
  if (value === undefined) return undefined
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (isCodeSizeLimit(number)) return number
  throw new UsageError(
    `--code-size-limit must be ${CODE_SIZE_LIMITS.join(' or ')}, is "${String(value)}".`,
  )
}

/** Part i of n, i from 1; 1/1 where nothing is said. Throws `UsageError`. */
export function shardFlag(value: unknown): readonly [i: number, n: number] {
  if (value === undefined) return [1, 1]
  const [, i = 0, n = 0] = /^(\d+)\/(\d+)$/.exec(String(value))?.map(Number) ?? []
  if (i >= 1 && i <= n) return [i, n]
  throw new UsageError(`--shard must be i/n with i from 1 to n, is "${String(value)}".`)
}

export const SEED_RANGE: readonly [number, number] = [0, 0xffff_ffff]
export const PORT_RANGE: readonly [number, number] = [0, 65_535]

/** Runs a tool: a typed error is told in its words and exits with 2, any other failure is told whole and exits with 1. */
export async function runTool(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    // Typed errors say what to do; anything else is a bug and needs its stack.
    const isTyped = error instanceof UsageError || error instanceof BaseError
    process.stderr.write(`${isTyped ? error.message : String((error as Error).stack ?? error)}\n`)
    process.exit(isTyped ? 2 : 1)
  }
}

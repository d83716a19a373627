/**
 * A run as text: what anyone needs to replay it bit for bit. `trex1.` and base64url of the deflated canonical encoding.
 * What a scenario's script does is not in it: the script does it again.
 */
import { deflateSync, inflateSync } from 'fflate'
import { canonicalDecode, canonicalEncode } from '../kernel/canonical.ts'
import { BaseError } from '../kernel/errors.ts'
import type { Plain } from '../kernel/role.ts'
import type { RecordedInput } from '../kernel/trace.ts'
import type { ForkPoint } from '../protocol/fork.ts'
import { isHex } from '../rollup/bytes.ts'
import { CODE_SIZE_LIMITS, type CodeSizeLimit, isCodeSizeLimit } from '../rollup/codeLimits.ts'
import { PRESETS, type PresetName } from '../rollup/parameters.ts'
import { base64UrlToBytes, bytesToBase64Url } from './base64Url.ts'

export interface ShareContent {
  readonly buildHash: string
  readonly seed: number
  readonly preset: PresetName
  readonly scenario: string
  /** Where L2's first state is from. What the run needs of it is among the inputs, so that a replay asks nobody. */
  readonly fork?: ForkPoint
  /** Left out where it is Ethereum's. */
  readonly codeSizeLimit?: CodeSizeLimit
  /** Where the run was when it was shared. */
  readonly timeMs: number
  readonly eventHash: string
  readonly inputs: readonly RecordedInput[]
}

/** Not a share, or one that was cut or altered on its way. */
export class InvalidShareError extends BaseError {
  override name = 'InvalidShareError'
}

/** A share of another build: its code would take another course. */
export class ForeignBuildError extends BaseError {
  override name = 'ForeignBuildError'
}

const PREFIX = 'trex1.'
/** Longer shares go into a file instead of a link's fragment. */
export const SHARE_LINK_MAX = 8_192
/** A share of this many inputs would take longer to replay than anybody waits. */
const INPUTS_MAX = 1_000_000
/** Inflated size above which a share is refused before it is read. */
const SIZE_MAX_BYTES = 256 * 1024 * 1024

export function encodeShare(content: ShareContent): string {
  const bytes = canonicalEncode(content as unknown as Plain)
  return PREFIX + bytesToBase64Url(deflateSync(bytes, { level: 9 }))
}

/** Throws `InvalidShareError`, or `ForeignBuildError` if it was made by a build other than `buildHash`. */
export function decodeShare(text: string, buildHash: string): ShareContent {
  if (!text.startsWith(PREFIX)) {
    const version = /^trex(\d+)\./.exec(text)?.[1]
    if (version === undefined) throw new InvalidShareError('This is not a share.')
    throw new ForeignBuildError(`The share has version ${version}; this build reads version 1.`)
  }
  const content = parseContent(inflate(text.slice(PREFIX.length)))
  if (content.buildHash !== buildHash) {
    throw new ForeignBuildError('The share was made by another build.', {
      metaMessages: [`Its build: ${content.buildHash}`, `This build: ${buildHash}`],
    })
  }
  return content
}

function inflate(body: string): Plain {
  try {
    const bytes = inflateSync(base64UrlToBytes(body))
    if (bytes.length > SIZE_MAX_BYTES) throw new InvalidShareError('The share is too large.')
    return canonicalDecode(bytes)
  } catch (cause) {
    throw new InvalidShareError('The share is damaged: it does not decode.', { cause })
  }
}

function parseContent(value: Plain): ShareContent {
  const content = fields(value, 'share')
  const preset = text(content, 'preset')
  if (!Object.hasOwn(PRESETS, preset)) throw bad('preset', Object.keys(PRESETS).join(', '))
  const inputs = content.inputs
  if (!Array.isArray(inputs) || inputs.length > INPUTS_MAX) throw bad('inputs', 'a list')
  return {
    buildHash: text(content, 'buildHash'),
    seed: integer(content, 'seed', 0xffff_ffff),
    preset: preset as PresetName,
    scenario: text(content, 'scenario'),
    ...(content['fork'] === undefined ? {} : { fork: parseFork(content['fork']) }),
    ...codeSizeLimitOf(content.codeSizeLimit),
    timeMs: integer(content, 'timeMs', Number.MAX_SAFE_INTEGER),
    eventHash: text(content, 'eventHash'),
    inputs: inputs.map(parseInput),
  }
}

function parseFork(value: Plain): ForkPoint {
  const fork = fields(value, 'fork')
  const { proofs } = fork
  if (typeof proofs !== 'boolean') throw bad('fork.proofs', 'true or false')
  return {
    host: text(fork, 'host'),
    chainId: integer(fork, 'chainId', Number.MAX_SAFE_INTEGER),
    blockNumber: integer(fork, 'blockNumber', Number.MAX_SAFE_INTEGER),
    blockHash: hash(fork, 'blockHash'),
    stateRoot: hash(fork, 'stateRoot'),
    proofs,
  }
}

function codeSizeLimitOf(value: Plain | undefined): Pick<ShareContent, 'codeSizeLimit'> {
  if (value === undefined) return {}
  if (isCodeSizeLimit(value)) return { codeSizeLimit: value }
  throw bad('codeSizeLimit', CODE_SIZE_LIMITS.join(' or '))
}

function parseInput(value: Plain): RecordedInput {
  const input = fields(value, 'input')
  return {
    id: integer(input, 'id', Number.MAX_SAFE_INTEGER),
    timeMs: integer(input, 'timeMs', Number.MAX_SAFE_INTEGER),
    node: text(input, 'node'),
    type: text(input, 'type'),
    payload: fields(input.payload ?? null, 'payload'),
  }
}

type Fields = { readonly [key: string]: Plain }

function fields(value: Plain, name: string): Fields {
  const isObject = typeof value === 'object' && value !== null
  if (!isObject || Array.isArray(value) || value instanceof Uint8Array) throw bad(name, 'an object')
  return value as Fields
}

function text(from: Fields, key: string): string {
  const value = from[key]
  if (typeof value !== 'string') throw bad(key, 'a text')
  return value
}

function hash(from: Fields, key: string): string {
  const value = text(from, key)
  if (isHex(value, 32)) return value
  throw bad(key, '32 bytes in hexadecimal')
}

function integer(from: Fields, key: string, max: number): number {
  const value = from[key]
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max) {
    return value as number
  }
  throw bad(key, `an integer from 0 to ${max}`)
}

function bad(field: string, accepted: string): InvalidShareError {
  return new InvalidShareError(`Field "${field}" of the share must be ${accepted}.`)
}

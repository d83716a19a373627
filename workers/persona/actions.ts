/** The bytes of actions and of relayed batches (docs/specs/PERSONA.md, section 4). */
import { BaseError } from '../kernel/errors.ts'
import { concatBytes } from '../rollup/bytes.ts'

export type Action =
  | { readonly kind: 'microReward'; readonly task: number }
  /** Direction 0 … 3 is north, east, south, west; 1 … 8 steps. */
  | { readonly kind: 'gameMove'; readonly direction: number; readonly steps: number }
  | { readonly kind: 'social'; readonly target: number; readonly reaction: number }

/** Actions of one session under one signature. */
export interface ActionGroup {
  readonly session: number
  readonly actions: Uint8Array
  /** r ‖ vs of EIP-2098, 64 bytes. */
  readonly signature: Uint8Array
}

export interface ActionBatch {
  readonly campaign: number
  /** Last second in which it is good. */
  readonly deadline: number
  readonly groups: readonly ActionGroup[]
}

/** Bytes of actions that one group may hold. */
export const GROUP_BYTES_MAX = 4_096
const TARGET_MAX = 0xff_ffff
const KIND_SHIFT = 5
const DATA_MASK = 0x1f
const SOCIAL = 2

/** Actions that are no actions. */
export class InvalidActionError extends BaseError {
  override name = 'InvalidActionError'
}

/** 1 byte, or 4 of a social action. Throws `InvalidActionError` naming the field. */
export function encodeAction(action: Action): Uint8Array {
  switch (action.kind) {
    case 'microReward':
      return Uint8Array.of(within('task', action.task, 0, DATA_MASK))
    case 'gameMove': {
      const direction = within('direction', action.direction, 0, 3)
      const steps = within('steps', action.steps, 1, 8)
      return Uint8Array.of((1 << KIND_SHIFT) | (direction + 4 * (steps - 1)))
    }
    case 'social': {
      const target = within('target', action.target, 1, TARGET_MAX)
      const head = (SOCIAL << KIND_SHIFT) | within('reaction', action.reaction, 0, DATA_MASK)
      return Uint8Array.of(head, target >> 16, (target >> 8) & 0xff, target & 0xff)
    }
  }
}

/** One action of any kind as the chain records it: kinds 3 to 7 have no meaning of their own. */
export interface RecordedAction {
  /** 0 … 7. */
  readonly kind: number
  readonly data: number
  /** Passport that a social action is about. */
  readonly target: number | null
}

/** Throws `InvalidActionError` where bytes of a social action are missing. */
export function parseActions(bytes: Uint8Array): readonly RecordedAction[] {
  const actions: RecordedAction[] = []
  for (let at = 0; at < bytes.length; ) {
    const head = bytes[at] as number
    const kind = head >> KIND_SHIFT
    const data = head & DATA_MASK
    if (kind !== SOCIAL) {
      actions.push({ kind, data, target: null })
      at += 1
      continue
    }
    const [high, middle, low] = bytes.subarray(at + 1, at + 4)
    if (high === undefined || middle === undefined || low === undefined) {
      throw new InvalidActionError(`The social action at byte ${at} lacks its target.`)
    }
    actions.push({ kind, data, target: (high << 16) | (middle << 8) | low })
    at += 4
  }
  return actions
}

/** What `Engagements.submit` takes. */
export function encodeBatch({ campaign, deadline, groups }: ActionBatch): Uint8Array {
  const head = [varint(campaign), bigEndian(deadline, 5)]
  const parts = groups.flatMap(({ session, actions, signature }) => [
    varint(session),
    varint(actions.length),
    actions,
    signature,
  ])
  return concatBytes(...head, ...parts)
}

/** Bytes that a group takes in a batch. */
export function groupSize({ session, actions, signature }: ActionGroup): number {
  return varint(session).length + varint(actions.length).length + actions.length + signature.length
}

/** LEB128: little-endian base 128, minimal. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let left = within('varint', value, 0, Number.MAX_SAFE_INTEGER)
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80)
  bytes.push(left)
  return Uint8Array.from(bytes)
}

function bigEndian(value: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let left = within('deadline', value, 0, 2 ** (8 * size) - 1)
  for (let at = size - 1; at >= 0; at -= 1) {
    bytes[at] = left % 256
    left = Math.floor(left / 256)
  }
  return bytes
}

function within(field: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new InvalidActionError(`"${field}" must be an integer from ${min} to ${max}, is ${value}.`)
}

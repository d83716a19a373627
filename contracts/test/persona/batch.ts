/** Batches of signed actions as docs/specs/PERSONA.md, section 4, has them; written for the tests alone, from the page. */
import { concatHex, type Hex, numberToHex, parseSignature, size } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { type EngagementMessage, signEngagement } from './persona.ts'

export interface Group {
  readonly session: bigint
  readonly actions: Hex
  readonly signature: Hex
}

function varint(value: bigint): Hex {
  const digits: Hex[] = []
  let rest = value
  for (; rest >= 128n; rest >>= 7n) digits.push(numberToHex((rest & 127n) | 128n, { size: 1 }))
  return concatHex([...digits, numberToHex(rest, { size: 1 })])
}

export function encodeBatch(campaign: bigint, deadline: bigint, groups: readonly Group[]): Hex {
  const parts = groups.flatMap(({ session, actions, signature }) => [
    varint(session),
    varint(BigInt(size(actions))),
    actions,
    signature,
  ])
  return concatHex([varint(campaign), numberToHex(deadline, { size: 5 }), ...parts])
}

export async function signGroup(
  session: bigint,
  key: PrivateKeyAccount,
  message: EngagementMessage,
): Promise<Group> {
  const { r, s, yParity } = parseSignature(await signEngagement(key, message))
  const vs = numberToHex(BigInt(s) | (BigInt(yParity) << 255n), { size: 32 })
  return { session, actions: message.actions, signature: concatHex([r, vs]) }
}

export const micro = (task: number): Hex => numberToHex(task, { size: 1 })
export const move = (direction: number, steps: number): Hex =>
  numberToHex(32 + direction + 4 * (steps - 1), { size: 1 })
export const social = (target: bigint, reaction = 0): Hex =>
  concatHex([numberToHex(64 + reaction, { size: 1 }), numberToHex(target, { size: 3 })])

/** `rollup_resolvePassport`: who an address is, from L2's state at a block (docs/specs/RPC.md). */
import { type Abi, decodeFunctionResult, encodeFunctionData, type Hex } from 'viem'
import { abi as badgesAbi } from '../../contracts/generated/IBadges.ts'
import { abi as passportAbi } from '../../contracts/generated/IPassport.ts'
import { abi as pointsAbi } from '../../contracts/generated/IPoints.ts'
import { InvalidParamsError } from '../chain/rpc/errors.ts'
import type { Json } from '../protocol/world.ts'
import { isHex } from '../rollup/bytes.ts'

const PASSPORT = '0x4200000000000000000000000000000000000031'
const BADGES = '0x4200000000000000000000000000000000000032'
const POINTS = '0x4200000000000000000000000000000000000033'

/** A JSON-RPC read of L2's node. */
type Read = (method: string, params: readonly Json[]) => Json | Promise<Json>

interface BadgeAnswer {
  readonly value: bigint
  readonly issuedAt: number
  readonly expiresAt: number
  readonly revokedAt: number
}

/** Null for an address that belongs to no passport. The second parameter is a block tag, `latest` where it is left out. */
export async function resolvePassport(read: Read, params: readonly Json[]): Promise<Json> {
  const [address, tag = 'latest'] = params
  if (!isHex(address, 20)) throw new InvalidParamsError('address', '20 bytes', address)
  const call = reader(read, tag)
  const passport = await call<bigint>(PASSPORT, passportAbi, 'resolve', [address])
  if (passport === 0n) return null
  const wallets = await call<readonly string[]>(PASSPORT, passportAbi, 'walletsOf', [passport])
  const accounts = await call<readonly string[]>(PASSPORT, passportAbi, 'accountsOf', [passport])
  const points = await call<bigint>(POINTS, pointsAbi, 'balanceOf', [passport])
  return {
    passport: quantity(passport),
    owner: wallets[0]?.toLowerCase() ?? null,
    wallets: wallets.map((wallet) => wallet.toLowerCase()),
    accounts: [...accounts],
    points: quantity(points),
    badges: await badgesOf(call, passport),
  }
}

type Call = <Result>(
  to: string,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
) => Promise<Result>

function reader(read: Read, tag: Json): Call {
  return async <Result>(
    to: string,
    abi: Abi,
    functionName: string,
    args: readonly unknown[],
  ): Promise<Result> => {
    const data = encodeFunctionData({ abi, functionName, args })
    const answer = await read('eth_call', [{ to, data }, tag])
    return decodeFunctionResult({ abi, functionName, data: answer as Hex }) as Result
  }
}

/** The current badge of each kind that the passport ever had. */
async function badgesOf(call: Call, passport: bigint): Promise<readonly Json[]> {
  const count = await call<bigint>(BADGES, badgesAbi, 'kindCount', [])
  const badges: Json[] = []
  for (let kind = 0n; kind < count; kind += 1n) {
    const [badge, uid] = await call<readonly [BadgeAnswer, string]>(BADGES, badgesAbi, 'badgeOf', [
      passport,
      kind,
    ])
    if (badge.issuedAt === 0) continue
    const { name } = await call<{ readonly name: string }>(BADGES, badgesAbi, 'kindOf', [kind])
    badges.push({
      kind: quantity(kind),
      name,
      uid,
      value: quantity(badge.value),
      issuedAt: quantity(badge.issuedAt),
      expiresAt: badge.expiresAt === 0 ? null : quantity(badge.expiresAt),
      revokedAt: badge.revokedAt === 0 ? null : quantity(badge.revokedAt),
    })
  }
  return badges
}

function quantity(value: bigint | number): string {
  return `0x${value.toString(16)}`
}

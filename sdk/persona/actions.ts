/**
 * Personas for viem: read a Passport, its badges, campaigns and rewards; sign actions; claim. Works with any viem client of L2:
 *
 *     const client = createPublicClient({ chain: trexL2, transport: http() }).extend(personaActions)
 *     const persona = await client.resolvePassport({ address })
 */
import type { Account, Address, Chain, Client, Hash, Hex, Transport } from 'viem'
import { readContract, signTypedData, writeContract } from 'viem/actions'
import { abi as badgesAbi } from '../../contracts/generated/IBadges.ts'
import { abi as campaignsAbi } from '../../contracts/generated/ICampaigns.ts'
import { abi as engagementsAbi } from '../../contracts/generated/IEngagements.ts'
import { abi as rewardsAbi } from '../../contracts/generated/IEpochRewards.ts'
import { abi as passportAbi } from '../../contracts/generated/IPassport.ts'
import { type Action, encodeAction } from '../../workers/persona/actions.ts'
import {
  BADGES,
  CAMPAIGNS,
  ENGAGEMENTS,
  EPOCH_REWARDS,
  PASSPORT,
} from '../../workers/persona/addresses.ts'
import { bytesToHex, concatBytes } from '../../workers/rollup/bytes.ts'

type L2Client = Client<Transport, Chain>
type L2Wallet = Client<Transport, Chain, Account>

export interface Passport {
  readonly passport: bigint
  readonly owner: Address
  readonly wallets: readonly Address[]
  readonly points: bigint
  readonly badges: readonly {
    readonly kind: bigint
    readonly name: string
    readonly uid: Hex
    readonly value: bigint
  }[]
}

interface PassportAnswer {
  readonly passport: Hex
  readonly owner: Address
  readonly wallets: readonly Address[]
  readonly points: Hex
  readonly badges: readonly {
    readonly kind: Hex
    readonly name: string
    readonly uid: Hex
    readonly value: Hex
  }[]
}

/** Who an address is, by `rollup_resolvePassport`; null for an address without a Passport. */
export async function resolvePassport(
  client: L2Client,
  { address, blockTag = 'latest' }: { readonly address: Address; readonly blockTag?: string },
): Promise<Passport | null> {
  const request = client.request as (call: {
    readonly method: string
    readonly params: readonly unknown[]
  }) => Promise<PassportAnswer | null>
  const answer = await request({ method: 'rollup_resolvePassport', params: [address, blockTag] })
  if (answer === null) return null
  return {
    passport: BigInt(answer.passport),
    owner: answer.owner,
    wallets: answer.wallets,
    points: BigInt(answer.points),
    badges: answer.badges.map((badge) => ({
      ...badge,
      kind: BigInt(badge.kind),
      value: BigInt(badge.value),
    })),
  }
}

/** Mints the account's Passport. */
export function mintPassport(client: L2Wallet): Promise<Hash> {
  return writeContract(client, { address: PASSPORT, abi: passportAbi, functionName: 'mint' })
}

/** Value of a passport's badge of a kind at a second; zero where it does not count. */
export function getBadgeValue(
  client: L2Client,
  {
    passport,
    kind,
    time,
  }: { readonly passport: bigint; readonly kind: bigint; readonly time: bigint },
): Promise<bigint> {
  return readContract(client, {
    address: BADGES,
    abi: badgesAbi,
    functionName: 'valueAt',
    args: [passport, kind, time],
  })
}

/** Terms of a campaign. */
export function getCampaign(client: L2Client, { campaign }: { readonly campaign: bigint }) {
  return readContract(client, {
    address: CAMPAIGNS,
    abi: campaignsAbi,
    functionName: 'termsOf',
    args: [campaign],
  })
}

export interface ActParameters {
  readonly passport: bigint
  readonly campaign: bigint
  readonly actions: readonly Action[]
  /** Unix second; the last in which the signature is good. */
  readonly deadline: bigint
}

export interface SignedEngagement {
  readonly engagement: {
    readonly passport: bigint
    readonly actions: Hex
    readonly campaign: bigint
    readonly nonce: bigint
    readonly deadline: bigint
  }
  readonly signature: Hex
}

/** Signs actions as the passport's owner; anyone may relay them (`relayActions`). */
export async function signActions(
  client: L2Wallet,
  { passport, campaign, actions, deadline }: ActParameters,
): Promise<SignedEngagement> {
  const nonce = await readContract(client, {
    address: ENGAGEMENTS,
    abi: engagementsAbi,
    functionName: 'ownerNonceOf',
    args: [passport],
  })
  const bytes = bytesToHex(concatBytes(...actions.map(encodeAction)))
  const engagement = { passport, actions: bytes, campaign, nonce, deadline }
  const signature = await signTypedData(client, {
    domain: {
      name: 'Engagements',
      version: '1',
      chainId: client.chain.id,
      verifyingContract: ENGAGEMENTS,
    },
    types: {
      Engagement: [
        { name: 'passport', type: 'uint256' },
        { name: 'actions', type: 'bytes' },
        { name: 'campaign', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Engagement',
    message: engagement,
  })
  return { engagement, signature }
}

/** Sends what an owner signed; the relayer pays. */
export function relayActions(
  client: L2Wallet,
  { engagement, signature }: SignedEngagement,
): Promise<Hash> {
  return writeContract(client, {
    address: ENGAGEMENTS,
    abi: engagementsAbi,
    functionName: 'engage',
    args: [engagement, signature],
  })
}

export interface RewardRowProof {
  readonly row: {
    readonly passport: bigint
    readonly engagement: bigint
    readonly pms: bigint
    readonly trust: bigint
    readonly prefix: bigint
    readonly amount: bigint
    readonly cumulative: bigint
  }
  readonly proof: readonly Hex[]
}

/** Pays a passport's owner what the campaign's last final root proves. Anyone may send it. */
export function claimReward(
  client: L2Wallet,
  { campaign, row }: { readonly campaign: bigint; readonly row: RewardRowProof },
): Promise<Hash> {
  return writeContract(client, {
    address: EPOCH_REWARDS,
    abi: rewardsAbi,
    functionName: 'claim',
    args: [campaign, row],
  })
}

/** For `client.extend(personaActions)`. */
export function personaActions(client: L2Client) {
  return {
    resolvePassport: (parameters: Parameters<typeof resolvePassport>[1]) =>
      resolvePassport(client, parameters),
    getBadgeValue: (parameters: Parameters<typeof getBadgeValue>[1]) =>
      getBadgeValue(client, parameters),
    getCampaign: (parameters: Parameters<typeof getCampaign>[1]) => getCampaign(client, parameters),
  }
}

/** For wallet clients: `client.extend(personaWalletActions)`. */
export function personaWalletActions(client: L2Wallet) {
  return {
    mintPassport: () => mintPassport(client),
    signActions: (parameters: ActParameters) => signActions(client, parameters),
    relayActions: (parameters: SignedEngagement) => relayActions(client, parameters),
    claimReward: (parameters: Parameters<typeof claimReward>[1]) => claimReward(client, parameters),
  }
}

/**
 * Personas for viem: read a Passport, its badges, campaigns and rewards; sign actions; claim; prove any of it on L1. Works with any viem client of L2:
 *
 *     const client = createPublicClient({ chain: trexL2, transport: http() }).extend(personaActions)
 *     const persona = await client.resolvePassport({ address })
 */
import type { Account, Address, Chain, Client, Hash, Hex, LocalAccount, Transport } from 'viem'
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
import { createBookReader } from '../../workers/persona/reader.ts'
import { finalRows, rowProof } from '../../workers/persona/rowProofs.ts'
import type { Json } from '../../workers/protocol/world.ts'
import { bytesToHex, concatBytes } from '../../workers/rollup/bytes.ts'
import { initKeccak } from '../../workers/rollup/keccak.ts'
import { type AttestParameters, attestBadge, createCampaign, fundCampaign } from './projects.ts'
import {
  getProvenBadge,
  getProvenPassport,
  getProvenScore,
  proveBadge,
  proveScore,
  proveWallet,
  type RewardRowProof,
  readBadgeProof,
  readScoreProof,
  readWalletProof,
} from './proving.ts'

type L2Client = Client<Transport, Chain>
type Wallet = Client<Transport, Chain, Account>

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
export function mintPassport(client: Wallet): Promise<Hash> {
  return writeContract(client, { address: PASSPORT, abi: passportAbi, functionName: 'mint' })
}

export interface LinkParameters {
  readonly passport: bigint
  /** Signs that it belongs to the passport's owner. */
  readonly wallet: LocalAccount
  /** Unix second; the last in which the signature is good. */
  readonly deadline: bigint
}

/** Links a further wallet to the account's own passport. */
export async function linkWallet(
  client: Wallet,
  { passport, wallet, deadline }: LinkParameters,
): Promise<Hash> {
  const call = { address: PASSPORT, abi: passportAbi } as const
  const nonce = await readContract(client, { ...call, functionName: 'nonceOf', args: [passport] })
  const signature = await wallet.signTypedData({
    domain: {
      name: 'Passport',
      version: '1',
      chainId: client.chain.id,
      verifyingContract: PASSPORT,
    },
    types: {
      LinkWallet: [
        { name: 'passport', type: 'uint256' },
        { name: 'wallet', type: 'address' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'LinkWallet',
    message: { passport, wallet: wallet.address, nonce, deadline },
  })
  const args = [passport, wallet.address, deadline, signature] as const
  return writeContract(client, { ...call, functionName: 'linkWallet', args })
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
  client: Wallet,
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
  client: Wallet,
  { engagement, signature }: SignedEngagement,
): Promise<Hash> {
  return writeContract(client, {
    address: ENGAGEMENTS,
    abi: engagementsAbi,
    functionName: 'engage',
    args: [engagement, signature],
  })
}

/**
 * A passport's row under the campaign's last final root, recomputed from L2's logs as anyone can; null where there is none. Ready for
 * `claimReward` on L2 and, as of the block that a proof is of, for `proveScore` on L1.
 */
export async function computeRewardRow(
  client: L2Client,
  {
    campaign,
    passport,
    blockNumber,
  }: {
    readonly campaign: bigint
    readonly passport: bigint
    /** The root that was the last final one at the end of this L2 block; as of now when left out. */
    readonly blockNumber?: bigint
  },
): Promise<RewardRowProof | null> {
  await initKeccak()
  const request = client.request as (call: {
    readonly method: string
    readonly params: readonly unknown[]
  }) => Promise<Json>
  const reader = createBookReader()
  await reader.sync((method, params) => request({ method, params }))
  const book = reader.book()
  const record = book.campaigns.get(Number(campaign))
  const last = blockNumber === undefined ? Number.POSITIVE_INFINITY : Number(blockNumber)
  const final = record?.proposals.findLast(
    ({ finalized }) => finalized !== null && finalized.source.blockNumber <= last,
  )
  if (record === undefined || final === undefined) return null
  const { rows, trees } = finalRows({ book }, record, final)
  const row = rows[Number(passport) - 1]
  return row === undefined ? null : rowProof(rows, trees, row.passport)
}

/** Pays a passport's owner what the campaign's last final root proves. Anyone may send it. */
export function claimReward(
  client: Wallet,
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
    computeRewardRow: (parameters: Parameters<typeof computeRewardRow>[1]) =>
      computeRewardRow(client, parameters),
    readBadgeProof: (parameters: Parameters<typeof readBadgeProof>[1]) =>
      readBadgeProof(client, parameters),
    readScoreProof: (parameters: Parameters<typeof readScoreProof>[1]) =>
      readScoreProof(client, parameters),
    readWalletProof: (parameters: Parameters<typeof readWalletProof>[1]) =>
      readWalletProof(client, parameters),
  }
}

/** For wallet clients of L1: `client.extend(personaL1Actions)`. */
export function personaL1Actions(client: Wallet) {
  return {
    proveBadge: (parameters: Parameters<typeof proveBadge>[1]) => proveBadge(client, parameters),
    proveScore: (parameters: Parameters<typeof proveScore>[1]) => proveScore(client, parameters),
    proveWallet: (parameters: Parameters<typeof proveWallet>[1]) => proveWallet(client, parameters),
    getProvenBadge: (parameters: Parameters<typeof getProvenBadge>[1]) =>
      getProvenBadge(client, parameters),
    getProvenScore: (parameters: Parameters<typeof getProvenScore>[1]) =>
      getProvenScore(client, parameters),
    getProvenPassport: (parameters: Parameters<typeof getProvenPassport>[1]) =>
      getProvenPassport(client, parameters),
  }
}

/** For wallet clients of L2: `client.extend(personaWalletActions)`. */
export function personaWalletActions(client: Wallet) {
  return {
    mintPassport: () => mintPassport(client),
    linkWallet: (parameters: LinkParameters) => linkWallet(client, parameters),
    attestBadge: (parameters: AttestParameters) => attestBadge(client, parameters),
    createCampaign: (parameters: Parameters<typeof createCampaign>[1]) =>
      createCampaign(client, parameters),
    fundCampaign: (parameters: Parameters<typeof fundCampaign>[1]) =>
      fundCampaign(client, parameters),
    signActions: (parameters: ActParameters) => signActions(client, parameters),
    relayActions: (parameters: SignedEngagement) => relayActions(client, parameters),
    claimReward: (parameters: Parameters<typeof claimReward>[1]) => claimReward(client, parameters),
  }
}

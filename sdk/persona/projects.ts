/** What projects and issuers of badges do: create and fund campaigns, attest. */
import {
  type Account,
  type Address,
  type Chain,
  type Client,
  type ContractFunctionArgs,
  encodeAbiParameters,
  erc20Abi,
  type Hash,
  type Hex,
  type Transport,
  zeroHash,
} from 'viem'
import { readContract, waitForTransactionReceipt, writeContract } from 'viem/actions'
import { abi as easAbi } from '../../contracts/generated/EAS.ts'
import { abi as badgesAbi } from '../../contracts/generated/IBadges.ts'
import { abi as campaignsAbi } from '../../contracts/generated/ICampaigns.ts'
import { BADGES, CAMPAIGNS, EAS } from '../../workers/persona/addresses.ts'

/** EAS passes on what the badges' resolver refuses: its errors have names too. */
const attestAbi = [...easAbi, ...badgesAbi] as const

type Wallet = Client<Transport, Chain, Account>

/** As `ICampaigns.Terms`: what the campaign asks, what actions are worth, what an epoch pays. */
export type CampaignTerms = ContractFunctionArgs<typeof campaignsAbi, 'nonpayable', 'create'>[0]

/** Creates a campaign of the account's; campaigns are numbered from 1. */
export function createCampaign(
  client: Wallet,
  { terms }: { readonly terms: CampaignTerms },
): Promise<Hash> {
  const call = { address: CAMPAIGNS, abi: campaignsAbi, functionName: 'create' } as const
  return writeContract(client, { ...call, args: [terms] })
}

/** Puts tokens of the account's into a campaign, for its epochs to pay: approves them and waits, then funds. */
export async function fundCampaign(
  client: Wallet,
  { campaign, amount }: { readonly campaign: bigint; readonly amount: bigint },
): Promise<Hash> {
  const call = { address: CAMPAIGNS, abi: campaignsAbi } as const
  const { token } = await readContract(client, {
    ...call,
    functionName: 'termsOf',
    args: [campaign],
  })
  const hash = await writeContract(client, {
    address: token,
    abi: erc20Abi,
    functionName: 'approve',
    args: [CAMPAIGNS, amount],
  })
  await waitForTransactionReceipt(client, { hash })
  return writeContract(client, { ...call, functionName: 'fund', args: [campaign, amount] })
}

export interface AttestParameters {
  readonly passport: bigint
  /** A wallet of the passport. */
  readonly recipient: Address
  /** Number of the kind of badge; the account must be a validator of its kind. */
  readonly kind: bigint
  readonly value: bigint
  /** Unix second; a kind with a lifetime needs it. Never by default. */
  readonly expiresAt?: bigint
  /** UID of the badge that it replaces; there must be none if this is left out. */
  readonly replaces?: Hex
  /** Commitment to what the issuer saw; nothing by default. */
  readonly evidence?: Hex
}

/** Issues a badge, as an attestation of EAS that the badges' resolver checks. */
export async function attestBadge(client: Wallet, badge: AttestParameters): Promise<Hash> {
  const { passport, recipient, kind, value } = badge
  const { expiresAt = 0n, replaces = zeroHash, evidence = zeroHash } = badge
  const { schema } = await readContract(client, {
    address: BADGES,
    abi: badgesAbi,
    functionName: 'kindOf',
    args: [kind],
  })
  const data = encodeAbiParameters(
    [{ type: 'uint256' }, { type: 'uint256' }, { type: 'bytes32' }],
    [passport, value, evidence],
  )
  const attestation = {
    recipient,
    expirationTime: expiresAt,
    revocable: true,
    refUID: replaces,
    data,
    value: 0n,
  }
  return writeContract(client, {
    address: EAS,
    abi: attestAbi,
    functionName: 'attest',
    args: [{ schema, data: attestation }],
  })
}

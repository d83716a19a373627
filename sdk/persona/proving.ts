/** Personas on L1: what L2 says of a Persona, proven from a root that is final, for contracts that never heard of L2's nodes. */
import {
  type Account,
  type Address,
  type Chain,
  type Client,
  encodeAbiParameters,
  type Hash,
  type Hex,
  keccak256,
  type Transport,
} from 'viem'
import { readContract, writeContract } from 'viem/actions'
import { abi as proverAbi } from '../../contracts/generated/PersonaProver.ts'
import { BADGES, EPOCH_REWARDS, PASSPORT } from '../../workers/persona/addresses.ts'
import { trexL1 } from '../viem.ts'

type Reader = Client<Transport, Chain | undefined, Account | undefined>
type Wallet = Client<Transport, Chain, Account>

/** As `IPersonaProver.StateProof`. */
export interface StateProof {
  /** The game whose root is final. */
  readonly game: Address
  readonly statePreimage: Hex
  readonly worldPreimage: Hex
  readonly account: Hex
  readonly accountProof: readonly Hex[]
  readonly storageProof: readonly Hex[]
}

/** A passport's row of an epoch, and its siblings in the rewards tree (docs/specs/PERSONA.md, section 7). */
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

const uint = { type: 'uint256' } as const
const { address } = trexL1.contracts.personaProver
const prover = { address, abi: proverAbi } as const

interface BadgeName {
  readonly passport: bigint
  /** Number of the kind of badge. */
  readonly kind: bigint
}

/** On L2: the current badge of a passport under the newest final root. */
export function readBadgeProof(client: Reader, { passport, kind }: BadgeName): Promise<StateProof> {
  const inner = keccak256(encodeAbiParameters([uint, uint], [passport, 0n]))
  return readProof(
    client,
    BADGES,
    keccak256(encodeAbiParameters([uint, { type: 'bytes32' }], [kind, inner])),
  )
}

/** On L2: the last final rewards root of a campaign, under which `proveScore` shows a row. */
export function readScoreProof(
  client: Reader,
  { campaign }: { readonly campaign: bigint },
): Promise<StateProof> {
  return readProof(
    client,
    EPOCH_REWARDS,
    keccak256(encodeAbiParameters([uint, uint], [campaign, 0n])),
  )
}

/** On L2: which passport a wallet belongs to. */
export function readWalletProof(
  client: Reader,
  { wallet }: { readonly wallet: Address },
): Promise<StateProof> {
  const slot = keccak256(encodeAbiParameters([{ type: 'address' }, uint], [wallet, 0n]))
  return readProof(client, PASSPORT, slot)
}

/** On L1: proves the badge for whoever asks there. */
export function proveBadge(
  client: Wallet,
  { passport, kind, proof }: BadgeName & { readonly proof: StateProof },
): Promise<Hash> {
  const args = [passport, kind, proof] as const
  return writeContract(client, { ...prover, functionName: 'proveBadge', args })
}

/** On L1: proves a passport's score, trust and reward in the campaign. */
export function proveScore(
  client: Wallet,
  {
    campaign,
    row,
    proof,
  }: { readonly campaign: bigint; readonly row: RewardRowProof; readonly proof: StateProof },
): Promise<Hash> {
  const args = [campaign, row, proof] as const
  return writeContract(client, { ...prover, functionName: 'proveScore', args })
}

/** On L1: proves which passport a wallet belongs to. */
export function proveWallet(
  client: Wallet,
  { wallet, proof }: { readonly wallet: Address; readonly proof: StateProof },
): Promise<Hash> {
  const args = [wallet, proof] as const
  return writeContract(client, { ...prover, functionName: 'proveWallet', args })
}

/** On L1: what was proven of a badge; all zero before. */
export function getProvenBadge(client: Reader, { passport, kind }: BadgeName) {
  return readContract(client, { ...prover, functionName: 'badgeOf', args: [passport, kind] })
}

/** On L1: what was proven of a score; all zero before. */
export function getProvenScore(
  client: Reader,
  { campaign, passport }: { readonly campaign: bigint; readonly passport: bigint },
) {
  return readContract(client, { ...prover, functionName: 'scoreOf', args: [campaign, passport] })
}

/** On L1: which passport a wallet was proven to belong to, and by which entry of the inbox. */
export function getProvenPassport(client: Reader, { wallet }: { readonly wallet: Address }) {
  return readContract(client, { ...prover, functionName: 'passportOf', args: [wallet] })
}

async function readProof(client: Reader, contract: Address, slot: Hex): Promise<StateProof> {
  const request = client.request as (call: {
    readonly method: string
    readonly params: readonly unknown[]
  }) => Promise<{ readonly game: Address; readonly proof: Omit<StateProof, 'game'> }>
  const { game, proof } = await request({ method: 'rollup_storageProof', params: [contract, slot] })
  return { game, ...proof }
}

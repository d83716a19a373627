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
const prover = { address: trexL1.contracts.personaProver.address, abi: proverAbi } as const

interface BadgeName {
  readonly passport: bigint
  /** Number of the kind of badge. */
  readonly kind: bigint
}

/** A slot of a contract on L2. */
export interface StorageSlot {
  readonly address: Address
  readonly slot: Hex
}

/** A proof under the newest root that is final on L1, and where that root stands. */
export interface FinalProof extends StateProof {
  /** Entry of the inbox at whose end the state stands. */
  readonly entryIndex: bigint
  /** The final root, a hash of the machine's state. */
  readonly outputRoot: Hex
  /** Last L2 block that the root covers. */
  readonly blockNumber: bigint
}

/** Where L2 keeps the current badge of a passport. */
export function badgeSlot({ passport, kind }: BadgeName): StorageSlot {
  const inner = keccak256(encodeAbiParameters([uint, uint], [passport, 0n]))
  const slot = keccak256(encodeAbiParameters([uint, { type: 'bytes32' }], [kind, inner]))
  return { address: BADGES, slot }
}

/** Where L2 keeps the last final rewards root of a campaign. */
export function scoreSlot({ campaign }: { readonly campaign: bigint }): StorageSlot {
  const slot = keccak256(encodeAbiParameters([uint, uint], [campaign, 0n]))
  return { address: EPOCH_REWARDS, slot }
}

/** Where L2 keeps which passport a wallet belongs to. */
export function walletSlot({ wallet }: { readonly wallet: Address }): StorageSlot {
  const slot = keccak256(encodeAbiParameters([{ type: 'address' }, uint], [wallet, 0n]))
  return { address: PASSPORT, slot }
}

/** On L2: the current badge of a passport under the newest final root. */
export function readBadgeProof(client: Reader, badge: BadgeName): Promise<FinalProof> {
  return readProof(client, badgeSlot(badge))
}

/** On L2: the last final rewards root of a campaign, under which `proveScore` shows a row. */
export function readScoreProof(
  client: Reader,
  campaign: { readonly campaign: bigint },
): Promise<FinalProof> {
  return readProof(client, scoreSlot(campaign))
}

/** On L2: which passport a wallet belongs to. */
export function readWalletProof(
  client: Reader,
  wallet: { readonly wallet: Address },
): Promise<FinalProof> {
  return readProof(client, walletSlot(wallet))
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

interface ProofAnswer {
  readonly game: Address
  readonly entryIndex: Hex
  readonly outputRoot: Hex
  readonly blockNumber: Hex
  readonly proof: Omit<StateProof, 'game'>
}

async function readProof(client: Reader, { address, slot }: StorageSlot): Promise<FinalProof> {
  const request = client.request as (call: {
    readonly method: string
    readonly params: readonly unknown[]
  }) => Promise<ProofAnswer>
  const answer = await request({ method: 'rollup_storageProof', params: [address, slot] })
  const { game, outputRoot, proof } = answer
  const [entryIndex, blockNumber] = [BigInt(answer.entryIndex), BigInt(answer.blockNumber)]
  return { game, ...proof, entryIndex, outputRoot, blockNumber }
}

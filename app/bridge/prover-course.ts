/** The course of a proof: what L2 says of a Persona, from a root that is final to a contract on L1 that believes nothing else. */
import {
  type Address,
  createClient,
  custom,
  decodeErrorResult,
  encodeFunctionData,
  type Hash,
  type Hex,
  hexToBigInt,
  pad,
  size,
} from 'viem'
import { getStorageAt } from 'viem/actions'
import { abi as proverAbi } from '../../contracts/generated/PersonaProver.ts'
import { computeRewardRow, resolvePassport } from '../../sdk/persona/actions.ts'
import {
  badgeSlot,
  type FinalProof,
  getProvenBadge,
  getProvenPassport,
  getProvenScore,
  type RewardRowProof,
  readBadgeProof,
  readScoreProof,
  readWalletProof,
  type StorageSlot,
  scoreSlot,
  walletSlot,
} from '../../sdk/persona/proving.ts'
import { trexL1, trexL2 } from '../../sdk/viem.ts'
import type { ChainName, Json } from '../../workers/protocol/world.ts'
import { receiptOf } from './receipt.ts'
import { createAccount, type Rpc } from './wallet-account.ts'

/** What is to be proven of a passport. */
export type Claim =
  | {
      readonly kind: 'badge'
      readonly passport: number
      readonly owner: Address
      /** Name of its kind. */
      readonly badge: string
    }
  | { readonly kind: 'score'; readonly passport: number; readonly campaign: string }
  | { readonly kind: 'wallet'; readonly passport: number; readonly wallet: Address }

/** What the course does now; a step of the same name replaces what was told of it. */
export type News =
  | {
      /** No final root holds what L2 says now. */
      readonly step: 'wait'
      /** L2 block since which L2 says so, and the last one under a final root; null before there is one. */
      readonly blockNumber: bigint
      readonly finalBlock: bigint | null
    }
  | { readonly step: 'build'; readonly finalBlock: bigint }
  | {
      readonly step: 'send'
      /** Bytes of the call's data. */
      readonly bytes: number
      /** Nodes of both tries. */
      readonly nodes: number
      /** Why it is sent again: the contract's error by name; null at the first time. */
      readonly again: string | null
    }
  | { readonly step: 'confirm'; readonly transactionHash: Hash }

/** Shows what the course does. */
export type Tell = (news: News) => void

/** What L1 knows since the proof, read from its contract. */
export type Fact =
  | {
      readonly kind: 'badge'
      readonly value: bigint
      /** Unix seconds; 0 for never. */
      readonly issuedAt: number
      readonly expiresAt: number
      readonly revokedAt: number
    }
  | {
      readonly kind: 'score'
      /** From 0 to 1. */
      readonly match: number
      /** Wei of the reward token, over all epochs so far. */
      readonly earnedWei: bigint
    }
  | { readonly kind: 'wallet'; readonly passport: bigint }

export interface Proven {
  readonly fact: Fact
  readonly transactionHash: Hash
  readonly l1Block: bigint
  readonly gasUsed: bigint
  readonly bytes: number
  readonly nodes: number
  readonly game: Address
  readonly entryIndex: bigint
  readonly outputRoot: Hex
  /** Last L2 block that the root covers. */
  readonly l2Block: bigint
}

/** A call of the prover's contract; the proof is its last argument. */
export type ProverCall = { readonly proof: FinalProof } & (
  | { readonly functionName: 'proveBadge'; readonly args: readonly [bigint, bigint] }
  | { readonly functionName: 'proveScore'; readonly args: readonly [bigint, RewardRowProof] }
  | { readonly functionName: 'proveWallet'; readonly args: readonly [Address] }
)

/** What was sent and believed, to be sent again with a bit changed. */
export interface SentProof {
  readonly call: ProverCall
  readonly gasUsed: bigint
}

/** A test account of L1 that has nothing to do with Personas: anyone may prove. */
export const PROVER_ACCOUNT = 5
export const PROVER_CONTRACT: Address = trexL1.contracts.personaProver.address

/** Between two looks for a final root, wall milliseconds. */
const LOOK_MS = 400
/** L1 may lose a block, or L2 an epoch's root, between the proof and its transaction. */
const ATTEMPTS_MAX = 3
const ONE = 1e9

export function createProving(world: Rpc) {
  let sent: SentProof | null = null
  const prove = async (claim: Claim, tell: Tell): Promise<Proven> => {
    sent = null
    const target = await targetOf(world, claim)
    let again: string | null = null
    for (let attempt = 1; ; attempt += 1) {
      const proof = await finalProof(world, target, tell)
      tell({ step: 'build', finalBlock: proof.blockNumber })
      const call = await target.callOf(proof)
      try {
        const proven = await submit(world, { claim, call, again }, tell)
        sent = { call, gasUsed: proven.gasUsed }
        return proven
      } catch (error) {
        again = contractError(error)
        const mayPass = again === 'PersonaProver_NotFinal' || again === 'PersonaProver_WrongRow'
        if (!mayPass || attempt === ATTEMPTS_MAX) throw refused(error, again)
      }
    }
  }
  return { prove, last: () => sent }
}

/** Where L2 keeps what is claimed, what it says there now, and since which block. */
interface Target {
  readonly slot: StorageSlot
  readonly value: Hex
  readonly read: () => Promise<FinalProof>
  readonly callOf: (proof: FinalProof) => Promise<ProverCall>
}

async function targetOf(world: Rpc, claim: Claim): Promise<Target> {
  const l2 = clientOf(world, 'l2')
  const at = async (
    slot: StorageSlot,
    read: Target['read'],
    callOf: Target['callOf'],
  ): Promise<Target> => ({ slot, value: await valueAt(world, slot, 'latest'), read, callOf })
  switch (claim.kind) {
    case 'badge': {
      const passport = BigInt(claim.passport)
      const persona = await resolvePassport(l2, { address: claim.owner })
      const kind = persona?.badges.find(({ name }) => name === claim.badge)?.kind
      if (kind === undefined) throw new Error(`L2 knows no badge ${claim.badge} of this passport.`)
      const badge = { passport, kind }
      return at(
        badgeSlot(badge),
        () => readBadgeProof(l2, badge),
        async (proof) => ({ functionName: 'proveBadge', args: [passport, kind], proof }),
      )
    }
    case 'score': {
      const passport = BigInt(claim.passport)
      const campaign = BigInt(claim.campaign)
      return at(
        scoreSlot({ campaign }),
        () => readScoreProof(l2, { campaign }),
        async (proof) => {
          const { blockNumber } = proof
          const row = await computeRewardRow(l2, { campaign, passport, blockNumber })
          if (row === null) {
            throw new Error('The passport has no row under the campaign’s final rewards root.')
          }
          return { functionName: 'proveScore', args: [campaign, row], proof }
        },
      )
    }
    case 'wallet': {
      const { wallet } = claim
      return at(
        walletSlot({ wallet }),
        () => readWalletProof(l2, { wallet }),
        async (proof) => ({ functionName: 'proveWallet', args: [wallet], proof }),
      )
    }
  }
}

/** Waits until the newest final root covers the block since which L2 says what it said when it was asked. */
async function finalProof(world: Rpc, target: Target, tell: Tell): Promise<FinalProof> {
  let since: bigint | null = null
  let toldFinal: bigint | null | undefined
  for (;;) {
    const proof = await newestProof(target)
    const finalBlock = proof?.blockNumber ?? null
    since ??= await changedAt(world, target, finalBlock ?? 0n)
    if (proof !== null && proof.blockNumber >= since) return proof
    if (finalBlock !== toldFinal) tell({ step: 'wait', blockNumber: since, finalBlock })
    toldFinal = finalBlock
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

async function newestProof(target: Target): Promise<FinalProof | null> {
  try {
    return await target.read()
  } catch (error) {
    if (reasonOf(error).includes('No output root is final yet')) return null
    throw error
  }
}

/**
 * The L2 block in which the slot took its value, or `before` if it had it there: halves the blocks in between, in which a slot of
 * this kind changes once, if at all.
 */
async function changedAt(world: Rpc, { slot, value }: Target, before: bigint): Promise<bigint> {
  if ((await valueAt(world, slot, before)) === value) return before
  let without = before
  let withIt = hexToBigInt((await ask(world, 'l2', 'eth_blockNumber', [])) as Hex)
  while (withIt - without > 1n) {
    const middle = (without + withIt) / 2n
    if ((await valueAt(world, slot, middle)) === value) withIt = middle
    else without = middle
  }
  return withIt
}

async function valueAt(
  world: Rpc,
  { address, slot }: StorageSlot,
  block: bigint | 'latest',
): Promise<Hex> {
  const l2 = clientOf(world, 'l2')
  const at = block === 'latest' ? { blockTag: block } : { blockNumber: block }
  return pad((await getStorageAt(l2, { address, slot, ...at })) ?? '0x', { size: 32 })
}

interface Submission {
  readonly claim: Claim
  readonly call: ProverCall
  readonly again: string | null
}

async function submit(world: Rpc, { claim, call, again }: Submission, tell: Tell): Promise<Proven> {
  const { proof } = call
  const data = encodeCall(call)
  const bytes = size(data)
  const nodes = proof.accountProof.length + proof.storageProof.length
  tell({ step: 'send', bytes, nodes, again })
  const account = await createAccount(world, 'l1', PROVER_ACCOUNT)
  const asked = { from: account.address, to: PROVER_CONTRACT, data }
  const estimated = hexToBigInt((await ask(world, 'l1', 'eth_estimateGas', [asked])) as Hex)
  const gas = (estimated * 3n) / 2n
  const transactionHash = await account.send({ to: PROVER_CONTRACT, data, gas })
  tell({ step: 'confirm', transactionHash })
  const receipt = await receiptOf(world, 'l1', transactionHash)
  if (receipt.status !== '0x1') {
    throw new Error(`Transaction ${transactionHash} reverted. Open it to see why.`)
  }
  return {
    fact: await factOf(world, claim, call),
    transactionHash,
    l1Block: hexToBigInt(receipt.blockNumber),
    gasUsed: hexToBigInt(receipt.gasUsed),
    bytes,
    nodes,
    game: proof.game,
    entryIndex: proof.entryIndex,
    outputRoot: proof.outputRoot,
    l2Block: proof.blockNumber,
  }
}

async function factOf(world: Rpc, claim: Claim, call: ProverCall): Promise<Fact> {
  const l1 = clientOf(world, 'l1')
  switch (call.functionName) {
    case 'proveBadge': {
      const [passport, kind] = call.args
      const { badge } = await getProvenBadge(l1, { passport, kind })
      const { value, issuedAt, expiresAt, revokedAt } = badge
      return { kind: 'badge', value, issuedAt, expiresAt, revokedAt }
    }
    case 'proveScore': {
      const passport = BigInt(claim.passport)
      const { pms, cumulative } = await getProvenScore(l1, { campaign: call.args[0], passport })
      return { kind: 'score', match: Number(pms) / ONE, earnedWei: cumulative }
    }
    case 'proveWallet': {
      const [passport] = await getProvenPassport(l1, { wallet: call.args[0] })
      return { kind: 'wallet', passport }
    }
  }
}

export function encodeCall({ functionName, args, proof }: ProverCall): Hex {
  const call = { abi: proverAbi, functionName, args: [...args, proof] }
  return encodeFunctionData(call as Parameters<typeof encodeFunctionData>[0])
}

/** A viem client over the world's own JSON-RPC. */
function clientOf(world: Rpc, chain: ChainName) {
  const request = ({ method, params }: { readonly method: string; readonly params?: unknown }) =>
    ask(world, chain, method, (params ?? []) as readonly Json[])
  return createClient({
    chain: chain === 'l1' ? trexL1 : trexL2,
    transport: custom({ request }, { retryCount: 0 }),
  })
}

function ask(world: Rpc, chain: ChainName, method: string, params: readonly Json[]): Promise<Json> {
  return world.rpc(chain, { method, params })
}

/** The contract's own error in what a node rejected with, by name; null for anything else. */
export function contractError(error: unknown): string | null {
  const { data, cause } = error as { readonly data?: unknown; readonly cause?: unknown }
  if (typeof data === 'string') return errorName(data as Hex)
  return cause === undefined || cause === null ? null : contractError(cause)
}

/** Name of the error that a call reverted with; null for bytes that the contract's ABI does not know. */
export function errorName(data: Hex): string | null {
  try {
    return decodeErrorResult({ abi: proverAbi, data }).errorName
  } catch {
    return null
  }
}

function refused(error: unknown, name: string | null): unknown {
  if (name === null) return error
  return new Error(`L1 refused the proof: ${name}.`, { cause: error })
}

function reasonOf(error: unknown): string {
  const { message, details } = error as { readonly message?: string; readonly details?: string }
  return `${message ?? ''} ${details ?? ''}`
}

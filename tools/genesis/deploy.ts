/** The transactions that make L1's genesis: contracts, members with stake, rewards. All ordinary and signed. */
import { encodeDeployData, encodeFunctionData, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { publicKeyToEvm, signatureToEvm } from '../../workers/rollup/bls/encoding.ts'
import { provePossession } from '../../workers/rollup/bls/possession.ts'
import { blsPublicKey } from '../../workers/rollup/bls/signature.ts'
import { bytesToHex } from '../../workers/rollup/bytes.ts'
import { accountAddress, accountKey, blsKey } from '../../workers/rollup/keys.ts'
import type { Parameters } from '../../workers/rollup/parameters.ts'
import { loadArtifact } from './artifacts.ts'
import { DEPLOYER, GUARDIAN, type Plan } from './plan.ts'

const ETHER = 10n ** 18n
export const SEQUENCER_STAKE = 32n * ETHER
export const DATA_NODE_BOND = 8n * ETHER
export const EMISSION_PER_BATCH = ETHER / 100n
export const REWARD_POOL = 1_000n * ETHER
export const CHALLENGE_BOND = ETHER / 10n
/** 400k gas at 200 gwei, as Optimism's. */
export const BASE_BOND = 400_000n * 200n * 10n ** 9n
export const MAX_DEPTH = 46n
export const DEMO_TOKEN_SUPPLY = 1_000_000n * ETHER
/** EIP-7825. */
const GAS_MAX = 16_777_216n

export interface SignedStep {
  readonly label: string
  readonly raw: Hex
  /** Address that the transaction must create. */
  readonly creates?: Hex
}

interface Draft {
  readonly from: string
  readonly label: string
  readonly to?: Hex
  readonly data: Hex
  readonly value?: bigint
  readonly creates?: Hex
}

export interface DeployInput {
  readonly parameters: Parameters
  readonly plan: Plan
  readonly anchorRoot: Hex
  readonly baseFee: bigint
}

/** Signs everything in the order of execution. */
export async function signDeployment(input: DeployInput): Promise<SignedStep[]> {
  const drafts = [
    ...(await registryDrafts(input)),
    ...(await verifierDrafts(input)),
    ...(await gameDrafts(input)),
    ...(await memberDrafts(input)),
  ]
  const nonces = new Map<string, number>()
  const steps: SignedStep[] = []
  for (const draft of drafts) {
    const nonce = nonces.get(draft.from) ?? 0
    nonces.set(draft.from, nonce + 1)
    steps.push(await sign(draft, nonce, input))
  }
  return steps
}

async function sign(
  draft: Draft,
  nonce: number,
  { parameters, baseFee }: DeployInput,
): Promise<SignedStep> {
  const account = privateKeyToAccount(bytesToHex(accountKey(draft.from)))
  const raw = await account.signTransaction({
    type: 'eip1559',
    chainId: parameters.l1ChainId,
    nonce,
    gas: GAS_MAX,
    maxFeePerGas: baseFee,
    maxPriorityFeePerGas: 0n,
    data: draft.data,
    value: draft.value ?? 0n,
    ...(draft.to === undefined ? {} : { to: draft.to }),
  })
  return {
    label: draft.label,
    raw,
    ...(draft.creates === undefined ? {} : { creates: draft.creates }),
  }
}

async function creation(name: string, creates: Hex, args: readonly unknown[]): Promise<Draft> {
  const { abi, bytecode } = await loadArtifact(name)
  const data = encodeDeployData({ abi, bytecode, args })
  return { from: DEPLOYER, label: `Creating ${name}`, data, creates }
}

async function registryDrafts({ parameters, plan }: DeployInput): Promise<Draft[]> {
  const sequencers = {
    inbox: plan.inbox,
    minimumStake: SEQUENCER_STAKE,
    memberLimit: 16n,
    emissionPerBatch: EMISSION_PER_BATCH,
    unbondingBlocks: BigInt(parameters.unbondingBlocks),
    epochBlocks: BigInt(parameters.epochBlocks),
  }
  const dataNodes = {
    inbox: plan.inbox,
    minimumBond: DATA_NODE_BOND,
    nodeLimit: BigInt(parameters.dataNodeCount),
    quorum: BigInt(parameters.dataQuorum),
    unbondingBlocks: BigInt(parameters.unbondingBlocks),
  }
  const inbox = {
    sequencers: plan.sequencerRegistry,
    dataNodes: plan.dataRegistry,
    bridge: plan.l1Bridge,
    mustIncludeBlocks: BigInt(parameters.inboxMustIncludeBlocks),
    forceBlocks: BigInt(parameters.inboxForceBlocks),
    depositOnlyBlocks: BigInt(parameters.inboxDepositOnlyBlocks),
    dataChallengeWindowSeconds: BigInt(parameters.dataChallengeWindowSeconds),
    challengeBond: CHALLENGE_BOND,
  }
  return [
    await creation('SequencerRegistry', plan.sequencerRegistry, [sequencers]),
    await creation('DataRegistry', plan.dataRegistry, [dataNodes]),
    await creation('Inbox', plan.inbox, [inbox]),
    await creation('L1Bridge', plan.l1Bridge, [
      plan.inbox,
      plan.disputeGameFactory,
      plan.anchorRegistry,
    ]),
  ]
}

async function verifierDrafts({ parameters, plan }: DeployInput): Promise<Draft[]> {
  const addresses = new Map(plan.verifiers.map((part) => [part.name, part.address]))
  const drafts: Draft[] = []
  for (const part of plan.verifiers) {
    const list = part.parts.map((member) =>
      'contract' in member ? addresses.get(member.contract) : parameters[member.flag],
    )
    const fields = part.parts.map(({ parameter }, at) => [parameter, list[at]])
    drafts.push(
      await creation(part.name, part.address, part.isStruct ? [Object.fromEntries(fields)] : list),
    )
  }
  return drafts
}

async function gameDrafts({ parameters, plan, anchorRoot }: DeployInput): Promise<Draft[]> {
  const guardian = bytesToHex(accountAddress(GUARDIAN))
  const game = {
    factory: plan.disputeGameFactory,
    anchorRegistry: plan.anchorRegistry,
    inbox: plan.inbox,
    verifier: plan.oneStepVerifier,
    maxDepth: MAX_DEPTH,
    clockSeconds: BigInt(parameters.gameClockSeconds),
    clockExtensionSeconds: BigInt(parameters.gameClockExtensionSeconds),
    disputeWindowSeconds: BigInt(parameters.disputeWindowSeconds),
    baseBond: BASE_BOND,
  }
  const registry = [
    plan.disputeGameFactory,
    BigInt(parameters.airGapSeconds),
    guardian,
    anchorRoot,
    0n,
  ]
  return [
    await creation('AnchorRegistry', plan.anchorRegistry, registry),
    await creation('DisputeGame', plan.disputeGame, [game]),
    await creation('DisputeGameFactory', plan.disputeGameFactory, [
      plan.disputeGame,
      plan.anchorRegistry,
      plan.inbox,
    ]),
    await creation('DemoToken', plan.demoToken, ['Demo Token', 'DEMO', DEMO_TOKEN_SUPPLY]),
    await creation('PersonaProver', plan.personaProver, [
      plan.disputeGameFactory,
      plan.anchorRegistry,
    ]),
  ]
}

async function memberDrafts({ parameters, plan }: DeployInput): Promise<Draft[]> {
  const drafts: Draft[] = []
  const sequencers = await loadArtifact('SequencerRegistry')
  const dataNodes = await loadArtifact('DataRegistry')
  const member = (node: string, to: Hex, abi: typeof sequencers.abi, value: bigint): Draft => {
    const key = blsKey(node)
    const args = [publicKeyToEvm(blsPublicKey(key)), signatureToEvm(provePossession(key))].map(
      bytesToHex,
    )
    const data = encodeFunctionData({ abi, functionName: 'register', args })
    return { from: node, label: `Registering ${node}`, to, data, value }
  }
  for (let i = 0; i < parameters.sequencerCount; i++) {
    drafts.push(member(`sequencer-${i}`, plan.sequencerRegistry, sequencers.abi, SEQUENCER_STAKE))
  }
  for (let i = 0; i < parameters.dataNodeCount; i++) {
    drafts.push(member(`da-${i}`, plan.dataRegistry, dataNodes.abi, DATA_NODE_BOND))
  }
  const fund = encodeFunctionData({ abi: sequencers.abi, functionName: 'fundRewards' })
  drafts.push({
    from: DEPLOYER,
    label: 'Funding rewards',
    to: plan.sequencerRegistry,
    data: fund,
    value: REWARD_POOL,
  })
  return drafts
}

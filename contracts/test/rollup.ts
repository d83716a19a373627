/** The L1 contracts of the rollup with small parameters, and members that can sign. */
import { encodeAbiParameters, getContractAddress, type Hex, sha256 } from 'viem'
import { publicKeyToEvm, signatureToEvm } from '../../workers/rollup/bls/encoding.ts'
import { provePossession } from '../../workers/rollup/bls/possession.ts'
import { blsAggregate, blsPublicKey, blsSign } from '../../workers/rollup/bls/signature.ts'
import { bytesToHex, hexToBytes } from '../../workers/rollup/bytes.ts'
import { keccak256 } from '../../workers/rollup/keccak.ts'
import { blsKey } from '../../workers/rollup/keys.ts'
import * as AnchorRegistry from '../generated/AnchorRegistry.ts'
import * as DataRegistry from '../generated/DataRegistry.ts'
import * as DisputeGame from '../generated/DisputeGame.ts'
import * as DisputeGameFactory from '../generated/DisputeGameFactory.ts'
import * as Inbox from '../generated/Inbox.ts'
import * as L1Bridge from '../generated/L1Bridge.ts'
import * as SequencerRegistry from '../generated/SequencerRegistry.ts'
import * as TestVerifier from '../generated/test/TestVerifier.ts'
import * as WithdrawalCaller from '../generated/WithdrawalCaller.ts'
import { type Contract, createHarness, type Harness } from './harness.ts'

export const ETHER = 10n ** 18n
export const STAKE = 32n * ETHER
export const BOND = 8n * ETHER
export const EMISSION = ETHER
export const GAME_DEPTH = 4
export const CLOCK = 100n
export const EXTENSION = 10n
export const DISPUTE_WINDOW = 150n
export const AIR_GAP = 20n
export const DATA_WINDOW = 40n
export const CHALLENGE_BOND = ETHER / 10n
export const MUST_INCLUDE = 4n
export const FORCE = 8n
export const DEPOSIT_ONLY = 16n
export const UNBONDING = 12n
export const SEQUENCERS = 4
export const DATA_NODES = 4
export const DATA_QUORUM = 3
/** The genesis state of TestVerifier's machine is number 0. */
export const stateNumber = (number: bigint): Hex =>
  keccakOf(encodeAbiParameters([{ type: 'string' }, { type: 'uint256' }], ['state', number]))

export interface Rollup {
  readonly chain: Harness
  readonly sequencers: Contract
  readonly dataNodes: Contract
  readonly inbox: Contract
  readonly bridge: Contract
  readonly caller: Contract
  readonly verifier: Contract
  readonly anchors: Contract
  readonly game: Contract
  readonly factory: Contract
  readonly guardian: Hex
}

/** Account of sequencer i is number 8 + i, of data node i number 16 + i. */
export const sequencerAccount = ({ chain }: Pick<Rollup, 'chain'>, i: number): Hex =>
  chain.account(8 + i)
export const dataAccount = ({ chain }: Pick<Rollup, 'chain'>, i: number): Hex =>
  chain.account(16 + i)

export interface RollupOptions {
  readonly anchorRoot?: Hex
  readonly members?: boolean
}

interface Prepared {
  readonly rollup: Rollup
  readonly restore: () => void
}

const prepared = new Map<string, Promise<Prepared>>()

/** The contracts as just deployed. Each call goes back to that moment, also for whoever holds an earlier result. */
export async function createRollup(options: RollupOptions = {}): Promise<Rollup> {
  const key = JSON.stringify(options)
  const known = prepared.get(key) ?? prepare(options)
  prepared.set(key, known)
  const { rollup, restore } = await known
  restore()
  return rollup
}

async function prepare(options: RollupOptions): Promise<Prepared> {
  const rollup = await deployRollup(options)
  return { rollup, restore: rollup.chain.capture() }
}

async function deployRollup(options: RollupOptions): Promise<Rollup> {
  const chain = await createHarness()
  const start = await chain.nonceOf(chain.account(0))
  const at = (ahead: number) =>
    getContractAddress({
      from: chain.account(0),
      nonce: start + BigInt(ahead),
    }).toLowerCase() as Hex
  const guardian = chain.account(1)
  const sequencers = await chain.deploy(SequencerRegistry, [
    {
      inbox: at(2),
      minimumStake: STAKE,
      memberLimit: 16n,
      emissionPerBatch: EMISSION,
      unbondingBlocks: UNBONDING,
      epochBlocks: 32n,
    },
  ])
  const dataNodes = await chain.deploy(DataRegistry, [
    {
      inbox: at(2),
      minimumBond: BOND,
      nodeLimit: BigInt(DATA_NODES),
      quorum: BigInt(DATA_QUORUM),
      unbondingBlocks: UNBONDING,
    },
  ])
  const inbox = await chain.deploy(Inbox, [
    {
      sequencers: at(0),
      dataNodes: at(1),
      bridge: at(3),
      mustIncludeBlocks: MUST_INCLUDE,
      forceBlocks: FORCE,
      depositOnlyBlocks: DEPOSIT_ONLY,
      dataChallengeWindowSeconds: DATA_WINDOW,
      challengeBond: CHALLENGE_BOND,
    },
  ])
  const bridge = await chain.deploy(L1Bridge, [at(2), at(7), at(5)])
  const verifier = await chain.deploy(TestVerifier, [at(2)])
  const anchors = await chain.deploy(AnchorRegistry, [
    at(7),
    AIR_GAP,
    guardian,
    options.anchorRoot ?? stateNumber(0n),
    0n,
  ])
  const game = await chain.deploy(DisputeGame, [
    {
      factory: at(7),
      anchorRegistry: at(5),
      inbox: at(2),
      verifier: at(4),
      maxDepth: BigInt(GAME_DEPTH),
      clockSeconds: CLOCK,
      clockExtensionSeconds: EXTENSION,
      disputeWindowSeconds: DISPUTE_WINDOW,
      baseBond: (8n * ETHER) / 100n,
    },
  ])
  const factory = await chain.deploy(DisputeGameFactory, [at(6), at(5), at(2)])
  if (factory.address !== at(7))
    throw new Error(
      `Contracts stand at other addresses than planned: ${factory.address}, ${at(7)}.`,
    )
  const callerAddress = getContractAddress({ from: bridge.address, nonce: 1n }).toLowerCase() as Hex
  const caller = { address: callerAddress, abi: WithdrawalCaller.abi }
  chain.know(WithdrawalCaller.abi)
  const rollup = {
    chain,
    sequencers,
    dataNodes,
    inbox,
    bridge,
    caller,
    verifier,
    anchors,
    game,
    factory,
    guardian,
  }
  if (options.members !== false) await registerMembers(rollup)
  return rollup
}

async function registerMembers(rollup: Rollup): Promise<void> {
  const { chain, sequencers, dataNodes } = rollup
  for (let i = 0; i < SEQUENCERS; i++) {
    await chain.send(sequencers, 'register', registration(`sequencer-${i}`), {
      from: sequencerAccount(rollup, i),
      value: STAKE,
    })
  }
  for (let i = 0; i < DATA_NODES; i++) {
    await chain.send(dataNodes, 'register', registration(`da-${i}`), {
      from: dataAccount(rollup, i),
      value: BOND,
    })
  }
  await chain.send(sequencers, 'fundRewards', [], { value: 100n * ETHER })
}

/** Key and proof of possession, as `register` takes them. */
export function registration(node: string): [Hex, Hex] {
  const key = blsKey(node)
  return [
    bytesToHex(publicKeyToEvm(blsPublicKey(key))),
    bytesToHex(signatureToEvm(provePossession(key))),
  ]
}

/** A node's signature of a digest, in EIP-2537 form. */
export function signature(node: string, digest: Hex): Hex {
  return bytesToHex(signatureToEvm(blsSign(hexToBytes(digest), blsKey(node))))
}

export interface Certificate {
  readonly signers: bigint
  readonly signature: Hex
}

/** Signatures of `kind-i` for each i, added up. */
export function certificate(
  kind: 'sequencer' | 'da',
  members: readonly number[],
  digest: Hex,
): Certificate {
  const parts = members.map((i) => blsSign(hexToBytes(digest), blsKey(`${kind}-${i}`)))
  const aggregate = blsAggregate(parts)
  if (aggregate === null) throw new Error('No aggregate.')
  const signers = members.reduce((bits, i) => bits | (1n << BigInt(i)), 0n)
  return { signers, signature: bytesToHex(signatureToEvm(aggregate)) }
}

export interface BatchHeader {
  readonly index: bigint
  readonly parent: Hex
  readonly versionedHash: Hex
  readonly cellsRoot: Hex
  readonly payloadLength: bigint
  readonly inboxCount: bigint
  readonly originNumber: bigint
  readonly firstView: bigint
  readonly lastView: bigint
}

export const COMMITMENT: Hex = `0xc0${'00'.repeat(46)}01`

/** A header that the inbox takes now. */
export async function nextHeader(
  rollup: Rollup,
  changes: Partial<BatchHeader> = {},
): Promise<BatchHeader> {
  const { chain, inbox } = rollup
  const index = await chain.read<bigint>(inbox, 'entryCount')
  const lastView = await chain.read<bigint>(inbox, 'lastView')
  return {
    index,
    parent: await chain.read<Hex>(inbox, 'entryHash', [index - 1n]),
    versionedHash: `0x01${sha256(COMMITMENT).slice(4)}`,
    cellsRoot: `0x${'ab'.repeat(32)}`,
    payloadLength: 100n,
    inboxCount: await chain.read<bigint>(inbox, 'messageCount'),
    originNumber: chain.blockNumber() - 1n,
    firstView: lastView + 1n,
    lastView: lastView + 3n,
    ...changes,
  }
}

export interface PostOptions {
  readonly commitment?: Hex
  readonly originHeader?: Hex
  readonly committee?: Certificate
  readonly data?: Certificate
}

/** Arguments of `postBatch`, certified by all unless told otherwise. */
export async function postArguments(
  rollup: Rollup,
  header: BatchHeader,
  options: PostOptions = {},
): Promise<unknown[]> {
  const { chain, inbox } = rollup
  const hash = await chain.read<Hex>(inbox, 'headerHash', [header])
  const committeeDigest = await chain.read<Hex>(inbox, 'committeeDigest', [hash])
  const dataDigest = await chain.read<Hex>(inbox, 'dataDigest', [hash])
  return [
    header,
    options.commitment ?? COMMITMENT,
    options.originHeader ?? chain.headerOf(header.originNumber).rlp,
    options.committee ?? certificate('sequencer', [0, 1, 2], committeeDigest),
    options.data ?? certificate('da', [0, 1, 3], dataDigest),
  ]
}

/** Appends a certified batch and returns its index. */
export async function postBatch(
  rollup: Rollup,
  changes: Partial<BatchHeader> = {},
): Promise<bigint> {
  const header = await nextHeader(rollup, changes)
  await rollup.chain.send(rollup.inbox, 'postBatch', await postArguments(rollup, header), {
    from: sequencerAccount(rollup, 0),
  })
  return header.index
}

function keccakOf(data: Hex): Hex {
  return bytesToHex(keccak256(hexToBytes(data)))
}

/** Blocks of the test L1: the rules of inbox and registry that committee and data nodes meet, with real signatures. */
import { decodeFunctionData, encodeAbiParameters, encodeEventTopics, getAddress } from 'viem'
import { canonicalEncode } from '../../kernel/canonical.ts'
import type { L1Head, L1Log, L1Outcome } from '../../protocol/messages.ts'
import { type Entry, hashEntry } from '../../rollup/batch/entry.ts'
import { hashBatchHeader } from '../../rollup/batch/header.ts'
import { batchCommitteeDigest, batchDataDigest, voteDigest } from '../../rollup/bls/digests.ts'
import { signatureFromEvm } from '../../rollup/bls/encoding.ts'
import { quorumWeight, signersOf, signersWeight } from '../../rollup/bls/quorum.ts'
import { blsVerify, blsVerifyAggregate } from '../../rollup/bls/signature.ts'
import { bytesToHex, equalBytes, type Hex, hexToBytes, ZERO_HASH } from '../../rollup/bytes.ts'
import { versionedHash } from '../../rollup/data/versionedHash.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { inboxAbi } from '../../rollup/l1/abi.ts'
import { GENESIS_TIMESTAMP, PRESETS, type PresetName } from '../../rollup/parameters.ts'
import { parseSignedTransaction } from '../../rollup/transaction/decode.ts'
import { committeeAbi } from '../../sequencer/l1Calls.ts'
import { registryAbi } from '../../sequencer/l1Chain.ts'

export type TestL1Config = {
  readonly preset: PresetName
  readonly inbox: Uint8Array
  readonly sequencerRegistry: Uint8Array
  readonly committee: readonly { readonly publicKey: Uint8Array; readonly weight: bigint }[]
  readonly dataNodeKeys: readonly Uint8Array[]
}

export interface TestBlock {
  readonly head: L1Head
  readonly entries: readonly Entry[]
  readonly lastView: bigint
  readonly messages: readonly bigint[]
  readonly slashed: readonly number[]
  readonly nonces: ReadonlyMap<string, bigint>
}

type Draft = { -readonly [Key in keyof TestBlock]: TestBlock[Key] } & { logs: L1Log[] }

/** What waits to be put into the next block. */
export interface Waiting {
  readonly blocks: readonly TestBlock[]
  readonly pool: readonly Uint8Array[]
  readonly queue: readonly Uint8Array[]
  readonly force: boolean
  readonly salt: number
}

export const GENESIS_ENTRY: Entry = {
  kind: 2,
  cellsRoot: ZERO_HASH,
  payloadLength: 0n,
  inboxCount: 0n,
  originNumber: 0n,
  originHash: ZERO_HASH,
  originTimestamp: BigInt(GENESIS_TIMESTAMP),
  originBaseFee: 0n,
  originPrevrandao: ZERO_HASH,
  postedAt: BigInt(GENESIS_TIMESTAMP),
}

export function newest(blocks: readonly TestBlock[]): TestBlock {
  const block = blocks.at(-1)
  if (block === undefined) throw new RangeError('no block')
  return block
}

export function genesisBlock(): TestBlock {
  return {
    head: sealHead(
      {
        number: 0n,
        parentHash: ZERO_HASH,
        timestamp: BigInt(GENESIS_TIMESTAMP),
        logs: [],
        outcomes: [],
      },
      0,
    ),
    entries: [GENESIS_ENTRY],
    lastView: 0n,
    messages: [],
    slashed: [],
    nonces: new Map(),
  }
}

function sealHead(
  part: Pick<L1Head, 'number' | 'parentHash' | 'timestamp' | 'logs' | 'outcomes'>,
  salt: number,
): L1Head {
  const headerRlp = canonicalEncode([part.number, part.parentHash, part.timestamp, salt])
  const hash = keccak256(headerRlp)
  const finalizedNumber = part.number > 16n ? part.number - 16n : 0n
  return { ...part, hash, headerRlp, baseFee: 1_000_000_000n, prevrandao: hash, finalizedNumber }
}

export function buildBlock(state: Waiting, config: TestL1Config): TestBlock {
  const parent = newest(state.blocks)
  const number = parent.head.number + 1n
  const timestamp = parent.head.timestamp + BigInt(PRESETS[config.preset].l1SlotMs / 1_000)
  const draft: Draft = { ...parent, logs: [] }
  for (const raw of state.queue) queueMessage(draft, config, raw, number)
  if (state.force) append(draft, config, forcedEntry(draft, parent.head, timestamp), undefined)
  const outcomes: L1Outcome[] = []
  for (const raw of state.pool) {
    const outcome = execute(draft, config, {
      raw,
      parent: parent.head,
      timestamp,
      blocks: state.blocks,
    })
    if (outcome !== null) outcomes.push(outcome)
  }
  const part = { number, parentHash: parent.head.hash, timestamp, logs: draft.logs, outcomes }
  return { ...draft, head: sealHead(part, state.salt) }
}

function queueMessage(draft: Draft, config: TestL1Config, raw: Uint8Array, number: bigint): void {
  const index = BigInt(draft.messages.length)
  draft.messages = [...draft.messages, number]
  const sender = getAddress(bytesToHex(new Uint8Array(20).fill(9)))
  const topics = encodeEventTopics({
    abi: inboxAbi,
    eventName: 'MessageQueued',
    args: { index, sender },
  })
  const data = encodeAbiParameters(
    [{ type: 'bytes32' }, { type: 'bytes' }],
    [bytesToHex(keccak256(raw)), bytesToHex(raw)],
  )
  draft.logs.push(log(config.inbox, topics as Hex[], data, ZERO_HASH))
}

function forcedEntry(draft: Draft, parent: L1Head, timestamp: bigint): Entry {
  return {
    ...originOf(parent),
    kind: 1,
    cellsRoot: ZERO_HASH,
    payloadLength: 0n,
    inboxCount: BigInt(draft.messages.length),
    postedAt: timestamp,
  }
}

function originOf(head: L1Head) {
  return {
    originNumber: head.number,
    originHash: head.hash,
    originTimestamp: head.timestamp,
    originBaseFee: head.baseFee,
    originPrevrandao: head.prevrandao,
  }
}

interface Call {
  readonly raw: Uint8Array
  readonly parent: L1Head
  readonly timestamp: bigint
  readonly blocks: readonly TestBlock[]
}

/** `null` while the transaction must wait for its nonce; one whose nonce is used up fails. */
function execute(draft: Draft, config: TestL1Config, call: Call): L1Outcome | null {
  const transaction = parseSignedTransaction(call.raw, {
    chainId: PRESETS[config.preset].l1ChainId,
  })
  const from = bytesToHex(transaction.from)
  const expected = draft.nonces.get(from) ?? 0n
  if (transaction.nonce !== expected) return null
  draft.nonces = new Map(draft.nonces).set(from, expected + 1n)
  const { functionName, args } = decodeFunctionData({
    abi: committeeAbi,
    data: bytesToHex(transaction.data),
  })
  const succeeded =
    functionName === 'postBatch'
      ? postBatch(draft, config, args, call, transaction.hash, from)
      : slash(draft, config, args, transaction.hash)
  return {
    hash: transaction.hash,
    from: transaction.from,
    nonce: transaction.nonce,
    succeeded,
    gasUsed: 500_000n,
  }
}

type Args<Name extends 'postBatch' | 'slash'> = Extract<
  ReturnType<typeof decodeFunctionData<typeof committeeAbi>>,
  { functionName: Name }
>['args']

function postBatch(
  draft: Draft,
  config: TestL1Config,
  args: Args<'postBatch'>,
  call: Call,
  transactionHash: Uint8Array,
  poster: Hex,
): boolean {
  const [wire, commitment, originHeader, committee, data] = args
  const header = {
    ...wire,
    parent: hexToBytes(wire.parent),
    versionedHash: hexToBytes(wire.versionedHash),
    cellsRoot: hexToBytes(wire.cellsRoot),
  }
  const hash = hashBatchHeader(header)
  const parent = draft.entries.at(-1)
  const origin = call.blocks.find(({ head }) => head.number === header.originNumber)?.head
  const { inboxMustIncludeBlocks, inboxForceBlocks, dataQuorum } = PRESETS[config.preset]
  const omitted = draft.messages[Number(header.inboxCount)]
  const active = config.committee.map(({ weight }, index) =>
    draft.slashed.includes(index) ? 0n : weight,
  )
  const isValid = [
    parent !== undefined && equalBytes(header.parent, hashEntry(parent)),
    header.index === BigInt(draft.entries.length),
    equalBytes(header.versionedHash, versionedHash(hexToBytes(commitment))),
    header.firstView > draft.lastView && header.lastView >= header.firstView,
    origin !== undefined && equalBytes(keccak256(hexToBytes(originHeader)), origin.hash),
    header.originNumber >= (parent?.originNumber ?? 0n),
    header.originNumber + BigInt(inboxForceBlocks) >= call.parent.number + 1n,
    header.inboxCount >= (parent?.inboxCount ?? 0n) &&
      header.inboxCount <= BigInt(draft.messages.length),
    omitted === undefined || omitted + BigInt(inboxMustIncludeBlocks) > header.originNumber,
    signersWeight(Number(committee.signers), active) >= quorumWeight(active),
    isSigned(
      batchCommitteeDigest(hash),
      committee,
      config.committee.map(({ publicKey }) => publicKey),
    ),
    signersOf(Number(data.signers), 31).length >= dataQuorum,
    isSigned(batchDataDigest(hash), data, config.dataNodeKeys),
  ]
  if (isValid.includes(false) || origin === undefined) return false
  draft.lastView = header.lastView
  const { cellsRoot, payloadLength, inboxCount } = header
  const entry = {
    ...originOf(origin),
    kind: 0,
    cellsRoot,
    payloadLength,
    inboxCount,
    postedAt: call.timestamp,
  }
  append(draft, config, entry, {
    wire,
    commitment,
    signers: [committee.signers, data.signers],
    transactionHash,
    poster,
  })
  return true
}

function isSigned(
  digest: Uint8Array,
  certificate: { signers: bigint; signature: Hex },
  keys: readonly Uint8Array[],
): boolean {
  const publicKeys = signersOf(Number(certificate.signers), keys.length).map(
    (index) => keys[index] ?? new Uint8Array(),
  )
  return blsVerifyAggregate({
    digest,
    signature: signatureFromEvm(hexToBytes(certificate.signature)),
    publicKeys,
  })
}

interface Posted {
  readonly wire: Args<'postBatch'>[0]
  readonly commitment: Hex
  readonly signers: readonly [bigint, bigint]
  readonly transactionHash: Uint8Array
  readonly poster: Hex
}

const NO_HEADER: Args<'postBatch'>[0] = {
  index: 0n,
  parent: bytesToHex(ZERO_HASH),
  versionedHash: bytesToHex(ZERO_HASH),
  cellsRoot: bytesToHex(ZERO_HASH),
  payloadLength: 0n,
  inboxCount: 0n,
  originNumber: 0n,
  firstView: 0n,
  lastView: 0n,
}

function append(
  draft: Draft,
  config: TestL1Config,
  entry: Entry,
  posted: Posted | undefined,
): void {
  const index = BigInt(draft.entries.length)
  draft.entries = [...draft.entries, entry]
  const poster = getAddress(posted?.poster ?? bytesToHex(new Uint8Array(20)))
  const topics = encodeEventTopics({
    abi: inboxAbi,
    eventName: 'EntryAppended',
    args: { index, poster },
  })
  const event = inboxAbi.find((item) => item.type === 'event' && item.name === 'EntryAppended')
  const inputs =
    event?.type === 'event' ? event.inputs.filter((input) => !('indexed' in input)) : []
  const wire = {
    ...entry,
    cellsRoot: bytesToHex(entry.cellsRoot),
    originHash: bytesToHex(entry.originHash),
    originPrevrandao: bytesToHex(entry.originPrevrandao),
  }
  const [committeeSigners, dataSigners] = posted?.signers ?? [0n, 0n]
  const values = [
    wire,
    posted?.wire ?? NO_HEADER,
    posted?.commitment ?? '0x',
    committeeSigners,
    dataSigners,
  ]
  const data = encodeAbiParameters(inputs, values as never)
  draft.logs.push(log(config.inbox, topics as Hex[], data, posted?.transactionHash ?? ZERO_HASH))
}

function slash(
  draft: Draft,
  config: TestL1Config,
  args: Args<'slash'>,
  transactionHash: Uint8Array,
): boolean {
  const [culprit, first, second] = args
  const member = config.committee[Number(culprit)]
  if (member === undefined || draft.slashed.includes(Number(culprit))) return false
  const kinds = [undefined, 'notarize', 'nullify', 'finalize'] as const
  const areSigned = [first, second].every((vote) => {
    const kind = kinds[vote.kind]
    if (kind === undefined) return false
    const digest = voteDigest({ kind, view: vote.viewNumber, block: hexToBytes(vote.blockHash) })
    return blsVerify({
      digest,
      signature: signatureFromEvm(hexToBytes(vote.signature)),
      publicKey: member.publicKey,
    })
  })
  const isConflict =
    first.viewNumber === second.viewNumber &&
    first.kind === second.kind &&
    first.blockHash !== second.blockHash
  if (!areSigned || !isConflict) return false
  draft.slashed = [...draft.slashed, Number(culprit)]
  const reporter = getAddress(bytesToHex(new Uint8Array(20).fill(1)))
  const topics = encodeEventTopics({
    abi: registryAbi,
    eventName: 'MemberSlashed',
    args: { index: culprit, reporter },
  })
  const data = encodeAbiParameters(
    [{ type: 'uint64' }, { type: 'uint256' }, { type: 'uint256' }],
    [first.viewNumber, member.weight, 1n],
  )
  draft.logs.push(log(config.sequencerRegistry, topics as Hex[], data, transactionHash))
  return true
}

function log(
  address: Uint8Array,
  topics: readonly Hex[],
  data: Hex,
  transactionHash: Uint8Array,
): L1Log {
  return {
    address,
    topics: topics.map(hexToBytes),
    data: hexToBytes(data),
    transactionHash,
    logIndex: 0,
  }
}

/**
 * Stand-ins for the committee and the data nodes, for tests of executor and challenger alone: one node orders, signs with everybody's
 * keys and posts, but votes on nothing; data nodes answer for cells that it made.
 */
import { BaseError } from '../../kernel/errors.ts'
import type { Effect, Plain, Role, RoleEvent, RoleFactory } from '../../kernel/role.ts'
import type { L1Head, L1Origin, L2BlockContent, OrderedBlock } from '../../protocol/messages.ts'
import { payloadToBlob } from '../../rollup/batch/blob.ts'
import { hashBatchHeader } from '../../rollup/batch/header.ts'
import { encodePayload } from '../../rollup/batch/payload.ts'
import { batchCommitteeDigest, batchDataDigest, voteDigest } from '../../rollup/bls/digests.ts'
import { initBls } from '../../rollup/bls/engine.ts'
import { blsAggregate, blsSign } from '../../rollup/bls/signature.ts'
import { bytesToHex, hexToBytes, ZERO_HASH } from '../../rollup/bytes.ts'
import { cellsRoot } from '../../rollup/data/cellsRoot.ts'
import { type Kzg, loadKzg } from '../../rollup/data/kzg.ts'
import { versionedHash } from '../../rollup/data/versionedHash.ts'
import type { WorldGenesis } from '../../rollup/genesisFile.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { accountAddress, accountKey, blsKey } from '../../rollup/keys.ts'
import {
  followHead,
  openSender,
  type SenderAccount,
  type SenderState,
  sendTransaction,
} from '../../rollup/l1/sender.ts'
import { foldHead, type L1View, latest, openView } from '../../rollup/l1/view.ts'
import { GENESIS_TIMESTAMP, PRESETS } from '../../rollup/parameters.ts'
import { encodePostBatch } from '../../sequencer/l1Calls.ts'
import { hashOrderedBlock } from '../../sequencer/ordered.ts'

export const PARAMETERS = PRESETS.classroom
export const MEMBERS = Array.from({ length: PARAMETERS.sequencerCount }, (_, at) =>
  blsKey(`sequencer-${at}`),
)
export const DATA = Array.from({ length: PARAMETERS.dataNodeCount }, (_, at) => blsKey(`da-${at}`))
const BLOCKS_PER_BATCH = 8

/** Cells of posted batches; the data nodes of the same test read them. */
const cellsByIndex = new Map<bigint, readonly Plain[]>()

interface OpenBatch {
  readonly index: bigint
  readonly origin: L1Origin
  readonly originHeader: Uint8Array
  readonly firstView: bigint
  readonly blocks: L2BlockContent[]
}

interface Committee {
  readonly kzg: Kzg
  readonly account: SenderAccount
  view: L1View
  sender: SenderState
  newest: L1Head | null
  transactions: Uint8Array[]
  parent: Uint8Array
  viewNumber: bigint
  batch: OpenBatch | null
}

/** Orders one L2 block a second, and posts a batch every eight. Config: `WorldGenesis`. */
export const createCommittee: RoleFactory = async (context, config) => {
  await initBls()
  const genesis = config as unknown as WorldGenesis
  const address = accountAddress(context.id)
  const account = {
    chainId: PARAMETERS.l1ChainId,
    privateKey: accountKey(context.id),
    address,
  }
  const own = genesis.l1.accounts.find((one) => bytesToHex(one.address) === bytesToHex(address))
  const addresses = {
    inbox: hexToBytes(genesis.addresses.inbox),
    factory: hexToBytes(genesis.addresses.disputeGameFactory),
    anchorRegistry: hexToBytes(genesis.addresses.anchorRegistry),
  }
  const anchor = { root: bytesToHex(genesis.anchorRoot), entryIndex: 0n }
  const committee: Committee = {
    kzg: await loadKzg(),
    account,
    view: openView(addresses, genesis.inboxGenesis, anchor),
    sender: openSender(own?.nonce ?? 0n),
    newest: null,
    transactions: [],
    parent: ZERO_HASH,
    viewNumber: 0n,
    batch: null,
  }
  return { ...SILENT, step: async (event) => stepCommittee(committee, event) }
}

function stepCommittee(committee: Committee, event: RoleEvent): readonly Effect[] {
  const timer: Effect = { kind: 'timer', id: 'block', delayMs: 1_000 }
  if (event.kind === 'start') return [toL1('l1.subscribe', { fromNumber: 1n }), timer]
  if (event.type === 'block') return [...order(committee, event.timeMs), timer]
  if (event.type === 'l1.head') return takeHead(committee, event.payload as unknown as L1Head)
  if (event.type === 'order.transaction') {
    committee.transactions.push((event.payload as { readonly raw: Uint8Array }).raw)
  }
  return []
}

function takeHead(committee: Committee, head: L1Head): readonly Effect[] {
  committee.view = foldHead(committee.view, head)?.view ?? committee.view
  committee.newest = head
  const { state, results, resend } = followHead(committee.sender, committee.account, head)
  committee.sender = state
  const refused = results.find((result) => !result.succeeded)
  if (refused) throw new StandInError(`L1 refused ${refused.label}.`)
  return resend.map((raw) => toL1('l1.sendTransaction', { raw }))
}

function order(committee: Committee, timeMs: number): readonly Effect[] {
  const head = committee.newest
  if (!head) return []
  committee.viewNumber += 1n
  const { viewNumber: view } = committee
  const next = BigInt(latest(committee.view).entries.length)
  committee.batch ??= openBatch(head, next, view)
  const { batch } = committee
  const block: L2BlockContent = {
    timestamp: BigInt(GENESIS_TIMESTAMP + Math.floor(timeMs / 1_000)),
    inboxCount: BigInt(latest(committee.view).messages.length),
    transactions: committee.transactions,
  }
  committee.transactions = []
  batch.blocks.push(block)
  const ordered: OrderedBlock = {
    view,
    parent: committee.parent,
    proposer: 0,
    batchIndex: batch.index,
    origin: batch.origin,
    blocks: [block],
  }
  committee.parent = hashOrderedBlock(ordered)
  const digest = voteDigest({ kind: 'finalize', view, block: committee.parent })
  const payload = { block: ordered, certificate: certify(digest, MEMBERS) } as unknown as Plain
  const finalized: Effect = { kind: 'send', to: 'executor-0', type: 'order.finalized', payload }
  return batch.blocks.length < BLOCKS_PER_BATCH
    ? [finalized]
    : [finalized, post(committee, batch, head)]
}

function openBatch(head: L1Head, index: bigint, firstView: bigint): OpenBatch {
  const { number, hash, timestamp, baseFee, prevrandao, headerRlp: originHeader } = head
  const origin = { number, hash, timestamp, baseFee, prevrandao }
  return { index, origin, originHeader, firstView, blocks: [] }
}

/** Posts the batch; the next blocks belong to the next entry, which the view does not have yet. */
function post(committee: Committee, batch: OpenBatch, head: L1Head): Effect {
  const { kzg, view, viewNumber } = committee
  const payload = encodePayload(batch.blocks)
  const blob = payloadToBlob(payload)
  const cells = kzg.computeCells(blob)
  const commitment = kzg.blobToCommitment(blob)
  const header = {
    index: batch.index,
    parent: hexToBytes(latest(view).entries.at(-1)?.hash ?? '0x'),
    versionedHash: versionedHash(commitment),
    cellsRoot: cellsRoot(cells),
    payloadLength: BigInt(payload.length),
    inboxCount: batch.blocks.at(-1)?.inboxCount ?? 0n,
    originNumber: batch.origin.number,
    firstView: batch.firstView,
    lastView: viewNumber,
  }
  const proof = new Uint8Array(48)
  cellsByIndex.set(
    batch.index,
    cells.map((bytes, index) => ({ index, bytes, proof })),
  )
  const hash = hashBatchHeader(header)
  const data = encodePostBatch({
    header,
    commitment,
    originHeader: batch.originHeader,
    committee: certify(batchCommitteeDigest(hash), MEMBERS),
    data: certify(batchDataDigest(hash), DATA),
  })
  const label = `batch:${batch.index}`
  const request = { label, to: view.addresses.inbox, data, valueWei: 0n, gasLimit: 8_000_000n }
  const { state, raw } = sendTransaction(committee.sender, committee.account, request)
  committee.sender = state
  committee.batch = openBatch(head, batch.index + 1n, viewNumber + 1n)
  return toL1('l1.sendTransaction', { raw })
}

function certify(digest: Uint8Array, keys: readonly Uint8Array[]) {
  const signature = blsAggregate(keys.map((key) => blsSign(digest, key)))
  if (!signature) throw new StandInError('The signatures do not add up.')
  return { signers: 2 ** keys.length - 1, signature }
}

function toL1(type: string, payload: Plain): Effect {
  return { kind: 'send', to: 'l1', type, payload }
}

const SILENT: Role = {
  step: async () => [],
  digest: () => keccak256(ZERO_HASH),
  snapshot: () => null,
  restore: async () => undefined,
  query: async () => null,
}

/** A node that says nothing. */
export const createSilent: RoleFactory = async () => SILENT

/** Answers for the cells that the committee made. */
export const createDataNode: RoleFactory = async () => ({
  ...SILENT,
  step: async (event) => {
    if (event.type !== 'da.fetch') return []
    const { index, columns } = event.payload as {
      readonly index: bigint
      readonly columns: readonly number[]
    }
    const all = cellsByIndex.get(index) ?? []
    const cells = columns.map((column) => all[column] ?? null)
    const payload = { index, commitment: new Uint8Array(48), cells }
    return [{ kind: 'send', to: event.source, type: 'da.cells', payload }]
  },
})

/** What should not happen in a test. */
class StandInError extends BaseError {
  override readonly name = 'StandInError'
}

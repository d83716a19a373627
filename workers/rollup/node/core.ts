/**
 * What executor and challenger have in common: they follow L1, derive L2 from its entries, gather cells, and send transactions.
 * One mutable record per node; its fields are immutable values, so that a snapshot copies references.
 */
import type { Effect, NodeId, Plain } from '../../kernel/role.ts'
import type { Hex } from '../bytes.ts'
import {
  RECOVER_JOB,
  RECOVER_PRICE_MS,
  VERIFY_CELLS_JOB,
  VERIFY_CELLS_PRICE_MS,
} from '../data/jobs.ts'
import type { CellCoder, ProvenCell } from '../data/kzg.ts'
import type { L1Event } from '../l1/events.ts'
import type { SenderOutcome, SenderResult } from '../l1/sender.ts'
import {
  FIRST_BLOCK,
  foldHead,
  type InboxEntry,
  type L1View,
  latest,
  openView,
  type ViewHead,
} from '../l1/view.ts'
import type { MachineRules } from '../machine/types.ts'
import { GENESIS_TIMESTAMP } from '../parameters.ts'
import { type Call, type Courier, courierHead, dispatchCalls } from './courier.ts'
import {
  cellRequests,
  FETCH_RETRY_MS,
  type Fetching,
  fileCells,
  fileProven,
  isRecoverable,
  openFetching,
  payloadOfBlob,
  shuffledNodes,
  sortedCells,
  tryDataCells,
} from './fetcher.ts'
import { type FollowResult, followEntry } from './follow.ts'
import {
  type EngineBlock,
  forgetChanged,
  hashAtHeight,
  type Ledger,
  type LedgerEngine,
} from './ledger.ts'

export interface NodeSettings {
  readonly l1Node: NodeId
  readonly dataNodes: readonly NodeId[]
  readonly l1SlotMs: number
  readonly l2GasLimit: bigint
  /** What the machine of this world obeys. */
  readonly rules: MachineRules
}

export interface NodeCore<Block extends EngineBlock> {
  readonly settings: NodeSettings
  readonly engine: LedgerEngine<Block>
  readonly kzg: CellCoder
  readonly nextBelow: (bound: number) => number
  fields: NodeFields
  nowMs: number
  effects: Effect[]
}

/** All that a node knows; immutable. */
export interface NodeFields {
  readonly view: L1View
  readonly courier: Courier
  readonly ledger: Ledger
  /** Payloads of batches by entry hash. */
  readonly payloads: ReadonlyMap<Hex, Uint8Array>
  readonly fetchings: ReadonlyMap<Hex, Fetching>
  /** L1 time of the newest head, Unix seconds; base of all deadlines. */
  readonly l1Seconds: bigint
  /** Virtual time at which the newest head was handled, and how long after the one before. */
  readonly headMs: number
  readonly headGapMs: number
}

/** Structurally `L1Head` of the protocol. */
export interface CoreHead extends ViewHead {
  readonly baseFee: bigint
  readonly outcomes: readonly SenderOutcome[]
}

export interface HeadNews {
  readonly events: readonly L1Event[]
  readonly results: readonly SenderResult[]
  readonly orphaned: number
}

export function send(core: NodeCore<EngineBlock>, to: NodeId, type: string, payload: Plain): void {
  core.effects.push({ kind: 'send', to, type, payload })
}

/** Follows one head of L1; `null` if it attaches to nothing known, and the stream begins again from genesis. */
export function followL1(core: NodeCore<EngineBlock>, head: CoreHead): HeadNews | null {
  const { view, courier } = core.fields
  const update = foldHead(view, head)
  if (!update) {
    const anchor = view.genesis.anchor
    const entryZero = view.genesis.entries[0]
    if (entryZero) patch(core, { view: openView(view.addresses, entryZero.entry, anchor) })
    send(core, core.settings.l1Node, 'l1.subscribe', { fromNumber: FIRST_BLOCK })
    return null
  }
  if (update.view === view) return null
  const sent = courierHead(courier, head)
  const headGapMs = core.nowMs - core.fields.headMs
  const l1Seconds = head.timestamp
  patch(core, {
    view: update.view,
    courier: sent.courier,
    l1Seconds,
    headMs: core.nowMs,
    headGapMs,
  })
  persistSender(core)
  for (const raw of sent.raws) send(core, core.settings.l1Node, 'l1.sendTransaction', { raw })
  const isChanged =
    update.orphaned > 0 || update.events.some((event) => event.kind === 'entryExpired')
  if (isChanged) forgetL2(core)
  return { events: update.events, results: sent.results, orphaned: update.orphaned }
}

function forgetL2(core: NodeCore<EngineBlock>): void {
  const before = core.fields.ledger
  const ledger = forgetChanged(before, latest(core.fields.view))
  patch(core, { ledger })
  if (ledger.blocks.length < before.blocks.length) {
    core.engine.setHead(hashAtHeight(ledger, BigInt(ledger.blocks.length)))
  }
}

/**
 * Whether the newest head is of now, or comes as new heads come.
 * Rationale: a node that starts anew first hears the past in a rush; acting on it would answer moves that were answered long ago. A
 * slow node lags behind as well, but its heads come one by one, and it must act.
 */
export function isLive(core: NodeCore<EngineBlock>): boolean {
  const { l1Seconds, headGapMs } = core.fields
  const { l1SlotMs } = core.settings
  const minedMs = (Number(l1Seconds) - GENESIS_TIMESTAMP) * 1_000
  return minedMs + 3 * l1SlotMs >= core.nowMs || 2 * headGapMs >= l1SlotMs
}

export function patch(core: NodeCore<EngineBlock>, change: Partial<NodeFields>): void {
  core.fields = { ...core.fields, ...change }
}

/** Sends calls to L1, each label once. */
export function sendCalls(core: NodeCore<EngineBlock>, calls: readonly Call[]): void {
  const { courier, raws } = dispatchCalls(core.fields.courier, calls)
  if (raws.length === 0) return
  patch(core, { courier })
  persistSender(core)
  for (const raw of raws) send(core, core.settings.l1Node, 'l1.sendTransaction', { raw })
}

export const SENDER_KEY = 'sender'

function persistSender(core: NodeCore<EngineBlock>): void {
  const value = core.fields.courier.sender as unknown as Plain
  core.effects.push({ kind: 'persist', key: SENDER_KEY, value })
}

/**
 * Derives as many entries as it can. Stops at the first whose payload is unknown and asks the data nodes for it, unless `ownPayload`
 * knows it.
 */
export async function followEntries<Block extends EngineBlock>(
  core: NodeCore<Block>,
  ownPayload: (entry: InboxEntry) => Uint8Array | null,
  onResult: (result: FollowResult<Block>) => void,
): Promise<void> {
  for (;;) {
    const result = await followEntry({
      engine: core.engine,
      ledger: core.fields.ledger,
      contents: latest(core.fields.view),
      gasLimit: core.settings.l2GasLimit,
      payloadOf: (entry) =>
        core.fields.payloads.get(entry.hash) ?? keepOwn(core, entry, ownPayload),
    })
    patch(core, { ledger: result.ledger })
    onResult(result)
    if (result.kind === 'needsPayload') startFetching(core, result.entry)
    if (result.kind === 'needsPayload' || result.kind === 'upToDate') return
  }
}

function keepOwn(
  core: NodeCore<EngineBlock>,
  entry: InboxEntry,
  ownPayload: (entry: InboxEntry) => Uint8Array | null,
): Uint8Array | null {
  const payload = ownPayload(entry)
  if (payload) keepPayload(core, entry, payload)
  return payload
}

function keepPayload(core: NodeCore<EngineBlock>, entry: InboxEntry, payload: Uint8Array): void {
  const payloads = new Map(core.fields.payloads).set(entry.hash, payload)
  const fetchings = new Map(core.fields.fetchings)
  fetchings.delete(entry.hash)
  patch(core, { payloads, fetchings })
}

export const FETCH_TIMER = 'data.retry'

function startFetching(core: NodeCore<EngineBlock>, entry: InboxEntry): void {
  if (core.fields.fetchings.has(entry.hash)) return
  const fetching = openFetching(entry, core.nowMs)
  setFetching(core, fetching)
  askForCells(core, fetching)
  core.effects.push({ kind: 'timer', id: FETCH_TIMER, delayMs: FETCH_RETRY_MS })
}

function setFetching(core: NodeCore<EngineBlock>, fetching: Fetching): void {
  patch(core, { fetchings: new Map(core.fields.fetchings).set(fetching.entryHash, fetching) })
}

function askForCells(core: NodeCore<EngineBlock>, fetching: Fetching): void {
  const { dataNodes } = core.settings
  const order = shuffledNodes(dataNodes.length, core.nextBelow)
  for (const { node, columns } of cellRequests(fetching, dataNodes.length, order)) {
    const to = dataNodes[node]
    if (to) send(core, to, 'da.fetch', { index: fetching.index, columns })
  }
}

/** A data node's answer. True if a payload became known by it. */
export function takeCells(
  core: NodeCore<EngineBlock>,
  from: NodeId,
  answer: { readonly index: bigint; readonly cells: readonly ProvenCell[] },
): boolean {
  const entry = latest(core.fields.view).entries[Number(answer.index)]
  const old = entry && core.fields.fetchings.get(entry.hash)
  const node = core.settings.dataNodes.indexOf(from)
  if (!entry || !old || node < 0) return false
  const nodeCount = core.settings.dataNodes.length
  const fetching = fileCells(old, { node, nodeCount, cells: answer.cells })
  setFetching(core, fetching)
  const blob = tryDataCells(fetching, entry, core.kzg)
  if (blob) keepPayload(core, entry, payloadOfBlob(blob, entry))
  else if (fetching.isWide) proveCells(core, entry, answer.cells)
  return blob !== null
}

/** Silent or lying nodes: asks everybody, and checks every cell by its proof from now on. */
export function retryFetchings(core: NodeCore<EngineBlock>): void {
  for (const fetching of core.fields.fetchings.values()) {
    if (fetching.retryAtMs > core.nowMs) continue
    const entry = latest(core.fields.view).entries[Number(fetching.index)]
    const retryAtMs = core.nowMs + FETCH_RETRY_MS
    const wide: Fetching = { ...fetching, retryAtMs, isWide: true }
    setFetching(core, wide)
    askForCells(core, wide)
    if (entry) proveCells(core, entry, sortedCells(fetching.cells))
  }
  if (core.fields.fetchings.size > 0) {
    core.effects.push({ kind: 'timer', id: FETCH_TIMER, delayMs: FETCH_RETRY_MS })
  }
}

const JOB_PREFIX = { verify: 'cells:', recover: 'blob:' } as const

function proveCells(
  core: NodeCore<EngineBlock>,
  entry: InboxEntry,
  cells: readonly ProvenCell[],
): void {
  const proven = core.fields.fetchings.get(entry.hash)?.proven
  const unproven = cells.filter((cell) => proven && !proven.has(cell.index))
  for (const cell of unproven) {
    core.effects.push({
      kind: 'job',
      id: `${JOB_PREFIX.verify}${entry.index}:${cell.index}`,
      job: VERIFY_CELLS_JOB,
      input: { commitment: entry.commitment, cells: [plainCell(cell)] },
      priceMs: VERIFY_CELLS_PRICE_MS,
    })
  }
}

function plainCell(cell: ProvenCell): Plain {
  return { index: cell.index, bytes: cell.bytes, proof: cell.proof }
}

/** The result of a job that this module began. True if a payload became known by it. */
export function takeDataJob(core: NodeCore<EngineBlock>, id: string, result: Plain): boolean {
  const [kind, index, column] = id.split(':')
  const entry = latest(core.fields.view).entries[Number(index)]
  const fetching = entry && core.fields.fetchings.get(entry.hash)
  if (!entry || !fetching) return false
  if (`${kind}:` === JOB_PREFIX.recover) return takeRecovered(core, entry, result)
  const cell = fetching.cells.get(Number(column))
  if (!cell) return false
  const next = fileProven(fetching, result === true, [cell])
  setFetching(core, next)
  if (isRecoverable(next) && !isRecoverable(fetching)) {
    core.effects.push({
      kind: 'job',
      id: `${JOB_PREFIX.recover}${entry.index}`,
      job: RECOVER_JOB,
      input: { cells: sortedCells(next.proven).map(plainCell) },
      priceMs: RECOVER_PRICE_MS,
    })
  }
  return false
}

export function isDataJob(id: string): boolean {
  return id.startsWith(JOB_PREFIX.verify) || id.startsWith(JOB_PREFIX.recover)
}

function takeRecovered(core: NodeCore<EngineBlock>, entry: InboxEntry, result: Plain): boolean {
  const { cells } = result as unknown as { readonly cells: readonly ProvenCell[] }
  const blob = tryDataCells(
    { cells: new Map(cells.map((cell) => [cell.index, cell])) },
    entry,
    core.kzg,
  )
  if (!blob) return false
  keepPayload(core, entry, payloadOfBlob(blob, entry))
  return true
}

/** A data availability node: keeps its columns of every batch, signs for them, serves them, and samples the others. */
import { BaseError } from '../kernel/errors.ts'
import type { Plain, Role, RoleContext, RoleEvent, RoleFactory } from '../kernel/role.ts'
import type { L1Head, Messages } from '../protocol/messages.ts'
import { L1_NODE } from '../protocol/nodes.ts'
import { initBls } from '../rollup/bls/engine.ts'
import { bytesToHex, equalBytes, ZERO_ADDRESS } from '../rollup/bytes.ts'
import type { RecoverResult } from '../rollup/data/jobs.ts'
import { initKeccak } from '../rollup/keccak.ts'
import { readL1Event } from '../rollup/l1/events.ts'
import { GENESIS_TIMESTAMP, PRESETS } from '../rollup/parameters.ts'
import { BATCHES_KEPT, type DataNodeConfig, SILENT_SLOTS } from './config.ts'
import { type DataNode, ownColumns, send, setTimer } from './node.ts'
import {
  onRecovered,
  onRepairCells,
  onRepairTimer,
  RECOVER_ID,
  REPAIR_TIMER,
  repairNext,
} from './repair.ts'
import { conclude, onSampledCells, SAMPLE_TIMER, sample } from './sampling.ts'
import { onFetch } from './serving.ts'
import { copyState, createState, type DataState, digestState, type StoredBatch } from './state.ts'
import { CELLS_KEY, CHECK_ID, onChecked, onStore } from './storing.ts'

/**
 * - `withhold`: signs for its columns and answers no request
 * - `corruptCells`: answers with cells of which one bit is wrong
 */
export const DATA_FAULTS: readonly string[] = ['withhold', 'corruptCells']

const SUBSCRIBE_TIMER = 'l1.subscribe'

/** Builds a data node. Loads the WebAssembly that it signs and hashes with. */
export const createDataRole: RoleFactory<DataNodeConfig> = async (context, config) => {
  await Promise.all([initBls(), initKeccak()])
  const node = createNode(context, config)
  for (const [key, value] of context.durable) {
    if (!key.startsWith(CELLS_KEY)) continue
    node.state.batches.set(key.slice(CELLS_KEY.length), value as unknown as StoredBatch)
  }
  return exposeRole(node)
}

function createNode(context: RoleContext, config: DataNodeConfig): DataNode {
  return {
    id: context.id,
    config,
    parameters: PRESETS[config.preset],
    rng: context.rng,
    state: createState(),
    nowMs: 0,
    effects: [],
  }
}

function exposeRole(node: DataNode): Role {
  return {
    step: async (event) => {
      node.nowMs = event.timeMs
      node.effects = []
      handle(node, event)
      return node.effects
    },
    digest: () => digestState(node.state),
    snapshot: () => copyState(node.state),
    restore: async (snapshot) => {
      node.state = copyState(snapshot as DataState)
    },
    query: async (method) => {
      if (method === 'inspect') return inspect(node)
      throw new UnknownQueryError(`A data node knows no query "${method}".`, {
        metaMessages: ['Known: inspect.'],
        code: -32601,
      })
    },
  }
}

function handle(node: DataNode, event: RoleEvent): void {
  switch (event.kind) {
    case 'start':
      subscribe(node)
      break
    case 'message':
      onMessage(node, event)
      break
    case 'timer':
      onTimer(node, event.type)
      break
    case 'job':
      onJob(node, event)
      break
    case 'input':
      onInput(node, event)
      break
  }
}

function onMessage(node: DataNode, event: RoleEvent): void {
  const { source, type } = event
  const payload: unknown = event.payload
  switch (type) {
    case 'l1.head':
      if (source === L1_NODE) onHead(node, payload as L1Head)
      break
    case 'da.store':
      onStore(node, source, payload as Messages['da.store'])
      break
    case 'da.fetch':
      onFetch(node, source, payload as Messages['da.fetch'])
      break
    case 'da.cells':
      onSampledCells(node, payload as Messages['da.cells'])
      onRepairCells(node, payload as Messages['da.cells'])
      break
  }
}

function onTimer(node: DataNode, type: string): void {
  if (type === SUBSCRIBE_TIMER) subscribe(node)
  else if (type === REPAIR_TIMER) onRepairTimer(node)
  else if (type.startsWith(SAMPLE_TIMER)) {
    conclude(node, BigInt(type.slice(SAMPLE_TIMER.length)), true)
  }
}

function onJob(node: DataNode, event: RoleEvent): void {
  if (event.type.startsWith(CHECK_ID)) {
    onChecked(node, event.type.slice(CHECK_ID.length), event.payload === true)
  } else if (event.type.startsWith(RECOVER_ID)) {
    onRecovered(node, event.payload as unknown as RecoverResult)
  }
}

/** A node that restarts reads L1 again, for which batch has which index is L1's to say. */
function subscribe(node: DataNode): void {
  const { l1Number } = node.state
  const fromNumber = l1Number === 0n ? 0n : l1Number + 1n
  send(node, L1_NODE, 'l1.subscribe', { fromNumber })
  setTimer(node, SUBSCRIBE_TIMER, SILENT_SLOTS * node.parameters.l1SlotMs)
}

function onHead(node: DataNode, head: L1Head): void {
  const { state, config, parameters } = node
  state.l1Number = head.number
  setTimer(node, SUBSCRIBE_TIMER, SILENT_SLOTS * parameters.l1SlotMs)
  const ageMs = node.nowMs - Number(head.timestamp - BigInt(GENESIS_TIMESTAMP)) * 1_000
  const addresses = { ...config.contracts, factory: ZERO_ADDRESS, anchorRegistry: ZERO_ADDRESS }
  for (const log of head.logs) {
    if (!equalBytes(log.address, config.contracts.inbox)) continue
    const event = readL1Event(log, addresses, () => false)
    if (event?.kind !== 'entryAppended') continue
    if (event.commitment.length === 0) {
      state.posted.delete(event.index)
      continue
    }
    const { index, commitment } = event
    const posted = { index, commitment, cellsRoot: event.entry.cellsRoot }
    const known = state.posted.get(index)
    state.posted.delete(index)
    state.posted.set(index, posted)
    // A head may come twice; what is long past was sampled then.
    const isKnown = known !== undefined && equalBytes(known.commitment, commitment)
    if (!isKnown && ageMs <= SILENT_SLOTS * parameters.l1SlotMs) sample(node, posted)
  }
  for (const oldest of state.posted.keys()) {
    if (state.posted.size <= BATCHES_KEPT) break
    state.posted.delete(oldest)
  }
  repairNext(node)
}

function onInput(node: DataNode, event: RoleEvent): void {
  const { inputId, fraud } = event.payload as { readonly inputId: number; readonly fraud?: string }
  if (event.type === 'corrupt' && fraud !== undefined && DATA_FAULTS.includes(fraud)) {
    node.state.faults.add(fraud)
    node.effects.push({ kind: 'report', type: 'fraud.armed', payload: { node: node.id, fraud } })
    node.effects.push({ kind: 'reply', inputId, result: null })
  } else if (event.type === 'heal') {
    node.state.faults.clear()
    node.effects.push({ kind: 'reply', inputId, result: null })
  } else {
    const message = `A data node takes no input "${event.type}" ${fraud ?? ''}. Known: corrupt (${DATA_FAULTS.join(', ')}), heal.`
    const error = { name: 'UnknownInputError', message, code: -32602 }
    node.effects.push({ kind: 'replyError', inputId, error })
  }
}

function inspect(node: DataNode): Plain {
  const { batches, posted, faults, repair, l1Number } = node.state
  const columns = ownColumns(node)
  const newest = [...batches.values()].at(-1)
  const lacking = [...posted.values()].filter(
    ({ commitment }) => !batches.has(bytesToHex(commitment)),
  )
  const rows: readonly (readonly [string, string])[] = [
    ['columns', `${columns[0]} to ${columns.at(-1)}`],
    ['batches kept', String(batches.size)],
    ['newest batch', newest === undefined ? 'none' : String(newest.index)],
    ['its commitment', newest === undefined ? 'none' : bytesToHex(newest.commitment)],
    ['posted batches without our cells', String(lacking.length)],
    ['repairing', repair === null ? 'nothing' : `batch ${repair.posted.index}`],
    ['L1 head', String(l1Number)],
    ['dishonest behaviour', [...faults].join(', ') || 'none'],
  ]
  return rows.map(([label, value]) => ({ label, value }))
}

/** A read that data nodes do not answer. */
export class UnknownQueryError extends BaseError {
  override name = 'UnknownQueryError'
}

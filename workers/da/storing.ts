/** Takes cells for safekeeping: checks that they belong to the header, their proofs by a job, then signs for them. */
import type { Plain } from '../kernel/role.ts'
import type { BatchHeader, Messages } from '../protocol/messages.ts'
import { nodeRole } from '../protocol/nodes.ts'
import { CELL_SIZE } from '../rollup/batch/geometry.ts'
import { hashBatchHeader } from '../rollup/batch/header.ts'
import { batchDataDigest } from '../rollup/bls/digests.ts'
import { blsSign } from '../rollup/bls/signature.ts'
import { bytesToHex, equalBytes } from '../rollup/bytes.ts'
import { cellLeaf, verifyRange } from '../rollup/data/cellsRoot.ts'
import { VERIFY_CELLS_JOB, VERIFY_CELLS_PRICE_MS } from '../rollup/data/jobs.ts'
import { versionedHash } from '../rollup/data/versionedHash.ts'
import { BATCHES_KEPT, CHECKS_MAX, SIGN_MS } from './config.ts'
import { type DataNode, ownColumns, report, send } from './node.ts'
import type { PendingCheck, StoredBatch } from './state.ts'

export const CHECK_ID = 'check:'
export const CELLS_KEY = 'cells:'

/** A poster asks to store. What is stored already is signed for at once: the header may be another. */
export function onStore(node: DataNode, from: string, store: Messages['da.store']): void {
  const { header, commitment, cells, path } = store
  const refusal = refusalOf(node, from, store)
  if (refusal !== null) {
    report(node, 'da.refused', { node: node.id, index: store.index, reason: refusal })
    return
  }
  const key = bytesToHex(commitment)
  const leaves = cells.map((cell) => cellLeaf(cell.bytes))
  const { cellsRoot, index } = header
  const batch: StoredBatch = { index, commitment, cellsRoot, cells, leaves, path }
  const known = node.state.batches.get(key)
  if (known !== undefined && equalBytes(known.cellsRoot, cellsRoot)) {
    keep(node, { ...known, index })
    sign(node, header, from)
    return
  }
  const isChecking = node.state.checks.has(key)
  if (!isChecking && node.state.checks.size >= CHECKS_MAX) return
  node.state.checks.set(key, { batch, header, from })
  if (isChecking) return
  const input = { commitment, cells: cells.map((cell) => ({ ...cell })) }
  const priceMs = VERIFY_CELLS_PRICE_MS
  node.effects.push({ kind: 'job', id: `${CHECK_ID}${key}`, job: VERIFY_CELLS_JOB, input, priceMs })
}

/** The job's answer: whether the proofs hold. */
export function onChecked(node: DataNode, key: string, isValid: boolean): void {
  const check = node.state.checks.get(key)
  if (check === undefined) return
  node.state.checks.delete(key)
  const { batch, header, from }: PendingCheck = check
  if (!isValid) {
    const reason = 'a cell does not belong to the commitment'
    report(node, 'da.refused', { node: node.id, index: batch.index, reason })
    return
  }
  keep(node, batch)
  report(node, 'da.stored', { node: node.id, index: batch.index, columns: ownColumns(node) })
  sign(node, header, from)
}

/** Durable before anything is signed. */
export function keep(node: DataNode, batch: StoredBatch): void {
  const { batches } = node.state
  const key = bytesToHex(batch.commitment)
  batches.delete(key)
  batches.set(key, batch)
  node.effects.push({
    kind: 'persist',
    key: `${CELLS_KEY}${key}`,
    value: batch as unknown as Plain,
  })
  for (const oldest of batches.keys()) {
    if (batches.size <= BATCHES_KEPT) return
    batches.delete(oldest)
    node.effects.push({ kind: 'persist', key: `${CELLS_KEY}${oldest}`, value: null })
  }
}

function sign(node: DataNode, header: BatchHeader, to: string): void {
  const headerHash = hashBatchHeader(header)
  node.effects.push({ kind: 'charge', ms: SIGN_MS })
  const signature = blsSign(batchDataDigest(headerHash), node.config.secretKey)
  const { index } = header
  send(node, to, 'da.receipt', { index, headerHash, signer: node.config.index, signature })
}

/** Why the cells cannot be those of the header; `null` if all but the proofs is right. */
function refusalOf(
  node: DataNode,
  from: string,
  { header, commitment, cells, path, index }: Messages['da.store'],
): string | null {
  if (nodeRole(from) !== 'sequencer') return 'the sender is no sequencer'
  if (index !== header.index) return 'the header has another index'
  const columns = ownColumns(node)
  const areOurs =
    cells.length === columns.length && cells.every((cell, at) => cell.index === columns[at])
  if (!areOurs) return 'the cells are not those of our columns'
  if (cells.some((cell) => cell.bytes.length !== CELL_SIZE)) return 'a cell has a wrong size'
  if (!equalBytes(versionedHash(commitment), header.versionedHash)) {
    return 'the versioned hash is of another commitment'
  }
  const leaves = cells.map((cell) => cellLeaf(cell.bytes))
  const range = { first: columns[0] ?? 0, count: columns.length }
  const isUnderRoot = verifyRange({ root: header.cellsRoot, leaves, path, ...range })
  return isUnderRoot ? null : 'the cells do not stand under the cells root'
}

import { beforeAll, describe, expect, it } from 'vitest'
import { payloadToBlob } from '../batch/blob.ts'
import type { Entry } from '../batch/entry.ts'
import { encodePayload } from '../batch/payload.ts'
import { word } from '../bytes.ts'
import { cellsRoot } from '../data/cellsRoot.ts'
import { type Kzg, loadKzg, type ProvenCell } from '../data/kzg.ts'
import type { InboxEntry } from '../l1/view.ts'
import {
  cellRequests,
  fileCells,
  fileProven,
  isPayloadOf,
  isRecoverable,
  openFetching,
  payloadOfBlob,
  shuffledNodes,
  tryDataCells,
} from './fetcher.ts'

const NODES = 16
let kzg: Kzg
let cells: readonly ProvenCell[]
let entry: InboxEntry
const payload = encodePayload([{ timestamp: 5n, inboxCount: 1n, transactions: [Uint8Array.of(7)] }])

beforeAll(async () => {
  kzg = await loadKzg()
  const bytes = kzg.computeCells(payloadToBlob(payload))
  const proof = new Uint8Array(48)
  cells = bytes.map((cell, index) => ({ index, bytes: cell, proof }))
  const inner: Entry = {
    kind: 0,
    cellsRoot: cellsRoot(bytes),
    payloadLength: BigInt(payload.length),
    inboxCount: 1n,
    originNumber: 0n,
    originHash: word(0),
    originTimestamp: 0n,
    originBaseFee: 0n,
    originPrevrandao: word(0),
    postedAt: 0n,
  }
  const base = { header: null, commitment: word(0), poster: null, transactionHash: null }
  entry = { ...base, index: 1n, entry: inner, hash: '0x01' }
})

const answerOf = (node: number, change: (cell: ProvenCell) => ProvenCell = (cell) => cell) => ({
  node,
  nodeCount: NODES,
  cells: cells.slice(8 * node, 8 * node + 8).map(change),
})

describe('gathering the cells of a batch', () => {
  it('asks the nodes with data cells first, and all of them in the end', () => {
    const order = shuffledNodes(NODES, (bound) => bound - 1)
    const fetching = openFetching(entry, 0)
    const asked = cellRequests(fetching, NODES, order).map(({ node }) => node)
    expect([...asked].sort((left, right) => left - right)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(cellRequests({ ...fetching, isWide: true }, NODES, order)).toHaveLength(NODES)
  })

  it('gives the payload as soon as the data cells hash to the root', () => {
    let fetching = openFetching(entry, 0)
    for (let node = 0; node < 8; node += 1) {
      expect(tryDataCells(fetching, entry, kzg)).toBeNull()
      fetching = fileCells(fetching, answerOf(node))
    }
    const blob = tryDataCells(fetching, entry, kzg)
    expect(blob && payloadOfBlob(blob, entry)).toEqual(payload)
    expect(
      cellRequests(
        fetching,
        NODES,
        shuffledNodes(NODES, () => 0),
      ),
    ).toEqual([])
  })

  it('does not believe a corrupted cell, nor one from a node that does not keep it', () => {
    let fetching = openFetching(entry, 0)
    for (let node = 0; node < 8; node += 1) {
      const flip = (cell: ProvenCell) =>
        cell.index === 3
          ? { ...cell, bytes: cell.bytes.map((byte, at) => (at === 1 ? byte ^ 1 : byte)) }
          : cell
      fetching = fileCells(fetching, answerOf(node, flip))
    }
    expect(tryDataCells(fetching, entry, kzg)).toBeNull()
    const foreign = { ...answerOf(1), node: 2 }
    expect(fileCells(openFetching(entry, 0), foreign).cells.size).toBe(0)
  })

  it('recovers once 64 cells are proven, and drops what its proof contradicts', () => {
    let fetching = openFetching(entry, 0)
    for (const node of [0, 2, 4, 6, 8, 10, 12, 14]) {
      const answer = answerOf(node)
      fetching = fileProven(fileCells(fetching, answer), node !== 14, answer.cells)
    }
    expect(isRecoverable(fetching)).toBe(false)
    expect(fetching.cells.has(112)).toBe(false)
    const last = answerOf(15)
    expect(isRecoverable(fileProven(fileCells(fetching, last), true, last.cells))).toBe(true)
  })

  it('tells its own payload from another', () => {
    expect(isPayloadOf(payload, entry, kzg)).toBe(true)
    expect(
      isPayloadOf(
        payload.map((byte, at) => (at === 3 ? byte ^ 1 : byte)),
        entry,
        kzg,
      ),
    ).toBe(false)
    expect(isPayloadOf(payload.subarray(1), entry, kzg)).toBe(false)
  })
})

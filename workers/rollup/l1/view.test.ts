import { encodeAbiParameters, encodeEventTopics } from 'viem'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../batch/entry.ts'
import { type Hex, hexToBytes, word } from '../bytes.ts'
import { factoryAbi, gameAbi, inboxAbi } from './abi.ts'
import { foldHead, type L1View, latest, openView, type ViewHead } from './view.ts'

const ADDRESSES = {
  inbox: new Uint8Array(20).fill(1),
  factory: new Uint8Array(20).fill(2),
  anchorRegistry: new Uint8Array(20).fill(3),
}
const GAME: Hex = `0x${'44'.repeat(20)}`
const PROPOSER: Hex = `0x${'55'.repeat(20)}`
const ROOT: Hex = `0x${'66'.repeat(32)}`
const ZERO: Hex = `0x${'00'.repeat(32)}`
const ENTRY: Entry = {
  kind: 2,
  cellsRoot: word(0),
  payloadLength: 0n,
  inboxCount: 0n,
  originNumber: 0n,
  originHash: word(0),
  originTimestamp: 0n,
  originBaseFee: 0n,
  originPrevrandao: word(0),
  postedAt: 0n,
}

type Log = ViewHead['logs'][number]

function log(address: Uint8Array, topics: readonly unknown[], data: Hex): Log {
  return {
    address,
    topics: topics.map((topic) => hexToBytes(String(topic))),
    data: hexToBytes(data),
    transactionHash: word(9),
  }
}

function message(index: bigint, raw: Hex): Log {
  const topics = encodeEventTopics({
    abi: inboxAbi,
    eventName: 'MessageQueued',
    args: { index, sender: PROPOSER },
  })
  const types = [{ type: 'bytes32' }, { type: 'bytes' }] as const
  return log(ADDRESSES.inbox, topics, encodeAbiParameters(types, [ZERO, raw]))
}

const creation = (): Log => {
  const args = { game: GAME, index: 0n, rootClaim: ROOT } as const
  const topics = encodeEventTopics({ abi: factoryAbi, eventName: 'GameCreated', args })
  const types = [
    { type: 'uint64' },
    { type: 'address' },
    { type: 'address' },
    { type: 'uint256' },
  ] as const
  const parent: Hex = `0x${'00'.repeat(20)}`
  return log(ADDRESSES.factory, topics, encodeAbiParameters(types, [1n, parent, PROPOSER, 8n]))
}

const rootMove = (): Log => {
  const args = { claimIndex: 0n, parentIndex: 2n ** 32n - 1n, claimant: PROPOSER } as const
  const topics = encodeEventTopics({ abi: gameAbi, eventName: 'Moved', args })
  const types = [
    { type: 'uint256' },
    { type: 'bytes32' },
    { type: 'bool' },
    { type: 'uint256' },
    { type: 'uint64' },
    { type: 'uint64' },
  ] as const
  const data = encodeAbiParameters(types, [1n, ROOT, true, 8n, 0n, 1_000n])
  return log(hexToBytes(GAME), topics, data)
}

function head(
  number: bigint,
  logs: readonly Log[] = [],
  fork = 0n,
  finalizedNumber = 0n,
): ViewHead {
  return {
    number,
    hash: word(100n * number + fork),
    parentHash: word(100n * (number - 1n) + (number > 2n ? fork : 0n)),
    timestamp: 1_000n + number,
    finalizedNumber,
    logs,
  }
}

function open(): L1View {
  return openView(ADDRESSES, ENTRY, { root: ROOT, entryIndex: 0n })
}

function fold(view: L1View, ...heads: readonly ViewHead[]): L1View {
  return heads.reduce((state, next) => foldHead(state, next)?.view ?? state, view)
}

describe('the view of L1', () => {
  it('collects messages, and games whatever the order of their first logs', () => {
    for (const logs of [
      [creation(), rootMove()],
      [rootMove(), creation()],
    ]) {
      const view = fold(open(), head(1n, [message(0n, '0x7e01')]), head(2n, logs))
      const { games, messages } = latest(view)
      expect(messages).toEqual([hexToBytes('0x7e01')])
      expect(games.get(GAME)).toMatchObject({ rootClaim: ROOT, proposer: PROPOSER, parent: null })
      expect(games.get(GAME)?.claims).toHaveLength(1)
      expect(games.get(GAME)?.claims[0]).toMatchObject({ parentIndex: null, bondWei: 8n })
    }
  })

  it('ignores the same events from contracts that are not ours', () => {
    const foreign = { ...message(0n, '0x7e01'), address: new Uint8Array(20).fill(9) }
    const view = fold(open(), head(1n, [foreign, rootMove()]))
    expect(latest(view)).toEqual(open().genesis)
  })

  it('forgets what a reorg threw out', () => {
    const before = fold(open(), head(1n), head(2n), head(3n, [message(0n, '0x01')]), head(4n))
    const replaced = foldHead(before, {
      ...head(3n, [message(0n, '0x02')], 7n),
      parentHash: word(200),
    })
    expect(replaced?.orphaned).toBe(2)
    expect(replaced && latest(replaced.view).messages).toEqual([Uint8Array.of(2)])
  })

  it('changes nothing for a head that it knows, and asks to begin anew for one that attaches nowhere', () => {
    const view = fold(open(), head(1n), head(2n))
    expect(foldHead(view, head(2n))?.view).toBe(view)
    expect(foldHead(view, head(9n))).toBeNull()
  })

  it('begins with the first block, though the newest head may overtake the replay', () => {
    const restarted = fold(open(), head(5n))
    expect(restarted).toEqual(open())
    const told = [1n, 2n, 3n, 4n, 5n].map((number) => head(number))
    expect(fold(restarted, ...told)).toEqual(fold(open(), ...told))
  })

  it('changes nothing when the final past is told again', () => {
    const view = fold(open(), head(1n), head(2n), head(3n), head(4n, [], 0n, 3n))
    for (const number of [1n, 2n, 3n, 4n]) {
      expect(foldHead(view, head(number))).toEqual({ view, events: [], orphaned: 0 })
    }
  })

  it('asks to begin anew when the oldest block that it knows was replaced', () => {
    const view = fold(open(), head(1n), head(2n))
    expect(foldHead(view, head(1n, [], 7n))).toBeNull()
  })

  it('keeps one final block to attach to, and no older ones', () => {
    const view = fold(open(), head(1n), head(2n), head(3n), head(4n, [], 0n, 3n))
    expect(view.blocks.map((block) => block.number)).toEqual([3n, 4n])
  })
})

/**
 * A small L1 for tests of committee and data nodes: slots, heads, reorgs. Not part of the product, whose L1 runs the contracts.
 */
import { canonicalEncode } from '../../kernel/canonical.ts'
import type { Effect, Plain, Role, RoleEvent, RoleFactory } from '../../kernel/role.ts'
import type { L1Head } from '../../protocol/messages.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { PRESETS } from '../../rollup/parameters.ts'
import {
  buildBlock,
  genesisBlock,
  newest,
  type TestL1Config,
  type Waiting,
} from './testL1Rules.testing.ts'

interface State extends Waiting {
  readonly subscribers: readonly string[]
}

const headTo = (to: string, head: L1Head): Effect => ({
  kind: 'send',
  to,
  type: 'l1.head',
  payload: head as unknown as Plain,
})

export const createTestL1: RoleFactory<TestL1Config> = async (_context, config) => {
  const parameters = PRESETS[config.preset]
  let state: State = {
    blocks: [genesisBlock()],
    pool: [],
    queue: [],
    force: false,
    subscribers: [],
    salt: 0,
  }
  const slot: Effect = { kind: 'timer', id: 'slot', delayMs: parameters.l1SlotMs }
  const announce = (head: L1Head): Effect[] => state.subscribers.map((to) => headTo(to, head))
  const mine = (): Effect[] => {
    const block = buildBlock(state, config)
    state = { ...state, blocks: [...state.blocks, block], queue: [], force: false }
    const included = new Set(block.head.outcomes.map(({ hash }) => bytesToHex(hash)))
    state = {
      ...state,
      pool: state.pool.filter((raw) => !included.has(bytesToHex(keccak256(raw)))),
    }
    return announce(block.head)
  }
  const onInput = (event: RoleEvent): Effect[] => {
    const { inputId, raw, depth } = event.payload as {
      inputId: number
      raw?: Uint8Array
      depth?: number
    }
    const reply: Effect = { kind: 'reply', inputId, result: null }
    if (event.type === 'queue' && raw !== undefined)
      state = { ...state, queue: [...state.queue, raw] }
    if (event.type === 'force') state = { ...state, force: true }
    if (event.type !== 'reorg' || depth === undefined) return [reply]
    state = { ...state, blocks: state.blocks.slice(0, -depth), salt: state.salt + 1 }
    return [...Array.from({ length: depth }, mine).flat(), reply]
  }
  const step = async (event: RoleEvent): Promise<readonly Effect[]> => {
    switch (event.kind) {
      case 'start':
        return [slot]
      case 'timer':
        return [...mine(), slot]
      case 'input':
        return onInput(event)
      case 'message': {
        const { raw, fromNumber } = event.payload as { raw?: Uint8Array; fromNumber?: bigint }
        if (raw !== undefined) state = { ...state, pool: [...state.pool, raw] }
        if (fromNumber === undefined) return []
        state = { ...state, subscribers: [...new Set([...state.subscribers, event.source])] }
        const heads = state.blocks
          .map(({ head }) => head)
          .filter(({ number }) => number >= fromNumber)
        return heads.map((head) => headTo(event.source, head))
      }
      default:
        return []
    }
  }
  return {
    step,
    digest: () => keccak256(canonicalEncode(state.blocks.map(({ head }) => head.hash))),
    snapshot: () => state,
    restore: async (snapshot) => {
      state = snapshot as State
    },
    query: async () => {
      const { entries, slashed, head, lastView } = newest(state.blocks)
      return {
        entries: entries as unknown as Plain,
        slashed: [...slashed],
        number: head.number,
        lastView,
      }
    },
  } satisfies Role
}

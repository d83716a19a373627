/** What JSON-RPC may do to a running world: its clock and pace, snapshots, faults, reorgs. */
import type { DumpedAccount } from '../chain/rpc/dump.ts'
import { L1_NODE } from '../protocol/nodes.ts'
import type { ChainName, Json } from '../protocol/world.ts'
import { GENESIS_TIMESTAMP } from '../rollup/parameters.ts'
import { RPC_CODE, RpcError } from './errors.ts'
import { aimNextBlock, type LeapPort, passTime } from './leap.ts'
import { type CheatCall, cheatStages, protectedAccounts } from './loadState.ts'
import type { ControlPort } from './rpc/control.ts'
import {
  movesOnDemand,
  moveUntilSettled,
  type RunningState,
  type RunningWorld,
  runUntil,
  statusOf,
  tellPace,
} from './runningState.ts'
import { encodeShare } from './share.ts'

/** Virtual time within which a chain is expected to make a block. */
const BLOCK_BOUND_MS = 120_000

/** The world as `rpc/control.ts` drives it. */
export function createControls(state: RunningState, running: RunningWorld): ControlPort {
  const { conductor, pacer } = state
  return {
    checkpoint: async () => snapshotOf(state, await running.checkpoint()),
    revert: async (snapshot: number) => {
      const id = snapshot + state.genesis
      if (!state.checkpoints.has(id) || id === state.genesis) return false
      await running.rollback(id)
      for (const later of [...state.checkpoints.keys()].filter((one) => one >= id)) {
        await forget(state, later)
      }
      return true
    },
    ...devnetPort(state, running),
    advance: (byMs: number) => runUntil(state, { deadlineMs: conductor.nowMs() + byMs }),
    pass: (byMs: number) => passTime(leapPort(state), conductor.nowMs() + byMs),
    aimNextBlock: async (chain: ChainName, unixSeconds: number) => {
      const wantedMs = (unixSeconds - GENESIS_TIMESTAMP) * 1000
      await aimNextBlock(leapPort(state), chain, wantedMs)
      state.aimedMs = wantedMs
    },
    mine: async (chain: ChainName, count: number) => {
      for (let mined = 0; mined < count; mined++) {
        await keepInterval(state, running, chain)
        await mineOne(state, chain)
      }
    },
    unixSeconds: () => GENESIS_TIMESTAMP + Math.floor(conductor.nowMs() / 1000),
    fault: running.fault,
    play: async () => {
      pacer.play()
      tellPace(state)
    },
    pause: async () => {
      await pacer.pause()
      tellPace(state)
    },
    setSpeed: async (speed: number | 'max') => {
      pacer.setSpeed(speed)
      tellPace(state)
    },
    status: async () => (await statusOf(state)) as unknown as Json,
    share: async () => {
      const content = await running.share()
      return { text: encodeShare(content), eventHash: content.eventHash, timeMs: content.timeMs }
    },
  }
}

function devnetPort(state: RunningState, running: RunningWorld) {
  const { conductor, pacer, given } = state
  const { parameters } = given.composition
  return {
    advancesOnDemand: () => movesOnDemand(state),
    setAdvanceOnDemand: running.setAdvanceOnDemand,
    setBlockInterval: (chain: ChainName, seconds: number | null) => {
      const { [chain]: before } = state.intervals
      if (seconds === null) delete state.intervals[chain]
      else state.intervals[chain] = seconds
      return before !== undefined
    },
    isPlaying: () => pacer.isPlaying(),
    speed: () => pacer.speed(),
    blockMs: (chain: ChainName) => (chain === 'l1' ? parameters.l1SlotMs : parameters.l2BlockMs),
    reorg: async (depth: number) => {
      const reply = conductor.input(L1_NODE, 'reorg', { depth })
      await moveUntilSettled(state, reply)
    },
    loadState: async (chain: ChainName, accounts: readonly DumpedAccount[]) => {
      const kept = protectedAccounts(given.composition, chain)
      for (const stage of cheatStages(accounts, kept)) await runCheats(state, chain, stage)
    },
    reset: async () => {
      await running.rollback(state.genesis)
      for (const chain of ['l1', 'l2'] as const) delete state.intervals[chain]
      for (const id of state.checkpoints.keys()) {
        if (id !== state.genesis) await forget(state, id)
      }
    },
    snapshots: () =>
      [...state.checkpoints.keys()]
        .filter((id) => id !== state.genesis)
        .map((id) => snapshotOf(state, id)),
    read: (chain: ChainName, method: string, params: readonly Json[]) =>
      running.rpc(chain, { method, params }),
    fork: () => {
      const point = given.options.fork
      const origin = running.fork?.source()?.endpoint.origin ?? null
      return point === undefined ? null : { point, origin }
    },
    worldName: `${given.options.preset}-${given.options.scenario}-${given.options.seed}`,
  }
}

/** Resolves when all of them are in blocks. */
export async function runCheats(
  state: RunningState,
  chain: ChainName,
  calls: readonly CheatCall[],
): Promise<void> {
  const node = state.answering[chain].current
  const replies = calls.map((call) => state.conductor.input(node, 'rpc', call as never))
  await moveUntilSettled(state, Promise.all(replies))
}

/** Lets time pass, so that the block which comes now is as long after the last one as somebody wants. */
export async function keepInterval(
  state: RunningState,
  running: RunningWorld,
  chain: ChainName,
): Promise<void> {
  const { [chain]: seconds } = state.intervals
  const nowMs = state.conductor.nowMs()
  if (seconds === undefined) return
  const params = ['latest', false]
  const head = await running.rpc(chain, { method: 'eth_getBlockByNumber', params })
  const { timestamp } = head as { readonly timestamp: string }
  const headMs = (Number(timestamp) - GENESIS_TIMESTAMP) * 1_000
  const wantedMs = headMs + seconds * 1_000
  // A time that was given to this one block goes before.
  const isAimed = state.aimedMs > headMs && state.aimedMs >= nowMs
  if (isAimed || wantedMs <= nowMs) return
  await aimNextBlock(leapPort(state), chain, wantedMs)
  state.aimedMs = wantedMs
}

/** Clients count snapshots from 1; the world's first moment is none of theirs. */
function snapshotOf({ genesis }: RunningState, checkpoint: number): number {
  return checkpoint - genesis
}

async function forget(state: RunningState, id: number): Promise<void> {
  state.checkpoints.delete(id)
  await state.conductor.discard(id)
}

/** Runs to the chain's next block. Throws `RpcError` when none comes. */
async function mineOne(state: RunningState, chain: ChainName): Promise<void> {
  const before = state.blocks[chain]
  const isMined = () => state.blocks[chain] > before
  await runUntil(state, {
    deadlineMs: state.conductor.nowMs() + BLOCK_BOUND_MS,
    isDone: isMined,
  })
  if (isMined()) return
  throw new RpcError(`No block within ${BLOCK_BOUND_MS} virtual ms.`, RPC_CODE.unavailable)
}

function leapPort(state: RunningState): LeapPort {
  const { conductor, projector, given } = state
  return {
    conductor,
    parameters: given.composition.parameters,
    projection: () => projector.projection(),
    runUntil: (deadlineMs) => runUntil(state, { deadlineMs }),
  }
}

/** The desk of a running world: its reads, and its cheats. */
import type { ForkQuestion, MissingState } from '../../protocol/fork.ts'
import { bytesToHex } from '../../rollup/bytes.ts'
import { FORK_REGISTRY, REGISTRY_SLOT } from '../../rollup/forkRegistry.ts'
import { runCheats } from '../controls.ts'
import { assertAlive, readNode } from '../rpc/router.ts'
import type { RunningState } from '../runningState.ts'
import { createForkDesk, type ForkDesk } from './desk.ts'

/** Null for a world that forks no chain. */
export function openForkDesk(state: RunningState): ForkDesk | null {
  const { conductor, given, projector } = state
  const { fork } = given.options
  if (fork === undefined) return null
  const node = () => assertAlive(state.answering.l2.current, conductor.isAlive)
  const nowMs = () => Math.max(conductor.nowMs(), state.aimedMs)
  const readCount = async (slot: Uint8Array): Promise<number> => {
    const params = [bytesToHex(FORK_REGISTRY), bytesToHex(slot), 'latest']
    const port = { query: conductor.query, nowMs }
    return Number(await readNode(port, node(), 'eth_getStorageAt', params))
  }
  const desk = createForkDesk(fork, {
    missing: async (asked, fetched) => {
      const question: ForkQuestion = { ...asked, fetched, nowMs: nowMs() }
      const answer = await conductor.query(node(), 'forkMissing', question as never)
      return answer as unknown as readonly MissingState[]
    },
    cheat: (calls) => runCheats(state, 'l2', calls),
    counts: async () => ({
      accounts: await readCount(REGISTRY_SLOT.accounts),
      slots: await readCount(REGISTRY_SLOT.slots),
    }),
    onChange: (view) => {
      projector.setFork(view)
      given.onChange()
    },
  })
  desk.connect(given.source ?? null)
  return desk
}

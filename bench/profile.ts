/** Where the processor's time goes, by sampling this thread. */
import { Session } from 'node:inspector/promises'

interface Node {
  readonly id: number
  readonly callFrame: Frame
  readonly children?: readonly number[]
}

/** Names a stack, innermost frame first. */
export type Naming = (stack: readonly Frame[]) => string | null

export interface Frame {
  readonly functionName: string
  readonly url: string
}

/** Shares of the busy time, 0 to 1, largest first: one map for each way to name a stack. */
export async function profile(
  task: () => Promise<unknown>,
  namings: readonly Naming[],
): Promise<readonly ReadonlyMap<string, number>[]> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 1_000 })
    await session.post('Profiler.start')
    await task()
    const { profile: taken } = await session.post('Profiler.stop')
    const { nodes, samples = [], timeDeltas = [] } = taken
    return namings.map((naming) => shares(nodes as readonly Node[], samples, timeDeltas, naming))
  } finally {
    session.disconnect()
  }
}

const IDLE: ReadonlySet<string> = new Set(['(idle)', '(program)', '(root)'])

function shares(
  nodes: readonly Node[],
  samples: readonly number[],
  deltas: readonly number[],
  naming: Naming,
): ReadonlyMap<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((id) => [id, node.id])))
  const nameOfStack = (id: number): string | null => {
    const { functionName } = byId.get(id)?.callFrame ?? { functionName: '(root)' }
    if (IDLE.has(functionName)) return null
    if (functionName === '(garbage collector)') return 'garbage collector'
    const stack: Frame[] = []
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = byId.get(at)?.callFrame
      if (frame !== undefined) stack.push(frame)
    }
    return naming(stack) ?? 'else'
  }
  const names = new Map(nodes.map(({ id }) => [id, nameOfStack(id)]))
  const spent = new Map<string, number>()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? null
    if (name === null) continue
    const delta = deltas[index] ?? 0
    total += delta
    spent.set(name, (spent.get(name) ?? 0) + delta)
  }
  const parts = [...spent].map(([name, time]): [string, number] => [
    name,
    time / Math.max(1, total),
  ])
  return new Map(parts.sort((left, right) => right[1] - left[1]))
}

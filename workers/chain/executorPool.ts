/** Machines that are costly to build, lent to one user at a time. */
export interface Pool<Machine> {
  /** Runs `work` with a machine that nobody else uses meanwhile. */
  readonly use: <Result>(work: (machine: Machine) => Promise<Result>) => Promise<Result>
}

export interface PoolOptions {
  /** Machines that are kept for the next use. A machine whose work threw is thrown away. */
  readonly idleMax: number
  /** Machines in use at once; whoever comes then waits for his turn. Default: any number. */
  readonly busyMax?: number
}

export function createPool<Machine>(
  create: () => Promise<Machine>,
  { idleMax, busyMax = Number.POSITIVE_INFINITY }: PoolOptions,
): Pool<Machine> {
  const idle: Machine[] = []
  const waiting: (() => void)[] = []
  let busy = 0
  const enter = async (): Promise<void> => {
    // Who leaves hands his place over, so that nobody slips in between.
    if (busy >= busyMax) await new Promise<void>((resolve) => waiting.push(resolve))
    else busy += 1
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) busy -= 1
    else next()
  }
  return {
    async use(work) {
      await enter()
      try {
        const machine = idle.pop() ?? (await create())
        const result = await work(machine)
        if (idle.length < idleMax) idle.push(machine)
        return result
      } finally {
        leave()
      }
    },
  }
}

/** Machines that are costly to build, lent to one user at a time. */
export interface Pool<Machine> {
  /** Runs `work` with a machine that nobody else uses meanwhile. */
  readonly use: <Result>(work: (machine: Machine) => Promise<Result>) => Promise<Result>
}

/** Keeps up to `idleMax` machines for the next use. A machine whose work threw is thrown away. */
export function createPool<Machine>(
  create: () => Promise<Machine>,
  idleMax: number,
): Pool<Machine> {
  const idle: Machine[] = []
  return {
    async use(work) {
      const machine = idle.pop() ?? (await create())
      const result = await work(machine)
      if (idle.length < idleMax) idle.push(machine)
      return result
    },
  }
}

/** Proofs of Personas on L1, for the page: made in a worker that starts at its first use and ends when it is told to stop. */
import * as Comlink from 'comlink'
import type { Connection } from './connect.ts'
import type { ProverApi } from './prover.worker.ts'
import type { Claim, Fact, News, Proven } from './prover-course.ts'
import type { Part, Refusal } from './prover-tamper.ts'

export type { Claim, Fact, News, Part, Proven, Refusal }

export interface Prover {
  /** Proves a claim on L1 as soon as a final root holds it. Rejects with `StoppedError` once it is stopped. */
  prove(claim: Claim, tell: (news: News) => void): Promise<Proven>
  /** Sends the last proof again with one bit of a part changed, and has L1 refuse it. */
  change(part: Part): Promise<Refusal>
  /** Whatever is under way ends, and the last proof is forgotten: its world went, or nobody waits for it any more. */
  stop(): void
}

/** What was asked for was stopped on purpose; nothing failed. */
export class StoppedError extends Error {
  override name = 'StoppedError'
}

interface Running {
  readonly worker: Worker
  readonly remote: Promise<Comlink.Remote<ProverApi>>
  /** Never resolves; rejects when the worker ends, for its calls would stay open for ever. */
  readonly ended: Promise<never>
  readonly end: (reason: Error) => void
}

export function createProver(connection: Connection): Prover {
  let running: Running | null = null
  const begin = (): Running => {
    const worker = new Worker(new URL('./prover.worker.ts', import.meta.url), {
      type: 'module',
      name: 'prover',
    })
    let end: Running['end'] = () => undefined
    const ended = new Promise<never>((_, reject) => {
      end = reject
    })
    ended.catch(() => undefined)
    worker.addEventListener('error', ({ message }) => finish(new Error(message)))
    return { worker, remote: connect(worker, connection), ended, end }
  }
  const finish = (reason: Error) => {
    running?.worker.terminate()
    running?.end(reason)
    running = null
  }
  const ask = <Result>(task: (remote: Comlink.Remote<ProverApi>) => Promise<Result>) => {
    running ??= begin()
    const { remote, ended } = running
    return Promise.race([remote.then(task), ended])
  }
  return {
    prove: (claim, tell) => ask((remote) => remote.prove(claim, Comlink.proxy(tell))),
    change: (part) => ask((remote) => remote.change(part)),
    stop: () => finish(new StoppedError('The proof was stopped.')),
  }
}

async function connect(worker: Worker, connection: Connection): Promise<Comlink.Remote<ProverApi>> {
  const remote = Comlink.wrap<ProverApi>(worker)
  const port = await connection.createPort()
  await remote.connect(Comlink.transfer(port, [port]))
  return remote
}

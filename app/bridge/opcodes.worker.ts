/** Keeps the opcode trace of one transaction and hands it out in pages: a whole one would block the page. */
import * as Comlink from 'comlink'
import type { ChainName, World } from '../../workers/protocol/world.ts'
import { installErrorTransfer } from '../../workers/transport/errors.ts'

export interface OpcodeTrace {
  readonly count: number
  readonly failed: boolean
  readonly gas: number
  /** The trace ended at the limit, not at the transaction's end. */
  readonly isCut: boolean
}

export interface OpcodeLine {
  readonly pc: number
  readonly op: string
  readonly gas: number
  readonly gasCost: number
  readonly depth: number
  readonly error?: string
}

export interface OpcodeDetail extends OpcodeLine {
  /** Top of the stack last. */
  readonly stack?: readonly string[]
  readonly storage?: Readonly<Record<string, string>>
}

export interface OpcodesApi {
  connect(port: MessagePort): void
  /** Traces a transaction and forgets the one before. */
  open(chain: ChainName, hash: string): Promise<OpcodeTrace>
  page(from: number, count: number): readonly OpcodeLine[]
  detail(index: number): OpcodeDetail | null
}

/** More than this many opcodes with their stacks do not fit into a tab's memory with comfort. */
const linesMax = 200_000

installErrorTransfer()

let world: Pick<World, 'rpc'> | null = null
let lines: readonly OpcodeDetail[] = []

const api: OpcodesApi = {
  connect(port) {
    world = Comlink.wrap<Pick<World, 'rpc'>>(port) as unknown as Pick<World, 'rpc'>
  },
  async open(chain, hash) {
    if (world === null) throw new TypeError('The trace is asked for before there is a world.')
    lines = []
    const trace = (await world.rpc(chain, {
      method: 'debug_traceTransaction',
      params: [hash, { limit: linesMax }],
    })) as unknown as {
      readonly gas: number
      readonly failed: boolean
      readonly structLogs: readonly OpcodeDetail[]
    }
    lines = trace.structLogs
    const { gas, failed } = trace
    return { count: lines.length, failed, gas, isCut: lines.length >= linesMax }
  },
  page(from, count) {
    return lines
      .slice(from, from + count)
      .map(({ stack: _stack, storage: _storage, ...line }) => line)
  },
  detail(index) {
    return lines[index] ?? null
  },
}
Comlink.expose(api)

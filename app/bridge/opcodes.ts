/** Opcode traces for the page, kept in a worker that ends with the view. */
import * as Comlink from 'comlink'
import type { ChainName } from '../../workers/protocol/world.ts'
import type { Connection } from './connect.ts'
import type { OpcodeDetail, OpcodeLine, OpcodesApi, OpcodeTrace } from './opcodes.worker.ts'

export type { OpcodeDetail, OpcodeLine, OpcodeTrace }

export interface OpcodeReader {
  open(chain: ChainName, hash: string): Promise<OpcodeTrace>
  page(from: number, count: number): Promise<readonly OpcodeLine[]>
  detail(index: number): Promise<OpcodeDetail | null>
  close(): void
}

export function createOpcodeReader(connection: Connection): OpcodeReader {
  const worker = new Worker(new URL('./opcodes.worker.ts', import.meta.url), {
    type: 'module',
    name: 'opcodes',
  })
  const remote = Comlink.wrap<OpcodesApi>(worker)
  const connected = connection
    .createPort()
    .then((port) => remote.connect(Comlink.transfer(port, [port])))
  return {
    async open(chain, hash) {
      await connected
      return remote.open(chain, hash)
    },
    page: (from, count) => remote.page(from, count) as Promise<readonly OpcodeLine[]>,
    detail: (index) => remote.detail(index),
    close: () => worker.terminate(),
  }
}

/** Proves Personas on L1 for the page. Proofs, rows and signatures are made here, so that none of it takes a frame. */
import * as Comlink from 'comlink'
import { installErrorTransfer } from '../../workers/transport/errors.ts'
import { type Claim, createProving, type Proven, type Tell } from './prover-course.ts'
import { type Part, type Refusal, refuseChanged } from './prover-tamper.ts'
import type { Rpc } from './wallet-account.ts'

export interface ProverApi {
  connect(port: MessagePort): void
  /** Waits for a final root that holds the claim, proves it on L1, and tells what it does. */
  prove(claim: Claim, tell: Tell): Promise<Proven>
  /** Sends the last proof again with one bit of a part changed. */
  change(part: Part): Promise<Refusal>
}

installErrorTransfer()

let world: Rpc | null = null
let proving: ReturnType<typeof createProving> | null = null

const api: ProverApi = {
  connect(port) {
    world = Comlink.wrap<Rpc>(port) as unknown as Rpc
    proving = createProving(world)
  },
  async prove(claim, tell) {
    if (proving === null) throw new TypeError('The prover is used before it is connected.')
    return proving.prove(claim, tell)
  },
  async change(part) {
    const sent = proving?.last() ?? null
    if (world === null || sent === null) throw new TypeError('Nothing was proven yet.')
    return refuseChanged(world, sent, part)
  },
}
Comlink.expose(api)

/** A committee with data nodes and the test L1 under the real conductor, in one thread. Not part of the product. */

import { createDataRole } from '../../da/da.ts'
import { type Conductor, createConductor } from '../../kernel/conductor.ts'
import { createJobRunner } from '../../kernel/jobs.ts'
import type { Effect, Job, NodeId, Plain, RoleEvent, RoleFactory } from '../../kernel/role.ts'
import { createRoleHost } from '../../kernel/roleHost.ts'
import type { KernelTrace } from '../../kernel/trace.ts'
import type { Messages } from '../../protocol/messages.ts'
import { dataNode, sequencerNode } from '../../protocol/nodes.ts'
import type { Reports, ReportType } from '../../protocol/reports.ts'
import { payloadToBlob } from '../../rollup/batch/blob.ts'
import { hashEntry } from '../../rollup/batch/entry.ts'
import { initBls } from '../../rollup/bls/engine.ts'
import { blsPublicKey, blsSecretKey } from '../../rollup/bls/signature.ts'
import { bytesToHex, utf8ToBytes } from '../../rollup/bytes.ts'
import { dataJobs, PROVE_JOB, RECOVER_JOB, VERIFY_CELLS_JOB } from '../../rollup/data/jobs.ts'
import { loadKzg } from '../../rollup/data/kzg.ts'
import { recoverBlob } from '../../rollup/data/recovery.ts'
import { initKeccak, keccak256 } from '../../rollup/keccak.ts'
import { PRESETS, type PresetName } from '../../rollup/parameters.ts'
import { initSecp256k1, privateKeyToAddress } from '../../rollup/secp256k1.ts'
import { hashOrderedBlock } from '../../sequencer/ordered.ts'
import { createSequencerRole } from '../../sequencer/sequencer.ts'
import { createTestL1 } from './testL1.testing.ts'
import { GENESIS_ENTRY } from './testL1Rules.testing.ts'

const INBOX = new Uint8Array(20).fill(0xa1)
const REGISTRY = new Uint8Array(20).fill(0xa2)
const WEIGHT = 32_000_000_000_000_000_000n

export interface CommitteeOptions {
  readonly seed?: number
  readonly preset?: PresetName
  /** Real KZG proofs, which take seconds each; otherwise proofs are not made and not checked. */
  readonly hasRealProofs?: boolean
  readonly sequencers?: number
}

export interface Report<T extends ReportType = ReportType> {
  readonly timeMs: number
  readonly node: NodeId
  readonly type: T
  readonly payload: Reports[T]
}

export interface TestCommittee {
  readonly conductor: Conductor
  /** Reports of one type so far. */
  reports<T extends ReportType>(type: T): readonly Report<T>[]
  /** What executors received: blocks by view, as canonical strings, in order of arrival. */
  readonly trace: KernelTrace[]
  /** Finalized orders as the recording executor saw them: view → hash. */
  finalized(): Promise<
    readonly {
      readonly view: bigint
      readonly hash: string
      readonly parent: string
      readonly transactions: number
      readonly blocks: number
    }[]
  >
  runUntil(timeMs: number): Promise<void>
}

export async function createCommittee(options: CommitteeOptions = {}): Promise<TestCommittee> {
  await Promise.all([initBls(), initKeccak(), initSecp256k1()])
  const preset = options.preset ?? 'demo'
  const parameters = PRESETS[preset]
  const count = options.sequencers ?? parameters.sequencerCount
  const members = Array.from({ length: count }, (_, index) => memberKeys(index))
  const dataSecrets = Array.from({ length: parameters.dataNodeCount }, (_, index) =>
    blsSecretKey(utf8ToBytes(`data ${index}`)),
  )
  const committee = members.map(({ publicKey, address }) => ({
    publicKey,
    address,
    weight: WEIGHT,
  }))
  const dataNodeKeys = dataSecrets.map(blsPublicKey)
  const contracts = { inbox: INBOX, sequencerRegistry: REGISTRY }
  const specs = [
    { id: 'l1', role: 'l1', config: { preset, ...contracts, committee, dataNodeKeys } as Plain },
    { id: 'executor-0', role: 'executor', config: count },
    ...members.map(({ secretKey, l1PrivateKey }, index) => ({
      id: sequencerNode(index),
      role: 'sequencer',
      config: {
        index,
        preset,
        committee,
        dataNodeKeys,
        secretKey,
        l1PrivateKey,
        l1Nonce: 0n,
        contracts,
        genesisEntryHash: hashEntry(GENESIS_ENTRY),
        genesisOriginNumber: 0n,
        executorCount: 1,
      },
    })),
    ...dataSecrets.map((secretKey, index) => ({
      id: dataNode(index),
      role: 'da',
      config: { index, preset, secretKey, contracts: { inbox: INBOX } },
    })),
  ]
  const roles: Record<string, unknown> = {
    l1: createTestL1,
    sequencer: createSequencerRole,
    da: createDataRole,
    executor: createRecorder,
  }
  const host = createRoleHost({
    roles: async (role) => roles[role] as RoleFactory,
    hash: keccak256,
  })
  const jobs = options.hasRealProofs === true ? dataJobs : unprovenJobs
  const trace: KernelTrace[] = []
  const conductor = await createConductor({
    seed: options.seed ?? 1,
    nodes: specs.map((spec) => ({ spec, host })),
    jobs: createJobRunner(async (name) => jobs[name]),
    network: {
      links: [],
      fallback: { baseMs: 20, jitterMs: 20, tailPermille: 20, tailMs: 100 },
      lossPermille: 0,
      duplicatePermille: 0,
    },
    hash: keccak256,
    onTrace: (event) => trace.push(event),
  })
  return expose(conductor, trace)
}

function expose(conductor: Conductor, trace: KernelTrace[]): TestCommittee {
  return {
    conductor,
    trace,
    reports: <T extends ReportType>(type: T) =>
      trace.flatMap((event) =>
        event.kind === 'report' && event.type === type
          ? [
              {
                timeMs: event.timeMs,
                node: event.node,
                type,
                payload: event.payload as unknown as Reports[T],
              },
            ]
          : [],
      ),
    finalized: async () => (await conductor.query('executor-0', 'finalized', null)) as never,
    runUntil: async (timeMs) => {
      for (
        let next = conductor.nextMs();
        next !== null && next < timeMs;
        next = conductor.nextMs()
      ) {
        await conductor.step()
      }
      await conductor.idleUntil(timeMs)
    },
  }
}

function memberKeys(index: number) {
  const secretKey = blsSecretKey(utf8ToBytes(`member ${index}`))
  const l1PrivateKey = keccak256(utf8ToBytes(`account ${index}`))
  return {
    secretKey,
    l1PrivateKey,
    publicKey: blsPublicKey(secretKey),
    address: privateKeyToAddress(l1PrivateKey),
  }
}

/** Commitments and cells are real; proofs are left out, because they cost seconds. */
const unprovenJobs: Readonly<Record<string, Job>> = {
  [PROVE_JOB]: async (input) => {
    const { payload } = input as { payload: Uint8Array }
    return unproven(payloadToBlob(payload))
  },
  [VERIFY_CELLS_JOB]: async () => true,
  [RECOVER_JOB]: async (input) => {
    const { cells } = input as unknown as { cells: { index: number; bytes: Uint8Array }[] }
    return unproven(recoverBlob(cells))
  },
}

async function unproven(blob: Uint8Array) {
  const kzg = await loadKzg()
  const cells = kzg
    .computeCells(blob)
    .map((bytes, index) => ({ index, bytes, proof: new Uint8Array(48) }))
  return { commitment: kzg.blobToCommitment(blob), cells }
}

/** Stands where the executor stands: writes down what it is told. */
const createRecorder: RoleFactory = async (_context, memberCount) => {
  let seen: readonly Plain[] = []
  return {
    step: async (event) => {
      if (event.type === 'gossip') return gossip(event, memberCount)
      if (event.type !== 'order.finalized') return []
      const { block } = event.payload as unknown as Messages['order.finalized']
      const transactions = block.blocks.reduce(
        (sum, content) => sum + content.transactions.length,
        0,
      )
      const { view, parent, blocks } = block
      seen = [
        ...seen,
        {
          view,
          hash: bytesToHex(hashOrderedBlock(block)),
          parent: bytesToHex(parent),
          transactions,
          blocks: blocks.length,
        },
      ]
      return []
    },
    digest: () => keccak256(utf8ToBytes(String(seen.length))),
    snapshot: () => seen,
    restore: async (snapshot) => {
      seen = snapshot as readonly Plain[]
    },
    query: async () => seen,
  }
}

function gossip(event: RoleEvent, memberCount: Plain): readonly Effect[] {
  const { inputId, raw } = event.payload as { inputId: number; raw: Uint8Array }
  const sends = Array.from({ length: Number(memberCount) }, (_, index): Effect => {
    return { kind: 'send', to: sequencerNode(index), type: 'order.transaction', payload: { raw } }
  })
  return [...sends, { kind: 'reply', inputId, result: null }]
}

/** The reply comes when time moves, so it is not awaited; a refusal would show in what follows. */
export function give(
  conductor: Conductor,
  node: string,
  type: string,
  payload: Parameters<Conductor['input']>[2],
): void {
  conductor.input(node, type, payload).catch(() => undefined)
}

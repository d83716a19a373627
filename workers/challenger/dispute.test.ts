/**
 * L1, executor and challenger for real, with a stand-in for the committee and the data nodes: it orders, signs with everybody's
 * keys and answers for cells, but votes on nothing.
 */
import { readFileSync } from 'node:fs'
import { encodeDeployData, encodeFunctionData, getCreateAddress, parseAbi } from 'viem'
import { expect, it } from 'vitest'
import * as DemoToken from '../../contracts/generated/DemoToken.ts'
import { createExecutorRole } from '../executor/executor.ts'
import { hashOrderedBlock } from '../executor/order.ts'
import { type Conductor, createConductor } from '../kernel/conductor.ts'
import type { NodeSpec } from '../kernel/hostPort.ts'
import { createJobRunner } from '../kernel/jobs.ts'
import type { Effect, Plain, RoleFactory } from '../kernel/role.ts'
import { createRoleHost } from '../kernel/roleHost.ts'
import { createL1Role } from '../l1/l1.ts'
import type { L1Head, L1Origin, L2BlockContent, OrderedBlock } from '../protocol/messages.ts'
import type { DecisiveStepDetails } from '../protocol/queries.ts'
import { payloadToBlob } from '../rollup/batch/blob.ts'
import { hashBatchHeader } from '../rollup/batch/header.ts'
import { encodePayload } from '../rollup/batch/payload.ts'
import { batchCommitteeDigest, batchDataDigest, voteDigest } from '../rollup/bls/digests.ts'
import { initBls } from '../rollup/bls/engine.ts'
import { blsAggregate, blsPublicKey, blsSign } from '../rollup/bls/signature.ts'
import { bytesToHex, type Hex, hexToBytes, ZERO_HASH } from '../rollup/bytes.ts'
import { cellsRoot } from '../rollup/data/cellsRoot.ts'
import { loadKzg } from '../rollup/data/kzg.ts'
import { versionedHash } from '../rollup/data/versionedHash.ts'
import { type GenesisFile, parseGenesisFile } from '../rollup/genesisFile.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { accountAddress, accountKey, blsKey, TEST_PRIVATE_KEYS } from '../rollup/keys.ts'
import { followHead, openSender, sendTransaction } from '../rollup/l1/sender.ts'
import { foldHead, latest, openView } from '../rollup/l1/view.ts'
import { GENESIS_TIMESTAMP, PRESETS } from '../rollup/parameters.ts'
import { privateKeyToAddress } from '../rollup/secp256k1.ts'
import { signTransaction } from '../rollup/transaction/sign.ts'
import { encodePostBatch } from '../sequencer/l1Calls.ts'
import { createChallengerRole } from './challenger.ts'

const PARAMETERS = PRESETS.classroom
const path = 'contracts/generated/genesis-classroom.json'
const genesis = parseGenesisFile(JSON.parse(readFileSync(path, 'utf8')) as GenesisFile, 'classroom')
const MEMBERS = Array.from({ length: PARAMETERS.sequencerCount }, (_, at) =>
  blsKey(`sequencer-${at}`),
)
const DATA = Array.from({ length: PARAMETERS.dataNodeCount }, (_, at) => blsKey(`da-${at}`))
const ADDRESSES = {
  inbox: hexToBytes(genesis.addresses.inbox),
  factory: hexToBytes(genesis.addresses.disputeGameFactory),
  anchorRegistry: hexToBytes(genesis.addresses.anchorRegistry),
}

const cellsByIndex = new Map<bigint, Plain>()

function certify(digest: Uint8Array, keys: readonly Uint8Array[]) {
  const signature = blsAggregate(keys.map((key) => blsSign(digest, key))) ?? new Uint8Array(96)
  return { signers: 2 ** keys.length - 1, signature }
}

/** Orders one L2 block a second, and posts a batch every eight. */
const createCommittee: RoleFactory = async (context) => {
  await initBls()
  const kzg = await loadKzg()
  const account = {
    chainId: PARAMETERS.l1ChainId,
    privateKey: accountKey(context.id),
    address: accountAddress(context.id),
  }
  const anchor = { root: bytesToHex(genesis.anchorRoot), entryIndex: 0n }
  let view = openView(ADDRESSES, genesis.inboxGenesis, anchor)
  const own = genesis.l1.accounts.find(
    ({ address }) => bytesToHex(address) === bytesToHex(account.address),
  )
  let sender = openSender(own?.nonce ?? 0n)
  let transactions: Uint8Array[] = []
  let parent = ZERO_HASH
  let number = 0n
  let batch: {
    origin: L1Origin
    rlp: Uint8Array
    blocks: L2BlockContent[]
    first: bigint
    index: bigint
  } | null = null
  let newest: L1Head | null = null

  const order = (timeMs: number): Effect[] => {
    if (!newest) return []
    const head = newest
    const index = BigInt(latest(view).entries.length)
    if (batch && batch.index < index) batch = null
    number += 1n
    batch ??= { origin: { ...pick(head) }, rlp: head.headerRlp, blocks: [], first: number, index }
    const block: L2BlockContent = {
      timestamp: BigInt(GENESIS_TIMESTAMP + Math.floor(timeMs / 1_000)),
      inboxCount: BigInt(latest(view).messages.length),
      transactions,
    }
    transactions = []
    batch.blocks.push(block)
    const ordered: OrderedBlock = {
      view: number,
      parent,
      proposer: 0,
      batchIndex: batch.index,
      origin: batch.origin,
      blocks: [block],
    }
    parent = hashOrderedBlock(ordered)
    const certificate = certify(
      voteDigest({ kind: 'finalize', view: number, block: parent }),
      MEMBERS,
    )
    const payload = { block: ordered, certificate } as unknown as Plain
    const effects: Effect[] = [{ kind: 'send', to: 'executor-0', type: 'order.finalized', payload }]
    return batch.blocks.length === 8 ? [...effects, ...post()] : effects
  }

  const post = (): Effect[] => {
    if (!batch) return []
    const payload = encodePayload(batch.blocks)
    const blob = payloadToBlob(payload)
    const cells = kzg.computeCells(blob)
    const commitment = kzg.blobToCommitment(blob)
    const header = {
      index: batch.index,
      parent: hexToBytes(latest(view).entries.at(-1)?.hash ?? '0x'),
      versionedHash: versionedHash(commitment),
      cellsRoot: cellsRoot(cells),
      payloadLength: BigInt(payload.length),
      inboxCount: batch.blocks.at(-1)?.inboxCount ?? 0n,
      originNumber: batch.origin.number,
      firstView: batch.first,
      lastView: number,
    }
    const plain = cells.map((bytes, at) => ({ index: at, bytes, proof: new Uint8Array(48) }))
    cellsByIndex.set(batch.index, plain)
    const hash = hashBatchHeader(header)
    const data = encodePostBatch({
      header,
      commitment,
      originHeader: batch.rlp,
      committee: certify(batchCommitteeDigest(hash), MEMBERS),
      data: certify(batchDataDigest(hash), DATA),
    })
    const request = {
      label: `batch:${batch.index}`,
      to: ADDRESSES.inbox,
      data,
      valueWei: 0n,
      gasLimit: 8_000_000n,
    }
    const sending = sendTransaction(sender, account, request)
    sender = sending.state
    // The next blocks belong to the next entry, which the view does not have yet.
    batch = newest && {
      origin: pick(newest),
      rlp: newest.headerRlp,
      blocks: [],
      first: number + 1n,
      index: batch.index + 1n,
    }
    return [{ kind: 'send', to: 'l1', type: 'l1.sendTransaction', payload: { raw: sending.raw } }]
  }

  const onHead = (head: L1Head): Effect[] => {
    const update = foldHead(view, head)
    if (update) view = update.view
    const sent = followHead(sender, account, head)
    sender = sent.state
    for (const result of sent.results)
      if (!result.succeeded)
        throw new Error(`reverted: ${result.label} ${bytesToHex(result.hash)} ${result.gasUsed}`)
    newest = head
    return sent.resend.map((raw) => ({
      kind: 'send',
      to: 'l1',
      type: 'l1.sendTransaction',
      payload: { raw },
    }))
  }

  return {
    step: async (event) => {
      const timer: Effect = { kind: 'timer', id: 'block', delayMs: 1_000 }
      if (event.kind === 'start') {
        return [
          { kind: 'send', to: 'l1', type: 'l1.subscribe', payload: { fromNumber: 1n } },
          timer,
        ]
      }
      if (event.type === 'block') return [...order(event.timeMs), timer]
      if (event.type === 'l1.head') return onHead(event.payload as unknown as L1Head)
      if (event.type === 'order.transaction')
        transactions.push((event.payload as { raw: Uint8Array }).raw)
      return []
    },
    digest: () => keccak256(parent),
    snapshot: () => null,
    restore: async () => undefined,
    query: async () => null,
  }
}

function pick(head: L1Head): L1Origin {
  const { number, hash, timestamp, baseFee, prevrandao } = head
  return { number, hash, timestamp, baseFee, prevrandao }
}

const createSilent: RoleFactory = async () => ({
  step: async () => [],
  digest: () => ZERO_HASH,
  snapshot: () => null,
  restore: async () => undefined,
  query: async () => null,
})

const createDataNode: RoleFactory = async () => ({
  step: async (event) => {
    if (event.type !== 'da.fetch') return []
    const { index, columns } = event.payload as { index: bigint; columns: readonly number[] }
    const all = (cellsByIndex.get(index) ?? []) as readonly Plain[]
    const cells = columns.map((column) => all[column] ?? null)
    const payload = { index, commitment: new Uint8Array(48), cells }
    return [{ kind: 'send', to: event.source, type: 'da.cells', payload }]
  },
  digest: () => ZERO_HASH,
  snapshot: () => null,
  restore: async () => undefined,
  query: async () => null,
})

interface Report {
  readonly type: string
  readonly timeMs: number
  readonly payload: Record<string, unknown>
}

interface TestWorld {
  readonly conductor: Conductor
  readonly reports: Report[]
  run(untilMs: number, isDone?: () => boolean): Promise<void>
}

const roles: Readonly<Record<string, RoleFactory>> = {
  l1: createL1Role,
  executor: createExecutorRole,
  challenger: createChallengerRole,
  committee: createCommittee,
  silent: createSilent,
  data: createDataNode,
}

async function openWorld(): Promise<TestWorld> {
  const { l1, l2, addresses: contracts, anchorRoot, inboxGenesis } = genesis
  const node = { preset: 'classroom', l2Genesis: l2, inboxGenesis, anchorRoot, contracts }
  const committee = MEMBERS.map((key) => ({ publicKey: blsPublicKey(key), weight: 1n }))
  const spec = (id: string, role: string, config: unknown): NodeSpec => ({
    id,
    role,
    config: config as Plain,
  })
  const specs = [
    spec('l1', 'l1', { preset: 'classroom', genesis: l1, contracts, subscribers: [] }),
    spec('executor-0', 'executor', { ...node, committee }),
    spec('challenger-0', 'challenger', node),
    spec('sequencer-0', 'committee', null),
    ...[1, 2, 3].map((at) => spec(`sequencer-${at}`, 'silent', null)),
    ...DATA.map((_, at) => spec(`da-${at}`, 'data', null)),
  ]
  const registry = async (role: string) => roles[role] ?? createSilent
  const host = createRoleHost({ roles: registry, hash: keccak256 })
  const reports: Report[] = []
  const conductor = await createConductor({
    seed: 7,
    nodes: specs.map((one) => ({ spec: one, host })),
    jobs: createJobRunner(async () => undefined),
    network: {
      links: [],
      fallback: { baseMs: 30, jitterMs: 20, tailPermille: 0, tailMs: 0 },
      lossPermille: 0,
      duplicatePermille: 0,
    },
    hash: keccak256,
    onTrace: (event) => {
      if (event.kind !== 'report') return
      const { type, payload, timeMs } = event as unknown as Report
      reports.push({ type, payload, timeMs })
      if (type === 'role.error') throw new Error(JSON.stringify(payload))
    },
  })
  const run = async (untilMs: number, isDone: () => boolean = () => false) => {
    for (
      let next = conductor.nextMs();
      next !== null && next < untilMs && !isDone();
      next = conductor.nextMs()
    ) {
      await conductor.step()
    }
  }
  return { conductor, reports, run }
}

const KEY = TEST_PRIVATE_KEYS[0] ?? new Uint8Array(32)
const SENDER = bytesToHex(privateKeyToAddress(KEY))
const { abi, bytecode } = DemoToken

async function sendL2(world: TestWorld, nonce: bigint, to: Hex | null, data: Hex): Promise<void> {
  const { raw } = signTransaction(
    {
      kind: 'signed',
      type: 2,
      chainId: BigInt(PARAMETERS.l2ChainId),
      nonce,
      gasLimit: 3_000_000n,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: 10n ** 9n,
      to: to === null ? null : hexToBytes(to),
      value: 0n,
      data: hexToBytes(data),
      accessList: [],
      authorizations: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
    },
    KEY,
  )
  const input = { method: 'eth_sendRawTransaction', params: [bytesToHex(raw)] }
  expect(await ask(world, 'executor-0', 'rpc', input)).toMatch(/^0x[0-9a-f]{64}$/)
}

/** Gives an input and steps the world until it is answered. */
async function ask(world: TestWorld, node: string, type: string, payload: Record<string, Plain>) {
  let isDone = false
  const reply = world.conductor.input(node, type, payload).finally(() => {
    isDone = true
  })
  while (!isDone) await world.conductor.step()
  return reply
}

async function sendTokens(world: TestWorld): Promise<void> {
  const deploy = encodeDeployData({ abi, bytecode, args: ['Token', 'T', 10n ** 24n] })
  await sendL2(world, 0n, null, deploy)
  const token = getCreateAddress({ from: SENDER, nonce: 0n })
  for (let nonce = 1n; nonce < 4n; nonce += 1n) {
    const args = [`0x${'7'.repeat(40)}`, 5n] as const
    await sendL2(world, nonce, token, encodeFunctionData({ abi, functionName: 'transfer', args }))
  }
}

const find = (world: TestWorld, type: string) => world.reports.filter((one) => one.type === type)

/** Queues a deposit of one ETH on L1. */
async function deposit(world: TestWorld): Promise<void> {
  const inbox = parseAbi(['function deposit(address to, uint64 gasLimit, bytes data) payable'])
  const args = [`0x${'9'.repeat(40)}`, 100_000n, '0x'] as const
  const data = encodeFunctionData({ abi: inbox, functionName: 'deposit', args })
  const call = { from: SENDER, to: genesis.addresses.inbox, value: '0xde0b6b3a7640000', data }
  await ask(world, 'l1', 'rpc', { method: 'eth_sendTransaction', params: [call] })
}

/** The others run as scenarios (`npm run sim`), and here on demand: each takes half a minute. */
const onDemand = it.runIf(process.env.DISPUTES !== undefined)

onDemand(
  'finalizes honest roots on every head',
  async () => {
    const world = await openWorld()
    await world.run(3_500)
    await sendTokens(world)
    await world.run(200_000, () => find(world, 'root.finalized').length > 0)
    expect(find(world, 'root.proposed')[0]?.payload).toMatchObject({ honest: true })
    expect(find(world, 'root.checked')[0]?.payload).toMatchObject({ agrees: true })
    expect(find(world, 'dispute.step')).toEqual([])
    const finalized = find(world, 'l2.head').filter(({ payload }) => payload.head === 'finalized')
    expect(finalized.length).toBeGreaterThan(0)
    await world.conductor.close()
  },
  300_000,
)

interface Case {
  readonly fraud: string
  readonly place: Record<string, string>
}

async function catchFraud({ fraud, place }: Case): Promise<void> {
  const world = await openWorld()
  await world.run(3_500)
  await deposit(world)
  await sendTokens(world)
  await ask(world, 'executor-0', 'corrupt', { fraud })
  await world.run(400_000, () => find(world, 'root.resolved').length > 0)
  const injected = find(world, 'fraud.injected')[0]?.payload
  const [step] = find(world, 'dispute.step')
  expect(step?.payload).toMatchObject({ succeeded: true, step: place })
  expect(step?.payload.step).toEqual(injected?.step)
  const [resolved] = find(world, 'root.resolved')
  expect(resolved?.payload).toMatchObject({ status: 'challengerWins' })
  await expectDetails(world, String(resolved?.payload.game), injected ?? {})
  await world.run(400_000, () => find(world, 'root.finalized').length > 0)
  expect(find(world, 'root.finalized')).not.toEqual([])
  await world.conductor.close()
}

/** Both parties show the same decisive step; the cheater also shows what it claimed. */
async function expectDetails(
  world: TestWorld,
  game: string,
  injected: Record<string, unknown>,
): Promise<void> {
  const query = (node: string) => world.conductor.query(node, 'decisiveStep', { game })
  const seen = (await query('challenger-0')) as unknown as DecisiveStepDetails
  const claimed = (await query('executor-0')) as unknown as DecisiveStepDetails
  expect(seen.step).toEqual(injected.step)
  expect(seen.honestHash).toBe(injected.honest)
  expect(['', injected.claimed]).toContain(seen.claimedHash)
  expect(claimed.claimedHash).toBe(injected.claimed)
  expect(claimed).toMatchObject({ honest: seen.honest, before: seen.before })
  expect(claimed.claimed).not.toEqual(claimed.honest)
}

it('catches a wrong SSTORE at its step, slashes it, and goes on', async () => {
  await catchFraud({ fraud: 'fraud-sstore', place: { phase: 'EXEC', opcode: 'SSTORE' } })
}, 300_000)

onDemand.each([
  { fraud: 'fraud-arithmetic', place: { phase: 'EXEC' } },
  { fraud: 'fraud-fee', place: { phase: 'TX_END' } },
  { fraud: 'fraud-skip', place: { phase: 'TX_START' } },
  { fraud: 'fraud-deposit', place: { phase: 'TX_NEXT' } },
])('catches $fraud at its step, slashes it, and goes on', catchFraud, 300_000)

onDemand(
  'loses a false challenge against an honest root',
  async () => {
    const world = await openWorld()
    await world.run(3_500)
    await sendTokens(world)
    await ask(world, 'challenger-0', 'corrupt', { fraud: 'false-challenge' })
    await world.run(400_000, () => find(world, 'root.resolved').length > 0)
    expect(find(world, 'dispute.step')[0]?.payload).toMatchObject({ succeeded: false })
    expect(find(world, 'root.resolved')[0]?.payload).toMatchObject({ status: 'defenderWins' })
    await world.conductor.close()
  },
  300_000,
)

/** L1, executor and challenger for real, with stand-ins for the committee and the data nodes. */
import { encodeDeployData, encodeFunctionData, getCreateAddress, parseAbi } from 'viem'
import { expect } from 'vitest'
import * as DemoToken from '../../../contracts/generated/DemoToken.ts'
import { createChallengerRole } from '../../challenger/challenger.ts'
import { createExecutorRole } from '../../executor/executor.ts'
import { type Conductor, createConductor } from '../../kernel/conductor.ts'
import type { NodeSpec } from '../../kernel/hostPort.ts'
import { createJobRunner } from '../../kernel/jobs.ts'
import type { Plain, RoleFactory } from '../../kernel/role.ts'
import { createRoleHost } from '../../kernel/roleHost.ts'
import { createL1Role } from '../../l1/l1.ts'
import type { DecisiveStepDetails } from '../../protocol/queries.ts'
import { blsPublicKey } from '../../rollup/bls/signature.ts'
import { bytesToHex, type Hex, hexToBytes } from '../../rollup/bytes.ts'
import type { WorldGenesis } from '../../rollup/genesisFile.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import { TEST_PRIVATE_KEYS } from '../../rollup/keys.ts'
import { privateKeyToAddress } from '../../rollup/secp256k1.ts'
import { signTransaction } from '../../rollup/transaction/sign.ts'
import { loadGenesis } from '../genesis.ts'
import {
  createCommittee,
  createDataNode,
  createSilent,
  DATA,
  MEMBERS,
  PARAMETERS,
} from './standIns.testing.ts'

let genesis: WorldGenesis

/** Once, before any world is opened. */
export async function loadDisputeGenesis(): Promise<void> {
  genesis = await loadGenesis('classroom')
}

interface Report {
  readonly type: string
  readonly timeMs: number
  readonly payload: Record<string, unknown>
}

export interface TestWorld {
  readonly conductor: Conductor
  readonly reports: Report[]
  run(untilMs: number, isDone?: () => boolean): Promise<void>
}

const roles: Readonly<Record<string, RoleFactory>> = {
  executor: createExecutorRole,
  challenger: createChallengerRole,
  committee: createCommittee,
  silent: createSilent,
  data: createDataNode,
}

export async function openWorld(l1Role: RoleFactory = createL1Role): Promise<TestWorld> {
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
    spec('executor-0', 'executor', { ...node, rank: 0, committee }),
    spec('challenger-0', 'challenger', node),
    spec('sequencer-0', 'committee', genesis),
    ...[1, 2, 3].map((at) => spec(`sequencer-${at}`, 'silent', null)),
    ...DATA.map((_, at) => spec(`da-${at}`, 'data', null)),
  ]
  const registry = async (role: string) => (role === 'l1' ? l1Role : (roles[role] ?? createSilent))
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
      if (type === 'role.error') expect.unreachable(JSON.stringify(payload))
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
export async function ask(
  world: TestWorld,
  node: string,
  type: string,
  payload: Record<string, Plain>,
) {
  let isDone = false
  const reply = world.conductor.input(node, type, payload).finally(() => {
    isDone = true
  })
  while (!isDone) await world.conductor.step()
  return reply
}

export async function sendTokens(world: TestWorld): Promise<void> {
  const deploy = encodeDeployData({ abi, bytecode, args: ['Token', 'T', 10n ** 24n] })
  await sendL2(world, 0n, null, deploy)
  const token = getCreateAddress({ from: SENDER, nonce: 0n })
  for (let nonce = 1n; nonce < 4n; nonce += 1n) {
    const args = [`0x${'7'.repeat(40)}`, 5n] as const
    await sendL2(world, nonce, token, encodeFunctionData({ abi, functionName: 'transfer', args }))
  }
}

export const find = (world: TestWorld, type: string) =>
  world.reports.filter((one) => one.type === type)

/** Queues a deposit of one ETH on L1. */
export async function deposit(world: TestWorld): Promise<void> {
  const inbox = parseAbi(['function deposit(address to, uint64 gasLimit, bytes data) payable'])
  const args = [`0x${'9'.repeat(40)}`, 100_000n, '0x'] as const
  const data = encodeFunctionData({ abi: inbox, functionName: 'deposit', args })
  const call = { from: SENDER, to: genesis.addresses.inbox, value: '0xde0b6b3a7640000', data }
  await ask(world, 'l1', 'rpc', { method: 'eth_sendTransaction', params: [call] })
}

export interface Case {
  readonly fraud: string
  readonly place: Record<string, string>
  /** Another chain than the product's own, behind the same messages. */
  readonly l1?: RoleFactory
}

export async function catchFraud({ fraud, place, l1 }: Case): Promise<void> {
  const world = await openWorld(l1)
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

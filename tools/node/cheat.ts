/** Injects a fraud and lets the world run until L1 has decided about it. */
import { encodeDeployData, encodeFunctionData, getContractAddress, type Hex } from 'viem'
import { DemoToken } from '../../contracts/generated/DemoToken.ts'
import { abi as l1BridgeAbi } from '../../contracts/generated/IL1Bridge.ts'
import { BaseError, InvalidArgumentError } from '../../workers/kernel/errors.ts'
import { FRAUDS, type FraudName } from '../../workers/protocol/faults.ts'
import type { DisputeView, Projection, StepView } from '../../workers/protocol/projection.ts'
import type { Json, World } from '../../workers/protocol/world.ts'

/** Frauds that end in a dispute. */
export type CheatName = Exclude<FraudName, 'equivocate' | 'withhold'>

/** A dispute that L1 has decided. */
export interface CaughtFraud extends DisputeView {
  /** The step that L1 executed to decide; null if the loser gave up before. */
  readonly decision: StepView | null
}

/** The fraud found no chance, or nobody disputed it, within `BOUND_MS`. */
export class FraudNotDecidedError extends BaseError {
  override name = 'FraudNotDecidedError'
}

/** Virtual time within which a fraud must be decided. */
const BOUND_MS = 1_800_000
const STRIDE_MS = 2_000
/** So often something happens that the fraud could lie about, until it has acted. */
const CHANCE_EVERY_MS = 20_000
const RECIPIENT: Hex = '0x000000000000000000000000000000000000b417'
/** Rejects with `FraudNotDecidedError`, or `InvalidArgumentError` if the fraud ends in no dispute. */
export async function cheat(world: World, name: CheatName): Promise<CaughtFraud> {
  assertDisputable(name)
  const known = new Set((await project(world)).disputes.map((dispute) => dispute.game))
  await rpc(world, 'rollup_injectFraud', [name])
  const bait = await layBait(world)
  for (let passedMs = 0; passedMs < BOUND_MS; passedMs += STRIDE_MS) {
    const { disputes, frauds } = await project(world)
    const decided = disputes.find(({ game, status }) => !known.has(game) && status !== 'running')
    if (decided !== undefined) return withDecision(decided)
    const isWaiting = frauds.some(
      ({ fraud, actedMs, over }) => fraud === name && actedMs === null && !over,
    )
    if (isWaiting && passedMs % CHANCE_EVERY_MS === 0) await giveChance(world, name, bait)
    await world.advance(STRIDE_MS)
  }
  throw new FraudNotDecidedError(
    `L1 has not decided about "${name}" within ${BOUND_MS / 1000} virtual seconds.`,
  )
}

function assertDisputable(name: string): void {
  const disputable = FRAUDS.filter(({ role }) => role === 'executor' || role === 'challenger')
  if (disputable.some((fraud) => fraud.name === name)) return
  throw new InvalidArgumentError(`"${name}" is no fraud that ends in a dispute.`, {
    metaMessages: [`Frauds that do: ${disputable.map((fraud) => fraud.name).join(', ')}`],
  })
}

function withDecision(dispute: DisputeView): CaughtFraud {
  return { ...dispute, decision: dispute.steps.find(({ succeeded }) => succeeded) ?? null }
}

/** What observers see now. */
async function project(world: World): Promise<Projection> {
  let seen: Partial<Projection> = {}
  const stop = await world.subscribe((patch) => {
    seen = { ...seen, ...patch }
  })
  stop()
  return seen as Projection
}

/** What a fraud may lie about: a deposit, and a token's transfer with sums, an SSTORE and a fee. */
interface Bait {
  readonly owner: Hex
  readonly token: Hex
}

async function layBait(world: World): Promise<Bait> {
  const accounts = (await rpc(world, 'eth_accounts', [])) as readonly Hex[]
  const owner = accounts.at(-1) as Hex
  const { abi, bytecode } = DemoToken
  const data = encodeDeployData({ abi, bytecode, args: ['Bait', 'BAIT', 10n ** 18n] })
  const nonce = (await rpc(world, 'eth_getTransactionCount', [owner, 'pending'])) as Hex
  await rpc(world, 'eth_sendTransaction', [{ from: owner, data, nonce }])
  return { owner, token: getContractAddress({ from: owner, nonce: BigInt(nonce) }) }
}

async function giveChance(world: World, name: CheatName, { owner, token }: Bait): Promise<void> {
  if (name === 'fraud-deposit') {
    const { l1Bridge } = (await rpc(world, 'rollup_contracts', [])) as { readonly l1Bridge: Hex }
    const data = encodeFunctionData({
      abi: l1BridgeAbi,
      functionName: 'depositETH',
      args: [owner, 100_000n],
    })
    const deposit = { from: owner, to: l1Bridge, value: '0x1', data }
    await world.rpc('l1', { method: 'eth_sendTransaction', params: [deposit] })
    return
  }
  const data = encodeFunctionData({
    abi: DemoToken.abi,
    functionName: 'transfer',
    args: [RECIPIENT, 1n],
  })
  await rpc(world, 'eth_sendTransaction', [{ from: owner, to: token, data }])
}

function rpc(world: World, method: string, params: readonly Json[]): Promise<Json> {
  return world.rpc('l2', { method, params })
}

/** Bytes and gas of one engagement action by size of the batch, on L2 as genesis leaves it; signatures are real, all are recovered on chain. */
import { concatHex, encodeFunctionData, type Hex, hexToBytes, size } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import {
  encodeBatch,
  type Group,
  micro,
  move,
  signGroup,
  social,
} from '../contracts/test/persona/batch.ts'
import {
  createPersona,
  type Persona,
  personOf,
  signSession,
} from '../contracts/test/persona/persona.ts'
import { type BenchOptions, MeasurementError, type Report } from './figure.ts'

const TRANSACTION_GAS = 21_000n
const TRANSACTION_GAS_MAX = 16_777_216n
const EPOCH_SECONDS = 3_600
/** EIP-7623: floor of 10 gas a token; a zero byte is one token, another four. */
const FLOOR_PER_TOKEN = 10n

interface Shape {
  readonly sessions: number
  readonly each: number
}

const SHAPES: readonly Shape[] = [
  { sessions: 1, each: 1 },
  { sessions: 10, each: 10 },
  { sessions: 40, each: 50 },
  { sessions: 200, each: 10 },
  { sessions: 2, each: 1_000 },
]

interface Stage {
  readonly persona: Persona
  readonly campaign: bigint
  readonly deadline: bigint
  readonly key: PrivateKeyAccount
  /** Actions that each session did before. */
  readonly used: Map<number, number>
}

export async function measurePersonaActions(
  { isQuick }: BenchOptions,
  report: Report,
): Promise<void> {
  const stage = await prepare(isQuick ? 10 : 200)
  for (const shape of SHAPES) {
    if (shape.sessions > (isQuick ? 10 : 200)) continue
    const name = `${shape.sessions * shape.each} actions, ${shape.each} under one signature`
    await report.attempt(name, () => measureShape(stage, shape, name, report))
  }
}

async function prepare(people: number): Promise<Stage> {
  const persona = await createPersona()
  const { chain, contracts } = persona
  const campaign = await persona.campaign({ epochSeconds: EPOCH_SECONDS })
  const deadline = chain.timestamp() + BigInt(EPOCH_SECONDS) - 1n
  const key = personOf(100_000)
  for (let i = 0; i < people; i++) {
    const passport = await persona.mint(personOf(i))
    const terms = { campaign, key: key.address, allowance: 100_000n, expiry: deadline, nonce: 0n }
    const session = { ...terms, passport }
    const signature = await signSession(personOf(i), session)
    await chain.send(contracts.engagements, 'openSession', [session, signature])
  }
  return { persona, campaign, deadline, key, used: new Map() }
}

async function measureShape(
  stage: Stage,
  shape: Shape,
  name: string,
  report: Report,
): Promise<void> {
  const { chain, contracts } = stage.persona
  const groups: Group[] = []
  for (let i = 0; i < shape.sessions; i++) groups.push(await groupOf(stage, i, shape))
  const batch = encodeBatch(stage.campaign, stage.deadline, groups)
  const { result, gasUsed } = await chain.send(contracts.engagements, 'submit', [batch])
  const [recorded, refused] = result as [bigint, bigint]
  const actions = shape.sessions * shape.each
  if (recorded !== BigInt(actions) || refused !== 0n)
    throw new MeasurementError(`${recorded} of ${actions} actions were recorded.`)
  const { abi } = contracts.engagements
  const data = encodeFunctionData({ abi, functionName: 'submit', args: [batch] })
  const gas = transactionGas(data, gasUsed)
  if (gas > TRANSACTION_GAS_MAX) throw new MeasurementError(`The batch takes ${gas} gas.`)
  const note =
    'a third each of micro-rewards, moves and social actions; calldata and 21,000 included'
  const peer = { name: 'ten actions under one session signature, as designed', value: 8.7 }
  const bytes = size(data) / actions
  report.figure({
    name: `Bytes per action: ${name}`,
    unit: 'B',
    value: bytes,
    peer,
    note: 'calldata of the whole call',
  })
  report.figure({
    name: `L2 gas per action: ${name}`,
    unit: 'gas',
    value: Number(gas) / actions,
    note,
  })
}

async function groupOf(stage: Stage, index: number, { each }: Shape): Promise<Group> {
  const people = 10n
  const own = BigInt(index + 1)
  const actions = Array.from({ length: each }, (_, i): Hex => {
    if (i % 3 === 0) return micro(i % 32)
    if (i % 3 === 1) return move(i % 4, 1 + (i % 8))
    const target = 1n + (BigInt(i + index) % people)
    return social(target === own ? 1n + (target % people) : target)
  })
  const nonce = stage.used.get(index) ?? 0
  stage.used.set(index, nonce + each)
  const { campaign, deadline } = stage
  const message = {
    passport: own,
    actions: concatHex(actions),
    campaign,
    nonce: BigInt(nonce),
    deadline,
  }
  return signGroup(own, stage.key, message)
}

/** Execution, 21,000, and calldata at 4 gas a token, or the floor if that is more. */
function transactionGas(data: Hex, execution: bigint): bigint {
  const bytes = hexToBytes(data)
  const zeros = bytes.filter((byte) => byte === 0).length
  const tokens = BigInt(zeros + 4 * (bytes.length - zeros))
  const floor = TRANSACTION_GAS + FLOOR_PER_TOKEN * tokens
  const usual = TRANSACTION_GAS + 4n * tokens + execution
  return usual > floor ? usual : floor
}

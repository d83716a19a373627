/**
 * The project's proof: the whole main job on real input through one door (the page's provider, the bridge, or headless).
 * Deposit, deploy, transact, finalize, cheat, catch, go on, withdraw; and the books add up before and after.
 */
import {
  type Address,
  custom,
  defineChain,
  encodeDeployData,
  type Hash,
  type Hex,
  parseEther,
} from 'viem'
import { DemoToken } from '../../contracts/generated/DemoToken.ts'
import { testAccount } from './accounts.ts'
import {
  depositEth,
  depositToken,
  finalizeWithdrawal,
  proveWithdrawal,
  type Request,
  withdrawEth,
  withdrawToken,
} from './bridge.ts'
import {
  type Clients,
  createClients,
  type Dapp,
  deployDapp,
  runSwaps,
  runTransfers,
  type Sender,
  succeeded,
  transferData,
} from './dapp.ts'

export interface Doors {
  readonly l1: Request
  readonly l2: Request
  /** Called with a sentence as each step is done. */
  readonly say: (line: string) => void
}

export interface ProofResult {
  readonly transactions: number
  readonly decidedBy: { readonly phase: string; readonly opcode: string }
}

interface World {
  readonly l1: Clients
  readonly l2: Clients
  readonly doors: Doors
  readonly bridge: Address
  readonly owner: { readonly l1: Sender; readonly l2: Sender }
}

interface Tokens {
  readonly l1: Address
  readonly l2: Address
}

const DEPOSIT_WEI = parseEther('5')
const WITHDRAWN_WEI = parseEther('1')
const TOKENS_IN = parseEther('100')
const TOKENS_OUT = parseEther('10')
/** Virtual seconds after which a step of the proof counts as failed. */
const PATIENCE_SECONDS = 1_200
const STRIDE_SECONDS = 10

/** Runs the proof and throws at the first thing that does not hold. */
export async function runProof(doors: Doors): Promise<ProofResult> {
  const world = await openWorld(doors)
  await deposit(world)
  const tokens = await bridgeTokens(world)
  const dapp = await deployDapp(world.l2, world.owner.l2)
  doors.say('an ERC-20 and Uniswap v2 are deployed on L2')
  const transfers = await runTransfers(world.l2, world.owner.l2, dapp)
  const swaps = await runSwaps(world.l2, world.owner.l2, dapp)
  doors.say(`${transfers.length} transfers and ${swaps.length} swaps succeeded`)
  await included(world, 'safe', [...transfers, ...swaps])
  await included(world, 'finalized', [...transfers, ...swaps])
  const before = await readBooks(world, dapp, tokens)
  const decidedBy = await cheat(world, dapp)
  await withdraw(world, tokens)
  const after = await readBooks(world, dapp, tokens)
  equal('DEMO supply on L2', after.demoSupply, before.demoSupply)
  equal('tokens in escrow', after.escrowedTokens, before.escrowedTokens - TOKENS_OUT)
  equal('bridged tokens on L2', after.bridgedTokens, before.bridgedTokens - TOKENS_OUT)
  equal('ETH in the bridge', after.bridgeWei, before.bridgeWei - WITHDRAWN_WEI)
  doors.say('the books add up')
  return { transactions: transfers.length + swaps.length, decidedBy }
}

async function openWorld(doors: Doors): Promise<World> {
  const clients = async (request: Request, name: string): Promise<Clients> => {
    const id = Number(await request('eth_chainId', []))
    const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 }
    const chain = defineChain({ id, name, nativeCurrency, rpcUrls: { default: { http: [] } } })
    const provider = {
      request: ({ method, params }: { method: string; params?: unknown }) =>
        request(method, (params ?? []) as readonly unknown[]),
    }
    return createClients({ chain, transport: custom(provider, { retryCount: 0 }) })
  }
  const l1 = await clients(doors.l1, 'L1')
  const l2 = await clients(doors.l2, 'L2')
  const contracts = (await doors.l1('rollup_contracts', [])) as Record<string, Address>
  const bridge = contracts.L1Bridge ?? contracts.l1Bridge
  if (!bridge)
    throw new Error(`rollup_contracts names no L1Bridge: ${Object.keys(contracts).join(', ')}`)
  const owner = { l1: await l1.sender(testAccount(0)), l2: await l2.sender(testAccount(0)) }
  return { l1, l2, doors, bridge, owner }
}

async function deposit(world: World): Promise<void> {
  const { address } = world.owner.l2.account
  const before = await world.l2.client.getBalance({ address })
  await depositEth(world.l1, world.owner.l1, world.bridge, DEPOSIT_WEI)
  await until(
    world,
    'the deposit on L2',
    async () => (await world.l2.client.getBalance({ address })) > before,
  )
  equal(
    'balance after the deposit',
    await world.l2.client.getBalance({ address }),
    before + DEPOSIT_WEI,
  )
  world.doors.say('5 ETH deposited')
}

async function bridgeTokens(world: World): Promise<Tokens> {
  const data = encodeDeployData({
    abi: DemoToken.abi,
    bytecode: DemoToken.bytecode as Hex,
    args: ['Bridged', 'BRG', parseEther('1000')],
  })
  const receipt = await succeeded(world.l1, await world.owner.l1.send({ data, gas: 3_000_000n }))
  const l1 = receipt.contractAddress as Address
  const l2 = await depositToken(world, world.owner.l1, {
    bridge: world.bridge,
    token: l1,
    amountWei: TOKENS_IN,
  })
  await until(
    world,
    'the tokens on L2',
    async () => (await world.l2.client.getCode({ address: l2 })) !== undefined,
  )
  equal('bridged tokens', await supply(world.l2, l2), TOKENS_IN)
  world.doors.say('100 tokens deposited')
  return { l1, l2 }
}

/** Waits until every transaction is in a block that the head covers. */
async function included(
  world: World,
  head: 'safe' | 'finalized',
  hashes: readonly Hash[],
): Promise<void> {
  const last = hashes.at(-1) as Hash
  const { blockNumber } = await succeeded(world.l2, last)
  await until(world, `block ${blockNumber} ${head}`, async () => {
    const block = await world.l2.client.getBlock({ blockTag: head })
    return block.number >= blockNumber
  })
  for (const hash of hashes) await succeeded(world.l2, hash)
  world.doors.say(`everything is ${head}`)
}

interface DisputeView {
  readonly game: string
  readonly status: string
  readonly steps: readonly {
    readonly succeeded: boolean
    readonly step: { readonly phase: string; readonly opcode: string }
  }[]
}

async function cheat(world: World, dapp: Dapp): Promise<ProofResult['decidedBy']> {
  await world.doors.l2('rollup_injectFraud', ['fraud-sstore'])
  const to = testAccount(1).address
  const cheated = await world.owner.l2.send({
    to: dapp.token,
    data: transferData(to, parseEther('7')),
    gas: 80_000n,
  })
  await succeeded(world.l2, cheated)
  let step: ProofResult['decidedBy'] | undefined
  await until(world, 'the verdict on the fraud', async () => {
    const disputes = (await world.doors.l2('rollup_disputes', [])) as readonly DisputeView[]
    const lost = disputes.find((dispute) => dispute.status === 'challengerWins')
    step = lost?.steps.find((candidate) => candidate.succeeded)?.step
    return step !== undefined
  })
  if (!step) throw new Error('the dispute has no decisive step')
  if (step.opcode !== 'SSTORE')
    throw new Error(`the dispute ended at ${step.phase} ${step.opcode}, not at an SSTORE`)
  world.doors.say('the fraud was caught at an SSTORE and the root removed')
  await included(world, 'finalized', [cheated])
  equal('what the receiver has', await balance(world.l2, dapp.token, to), parseEther('7'))
  return step
}

async function withdraw(world: World, tokens: Tokens): Promise<void> {
  const { doors, l1, l2, bridge, owner } = world
  const withdrawals = [
    await withdrawEth(l2, owner.l2, WITHDRAWN_WEI),
    await withdrawToken(l2, owner.l2, { token: tokens.l2, amountWei: TOKENS_OUT }),
  ]
  const tokensBefore = await balance(l1, tokens.l1, owner.l1.account.address)
  for (const hash of withdrawals) {
    await until(world, `a root that holds withdrawal ${hash}`, () => provable(doors.l2, hash))
    await proveWithdrawal(doors.l2, owner.l1, l1, bridge, hash)
  }
  doors.say('1 ETH and 10 tokens are proven on L1')
  for (const hash of withdrawals) {
    await until(world, `the root of withdrawal ${hash} to be final`, async () => {
      const { final } = (await doors.l2('rollup_withdrawalProof', [hash])) as { final: boolean }
      return final
    })
    await finalizeWithdrawal(doors.l2, owner.l1, l1, bridge, hash)
  }
  equal(
    'tokens back on L1',
    await balance(l1, tokens.l1, owner.l1.account.address),
    tokensBefore + TOKENS_OUT,
  )
  doors.say('1 ETH and 10 tokens are paid on L1')
}

async function provable(l2: Request, hash: Hex): Promise<boolean> {
  try {
    await l2('rollup_withdrawalProof', [hash])
    return true
  } catch (error) {
    if ((error as { code?: number }).code === -32000) return false
    throw error
  }
}

async function readBooks(world: World, dapp: Dapp, tokens: Tokens) {
  return {
    demoSupply: await supply(world.l2, dapp.token),
    escrowedTokens: await balance(world.l1, tokens.l1, world.bridge),
    bridgedTokens: await supply(world.l2, tokens.l2),
    bridgeWei: await world.l1.client.getBalance({ address: world.bridge }),
  }
}

function supply(clients: Clients, token: Address): Promise<bigint> {
  return clients.client.readContract({
    address: token,
    abi: DemoToken.abi,
    functionName: 'totalSupply',
  })
}

function balance(clients: Clients, token: Address, of: Address): Promise<bigint> {
  return clients.client.readContract({
    address: token,
    abi: DemoToken.abi,
    functionName: 'balanceOf',
    args: [of],
  })
}

/** Fast-forwards virtual time until `holds`, at most PATIENCE_SECONDS. */
async function until(world: World, what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let seconds = 0; seconds < PATIENCE_SECONDS; seconds += STRIDE_SECONDS) {
    if (await holds()) return
    await world.doors.l2('evm_increaseTime', [STRIDE_SECONDS])
  }
  throw new Error(`${what}: not within ${PATIENCE_SECONDS} virtual seconds`)
}

function equal(what: string, actual: bigint, expected: bigint): void {
  if (actual !== expected) throw new Error(`${what} is ${actual}, expected ${expected}`)
}

import {
  type Address,
  encodeDeployData,
  encodeFunctionData,
  type Hash,
  type Hex,
  parseEther,
} from 'viem'
import { abi as tokenAbi, bytecode as tokenBytecode } from '../../contracts/generated/DemoToken.ts'
import { abi as l1BridgeAbi } from '../../contracts/generated/L1Bridge.ts'
import { abi as l2BridgeAbi } from '../../contracts/generated/L2Bridge.ts'
import { PREDEPLOYS } from '../../workers/protocol/predeploys.ts'
import type { WalletAction } from './wallet.worker.ts'
import {
  type Account,
  confirmed,
  contractAddress,
  createAccount,
  type Rpc,
  type Tell,
} from './wallet-account.ts'
import { finishWithdrawal } from './wallet-withdrawal.ts'

const actorIndex = 0
const transferCount = 50
const depositWei = parseEther('5')
const withdrawWei = parseEther('1')
const supplyWei = parseEther('1000000')

export interface Actions {
  perform(action: WalletAction): Promise<string>
  /** The demonstration's token on L2, deployed at first use. */
  token(): Promise<Address>
  forget(): void
}

/** The one-click actions: each is ordinary transactions of a test account and a sentence on what came of them. */
export function createActions(world: Rpc, tell: Tell): Actions {
  let background = new AbortController()
  let l1: Promise<Account> | null = null
  let l2: Promise<Account> | null = null
  let deployed: Promise<{ readonly address: Address; readonly block: bigint }> | null = null
  const onL1 = () => {
    l1 ??= createAccount(world, 'l1', actorIndex)
    return l1
  }
  const onL2 = () => {
    l2 ??= createAccount(world, 'l2', actorIndex)
    return l2
  }
  const deploy = () => {
    deployed = onL2().then((account) => deployToken(world, account))
    return deployed
  }
  const token = async () => {
    deployed ??= deploy()
    const { address } = await deployed
    const code = await world.rpc('l2', { method: 'eth_getCode', params: [address, 'latest'] })
    return code === '0x' ? (await deploy()).address : address
  }

  const perform = async (action: WalletAction): Promise<string> => {
    switch (action) {
      case 'deposit':
        return deposit(world, await onL1())
      case 'deploy': {
        const { address, block } = await deploy()
        return `Token ${address} lives on L2 since block ${block}.`
      }
      case 'transfers':
        return transfer(world, await onL2(), await token())
      case 'withdraw':
        return withdraw({ world, tell, signal: background.signal }, await onL2(), await onL1())
    }
  }
  const forgetAccounts = () => {
    l1 = null
    l2 = null
    deployed = null
  }
  const forget = () => {
    forgetAccounts()
    background.abort()
    background = new AbortController()
  }
  return {
    token,
    forget,
    // A world that was replaced or rolled back knows other nonces: a failed action starts afresh.
    perform: (action) =>
      perform(action).catch((error: unknown) => {
        forgetAccounts()
        throw error
      }),
  }
}

async function deposit(world: Rpc, account: Account): Promise<string> {
  const data = encodeFunctionData({
    abi: l1BridgeAbi,
    functionName: 'depositETH',
    args: [account.address, 100_000n],
  })
  const hash = await account.send({
    to: await contractAddress(world, 'l1Bridge'),
    data,
    valueWei: depositWei,
    gas: 500_000n,
  })
  const { blockNumber } = await confirmed(world, 'l1', hash)
  return `5 ETH are locked on L1 since block ${blockNumber}. They are minted on L2 with one of its next blocks.`
}

async function deployToken(
  world: Rpc,
  account: Account,
): Promise<{ readonly address: Address; readonly block: bigint }> {
  const data = encodeDeployData({
    abi: tokenAbi,
    bytecode: tokenBytecode,
    args: ['Devnet token', 'DEV', supplyWei],
  })
  const hash = await account.send({ data, gas: 3_000_000n })
  const { contractAddress: address, blockNumber } = await confirmed(world, 'l2', hash)
  if (address === null) throw new Error(`Transaction ${hash} created no contract.`)
  return { address, block: blockNumber }
}

async function transfer(world: Rpc, account: Account, token: Address): Promise<string> {
  const sent: Hash[] = []
  for (let index = 0; index < transferCount; index += 1) {
    sent.push(await account.send({ to: token, data: transferData(index), gas: 80_000n }))
  }
  const last = sent.at(-1)
  if (last === undefined) return 'Nothing was sent.'
  const { blockNumber } = await confirmed(world, 'l2', last)
  return `${transferCount} transfers are in, the last in L2 block ${blockNumber}.`
}

/** A transfer of one token to one of many addresses, so that new and old balances are written. */
export function transferData(index: number): Hex {
  const to: Address = `0x${(0x1000 + (index % 997)).toString(16).padStart(40, '0')}`
  return encodeFunctionData({
    abi: tokenAbi,
    functionName: 'transfer',
    args: [to, parseEther('1')],
  })
}

interface Background {
  readonly world: Rpc
  readonly tell: Tell
  readonly signal: AbortSignal
}

async function withdraw(background: Background, l2: Account, l1: Account): Promise<string> {
  const { world } = background
  const data = encodeFunctionData({
    abi: l2BridgeAbi,
    functionName: 'withdrawETH',
    args: [l1.address],
  })
  const hash = await l2.send({
    to: PREDEPLOYS.l2Bridge,
    data,
    valueWei: withdrawWei,
    gas: 300_000n,
  })
  const { blockNumber, logs } = await confirmed(world, 'l2', hash)
  // It tells itself how it ends, minutes later.
  void finishWithdrawal({ ...background, l1, logs })
  return `1 ETH is burnt on L2 in block ${blockNumber}. It is proven once a root covers it and paid on L1 after the dispute window.`
}

/**
 * What a dApp does on L2 in the proof: an ERC-20, Uniswap v2 from its npm artifacts, 1,000 transfers from 100 accounts and
 * 50 swaps, all by viem through whichever door the caller opened.
 */

import factoryArtifact from '@uniswap/v2-core/build/UniswapV2Factory.json' with { type: 'json' }
import routerArtifact from '@uniswap/v2-periphery/build/UniswapV2Router02.json' with {
  type: 'json',
}
import wethArtifact from '@uniswap/v2-periphery/build/WETH9.json' with { type: 'json' }
import {
  type Abi,
  type Address,
  type Chain,
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  type Hash,
  type HDAccount,
  type Hex,
  parseEther,
  type Transport,
} from 'viem'
import { DemoToken } from '../../contracts/generated/DemoToken.ts'
import { testAccount } from './accounts.ts'

const TRANSFER_GAS = 80_000n
const SWAP_GAS = 250_000n
const FEE = { maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n } as const
const HOLDER_COUNT = 100
const FIRST_HOLDER = 10

interface Artifact {
  readonly abi: Abi
  readonly bytecode?: string
  readonly evm?: { readonly bytecode: { readonly object: string } }
}

/** One account that signs locally and counts its own nonces, so that many transactions can be in flight. */
export interface Sender {
  readonly account: HDAccount
  send(transaction: { to?: Address; data?: Hex; value?: bigint; gas: bigint }): Promise<Hash>
}

export interface Dapp {
  readonly token: Address
  readonly factory: Address
  readonly router: Address
  readonly weth: Address
}

export type Clients = Awaited<ReturnType<typeof createClients>>

export function createClients(options: { chain: Chain; transport: Transport }) {
  const client = createPublicClient({ ...options, pollingInterval: 100 })
  const wallet = createWalletClient(options)
  const sender = async (account: HDAccount): Promise<Sender> => {
    let nonce = await client.getTransactionCount({ address: account.address, blockTag: 'pending' })
    return {
      account,
      send: async (transaction) => {
        const mine = nonce
        nonce += 1
        const serializedTransaction = await account.signTransaction({
          type: 'eip1559',
          chainId: options.chain.id,
          nonce: mine,
          ...FEE,
          ...transaction,
        })
        return wallet.sendRawTransaction({ serializedTransaction })
      },
    }
  }
  return { client, sender }
}

/** Deploys the token and Uniswap v2, and makes a pool of 1,000 tokens and 10 ETH. */
export async function deployDapp(clients: Clients, deployer: Sender): Promise<Dapp> {
  const owner = deployer.account.address
  const token = await deploy(clients, deployer, DemoToken as Artifact, [
    'Demo',
    'DEMO',
    parseEther('1000000'),
  ])
  const factory = await deploy(clients, deployer, factoryArtifact as unknown as Artifact, [owner])
  const weth = await deploy(clients, deployer, wethArtifact as unknown as Artifact, [])
  const router = await deploy(clients, deployer, routerArtifact as unknown as Artifact, [
    factory,
    weth,
  ])
  const approve = encodeFunctionData({
    abi: DemoToken.abi,
    functionName: 'approve',
    args: [router, 2n ** 256n - 1n],
  })
  await deployer.send({ to: token, data: approve, gas: TRANSFER_GAS })
  const addLiquidity = encodeFunctionData({
    abi: routerArtifact.abi as Abi,
    functionName: 'addLiquidityETH',
    args: [token, parseEther('1000'), 0n, 0n, owner, 2n ** 64n],
  })
  const hash = await deployer.send({
    to: router,
    data: addLiquidity,
    value: parseEther('10'),
    gas: 4_000_000n,
  })
  await succeeded(clients, hash)
  return { token, factory, router, weth }
}

/** Gives 100 accounts ETH and tokens, then each sends ten transfers of one token to the next; 1,000 in all. */
export async function runTransfers(
  clients: Clients,
  deployer: Sender,
  dapp: Dapp,
): Promise<readonly Hash[]> {
  const holders: Sender[] = []
  const funding: Hash[] = []
  for (let index = 0; index < HOLDER_COUNT; index += 1) {
    const account = testAccount(FIRST_HOLDER + index)
    funding.push(
      await deployer.send({ to: account.address, value: parseEther('0.1'), gas: 21_000n }),
    )
    const data = transferData(account.address, parseEther('100'))
    funding.push(await deployer.send({ to: dapp.token, data, gas: TRANSFER_GAS }))
  }
  await allSucceeded(clients, funding)
  for (let index = 0; index < HOLDER_COUNT; index += 1) {
    holders.push(await clients.sender(testAccount(FIRST_HOLDER + index)))
  }
  const hashes: Hash[] = []
  for (let round = 0; round < 10; round += 1) {
    for (const [index, holder] of holders.entries()) {
      const next = holders[(index + 1) % holders.length] as Sender
      const data = transferData(next.account.address, parseEther('1'))
      hashes.push(await holder.send({ to: dapp.token, data, gas: TRANSFER_GAS }))
    }
  }
  await allSucceeded(clients, hashes)
  return hashes
}

/** 50 swaps of 0.01 ETH for tokens. */
export async function runSwaps(
  clients: Clients,
  trader: Sender,
  dapp: Dapp,
): Promise<readonly Hash[]> {
  const hashes: Hash[] = []
  for (let index = 0; index < 50; index += 1) {
    const data = encodeFunctionData({
      abi: routerArtifact.abi as Abi,
      functionName: 'swapExactETHForTokens',
      args: [0n, [dapp.weth, dapp.token], trader.account.address, 2n ** 64n],
    })
    hashes.push(
      await trader.send({ to: dapp.router, data, value: parseEther('0.01'), gas: SWAP_GAS }),
    )
  }
  await allSucceeded(clients, hashes)
  return hashes
}

export function transferData(to: Address, amountWei: bigint): Hex {
  return encodeFunctionData({ abi: DemoToken.abi, functionName: 'transfer', args: [to, amountWei] })
}

export async function succeeded(clients: Clients, hash: Hash) {
  const receipt = await clients.client.waitForTransactionReceipt({ hash, timeout: 300_000 })
  if (receipt.status !== 'success') throw new Error(`transaction ${hash} reverted`)
  return receipt
}

async function allSucceeded(clients: Clients, hashes: readonly Hash[]): Promise<void> {
  for (const hash of hashes) await succeeded(clients, hash)
}

async function deploy(
  clients: Clients,
  deployer: Sender,
  artifact: Artifact,
  args: readonly unknown[],
) {
  const { encodeDeployData } = await import('viem')
  const code = artifact.bytecode ?? artifact.evm?.bytecode.object ?? ''
  const bytecode = (code.startsWith('0x') ? code : `0x${code}`) as Hex
  const data = encodeDeployData({ abi: artifact.abi, bytecode, args: [...args] })
  const receipt = await succeeded(clients, await deployer.send({ data, gas: 6_000_000n }))
  return receipt.contractAddress as Address
}

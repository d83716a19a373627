/** Deposits and withdrawals in the proof, through the same contracts and methods that any client would use. */
import { type Address, encodeFunctionData, type Hash, type Hex } from 'viem'
import { DemoToken } from '../../contracts/generated/DemoToken.ts'
import { L1Bridge } from '../../contracts/generated/L1Bridge.ts'
import { L2Bridge } from '../../contracts/generated/L2Bridge.ts'
import { TokenFactory } from '../../contracts/generated/TokenFactory.ts'
import { finalizeCall, proveCall, withdrawalHashes } from '../../sdk/withdrawals.ts'
import { PREDEPLOYS } from '../../workers/protocol/predeploys.ts'
import type { WithdrawalProof } from '../../workers/protocol/withdrawal.ts'
import { type Clients, type Sender, succeeded } from './dapp.ts'

/** Any JSON-RPC method of a door. */
export type Request = (method: string, params: readonly unknown[]) => Promise<unknown>

/** Deposits ETH from L1 and returns the L1 transaction. */
export async function depositEth(
  l1: Clients,
  sender: Sender,
  bridge: Address,
  amountWei: bigint,
): Promise<Hash> {
  const data = encodeFunctionData({
    abi: L1Bridge.abi,
    functionName: 'depositETH',
    args: [sender.account.address, 100_000n],
  })
  const hash = await sender.send({ to: bridge, data, value: amountWei, gas: 500_000n })
  await succeeded(l1, hash)
  return hash
}

/** Escrows tokens on L1 and returns the address of the token on L2. */
export async function depositToken(
  doors: { l1: Clients; l2: Clients },
  sender: Sender,
  options: { bridge: Address; token: Address; amountWei: bigint },
): Promise<Address> {
  const approve = encodeFunctionData({
    abi: DemoToken.abi,
    functionName: 'approve',
    args: [options.bridge, options.amountWei],
  })
  await succeeded(doors.l1, await sender.send({ to: options.token, data: approve, gas: 100_000n }))
  const gasLimit = await doors.l1.client.readContract({
    address: options.bridge,
    abi: L1Bridge.abi,
    functionName: 'minimumTokenGas',
  })
  const data = encodeFunctionData({
    abi: L1Bridge.abi,
    functionName: 'depositERC20',
    args: [options.token, sender.account.address, options.amountWei, gasLimit],
  })
  await succeeded(doors.l1, await sender.send({ to: options.bridge, data, gas: 1_000_000n }))
  return doors.l2.client.readContract({
    address: PREDEPLOYS.tokenFactory,
    abi: TokenFactory.abi,
    functionName: 'tokenOf',
    args: [options.token],
  })
}

/** Begins the withdrawal of ETH on L2; returns its hash. */
export async function withdrawEth(l2: Clients, sender: Sender, amountWei: bigint): Promise<Hex> {
  const data = encodeFunctionData({
    abi: L2Bridge.abi,
    functionName: 'withdrawETH',
    args: [sender.account.address],
  })
  return withdrawalOf(
    l2,
    await sender.send({ to: PREDEPLOYS.l2Bridge, data, value: amountWei, gas: 300_000n }),
  )
}

/** Begins the withdrawal of a bridged token on L2; returns its hash. */
export async function withdrawToken(
  l2: Clients,
  sender: Sender,
  options: { token: Address; amountWei: bigint },
): Promise<Hex> {
  const data = encodeFunctionData({
    abi: L2Bridge.abi,
    functionName: 'withdrawERC20',
    args: [options.token, sender.account.address, options.amountWei],
  })
  return withdrawalOf(l2, await sender.send({ to: PREDEPLOYS.l2Bridge, data, gas: 500_000n }))
}

/** Proves a withdrawal on L1 against a proposed root. */
export async function proveWithdrawal(
  l2: Request,
  sender: Sender,
  l1: Clients,
  bridge: Address,
  hash: Hex,
): Promise<void> {
  const data = proveCall((await l2('rollup_withdrawalProof', [hash])) as WithdrawalProof)
  await succeeded(l1, await sender.send({ to: bridge, data, gas: 5_000_000n }))
}

/** Pays a proven withdrawal on L1; its root must be final. */
export async function finalizeWithdrawal(
  l2: Request,
  sender: Sender,
  l1: Clients,
  bridge: Address,
  hash: Hex,
): Promise<void> {
  const proven = (await l2('rollup_withdrawalProof', [hash])) as WithdrawalProof
  const data = finalizeCall(proven, sender.account.address)
  await succeeded(l1, await sender.send({ to: bridge, data, gas: 2_000_000n }))
}

async function withdrawalOf(l2: Clients, hash: Hash): Promise<Hex> {
  const receipt = await succeeded(l2, hash)
  const [withdrawal] = withdrawalHashes(receipt.logs)
  if (!withdrawal) throw new Error(`transaction ${hash} sent no message to L1`)
  return withdrawal
}

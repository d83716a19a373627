/** Uniswap v2 and v3 as their authors compiled them, and Permit2 from genesis, used by viem on one devnet. */

import factoryV2Artifact from '@uniswap/v2-core/build/UniswapV2Factory.json' with { type: 'json' }
import pairArtifact from '@uniswap/v2-core/build/UniswapV2Pair.json' with { type: 'json' }
import routerV2Artifact from '@uniswap/v2-periphery/build/UniswapV2Router02.json' with {
  type: 'json',
}
import wethArtifact from '@uniswap/v2-periphery/build/WETH9.json' with { type: 'json' }
import factoryArtifact from '@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json' with {
  type: 'json',
}
import managerArtifact from '@uniswap/v3-periphery/artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json' with {
  type: 'json',
}
import routerArtifact from '@uniswap/v3-periphery/artifacts/contracts/SwapRouter.sol/SwapRouter.json' with {
  type: 'json',
}
import {
  type Abi,
  type Address,
  erc20Abi,
  type Hex,
  maxUint256,
  padHex,
  parseAbi,
  parseEther,
  zeroAddress,
} from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { trexL2 } from '../../sdk/viem.ts'
import { createDevnet, type Devnet } from '../devnet.ts'
import { PERMIT2 } from '../genesis/common.ts'
import { PERSONA } from '../genesis/persona.ts'
import { compiled, dappOf } from './dapp.ts'

const TEN = parseEther('10')
const DEADLINE = 2n ** 64n

let devnet: Devnet
beforeAll(async () => {
  devnet = await createDevnet()
})
afterAll(() => devnet.close())

const accountOf = (index: number) => privateKeyToAccount(devnet.accounts[index]?.privateKey as Hex)
const dapp = (name: 'l1' | 'l2', account: PrivateKeyAccount) => dappOf(devnet, name, account)

test('Uniswap v2: a pair where the router looks for it, liquidity, swaps of both kinds', async () => {
  const account = accountOf(3)
  const { deploy, write, read } = dapp('l2', account)
  const [factory, router] = [compiled(factoryV2Artifact), compiled(routerV2Artifact)]
  const weth = await deploy(compiled(wethArtifact))
  const pairs = await deploy(factory, [zeroAddress])
  const swaps = await deploy(router, [pairs, weth])
  const token = PERSONA.demoToken
  await write(token, erc20Abi, 'approve', [swaps, maxUint256])
  const { address } = account
  const liquidity = [token, TEN, 0n, 0n, address, DEADLINE]
  await write(swaps, router.abi, 'addLiquidityETH', liquidity, TEN)
  const pair = (await read(pairs, factory.abi, 'getPair', [token, weth])) as Address
  const pool = compiled(pairArtifact).abi
  const [reserve0, reserve1] = (await read(pair, pool, 'getReserves')) as [bigint, bigint]
  expect([reserve0, reserve1]).toEqual([TEN, TEN])

  const balance = async () => (await read(token, erc20Abi, 'balanceOf', [address])) as bigint
  const before = await balance()
  const one = parseEther('1')
  const buy = [0n, [weth, token], address, DEADLINE]
  await write(swaps, router.abi, 'swapExactETHForTokens', buy, one)
  // x · y = k with a fee of 0.3 %.
  const paid = one * 997n
  expect((await balance()) - before).toBe((paid * TEN) / (TEN * 1_000n + paid))
  const sell = [one / 2n, maxUint256, [token, weth], address, DEADLINE]
  await write(swaps, router.abi, 'swapTokensForExactETH', sell)
  expect(await balance()).toBeLessThan(before + one / 2n)
})

test('Uniswap v3: a pool, liquidity and a swap', async () => {
  const account = accountOf(2)
  const { deploy, write, read } = dapp('l2', account)
  const [manager, router] = [compiled(managerArtifact), compiled(routerArtifact)]
  const weth = await deploy(compiled(wethArtifact))
  const factory = await deploy(compiled(factoryArtifact))
  const positions = await deploy(manager, [factory, weth, zeroAddress])
  const swaps = await deploy(router, [factory, weth])
  const tokens = [weth, PERSONA.demoToken].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1))
  const [token0, token1] = tokens
  await write(weth, wethArtifact.abi as Abi, 'deposit', [], 2n * TEN)
  for (const token of tokens) {
    for (const spender of [positions, swaps])
      await write(token as Address, erc20Abi, 'approve', [spender, 2n * TEN])
  }
  const price = [token0, token1, 3000, 2n ** 96n]
  await write(positions, manager.abi, 'createAndInitializePoolIfNecessary', price)
  const range = { tickLower: -6000, tickUpper: 6000, recipient: account.address }
  const amounts = { amount0Desired: TEN, amount1Desired: TEN, amount0Min: 0n, amount1Min: 0n }
  const deadline = DEADLINE
  await write(positions, manager.abi, 'mint', [
    { token0, token1, fee: 3000, ...range, ...amounts, deadline },
  ])
  const balance = () => read(PERSONA.demoToken, erc20Abi, 'balanceOf', [account.address])
  const before = (await balance()) as bigint
  // The pool records its price in a second's first swap, so that an estimate in the mint's second would fall short.
  await write(swaps, router.abi, 'exactInputSingle', [
    {
      tokenIn: weth,
      tokenOut: PERSONA.demoToken,
      fee: 3000,
      recipient: account.address,
      deadline,
      amountIn: parseEther('1'),
      amountOutMinimum: parseEther('0.9'),
      sqrtPriceLimitX96: 0n,
    },
  ])
  const gained = ((await balance()) as bigint) - before
  expect(gained).toBeGreaterThan(parseEther('0.9'))
  expect(gained).toBeLessThan(parseEther('0.997'))
})

test('Permit2: a signed transfer is taken once, and by nobody else', async () => {
  const [owner, spender] = [accountOf(4), dapp('l2', accountOf(5))]
  const to = padHex('0x9e4217', { size: 20 })
  const token = PERSONA.demoToken
  await dapp('l2', owner).write(token, erc20Abi, 'approve', [PERMIT2, maxUint256])
  const permit = { permitted: { token, amount: 7n }, nonce: 0n, deadline: DEADLINE }
  const signature = await owner.signTypedData({
    domain: { name: 'Permit2', chainId: trexL2.id, verifyingContract: PERMIT2 },
    types: {
      PermitTransferFrom: [
        { name: 'permitted', type: 'TokenPermissions' },
        { name: 'spender', type: 'address' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
      TokenPermissions: [
        { name: 'token', type: 'address' },
        { name: 'amount', type: 'uint256' },
      ],
    },
    primaryType: 'PermitTransferFrom',
    message: { ...permit, spender: spender.wallet.account.address },
  })
  const abi = parseAbi([
    'function permitTransferFrom(((address token, uint256 amount) permitted, uint256 nonce, uint256 deadline) permit, (address to, uint256 requestedAmount) details, address owner, bytes signature)',
    'error InvalidSigner()',
    'error InvalidNonce()',
  ])
  const take = { address: PERMIT2, abi, functionName: 'permitTransferFrom' } as const
  const details = { to, requestedAmount: 6n }
  const args = [permit, details, owner.address, signature] as const
  const simulate = (account: Address) => spender.client.simulateContract({ ...take, account, args })
  await expect(simulate(owner.address)).rejects.toThrow('InvalidSigner')
  await spender.write(PERMIT2, abi, 'permitTransferFrom', args)
  expect(await spender.read(token, erc20Abi, 'balanceOf', [to])).toBe(6n)
  await expect(simulate(spender.wallet.account.address)).rejects.toThrow('InvalidNonce')
})

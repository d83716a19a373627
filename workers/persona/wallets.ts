/** Wallets of a passport: linked by the owner and a signature of the wallet, unlinked by the owner. The owner needs no ether. */
import { encodeFunctionData, type Hex } from 'viem'
import { abi as passportAbi } from '../../contracts/generated/IPassport.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { walletAccount } from './accounts.ts'
import { PASSPORT } from './addresses.ts'
import { readContract } from './chainPort.ts'
import { passportOf } from './setup.ts'
import { sendSponsored } from './sponsor.ts'
import type { Stage } from './stage.ts'
import { signDigest } from './typedData.ts'

const LIFE_SECONDS = 86_400
const LINK_GAS = 250_000n
const UNLINK_GAS = 200_000n

/** Links further wallets of a person in one user operation. */
export async function linkWallets(
  stage: Stage,
  person: number,
  wallets: readonly number[],
): Promise<Hex> {
  const passport = passportOf(stage.book, person)
  const first = await readContract<bigint>(stage.read, {
    address: PASSPORT,
    abi: passportAbi,
    functionName: 'nonceOf',
    args: [BigInt(passport)],
  })
  const deadline = stage.head.timestamp + LIFE_SECONDS
  const calls = wallets.map((wallet, index) => {
    const account = walletAccount(person, wallet)
    const nonce = Number(first) + index
    const terms = { passport, wallet: account.addressBytes, nonce, deadline }
    const consent = bytesToHex(signDigest(stage.digests.linkWallet(terms), account.key))
    const data = encodeFunctionData({
      abi: passportAbi,
      functionName: 'linkWallet',
      args: [BigInt(passport), account.address, BigInt(deadline), consent],
    })
    return { to: PASSPORT, data, gas: LINK_GAS } as const
  })
  return sendSponsored(stage, person, calls)
}

export function unlinkWallet(stage: Stage, person: number, wallet: Hex): Promise<Hex> {
  const data = encodeFunctionData({
    abi: passportAbi,
    functionName: 'unlinkWallet',
    args: [BigInt(passportOf(stage.book, person)), wallet],
  })
  return sendSponsored(stage, person, [{ to: PASSPORT, data, gas: UNLINK_GAS }])
}

/** Wallets of a passport: linked by two signatures and a relayer, unlinked by the owner. */
import { encodeFunctionData, type Hex } from 'viem'
import { abi as passportAbi } from '../../contracts/generated/IPassport.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { ownerAccount, RELAYER, walletAccount } from './accounts.ts'
import { PASSPORT } from './addresses.ts'
import { readContract } from './chainPort.ts'
import { passportOf } from './setup.ts'
import type { Stage } from './stage.ts'
import { signDigest } from './typedData.ts'

const LIFE_SECONDS = 86_400

/** Links a further wallet of a person. `ahead`: links sent for the same passport that are in no block yet. */
export async function linkWallet(
  stage: Stage,
  person: number,
  wallet: number,
  ahead = 0,
): Promise<Hex> {
  const passport = passportOf(stage.book, person)
  const account = walletAccount(person, wallet)
  const owner = ownerAccount(person)
  const nonce = await readContract<bigint>(stage.read, {
    address: PASSPORT,
    abi: passportAbi,
    functionName: 'nonceOf',
    args: [BigInt(passport)],
  })
  const deadline = stage.head.timestamp + LIFE_SECONDS
  const digest = stage.digests.linkWallet({
    passport,
    wallet: account.addressBytes,
    nonce: Number(nonce) + ahead,
    deadline,
  })
  const data = encodeFunctionData({
    abi: passportAbi,
    functionName: 'linkWalletFor',
    args: [
      BigInt(passport),
      account.address,
      BigInt(deadline),
      bytesToHex(signDigest(digest, owner.key)),
      bytesToHex(signDigest(digest, account.key)),
    ],
  })
  return stage.outbox.send(RELAYER, { to: PASSPORT, data, gas: 350_000n })
}

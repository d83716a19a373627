/** Random transactions of all types among a few users and contracts that call one another. For tests only. */
import fc from 'fast-check'
import { word } from '../../rollup/bytes.ts'
import { signAuthorization } from '../../rollup/transaction/sign.ts'
import type { Authorization, SignedTransaction } from '../../rollup/transaction/transaction.ts'
import { contract, sign, type TestAccount, testAccounts } from './accounts.ts'
import { randomCode } from './code.ts'

export const randomUsers = testAccounts(5)
export const randomContracts = Array.from(
  { length: 6 },
  (_, index) => `0x${'c0'.repeat(19)}0${index}`,
)

/** Makes the transaction with the next nonce of its sender, which it counts up. */
export type MakeTransaction = (nonces: bigint[]) => SignedTransaction

export const randomTransaction: fc.Arbitrary<MakeTransaction> = fc
  .record({
    type: fc.constantFrom(0, 1, 2, 4) as fc.Arbitrary<0 | 1 | 2 | 4>,
    from: fc.nat({ max: randomUsers.length - 1 }),
    target: fc.nat({ max: randomContracts.length + randomUsers.length }),
    value: fc.bigInt({ min: 0n, max: 1000n }),
    data: fc.uint8Array({ maxLength: 100 }),
    gasLimit: fc.bigInt({ min: 150_000n, max: 600_000n }),
    initcode: randomCode,
    authority: fc.nat({ max: randomUsers.length - 1 }),
    listed: fc.nat({ max: randomContracts.length - 1 }),
  })
  .map((random) => (nonces) => {
    const { type, from } = random
    const user = userAt(from)
    const nonce = takeNonce(nonces, from)
    const recipients = [
      ...randomContracts.map((address) => contract(address, '0x').address),
      ...randomUsers.map(({ address }) => address),
    ]
    const to = recipients[random.target] ?? (type === 4 ? user.address : null)
    const listed = recipients[random.listed] ?? user.address
    return sign(user, {
      type,
      nonce,
      gasLimit: random.gasLimit,
      value: random.value,
      to,
      data: to === null ? random.initcode : random.data,
      accessList: type === 0 ? [] : [{ address: listed, storageKeys: [word(0), word(1)] }],
      authorizations: type === 4 ? [authorization(random.authority, nonces, listed)] : [],
    })
  })

/** A delegation of a user to a contract, valid if the generator's idea of nonces holds. */
function authorization(index: number, nonces: bigint[], address: Uint8Array): Authorization {
  const nonce = takeNonce(nonces, index)
  return signAuthorization({ chainId: 0n, address, nonce }, userAt(index).key)
}

function userAt(index: number): TestAccount {
  const user = randomUsers[index]
  if (user === undefined) throw new RangeError(`No user ${index}.`)
  return user
}

function takeNonce(nonces: bigint[], index: number): bigint {
  const nonce = nonces[index] ?? 0n
  nonces[index] = nonce + 1n
  return nonce
}

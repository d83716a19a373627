/** Random batches of random transactions over random programs that call one another, as input of the chain engine. For tests only. */
import fc from 'fast-check'
import { contract, funded, sign, testAccounts } from '../../../chain/testing/accounts.ts'
import { randomCode } from '../../../chain/testing/code.ts'
import type { BatchBlock } from '../../batch/payload.ts'
import { bytesToHex, word } from '../../bytes.ts'
import { signAuthorization } from '../../transaction/sign.ts'
import type { Authorization } from '../../transaction/transaction.ts'
import { type EntryInput, L1_BLOCK_STUB } from './rollup.ts'

const users = testAccounts(5)
const first = users[0] ?? { key: new Uint8Array(32), address: new Uint8Array(20) }
const contractAddresses = Array.from({ length: 6 }, (_, index) => `0x${'c0'.repeat(19)}0${index}`)
const l1Block = contract('0x4200000000000000000000000000000000000015', L1_BLOCK_STUB)
const T0 = 1_767_225_600n

const randomTransaction: fc.Arbitrary<(nonces: bigint[]) => Uint8Array> = fc
  .record({
    type: fc.constantFrom(0, 1, 2, 4) as fc.Arbitrary<0 | 1 | 2 | 4>,
    from: fc.nat({ max: users.length - 1 }),
    target: fc.nat({ max: contractAddresses.length + users.length }),
    value: fc.bigInt({ min: 0n, max: 1000n }),
    data: fc.uint8Array({ maxLength: 100 }),
    gasLimit: fc.bigInt({ min: 150_000n, max: 600_000n }),
    initcode: randomCode,
    authority: fc.nat({ max: users.length - 1 }),
    listed: fc.nat({ max: contractAddresses.length - 1 }),
  })
  .map((random) => (nonces) => {
    const { type, from } = random
    const user = users[from] ?? first
    const nonce = nonces[from] ?? 0n
    nonces[from] = nonce + 1n
    const recipients = [
      ...contractAddresses.map((address) => contract(address, '0x').address),
      ...users.map(({ address }) => address),
    ]
    const to = recipients[random.target] ?? (type === 4 ? user.address : null)
    const listed = recipients[random.listed] ?? user.address
    const authorizations = type === 4 ? [authorization(random.authority, nonces, listed)] : []
    return sign(user, {
      type,
      nonce,
      gasLimit: random.gasLimit,
      value: random.value,
      to,
      data: to === null ? random.initcode : random.data,
      accessList: type === 0 ? [] : [{ address: listed, storageKeys: [word(0), word(1)] }],
      authorizations,
    }).raw
  })

/** A delegation of a user to a contract, valid if the generator's idea of nonces holds. */
function authorization(index: number, nonces: bigint[], address: Uint8Array): Authorization {
  const nonce = nonces[index] ?? 0n
  nonces[index] = nonce + 1n
  return signAuthorization({ chainId: 0n, address, nonce }, (users[index] ?? first).key)
}

export const randomEntry: fc.Arbitrary<EntryInput> = fc
  .tuple(
    fc.array(randomCode, { minLength: 6, maxLength: 6 }),
    fc.array(fc.array(randomTransaction, { maxLength: 8 }), { minLength: 1, maxLength: 3 }),
  )
  .map(([codes, blocks]) => {
    const nonces = users.map(() => 0n)
    const batch: BatchBlock[] = blocks.map((makers, index) => ({
      timestamp: T0 + BigInt(2 * index),
      inboxCount: 0n,
      transactions: makers.map((make) => make(nonces)),
    }))
    const contracts = contractAddresses.map((address, index) =>
      contract(address, bytesToHex(codes[index] ?? new Uint8Array()), 7n),
    )
    const accounts = [l1Block, ...users.map((user) => funded(user)), ...contracts]
    return { accounts, messages: [], blocks: batch }
  })

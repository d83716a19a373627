/** Random batches of random transactions over random programs that call one another, as input of the chain engine. For tests only. */
import fc from 'fast-check'
import { contract, funded } from '../../../chain/testing/accounts.ts'
import { randomCode } from '../../../chain/testing/code.ts'
import {
  randomContracts,
  randomTransaction,
  randomUsers,
} from '../../../chain/testing/randomTransaction.ts'
import type { BatchBlock } from '../../batch/payload.ts'
import { bytesToHex } from '../../bytes.ts'
import { type EntryInput, L1_BLOCK_STUB } from './rollup.ts'

const l1Block = contract('0x4200000000000000000000000000000000000015', L1_BLOCK_STUB)
const T0 = 1_767_225_600n

export const randomEntry: fc.Arbitrary<EntryInput> = fc
  .tuple(
    fc.array(randomCode, { minLength: 6, maxLength: 6 }),
    fc.array(fc.array(randomTransaction, { maxLength: 8 }), { minLength: 1, maxLength: 3 }),
  )
  .map(([codes, blocks]) => {
    const nonces = randomUsers.map(() => 0n)
    const batch: BatchBlock[] = blocks.map((makers, index) => ({
      timestamp: T0 + BigInt(2 * index),
      inboxCount: 0n,
      transactions: makers.map((make) => make(nonces).raw),
    }))
    const contracts = randomContracts.map((address, index) =>
      contract(address, bytesToHex(codes[index] ?? new Uint8Array()), 7n),
    )
    const accounts = [l1Block, ...randomUsers.map((user) => funded(user)), ...contracts]
    return { accounts, messages: [], blocks: batch }
  })

/**
 * Every byte as an opcode, in each way it can end: enough gas, too little at several points, too few and too many stack items, a
 * static frame; gas left and success are stored. The chain engine must find the same block hashes.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { contract, funded, sign, testAccounts } from '../../chain/testing/accounts.ts'
import type { GenesisAccount } from '../../chain/types.ts'
import { bytesToHex, concatBytes, hexToBytes, word } from '../bytes.ts'
import { initKeccak } from '../keccak.ts'
import { initSecp256k1 } from '../secp256k1.ts'
import { opcodePrograms } from './testing/opcodePrograms.ts'
import { executeEntry, L1_BLOCK_STUB, runEntry } from './testing/rollup.ts'
import { PHASE } from './types.ts'

const T0 = 1_767_225_600n
const CALLER = '0xca11000000000000000000000000000000000000'
const user = testAccounts(1)[0] ?? { key: new Uint8Array(32), address: new Uint8Array(20) }
const l1Block = contract('0x4200000000000000000000000000000000000015', L1_BLOCK_STUB)
const GAS = [200_000, 2, 2_310, 9_200]

beforeAll(() => Promise.all([initKeccak(), initSecp256k1()]))

describe('every opcode', () => {
  it.each([0, 1, 2, 3])(
    'does what the chain engine does, part %i of 4',
    async (part) => {
      const targets = opcodePrograms().filter((_, i) => i % 4 === part)
      const accounts: GenesisAccount[] = [
        l1Block,
        funded(user),
        { ...contract(CALLER, '0x', 10n ** 18n), code: assemble() },
        ...targets.map(({ address, code }) => contract(bytesToHex(address), bytesToHex(code), 9n)),
      ]
      let nonce = 0n
      for (let from = 0; from < targets.length; from += 70) {
        const chunk = targets.slice(from, from + 70)
        nonce = 0n
        const blocks = chunk.map(({ address }, i) => ({
          timestamp: T0 + BigInt(i),
          inboxCount: 0n,
          transactions: [...GAS.map((gas) => [gas, 0]), [200_000, 1]].map(
            ([gas = 0, isStatic = 0]) => {
              const data = concatBytes(word(gas), new Uint8Array(12), address, word(isStatic))
              return sign(user, {
                nonce: nonce++,
                to: hexToBytes(CALLER),
                gasLimit: 400_000n,
                data,
              }).raw
            },
          ),
        }))
        const executed = await executeEntry({ accounts, messages: [], blocks })
        const hashes: string[] = []
        const reached = new Set<string>()
        runEntry(executed, (before, after) => {
          if (before.phase === PHASE.BLOCK_END) hashes.push(bytesToHex(after.block.parentHash))
          if (before.frame?.depth === 1) reached.add(bytesToHex(before.frame.codeAddress))
        })
        const succeeded = executed.blocks.flatMap(({ receipts }) => receipts)
        expect(succeeded.every((receipt) => receipt.succeeded)).toBe(true)
        const expected = executed.blocks.map(({ hash }) => bytesToHex(hash))
        expect(reached.size).toBeGreaterThanOrEqual(chunk.length)
        const wrong = chunk.filter((_, i) => hashes[i] !== expected[i]).map(({ name }) => name)
        expect(wrong.slice(0, 1)).toEqual([])
      }
    },
    120_000,
  )
})

/** Calls its second word with its first word of gas, statically if the third is not 0; stores success, gas and return size. */
function assemble(): Uint8Array {
  const call = '60406000604060006001602035600035f1'
  const staticCall = '6040600060406000602035600035fa'
  const head = 4 + 2
  const staticAt = head + call.length / 2 + 3
  const storeAt = staticAt + 1 + staticCall.length / 2
  const byte = (value: number): string => value.toString(16).padStart(2, '0')
  return hexToBytes(
    `0x60403560${byte(staticAt)}57${call}60${byte(storeAt)}565b${staticCall}5b6000555a6001553d60025500`,
  )
}

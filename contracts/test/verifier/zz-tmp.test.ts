import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { contract, funded, sign, testAccounts } from '../../../workers/chain/testing/accounts.ts'
import { randomCode } from '../../../workers/chain/testing/code.ts'
import { bytesToHex, hexToBytes, word } from '../../../workers/rollup/bytes.ts'
import { initKeccak, keccak256 } from '../../../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../../../workers/rollup/secp256k1.ts'
import { hashEntry } from '../../../workers/rollup/batch/entry.ts'
import { encodeDeposit, signAuthorization } from '../../../workers/rollup/transaction/sign.ts'
import { executeEntry, L1_BLOCK_STUB } from '../../../workers/rollup/machine/testing/rollup.ts'
import { isFinished, step, isBoundary } from '../../../workers/rollup/machine/step.ts'
import { deployFamily, kindOf, verify } from './family.ts'

const users = testAccounts(5)
const first = users[0]!
const contractAddresses = Array.from({ length: 6 }, (_, index) => `0x${'c0'.repeat(19)}0${index}`)
const l1Block = contract('0x4200000000000000000000000000000000000015', L1_BLOCK_STUB)
const T0 = 1_767_225_600n
beforeAll(() => Promise.all([initKeccak(), initSecp256k1()]))
const PER = Number(process.env['PER'] ?? 12)

it('zz', async () => {
  const seen = new Map<string, number>(); const failures: string[] = []; const gas = new Map<string, bigint>()
  const samples = fc.sample(fc.tuple(fc.array(randomCode, { minLength: 6, maxLength: 6 }), fc.array(fc.tuple(fc.nat({max:4}), fc.nat({max:10}), fc.constantFrom(0,1,2,4), randomCode, fc.nat({max:4})), { minLength: 4, maxLength: 8 })), { seed: Number(process.env['SEED'] ?? 1), numRuns: Number(process.env['RUNS'] ?? 30) })
  for (const [codes, txs] of samples) {
    const nonces = users.map(() => 0n)
    const transactions = txs.map(([from, target, type, initcode, auth]) => {
      const nonce = nonces[from]!; nonces[from] = nonce + 1n
      const rec = [...contractAddresses.map((a) => hexToBytes(a)), ...users.map((u) => u.address)]
      const to = rec[target] ?? (type === 4 ? first.address : null)
      let authorizations: any[] = []
      if (type === 4) { const an = nonces[auth]!; nonces[auth] = an + 1n; authorizations = [signAuthorization({ chainId: 0n, address: rec[auth]!, nonce: an }, users[auth]!.key)] }
      return sign(users[from]!, { type: type as any, nonce, to, gasLimit: 400_000n, value: BigInt(target), data: to === null ? initcode : initcode.slice(0, 40), accessList: type === 0 ? [] : [{ address: rec[auth]!, storageKeys: [word(0), word(1)] }], authorizations }).raw
    })
    const deposits = [encodeDeposit({ sourceHash: word(1), from: first.address, to: hexToBytes(contractAddresses[0]!), mint: 5n, value: 3n, gasLimit: 200_000n, data: new Uint8Array(3) }).raw, transactions[0]!]
    const executed = await executeEntry({ accounts: [l1Block, ...users.map((u) => funded(u)), ...contractAddresses.map((a, i) => contract(a, bytesToHex(codes[i]!), 7n))], messages: deposits, blocks: [ { timestamp: T0 + 1n, inboxCount: 1n, transactions: transactions.slice(0, 3) }, { timestamp: T0 + 1n, inboxCount: 2n, transactions: [...transactions.slice(3), Uint8Array.of(9)] } ] })
    const { context } = executed
    const entryHash = bytesToHex(hashEntry(context.source.entry(1n)))
    const family = await deployFamily([('0x' + '11'.repeat(32)) as any, entryHash], deposits.map((d) => bytesToHex(keccak256(d))))
    let state = executed.start; let n = 0
    while (!isFinished(state, context)) {
      const kind = kindOf(state, context)
      if ((seen.get(kind) ?? 0) < PER) {
        seen.set(kind, (seen.get(kind) ?? 0) + 1)
        const v = await verify(family, state, context)
        if (v.transactionGas > (gas.get(kind) ?? 0n)) gas.set(kind, v.transactionGas)
        if (v.result !== v.expected) failures.push(`step ${n} ${kind}: ${v.error ?? 'another result'}`)
        if (isBoundary(state.phase)) { const w = await verify(family, state, context, 5n); if (w.result !== w.expected) failures.push('stutter ' + kind + w.error) }
      }
      state = step(state, context); n++
    }
  }
  console.log([...gas].sort().map(([k, g]) => `${k} ${seen.get(k)} ${g}`).join('\n'))
  console.log(failures.slice(0, 40).join('\n'))
  expect(failures.length).toBe(0)
}, 3_600_000)

import { beforeAll, expect, test } from 'vitest'
import { bytesToHex } from 'viem'
import { initKeccak } from '../../../workers/rollup/keccak.ts'
import { initSecp256k1, privateKeyToAddress } from '../../../workers/rollup/secp256k1.ts'
import { signTransaction } from '../../../workers/rollup/transaction/sign.ts'
import { EMPTY_ACCOUNT, EMPTY_WORLD, putCode, setAccount } from '../../../workers/rollup/trie/world.ts'
import { keccak256 } from '../../../workers/rollup/keccak.ts'
import { contextOf, EMPTY_BLOCK, startOf } from '../../../workers/rollup/machine/testing/stateTest.ts'
import { L2_RULES, type MachineState, PHASE } from '../../../workers/rollup/machine/types.ts'
import { step } from '../../../workers/rollup/machine/step.ts'
import { deployFamily, type Family, kindOf, verify } from './family.ts'
import { hexToBytes } from '../../../workers/rollup/bytes.ts'

let family: Family
beforeAll(async () => {
  await Promise.all([initKeccak(), initSecp256k1()])
  family = await deployFamily()
})

test('quick', async () => {
  const key = new Uint8Array(32).fill(5)
  const from = privateKeyToAddress(key)
  const to = new Uint8Array(20).fill(0xcc)
  const code = hexToBytes('0x6005600301600055600054600101805060005260206000206000526001600055600060005560206000a060206000f3')
  let world = setAccount(EMPTY_WORLD, from, { ...EMPTY_ACCOUNT, balance: 10n ** 20n })
  world = putCode(world, code)
  world = setAccount(world, to, { ...EMPTY_ACCOUNT, nonce: 1n, codeHash: keccak256(code) })
  const { raw } = signTransaction({ kind: 'signed', type: 2, chainId: 1n, nonce: 0n, gasLimit: 1_000_000n, maxFeePerGas: 100n, maxPriorityFeePerGas: 2n, to, value: 5n, data: new Uint8Array([1, 2, 3]), accessList: [{ address: to, storageKeys: [new Uint8Array(32)] }], authorizations: [], maxFeePerBlobGas: 0n, blobVersionedHashes: [] }, key)
  const context = contextOf(L2_RULES)
  let state: MachineState = startOf(world, EMPTY_BLOCK, raw)
  let bad = 0
  do {
    const v = await verify(family, state, context)
    const ok = v.result === v.expected
    if (!ok) bad++
    console.log(kindOf(state, context), ok ? 'ok' : `WRONG ${v.error} ${String(v.result)}`, v.gas, v.transactionGas, v.witnessSize)
    state = step(state, context)
  } while (state.phase !== PHASE.TX_NEXT)
  expect(bad).toBe(0)
  void bytesToHex
})

import { parseTransaction, recoverTransactionAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { bytesToHex, hexToBytes } from '../bytes.ts'
import {
  followHead,
  isUnderWay,
  openSender,
  RESEND_AFTER_BLOCKS,
  sendTransaction,
} from './sender.ts'

const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const ADDRESS = privateKeyToAccount(KEY).address
const ACCOUNT = { chainId: 7_331_001, privateKey: hexToBytes(KEY), address: hexToBytes(ADDRESS) }
const REQUEST = {
  label: 'propose',
  to: new Uint8Array(20).fill(7),
  data: Uint8Array.of(1, 2, 3),
  valueWei: 5n,
  gasLimit: 100_000n,
}

function head(number: bigint, nonces: readonly bigint[] = [], finalizedNumber = 0n) {
  const outcomes = nonces.map((nonce) => ({
    hash: new Uint8Array(32),
    from: ACCOUNT.address,
    nonce,
    succeeded: true,
    gasUsed: 21_000n,
  }))
  return { number, baseFee: 10n ** 9n, finalizedNumber, outcomes }
}

describe('the L1 sender', () => {
  it('signs what an independent implementation reads back', async () => {
    const { raw } = sendTransaction(openSender(3n), ACCOUNT, REQUEST)
    const serialized = bytesToHex(raw) as `0x02${string}`
    const parsed = parseTransaction(serialized)
    expect(parsed).toMatchObject({ nonce: 3, value: 5n, data: '0x010203', chainId: 7_331_001 })
    expect(await recoverTransactionAddress({ serializedTransaction: serialized })).toBe(ADDRESS)
  })

  it('counts nonces and reports results by label', () => {
    let { state } = sendTransaction(openSender(), ACCOUNT, REQUEST)
    state = sendTransaction(state, ACCOUNT, { ...REQUEST, label: 'move' }).state
    const update = followHead(state, ACCOUNT, head(1n, [0n]))
    expect(update.results.map((result) => result.label)).toEqual(['propose'])
    expect(isUnderWay(update.state, 'propose')).toBe(false)
    expect(isUnderWay(update.state, 'move')).toBe(true)
    expect(update.state.nextNonce).toBe(2n)
  })

  it('sends late transactions again with a higher fee and the same nonce', () => {
    const { state, raw } = sendTransaction(openSender(), ACCOUNT, REQUEST)
    const update = followHead(state, ACCOUNT, head(RESEND_AFTER_BLOCKS))
    const [again] = update.resend
    const first = parseTransaction(bytesToHex(raw) as `0x02${string}`)
    const second = parseTransaction(bytesToHex(again ?? raw) as `0x02${string}`)
    expect(second.nonce ?? 0).toBe(first.nonce ?? 0)
    expect(second.maxFeePerGas).toBeGreaterThan(((first.maxFeePerGas ?? 0n) * 11n) / 10n)
    const tips = [first.maxPriorityFeePerGas ?? 0n, second.maxPriorityFeePerGas ?? 0n]
    expect(tips[1]).toBeGreaterThan(((tips[0] ?? 0n) * 11n) / 10n)
  })

  it('waits again for what a reorg threw out, and forgets what is final', () => {
    const { state } = sendTransaction(openSender(), ACCOUNT, REQUEST)
    const included = followHead(state, ACCOUNT, head(5n, [0n])).state
    expect(isUnderWay(followHead(included, ACCOUNT, head(6n)).state, 'propose')).toBe(false)
    expect(isUnderWay(followHead(included, ACCOUNT, head(5n)).state, 'propose')).toBe(true)
    expect(followHead(included, ACCOUNT, head(9n, [], 5n)).state.transactions).toEqual([])
  })
})

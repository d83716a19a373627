import { mnemonicToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from './bytes.ts'
import { accountAddress, accountKey, blsKey, TEST_PRIVATE_KEYS } from './keys.ts'
import { TEST_MNEMONIC } from './parameters.ts'

describe('keys', () => {
  it('are those of the test mnemonic', () => {
    for (const [addressIndex, key] of TEST_PRIVATE_KEYS.entries()) {
      const expected = mnemonicToAccount(TEST_MNEMONIC, { addressIndex }).getHdKey().privateKey
      expect(bytesToHex(key)).toBe(bytesToHex(expected ?? new Uint8Array()))
    }
  })

  it('differ between nodes and between purposes', () => {
    const keys = ['sequencer-0', 'sequencer-1', 'da-0'].flatMap((node) => [
      accountKey(node),
      blsKey(node),
    ])
    expect(new Set(keys.map(bytesToHex)).size).toBe(keys.length)
  })

  it('never change, or every recorded share would', () => {
    expect(bytesToHex(accountAddress('executor-0'))).toMatchInlineSnapshot(
      `"0x0fe23c4cb4c2bcf1d01d11e76bcc7d9380b53542"`,
    )
    expect(bytesToHex(blsKey('sequencer-0'))).toMatchInlineSnapshot(
      `"0x067d033005be548cabf4acc3a7009bbbc1146f479da58e3c32ad6a0c9c201d08"`,
    )
  })
})

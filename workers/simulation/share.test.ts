import fc from 'fast-check'
import { expect, test } from 'vitest'
import { base64UrlToBytes, bytesToBase64Url } from './base64Url.ts'
import { decodeShare, encodeShare, type ShareContent } from './share.ts'

const content: ShareContent = {
  buildHash: 'abc',
  seed: 7,
  preset: 'demo',
  scenario: 'steady',
  timeMs: 12_345,
  eventHash: '0x12',
  inputs: [
    {
      id: 1,
      timeMs: 10,
      node: 'executor-0',
      type: 'rpc',
      payload: { method: 'eth_sendRawTransaction', params: ['0x02'] },
    },
    { id: 2, timeMs: 90, node: '@world', type: 'fault', payload: { kind: 'crash', node: 'da-3' } },
  ],
}

const fork = {
  host: '127.0.0.1:8545',
  chainId: 1,
  blockNumber: 21_000_000,
  blockHash: `0x${'ab'.repeat(32)}`,
  stateRoot: `0x${'cd'.repeat(32)}`,
  proofs: true,
}

test('a share round-trips', () => {
  expect(decodeShare(encodeShare(content), 'abc')).toEqual(content)
  const large = { ...content, codeSizeLimit: 65_536 } as const
  expect(decodeShare(encodeShare(large), 'abc')).toEqual(large)
  const forked = { ...content, fork }
  expect(decodeShare(encodeShare(forked), 'abc')).toEqual(forked)
})

test('a share of another build or version says so', () => {
  expect(() => decodeShare(encodeShare(content), 'other')).toThrow(
    expect.objectContaining({ name: 'ForeignBuildError' }),
  )
  expect(() => decodeShare('trex2.AAAA', 'abc')).toThrow(
    expect.objectContaining({ name: 'ForeignBuildError' }),
  )
})

test('a share with one letter changed, cut or foreign is a typed error or another valid share, never a crash', () => {
  const text = encodeShare(content)
  fc.assert(
    fc.property(
      fc.nat(text.length - 1),
      fc.constantFrom(...'Aa0_-!é '),
      fc.boolean(),
      (at, letter, cut) => {
        const altered = cut ? text.slice(0, at) : text.slice(0, at) + letter + text.slice(at + 1)
        try {
          decodeShare(altered, 'abc')
        } catch (error) {
          expect(['InvalidShareError', 'ForeignBuildError']).toContain((error as Error).name)
        }
      },
    ),
  )
})

test('names the field that is wrong', () => {
  const wrong = encodeShare({ ...content, preset: 'fast' as never })
  expect(() => decodeShare(wrong, 'abc')).toThrow('Field "preset"')
  expect(() => decodeShare(encodeShare({ ...content, seed: -1 }), 'abc')).toThrow('Field "seed"')
  const limit = encodeShare({ ...content, codeSizeLimit: 65_537 as never })
  expect(() => decodeShare(limit, 'abc')).toThrow(
    '"codeSizeLimit" of the share must be 24576 or 65536',
  )
  const forked = (change: object) => encodeShare({ ...content, fork: { ...fork, ...change } })
  expect(() => decodeShare(forked({ stateRoot: '0xcd' }), 'abc')).toThrow('"stateRoot"')
  expect(() => decodeShare(forked({ proofs: 1 }), 'abc')).toThrow('"fork.proofs"')
  expect(() => decodeShare(forked({ blockNumber: -1 }), 'abc')).toThrow('"blockNumber"')
})

test('base64url round-trips every byte string and equals Node', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = bytesToBase64Url(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64url'))
      expect(base64UrlToBytes(text)).toEqual(bytes)
    }),
  )
})

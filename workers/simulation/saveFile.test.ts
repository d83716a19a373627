import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeSave, freshSave } from './saveFile.ts'

const options = { seed: 7, preset: 'classroom', scenario: 'quiet' } as const
const file = freshSave('a build', options)

test('a saved world comes back as it was', () => {
  expect(decodeSave(file, 'a build')).toMatchObject({ options, timeMs: 0, state: null })
})

test('one flipped bit anywhere, or a cut, is noticed', () => {
  fc.assert(
    fc.property(fc.nat(file.length * 8 - 1), (bit) => {
      const damaged = file.slice()
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => decodeSave(damaged, 'a build')).toThrow('checksum')
    }),
  )
  for (const length of [0, 1, 4, file.length - 1]) {
    expect(() => decodeSave(file.subarray(0, length), 'a build')).toThrow('checksum')
  }
})

test('another build is named, not taken for damage', () => {
  expect(() => decodeSave(file, 'another')).toThrow('saved by another build')
})

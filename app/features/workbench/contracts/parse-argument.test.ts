import fc from 'fast-check'
import { type AbiParameter, decodeAbiParameters, encodeAbiParameters } from 'viem'
import { describe, expect, it } from 'vitest'
import { parseArgument } from './parse-argument.ts'

const of = (type: string, name = 'it'): AbiParameter => ({ type, name })
const address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const pair = {
  type: 'tuple',
  name: 'pair',
  components: [of('uint256', 'amount'), of('address', 'to')],
} as AbiParameter

describe('an argument as typed', () => {
  it.each([
    ['uint8', '255', 255n],
    ['int8', '-128', -128n],
    ['uint256', '0xff', 255n],
    ['uint256', '1_000', 1_000n],
    ['bool', 'true', true],
    ['address', address, address],
    ['bytes', '0x', '0x'],
    ['bytes2', '0xabcd', '0xabcd'],
    ['string', 'two words', 'two words'],
    [
      'uint256[]',
      '[1, "2", 115792089237316195423570985008687907853269984665640564039457584007913129639935]',
      [1n, 2n, 2n ** 256n - 1n],
    ],
    ['bool[2]', '[true, false]', [true, false]],
  ])('%s %s', (type, text, value) => {
    expect(parseArgument(of(type), text)).toEqual(value)
  })

  it.each([
    ['uint8', '256', 'it goes from 0 to 2^8 − 1.'],
    ['int8', '128', 'it goes from −2^7 to 2^7 − 1.'],
    ['uint256', '-1', 'it goes from 0 to 2^256 − 1.'],
    ['uint256', '', 'it is an integer.'],
    ['uint256', '1.5', 'it is an integer.'],
    ['bool', 'yes', 'it is true or false.'],
    ['address', address.slice(0, -1), 'it is an address: 0x and 40 hexadecimal digits.'],
    ['bytes', '0xabc', 'it is hexadecimal: 0x and whole bytes.'],
    ['bytes2', '0xab', 'it is hexadecimal: 0x and 4 digits.'],
    ['uint8[]', '1', 'it is a JSON array.'],
    ['uint8[]', '[1, 256]', 'it[1] goes from 0 to 2^8 − 1.'],
    ['bool[2]', '[true]', 'it takes exactly 2 values.'],
  ])('%s refuses %s', (type, text, message) => {
    expect(() => parseArgument(of(type), text)).toThrow(message)
  })

  it('reads a tuple by names or in order', () => {
    const wanted = { amount: 5n, to: address }
    expect(parseArgument(pair, `{"amount": 5, "to": "${address}"}`)).toEqual(wanted)
    expect(parseArgument(pair, `[5, "${address}"]`)).toEqual(wanted)
    expect(() => parseArgument(pair, '{"amount": 5}')).toThrow('pair.to is missing')
    expect(() => parseArgument(pair, '[5]')).toThrow('a JSON object or array of 2')
  })

  it('keeps every integer whole through the coding of the ABI', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })), (values) => {
        const parameters = [of('uint256[]')]
        const read = parseArgument(of('uint256[]'), `[${values.join(', ')}]`)
        expect(decodeAbiParameters(parameters, encodeAbiParameters(parameters, [read]))).toEqual([
          values,
        ])
      }),
    )
  })
})

/** Deterministic pseudo-random numbers: integers only, so every engine draws the same sequence. */
import { InvalidArgumentError } from './errors.ts'
import { utf8Encode } from './utf8.ts'

export interface Rng {
  /** Uniform integer in [0, 2^32). */
  nextUint32(): number
  /** Uniform integer in [0, bound), 1 ≤ bound ≤ 2^32, without modulo bias. */
  nextBelow(bound: number): number
  /** `size` uniform bytes. */
  nextBytes(size: number): Uint8Array
  /** The generator's state, for snapshots. */
  state(): readonly number[]
}

/** A generator seeded by any text or integer; equal seeds draw equal sequences. Not cryptographic. */
export function createRng(seed: string | number | bigint): Rng {
  return restoreRng(expandSeed(hashSeed(String(seed))))
}

/** A generator of its own for `name`, independent of every other name's: `deriveRng(7n, 'link:a>b')`. */
export function deriveRng(seed: string | number | bigint, name: string): Rng {
  return createRng(`${seed}/${name}`)
}

/** A generator that continues from `state()`. Throws `InvalidArgumentError` unless it is four words, not all zero. */
export function restoreRng(state: readonly number[]): Rng {
  const words = Uint32Array.from(state)
  if (words.length !== 4 || words.every((word) => word === 0)) {
    throw new InvalidArgumentError('Generator state must be four 32-bit words, not all zero.')
  }
  return xoshiro128StarStar(words)
}

/** Blackman and Vigna, "Scrambled linear pseudorandom number generators", xoshiro128**. */
function xoshiro128StarStar(s: Uint32Array): Rng {
  const nextUint32 = (): number => {
    const [s0, s1, s2, s3] = s as unknown as [number, number, number, number]
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0
    const t2 = s2 ^ s0
    const t3 = s3 ^ s1
    s[1] = s1 ^ t2
    s[0] = s0 ^ t3
    s[2] = t2 ^ (s1 << 9)
    s[3] = rotateLeft(t3, 11)
    return result
  }
  const nextBelow = (bound: number): number => {
    if (!Number.isInteger(bound) || bound < 1 || bound > 0x1_0000_0000) {
      throw new InvalidArgumentError(`Bound must be an integer from 1 to 2^32, is ${bound}.`)
    }
    // Draws above the largest multiple of `bound` are rejected: at most half of them, so the loop ends soon.
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % bound)
    let drawn = nextUint32()
    while (drawn >= limit) drawn = nextUint32()
    return drawn % bound
  }
  const nextBytes = (size: number): Uint8Array => {
    const bytes = new Uint8Array(size)
    for (let at = 0; at < size; at += 4) {
      const word = nextUint32()
      for (let i = 0; i < 4 && at + i < size; i++) bytes[at + i] = word >>> (8 * i)
    }
    return bytes
  }
  return { nextUint32, nextBelow, nextBytes, state: () => Array.from(s) }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

const MASK_64 = 0xffff_ffff_ffff_ffffn

/** FNV-1a, 64 bits, over UTF-8. */
function hashSeed(text: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n
  for (const byte of utf8Encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x100_0000_01b3n) & MASK_64
  }
  return hash
}

/** splitmix64, twice: four words that are never all zero in practice, and never by construction of the last. */
function expandSeed(seed: bigint): number[] {
  const first = splitmix64((seed + 0x9e37_79b9_7f4a_7c15n) & MASK_64)
  const second = splitmix64((seed + 2n * 0x9e37_79b9_7f4a_7c15n) & MASK_64)
  const words = [first >> 32n, first & 0xffff_ffffn, second >> 32n, second & 0xffff_ffffn].map(
    Number,
  )
  return words.every((word) => word === 0) ? [1, 0, 0, 0] : words
}

function splitmix64(seed: bigint): bigint {
  let z = seed
  z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK_64
  z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK_64
  return z ^ (z >> 31n)
}

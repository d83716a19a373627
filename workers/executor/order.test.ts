import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OrderedBlock } from '../protocol/messages.ts'
import { voteDigest } from '../rollup/bls/digests.ts'
import { blsAggregate, blsPublicKey, blsSecretKey, blsSign } from '../rollup/bls/signature.ts'
import { utf8ToBytes, ZERO_HASH } from '../rollup/bytes.ts'
import { checkCertificate, EMPTY_ORDER, fileOrdered, hashOrderedBlock } from './order.ts'

const ORIGIN = { number: 1n, hash: ZERO_HASH, timestamp: 1n, baseFee: 1n, prevrandao: ZERO_HASH }

function chain(length: number): readonly OrderedBlock[] {
  const blocks: OrderedBlock[] = []
  let parent = ZERO_HASH
  for (let at = 0; at < length; at += 1) {
    const view = BigInt(2 * at + 1)
    const block = { view, parent, proposer: 0, batchIndex: 1n, origin: ORIGIN, blocks: [] }
    blocks.push(block)
    parent = hashOrderedBlock(block)
  }
  return blocks
}

describe('the finalized order', () => {
  it('is taken in order, whatever the order of arrival and however often', () => {
    const blocks = chain(8)
    const arrivals = fc
      .shuffledSubarray([...blocks.keys()], { minLength: 8, maxLength: 8 })
      .chain((order) => fc.constant([...order, ...order]))
    fc.assert(
      fc.property(
        arrivals,
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        (order, finals) => {
          let state = EMPTY_ORDER
          const taken: OrderedBlock[] = []
          for (const at of order) {
            const block = blocks[at]
            if (!block || block.view <= state.tipView) continue
            const update = fileOrdered(state, { block, isFinal: at === 7 || finals[at] === true })
            state = update.order
            taken.push(...update.taken)
          }
          expect(taken).toEqual(blocks)
          expect(state.waiting.size).toBe(0)
        },
      ),
    )
  })

  it('waits for what is missing, and says from which view on', () => {
    const [first, second, third] = chain(3)
    if (!first || !second || !third) return
    const gap = fileOrdered(EMPTY_ORDER, { block: third, isFinal: true })
    expect(gap.taken).toEqual([])
    expect(gap.missingFrom).toBe(1n)
    const half = fileOrdered(gap.order, { block: first, isFinal: false })
    expect(half.taken).toEqual([])
    expect(fileOrdered(half.order, { block: second, isFinal: false }).taken).toHaveLength(3)
  })

  it('needs the certificate of a quorum', () => {
    const [block] = chain(1)
    if (!block) return
    const keys = [0, 1, 2, 3].map((index) => blsSecretKey(utf8ToBytes(`test ${index}`)))
    const committee = { publicKeys: keys.map(blsPublicKey), weights: [1n, 1n, 1n, 1n] }
    const certify = (kind: 'finalize' | 'notarize' | 'nullify', count: number) => {
      const digest = voteDigest({ kind, view: block.view, block: hashOrderedBlock(block) })
      const votes = keys.slice(0, count).map((key) => blsSign(digest, key))
      const signature = blsAggregate(votes) ?? new Uint8Array(96)
      return { signers: 2 ** count - 1, signature }
    }
    expect(checkCertificate(block, certify('finalize', 3), committee)?.isFinal).toBe(true)
    expect(checkCertificate(block, certify('notarize', 3), committee)?.isFinal).toBe(false)
    expect(checkCertificate(block, certify('nullify', 3), committee)).toBeNull()
    expect(checkCertificate(block, certify('finalize', 2), committee)).toBeNull()
    const forged = { ...certify('finalize', 3), signers: 0b1110 }
    expect(checkCertificate(block, forged, committee)).toBeNull()
    expect(
      checkCertificate({ ...block, proposer: 1 }, certify('finalize', 3), committee),
    ).toBeNull()
  })
})

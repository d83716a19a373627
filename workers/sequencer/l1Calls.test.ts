import { type Abi, decodeFunctionData, toEventSelector, toFunctionSelector } from 'viem'
import { describe, expect, it } from 'vitest'
import { abi as inbox } from '../../contracts/generated/IInbox.ts'
import { abi as registry } from '../../contracts/generated/ISequencerRegistry.ts'
import { blsSecretKey, blsSign } from '../rollup/bls/signature.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { committeeAbi, encodePostBatch } from './l1Calls.ts'
import { registryAbi } from './l1Chain.ts'

const fill = (byte: number, size = 32) => new Uint8Array(size).fill(byte)

describe('calls to L1', () => {
  it('have the selectors of the compiled interfaces', () => {
    const compiled = [...(inbox as Abi), ...(registry as Abi)]
    const selectors = compiled.flatMap((item) =>
      item.type === 'function' ? [toFunctionSelector(item)] : [],
    )
    const topics = compiled.flatMap((item) =>
      item.type === 'event' ? [toEventSelector(item)] : [],
    )
    for (const item of committeeAbi) expect(selectors).toContain(toFunctionSelector(item))
    for (const item of registryAbi) expect(topics).toContain(toEventSelector(item))
  })

  it('carry header, certificates and the origin’s header', () => {
    const signature = blsSign(fill(1), blsSecretKey(fill(2)))
    const header = {
      index: 3n,
      parent: fill(1),
      versionedHash: fill(2),
      cellsRoot: fill(3),
      payloadLength: 4n,
      inboxCount: 5n,
      originNumber: 6n,
      firstView: 7n,
      lastView: 8n,
    }
    const data = encodePostBatch({
      header,
      commitment: fill(4, 48),
      originHeader: fill(5, 500),
      committee: { signers: 0b11111, signature },
      data: { signers: 0xfff, signature },
    })
    const { functionName, args } = decodeFunctionData({ abi: committeeAbi, data: bytesToHex(data) })
    expect(functionName).toBe('postBatch')
    expect(args[0]).toMatchObject({ index: 3n, parent: bytesToHex(fill(1)), lastView: 8n })
    expect(args[3]).toMatchObject({ signers: 31n })
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { createRng } from '../kernel/rng.ts'
import type { L1Head, OrderedBlock } from '../protocol/messages.ts'
import { blsPublicKey, blsSecretKey } from '../rollup/bls/signature.ts'
import { utf8ToBytes, ZERO_HASH } from '../rollup/bytes.ts'
import { keccak256 } from '../rollup/keccak.ts'
import { GENESIS_TIMESTAMP, PRESETS } from '../rollup/parameters.ts'
import { privateKeyToAddress } from '../rollup/secp256k1.ts'
import { signTransaction } from '../rollup/transaction/sign.ts'
import type { SequencerConfig } from './config.ts'
import { onTransaction } from './intake.ts'
import { foldL1Head } from './l1Chain.ts'
import type { SequencerNode } from './node.ts'
import { GENESIS_TIP } from './ordered.ts'
import { buildBlock } from './proposal.ts'
import { createState } from './state.ts'
import { judgeProposal } from './validate.ts'

const members = [0, 1, 2, 3].map((index) => {
  const secretKey = blsSecretKey(utf8ToBytes(`m${index}`))
  const l1PrivateKey = keccak256(utf8ToBytes(`a${index}`))
  const address = privateKeyToAddress(l1PrivateKey)
  return {
    secretKey,
    l1PrivateKey,
    member: { publicKey: blsPublicKey(secretKey), weight: 1n, address },
  }
})

function createNode(index: number): SequencerNode {
  const keys = members[index]
  if (keys === undefined) throw new RangeError(`no member ${index}`)
  const config: SequencerConfig = {
    index,
    preset: 'classroom',
    committee: members.map(({ member }) => member),
    dataNodeKeys: [],
    secretKey: keys.secretKey,
    l1PrivateKey: keys.l1PrivateKey,
    l1Nonce: 0n,
    contracts: { inbox: new Uint8Array(20), sequencerRegistry: new Uint8Array(20) },
    genesisEntryHash: ZERO_HASH,
    genesisOriginNumber: 0n,
    executorCount: 0,
  }
  const state = createState(config)
  state.l1 = l1With(state.l1, config)
  return {
    id: `sequencer-${index}`,
    config,
    parameters: PRESETS.classroom,
    rng: createRng(1),
    state,
    nowMs: 1_500,
    effects: [],
  }
}

function l1With(chain: SequencerNode['state']['l1'], config: SequencerConfig) {
  const head: L1Head = {
    number: 0n,
    hash: new Uint8Array(32).fill(1),
    parentHash: ZERO_HASH,
    timestamp: BigInt(GENESIS_TIMESTAMP),
    baseFee: 7n,
    prevrandao: new Uint8Array(32).fill(2),
    headerRlp: new Uint8Array(3),
    logs: [],
    outcomes: [],
    finalizedNumber: 0n,
  }
  return foldL1Head(chain, head, config.contracts, PRESETS.classroom)?.chain ?? chain
}

const raw = (nonce: bigint, chainId = 7_331_002n) =>
  signTransaction(
    {
      kind: 'signed',
      type: 2,
      chainId,
      nonce,
      gasLimit: 21_000n,
      maxFeePerGas: 10n,
      maxPriorityFeePerGas: 1n,
      to: new Uint8Array(20).fill(1),
      value: 0n,
      data: new Uint8Array(0),
      accessList: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
      authorizations: [],
    },
    keccak256(utf8ToBytes('user')),
  ).raw

let voter: SequencerNode
let block: OrderedBlock
beforeEach(() => {
  voter = createNode(0)
  const leader = createNode(1)
  onTransaction(leader, raw(0n))
  const built = buildBlock(leader, 1n, GENESIS_TIP)
  if (built === null) throw new RangeError('nothing to propose')
  block = built
})

const judge = (change: Partial<OrderedBlock>) => judgeProposal(voter, { ...block, ...change })
const withContent = (change: Partial<OrderedBlock['blocks'][number]>) =>
  judge({ blocks: block.blocks.map((content) => ({ ...content, ...change })) })

describe('a voter', () => {
  it('accepts what an honest leader proposes', () => {
    expect(block.blocks.length).toBe(1)
    expect(block.blocks[0]?.transactions.length).toBe(1)
    expect(judge({})).toBe('valid')
  })

  it('refuses a proposer that does not lead the view', () => {
    expect(judge({ proposer: 2 })).toMatchObject({ invalid: expect.stringContaining('lead') })
  })

  it('waits for a parent, an origin and messages that it does not know', () => {
    expect(judge({ parent: new Uint8Array(32).fill(9) })).toBe('wait')
    expect(judge({ origin: { ...block.origin, hash: new Uint8Array(32).fill(9) } })).toBe('wait')
    expect(withContent({ inboxCount: 1n })).toBe('wait')
  })

  it('refuses timestamps that go back, lie in the future or far behind', () => {
    const now = BigInt(GENESIS_TIMESTAMP)
    expect(withContent({ timestamp: now - 1n })).toMatchObject({
      invalid: expect.stringContaining('back'),
    })
    expect(withContent({ timestamp: now + 60n })).toMatchObject({
      invalid: expect.stringContaining('future'),
    })
    voter.nowMs = 60_000
    expect(judge({})).toMatchObject({ invalid: expect.stringContaining('old') })
  })

  it('refuses no L2 blocks and too many', () => {
    const [content] = block.blocks
    expect(judge({ blocks: [] })).toMatchObject({ invalid: expect.stringContaining('L2 blocks') })
    const many = Array.from(
      { length: 17 },
      () => content ?? block.blocks[0],
    ) as OrderedBlock['blocks']
    expect(judge({ blocks: many })).toMatchObject({ invalid: expect.stringContaining('L2 blocks') })
  })

  it('refuses a batch that is skipped, and an origin that is misquoted', () => {
    expect(judge({ batchIndex: 2n })).toMatchObject({ invalid: expect.stringContaining('skipped') })
    const misquoted = judge({ origin: { ...block.origin, baseFee: 8n } })
    expect(misquoted).toMatchObject({ invalid: expect.stringContaining('misquoted') })
  })

  it('refuses transactions that are malformed, of another chain, ordered twice, or beyond the gas', () => {
    const [first = new Uint8Array()] = block.blocks[0]?.transactions ?? []
    const flipped = first.map((byte, at) => (at === 2 ? byte ^ 1 : byte))
    expect(withContent({ transactions: [flipped] })).toMatchObject({
      invalid: expect.stringContaining('malformed'),
    })
    expect(withContent({ transactions: [raw(0n, 1n)] })).toMatchObject({
      invalid: expect.stringContaining('malformed'),
    })
    expect(withContent({ transactions: [first, first] })).toMatchObject({
      invalid: expect.stringContaining('twice'),
    })
    voter = { ...voter, parameters: { ...PRESETS.classroom, l2BlockGasLimit: 20_999 } }
    expect(judge({})).toMatchObject({ invalid: expect.stringContaining('gas') })
  })

  it('refuses a block that omits what the voter has known for some views, and not what is new', () => {
    onTransaction(voter, raw(0n))
    expect(withContent({ transactions: [] })).toBe('valid')
    const [known] = voter.state.mempool.byHash.values()
    if (known === undefined) throw new RangeError('not taken')
    const old = { ...known, sinceView: -3n }
    voter.state.mempool.byHash.set(old.hash, old)
    voter.state.mempool.bySender.set(old.sender, [old])
    expect(withContent({ transactions: [] })).toMatchObject({
      invalid: expect.stringContaining('censored'),
    })
    expect(judge({})).toBe('valid')
  })
})

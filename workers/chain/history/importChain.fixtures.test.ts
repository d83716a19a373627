/**
 * The chain of execution-apis (54 blocks, Homestead to BPO2) and facts about it that execution clients agree on. Its files come with
 * `FIXTURES_DIR`; none of them is part of this repository.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMPT, verifyMPTWithMerkleProof } from '@ethereumjs/mpt'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, type Hex, hexToBytes } from '../../rollup/bytes.ts'
import { keccak256 } from '../../rollup/keccak.ts'
import type { Chain } from '../chain.ts'
import { loadKzg } from '../evm/kzg.ts'
import { createMempool } from '../pool/mempool.ts'
import { createRpc, type Rpc } from '../rpc/rpc.ts'
import { importChain } from './importChain.ts'

const FOLDER = join(process.env['FIXTURES_DIR'] ?? '', 'rpc-chain')
const files = () => ({
  genesis: readFileSync(join(FOLDER, 'genesis.json'), 'utf8'),
  blocks: new Uint8Array(readFileSync(join(FOLDER, 'chain.rlp'))),
})

let chain: Chain
let rpc: Rpc

beforeAll(async () => {
  await loadKzg()
  chain = await importChain(files())
  rpc = createRpc({ chain, pool: createMempool() })
}, 60_000)

const ask = (method: string, ...params: Json[]) => rpc.read(method, params)
const refused = (method: string, ...params: Json[]) =>
  ask(method, ...params).then(
    (result) => ({ result }),
    (error: unknown) => error,
  )

const RICH = '0x0c2c51a0990aee1d73c1228de158688341557508'
const EMITTER = '0x7dcd17433742f4c0ca53122ab541d0ba67fc27df'
const A = '0xc000000000000000000000000000000000000000'
const B = '0xc100000000000000000000000000000000000000'

describe('the imported chain', () => {
  it('ends with the block that the consensus client names, which is safe and final', async () => {
    const hash = '0xd226371d0b1551adb03fb52b71f08e3e11247fe9b1af994768af8cdaa8e7dcd7'
    for (const tag of ['latest', 'safe', 'finalized']) {
      expect(await ask('eth_getBlockByNumber', tag, false)).toMatchObject({ hash, number: '0x36' })
    }
  })

  it('shows headers with the fields of their fork alone', async () => {
    const block = async (number: number) =>
      (await ask('eth_getBlockByNumber', `0x${number.toString(16)}`, false)) as Record<string, Json>
    const later = ['baseFeePerGas', 'withdrawalsRoot', 'blobGasUsed', 'requestsHash']
    const counts = [26, 27, 39, 42, 45].map(async (number) => {
      const shown = await block(number)
      return later.filter((key) => key in shown).length
    })
    expect(await Promise.all(counts)).toEqual([0, 1, 2, 3, 4])
    expect(await block(3)).toMatchObject({ difficulty: '0x20000', uncles: [expect.any(String)] })
    expect(await block(3)).not.toHaveProperty('totalDifficulty')
    expect(await block(39)).toMatchObject({ withdrawals: [expect.any(Object)] })
  })

  it('gives raw blocks and headers that hash to what they are', async () => {
    for (let number = 0n; number <= 54n; number += 1n) {
      const header = (await ask('debug_getRawHeader', `0x${number.toString(16)}`)) as Hex
      expect(bytesToHex(keccak256(hexToBytes(header)))).toBe(
        bytesToHex(chain.block(number)?.hash ?? new Uint8Array(0)),
      )
    }
  })

  it('has a state root in receipts before Byzantium and a status after', async () => {
    const receipts = async (number: string) =>
      (await ask('eth_getBlockReceipts', number)) as Record<string, Json>[]
    for (const receipt of await receipts('0x8')) {
      expect(receipt).toHaveProperty('root')
      expect(receipt).not.toHaveProperty('status')
    }
    for (const receipt of await receipts('0x9')) expect(receipt).toMatchObject({ status: '0x1' })
  })

  it('proves accounts and slots of any block against its state root', async () => {
    for (const number of [1n, 20n, 54n]) {
      const root = chain.block(number)?.header.stateRoot ?? new Uint8Array(0)
      const proof = (await ask('eth_getProof', EMITTER, ['0x0'], `0x${number.toString(16)}`)) as {
        accountProof: Hex[]
        storageHash: Hex
        storageProof: { proof: Hex[]; value: Hex }[]
      }
      const trie = await createMPT({ root, useKeyHashing: true })
      const address = hexToBytes(EMITTER)
      const nodes = proof.accountProof.map((node) => hexToBytes(node))
      expect(await verifyMPTWithMerkleProof(trie, root, address, nodes)).not.toBeNull()
      const broken = nodes.map((node, index) =>
        index === nodes.length - 1
          ? node.map((byte, at) => (at === node.length - 1 ? byte ^ 1 : byte))
          : node,
      )
      await expect(verifyMPTWithMerkleProof(trie, root, address, broken)).rejects.toThrow()
    }
  })

  it('tells its forks as EIP-7910 has them', async () => {
    expect(await ask('eth_config')).toMatchObject({
      current: {
        activationTime: 540,
        forkId: '0xe272ecbe',
        chainId: '0xc72dd9d5e883e',
        blobSchedule: { target: 14, max: 21, baseFeeUpdateFraction: 11_684_671 },
      },
      next: null,
      last: null,
    })
  })

  it('refuses a chain with one bit of one block changed', async () => {
    const { genesis, blocks } = files()
    for (const at of [700, 20_000, 60_000]) {
      const broken = blocks.slice()
      broken[at] = (broken[at] ?? 0) ^ 1
      await expect(importChain({ genesis, blocks: broken })).rejects.toMatchObject({
        name: expect.stringMatching(/InvalidChainFileError|InvalidTransactionError/),
      })
    }
  }, 60_000)
})

describe('calls by the rules of their block', () => {
  it('ignores the type, which the fields tell', async () => {
    const call = { from: RICH, to: '0x0100000000000000000000000000000000000000' }
    for (const type of ['0x0', '0x3', '0x7f']) {
      expect(await ask('eth_call', { ...call, type }, 'latest')).toBe('0x')
    }
  })

  it('charges a warm address and prices gas as clients do', async () => {
    const accessList = [{ address: '0x0100000000000000000000000000000000000000', storageKeys: [] }]
    const input = '0x73010000000000000000000000000000000000000031505a60005260206000f3'
    const left = await ask('eth_call', { from: RICH, gas: '0x30d40', accessList, input }, 'latest')
    expect(BigInt(left as string)).toBe(0x23367n)
    const fees = { maxFeePerGas: '0x77359400', maxPriorityFeePerGas: '0x3b9aca00' }
    const price = await ask(
      'eth_call',
      { from: RICH, gas: '0x186a0', input: '0x3a60005260206000f3', ...fees },
      'latest',
    )
    expect(BigInt(price as string)).toBe(0x3d3cdd97n)
  })

  it('estimates and lists what clients estimate and list', async () => {
    const to = '0x0100000000000000000000000000000000000000'
    const call = { from: RICH, to, input: `0x${'00'.repeat(32)}`, nonce: '0x0', value: '0x1' }
    const authorization = {
      address: `0x${'aa'.repeat(20)}`,
      chainId: '0x1',
      nonce: '0x0',
      r: `0x${'11'.repeat(32)}`,
      s: `0x${'22'.repeat(32)}`,
      yParity: '0x0',
    }
    expect(await ask('eth_estimateGas', call)).toBe('0x53ee')
    const authorized = { ...call, type: '0x4', authorizationList: [authorization] }
    expect(await ask('eth_estimateGas', authorized)).toBe('0xb5ae')
    expect(
      await ask('eth_createAccessList', { from: RICH, to, value: '0xa', nonce: '0x0' }, 'latest'),
    ).toEqual({ accessList: [], gasUsed: '0x5208' })
    expect(
      await ask(
        'eth_createAccessList',
        {
          from: RICH,
          gasLimit: '0xea60',
          input: '0x010203040506',
          maxFeePerGas: '0x44103f2',
          maxPriorityFeePerGas: '0x3',
          to: EMITTER,
        },
        'latest',
      ),
    ).toEqual({
      accessList: [
        {
          address: EMITTER,
          storageKeys: [
            `0x${'0'.repeat(64)}`,
            '0x13a08e3cd39a1bc7bf9103f63f83273cced2beada9f723945176d6b983c65bd2',
          ],
        },
      ],
      gasUsed: '0xca3c',
    })
  })

  it('refuses fields that the fork does not know', async () => {
    const to = '0x0100000000000000000000000000000000000000'
    const zero = { maxFeePerGas: '0x0', maxPriorityFeePerGas: '0x0' }
    const cases: [Json, string][] = [
      [{ from: RICH, to, ...zero }, '0x1a'],
      [{ from: RICH, to, accessList: [] }, '0x17'],
      [{ from: RICH, to, maxFeePerBlobGas: '0x1' }, '0x29'],
      [{ from: RICH, to, authorizationList: [] }, '0x2c'],
    ]
    for (const [call, block] of cases) {
      expect(await refused('eth_call', call, block)).toMatchObject({ code: -32000 })
    }
    expect(
      await ask('eth_call', { from: RICH, to, gasPrice: '0x3b9aca00', gas: '0x5208' }, '0x1a'),
    ).toBe('0x')
    expect(await ask('eth_call', { from: RICH, to, maxFeePerBlobGas: '0x1' }, 'latest')).toBe('0x')
  })
})

describe('eth_simulateV1, whose block hashes commit to everything', () => {
  const hashes = async (payload: Json) =>
    ((await ask('eth_simulateV1', payload, 'latest')) as { hash: string }[]).map(({ hash }) => hash)

  it('keeps an account that an override left empty', async () => {
    const authorization = {
      chainId: '0xc72dd9d5e883e',
      address: B,
      nonce: '0x0',
      yParity: '0x0',
      r: '0xe46a57110dd3e4f9d556fbcd95f00f29ec91ce3e656a796f46b665d6df4aa657',
      s: '0x589ea4f67adc16d5de188b7f5e2b697c017325ada80332ecfd24ead54d49fc3f',
    }
    const authority = '0x3c99b48acd2a442808922929a1441f31245e3a45'
    expect(
      await hashes({
        blockStateCalls: [
          {
            stateOverrides: {
              [authority]: { code: '0x' },
              [A]: { balance: '0x1e8480' },
              [B]: { code: '0x602a60005260206000f3' },
            },
            calls: [{ from: A, to: B }],
          },
          {
            stateOverrides: { [authority]: { balance: '0x0' } },
            calls: [
              { from: A, to: A, authorizationList: [authorization] },
              { from: A, to: authority },
            ],
          },
        ],
      }),
    ).toEqual([
      '0x2ee2fa17c18fc5671b189bb4b1fa8076f91a11e254f49f05a53ebccee8d4899c',
      '0x772be31f7bb3a08da92f0843d8b0660b722bbeb8c84ccb7d5c77a5476d8dc9c4',
    ])
  })

  it('creates over an overridden account, clears storage, and runs code in place of a precompile', async () => {
    const stateOverrides = {
      [A]: { balance: '0x1e8480' },
      '0xf47be3b1978c24bb4b498620b247b2622a2cb056': { code: '0x' },
    }
    const created = await hashes({
      blockStateCalls: [
        {
          stateOverrides,
          calls: [
            { from: A, input: '0x69602a60005260206000f3600052600a6016f3' },
            { from: A, to: '0xf47be3b1978c24bb4b498620b247b2622a2cb056' },
          ],
        },
      ],
    })
    expect(created).toEqual(['0x01a058e5748fc385c8e5af58bd6194a54a353da08195a2d962bdf4dc2de39815'])
    const holder = '0x8bebc8ba651aee624937e7d897853ac30c95a067'
    const state = { [`0x${'0'.repeat(63)}3`]: `0x${'0'.repeat(62)}2a` }
    const cleared = await hashes({
      blockStateCalls: [
        {
          stateOverrides: { [holder]: { code: '0x60015460005260035460205260406000f3', state } },
          calls: [{ from: A, to: holder }],
        },
      ],
    })
    expect(cleared).toEqual(['0x0dde0d40fcf950cbd94690ba1e2b6d2aa31822871ab4f6c4db6326ca180ac603'])
    const identity = '0x0000000000000000000000000000000000000004'
    const replaced = await hashes({
      blockStateCalls: [
        {
          stateOverrides: { [identity]: { code: '0x602a60005260206000f3' } },
          calls: [{ from: A, to: identity, input: '0x1234' }],
        },
      ],
    })
    expect(replaced).toEqual(['0x6840329950859fa366eacfd7b36eb3c67e56ebf284e9629db084d465da1de2a0'])
  })

  it('keeps the storage of a delegated account that an override emptied', async () => {
    const delegated = '0xeda8645ba6948855e3b3cd596bbb07596d59c603'
    const emptied = { nonce: '0x0', code: '0x', balance: '0x0' }
    const blockStateCalls = [
      {
        stateOverrides: { [A]: { balance: '0x1e8480' }, [delegated]: emptied },
        calls: [{ from: A, to: A }],
      },
      {
        stateOverrides: { [delegated]: { code: '0x60005460005260206000f3' } },
        calls: [{ from: A, to: delegated }],
      },
    ]
    expect(await hashes({ blockStateCalls })).toEqual([
      '0xc1eab9b4373f958b15711ce6f0083692cde7c6a1ff3c38f656915e66429b8409',
      '0xe713e28972c5c222035c97c7e49927336e3d3e803f906d563059115769fb6548',
    ])
  })

  it('refuses with the codes of execution-apis', async () => {
    const simulate = (payload: Json) => refused('eth_simulateV1', payload, 'latest')
    const overrides = { [A]: { balance: '0x7d0' } }
    const call = { from: A, to: B }
    const fees = { maxFeePerGas: '0x0', maxPriorityFeePerGas: '0x0' }
    const cases: [Json, number][] = [
      [{ blockStateCalls: [] }, -32602],
      [{ blockStateCalls: [{ blockOverrides: { number: '0x36' } }] }, -38020],
      [{ blockStateCalls: [{ blockOverrides: { time: '0x1' } }] }, -38021],
      [{ blockStateCalls: [{ blockOverrides: { number: '0xfff' } }] }, -38026],
      [{ blockStateCalls: [{ calls: [{ ...call, value: '0x1' }] }] }, -38014],
      [{ blockStateCalls: [{ calls: [{ ...call, gas: '0x1' }] }] }, -38013],
      [{ blockStateCalls: [{ calls: [{ ...call, nonce: '0x5' }] }], validation: true }, -38011],
      [
        {
          blockStateCalls: [
            {
              blockOverrides: { baseFeePerGas: '0xa' },
              stateOverrides: overrides,
              calls: [{ ...call, ...fees }],
            },
          ],
          validation: true,
        },
        -38012,
      ],
      [{ blockStateCalls: [{ stateOverrides: { [A]: { MovePrecompileToAddress: B } } }] }, -32000],
    ]
    for (const [payload, code] of cases) {
      expect(await simulate(payload), JSON.stringify(payload)).toMatchObject({ code })
    }
  })
})

describe('errors as execution clients give them', () => {
  it.each([
    ['debug_traceBlockByNumber', ['3'], -32602],
    ['debug_traceBlockByNumber', ['0x0'], -32000],
    ['debug_traceBlockByHash', [`0x${'0'.repeat(63)}1`], -32000],
    ['debug_traceTransaction', [`0x${'0'.repeat(63)}1`], -32000],
    ['debug_traceCall', [{ to: EMITTER }, '0xfffffffff', { tracer: 'callTracer' }], -32000],
    ['debug_getRawReceipts', ['2'], -32602],
    ['eth_getStorageAt', [A, '0xasdf', 'latest'], -32000],
    ['eth_getStorageAt', [A, `0x${'0'.repeat(65)}`, 'latest'], -32000],
    ['eth_getStorageValues', [{}, 'latest'], -32602],
    ['eth_getLogs', [{ fromBlock: '0x38', toBlock: '0x3a' }], -32602],
    ['eth_getLogs', [{ fromBlock: '0x38', toBlock: 'latest' }], -32602],
    ['eth_getLogs', [{ fromBlock: '0x32', toBlock: '0x38' }], -32602],
    ['eth_getLogs', [{ blockHash: `0x${'1'.repeat(64)}`, fromBlock: '0x3' }], -32602],
  ])('%s %j is %d', async (method, params, code) => {
    expect(await refused(method, ...(params as Json[]))).toMatchObject({ code })
  })

  it('has no transaction, block or receipts where there are none', async () => {
    expect(await ask('debug_getRawTransaction', `0x${'0'.repeat(56)}deadbeef`)).toBeNull()
    expect(await ask('eth_getBlockByNumber', '0x3e8', true)).toBeNull()
    expect(await ask('eth_getBlockReceipts', '0x3e8')).toBeNull()
  })
})

describe('call traces', () => {
  it('number logs as receipts do, whatever came before in the block', async () => {
    for (let number = 1n; number <= 54n; number += 1n) {
      const block = chain.block(number)
      for (const [index, { hash }] of (block?.transactions ?? []).entries()) {
        if (number > 10n && index !== 2) continue
        const options = { tracer: 'callTracer', tracerConfig: { withLog: true } }
        const trace = await ask('debug_traceTransaction', bytesToHex(hash), options)
        const receipt = (await ask('eth_getTransactionReceipt', bytesToHex(hash))) as {
          logs: { logIndex: string; data: string }[]
          gasUsed: string
        }
        expect(trace).toMatchObject({ gasUsed: receipt.gasUsed })
        const expected = receipt.logs.map(({ logIndex, data }) => `${logIndex} ${data}`)
        expect(logsIn(trace).sort()).toEqual(expected.sort())
      }
    }
  }, 60_000)
})

interface ShownFrame {
  readonly logs?: readonly { readonly index: string; readonly data: string }[]
  readonly calls?: readonly ShownFrame[]
}

function logsIn(frame: unknown): string[] {
  const { logs = [], calls = [] } = frame as ShownFrame
  return [...logs.map(({ index, data }) => `${index} ${data}`), ...calls.flatMap(logsIn)]
}

import { decodeFunctionData, encodeAbiParameters, encodeEventTopics, type Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { abi as l1BridgeAbi } from '../../contracts/generated/L1Bridge.ts'
import { abi as passerAbi } from '../../contracts/generated/L2ToL1MessagePasser.ts'
import type { Json } from '../../workers/protocol/world.ts'
import type { Rpc } from './wallet-account.ts'
import { finishWithdrawal } from './wallet-withdrawal.ts'

const word = (digit: string): Hex => `0x${digit.repeat(64)}`
const address = (digit: string): Hex => `0x${digit.repeat(40)}`
const [gameA, gameB] = [address('a'), address('b')]

const withdrawal = {
  nonce: '0x1',
  sender: address('1'),
  target: address('2'),
  value: '0x3',
  gasLimit: '0x4',
  data: '0x',
}
const proof = {
  statePreimage: '0x',
  worldPreimage: '0x',
  account: '0x',
  accountProof: [],
  storageProof: [],
}
const covered = (game: Hex, final = false): Json => ({ withdrawal, game, final, proof })
const rpcError = (code: number, name = 'RpcError') =>
  Object.assign(new Error(`code ${code}`), { code, name })

const logs = [
  {
    address: address('6'),
    topics: encodeEventTopics({
      abi: passerAbi,
      eventName: 'MessagePassed',
      args: { nonce: 1n, sender: address('1'), target: address('2') },
    }) as Hex[],
    data: encodeAbiParameters(
      [{ type: 'uint256' }, { type: 'uint256' }, { type: 'bytes' }, { type: 'bytes32' }],
      [3n, 4n, '0x', word('9')],
    ),
  },
]

/** A world whose node gives these answers one after the other, and whose L1 refuses the transactions numbered in `reverts`. */
async function run(answers: readonly (Json | Error)[], reverts: readonly number[] = []) {
  const sent: (readonly [string, unknown])[] = []
  const told: (readonly [string, string])[] = []
  const controller = new AbortController()
  let asked = 0
  const world: Rpc = {
    rpc: async (_chain, { method }) => {
      switch (method) {
        case 'rollup_contracts':
          return { l1Bridge: address('7') }
        case 'eth_getTransactionReceipt': {
          const status = reverts.includes(sent.length) ? '0x0' : '0x1'
          return { status, blockNumber: '0x1', logs: [] }
        }
        default: {
          const answer = answers[asked]
          asked += 1
          if (answer === undefined) controller.abort()
          if (answer instanceof Error) throw answer
          return answer ?? covered(gameA)
        }
      }
    },
  }
  const l1 = {
    address: address('5'),
    send: async ({ data = '0x' }: { readonly data?: Hex }) => {
      const { functionName, args } = decodeFunctionData({ abi: l1BridgeAbi, data })
      sent.push([functionName, args?.[1]])
      return word('c')
    },
  }
  const tell = (tone: string, text: string) => void told.push([tone, text])
  await finishWithdrawal({ world, l1, logs, signal: controller.signal, tell, pauseMs: 0 })
  return { sent, told: told.map(([tone]) => tone), texts: told.map(([, text]) => text) }
}

const same = (left: unknown, right: string) => String(left).toLowerCase() === right

describe('a withdrawal in the background', () => {
  it('waits for a root, proves, waits for finality, and is paid', async () => {
    const notYet = rpcError(-32_000)
    const { sent, told } = await run([notYet, covered(gameA), covered(gameA), covered(gameA, true)])
    expect(sent.map(([name]) => name)).toEqual(['proveWithdrawal', 'finalizeWithdrawal'])
    expect(told).toEqual(['info'])
  })

  it('proves again against a good root when the first one fell, and says so', async () => {
    const { sent, told } = await run([
      covered(gameA),
      rpcError(-32_000),
      covered(gameB),
      covered(gameB, true),
    ])
    expect(sent.map(([name]) => name)).toEqual([
      'proveWithdrawal',
      'proveWithdrawal',
      'finalizeWithdrawal',
    ])
    expect(same(sent[1]?.[1], gameB)).toBe(true)
    expect(told).toEqual(['info', 'info'])
  })

  it('is not paid by the finality of a root that it was not proven against', async () => {
    const { sent } = await run([covered(gameA), covered(gameB, true), covered(gameB, true)])
    expect(sent.map(([name]) => name)).toEqual([
      'proveWithdrawal',
      'proveWithdrawal',
      'finalizeWithdrawal',
    ])
  })

  it('survives a proof that loses its root on the way, and tells when it fails for good', async () => {
    const paid = await run([covered(gameA), covered(gameB), covered(gameB, true)], [1])
    expect(paid.sent).toHaveLength(3)
    expect(paid.told).toEqual(['info'])
    const failed = await run(
      Array.from({ length: 9 }, () => covered(gameA)),
      [1, 2, 3, 4],
    )
    expect(failed.sent).toHaveLength(4)
    expect(failed.told).toEqual(['error'])
  })

  it('waits for a node that is down, and reports any other error at once', async () => {
    const waited = await run([rpcError(-32_603, 'NodeCrashedError'), covered(gameA)])
    expect(waited.sent).toHaveLength(1)
    const failed = await run([rpcError(-32_602), covered(gameA)])
    expect(failed.sent).toEqual([])
    expect(failed.texts).toEqual(['The withdrawal was not finished. code -32602'])
  })

  it('falls silent when the world became another', async () => {
    expect((await run([])).told).toEqual([])
  })
})

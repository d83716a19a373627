/** Token transfers of 100 senders through the JSON-RPC of a world, and what its trace tells of them. */
import { encodeDeployData } from 'viem'
import { abi, bytecode } from '../contracts/generated/DemoToken.ts'
import { sign, type TestAccount, testAccounts } from '../workers/chain/testing/accounts.ts'
import type { KernelTrace } from '../workers/kernel/trace.ts'
import { executorNode } from '../workers/protocol/nodes.ts'
import type { World } from '../workers/protocol/world.ts'
import { bytesToHex, type Hex, hexToBytes } from '../workers/rollup/bytes.ts'
import { TEST_PRIVATE_KEYS } from '../workers/rollup/keys.ts'
import { privateKeyToAddress } from '../workers/rollup/secp256k1.ts'
import { createAddress } from '../workers/rollup/transaction/address.ts'
import type { Unsigned } from '../workers/rollup/transaction/decode.ts'
import { toTraceEvent } from '../workers/simulation/traceAdapter.ts'
import { MeasurementError } from './figure.ts'
import { SENDERS, transferData } from './workloads.ts'

const ETHER = 10n ** 18n
/** Full blocks raise the base fee by an eighth each; this bears a long run of them. */
const FEES = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 9n } as const
const TRANSFER_GAS = 80_000n
const STRIDE_MS = 1_000
const SETUP_MS = 60_000
const IN_FLIGHT = 128
const WAIT_MS = 240_000

export interface Mark {
  readonly virtualMs: number
  readonly wallMs: number
}

/** What an executor told of L2, folded while the world runs. */
export interface Watch {
  readonly observe: (event: KernelTrace) => void
  readonly blocks: () => number
  readonly skipped: () => number
  readonly gasUsed: () => bigint
  /** Resolves when so many transactions were executed since the watch began. */
  readonly executed: (count: number) => Promise<Mark>
  /** Resolves when all blocks with those transactions are safe. */
  readonly safe: (count: number) => Promise<Mark>
}

interface Wait {
  readonly isOver: () => boolean
  readonly resolve: (mark: Mark) => void
}

export function createWatch(): Watch {
  let transactions = 0
  let blocks = 0
  let skipped = 0
  let gasUsed = 0n
  let safe = 0n
  /** Height up to which so many transactions were executed. */
  const heights: { readonly number: bigint; readonly transactions: number }[] = []
  const waits = new Set<Wait>()
  const when = (isOver: () => boolean, what: string): Promise<Mark> =>
    new Promise((resolve, reject) => {
      const late = (): void =>
        reject(
          new MeasurementError(`${what}: not within ${WAIT_MS / 1000} s, ${transactions} done.`),
        )
      const timer = setTimeout(late, WAIT_MS)
      waits.add({
        isOver,
        resolve: (mark) => {
          clearTimeout(timer)
          resolve(mark)
        },
      })
    })
  return {
    observe: (event) => {
      const shown = toTraceEvent(event)
      if (shown?.kind !== 'report' || shown.node !== executorNode(0)) return
      if (shown.type === 'l2.block') {
        blocks += 1
        transactions += shown.payload.transactions
        skipped += shown.payload.skipped
        gasUsed += shown.payload.gasUsed
        heights.push({ number: shown.payload.number, transactions })
      } else if (shown.type === 'l2.head' && shown.payload.head === 'safe') {
        safe = shown.payload.number
      } else return
      for (const wait of waits) {
        if (!wait.isOver()) continue
        waits.delete(wait)
        wait.resolve({ virtualMs: shown.timeMs, wallMs: performance.now() })
      }
    },
    blocks: () => blocks,
    skipped: () => skipped,
    gasUsed: () => gasUsed,
    executed: (count) => when(() => transactions >= count, `${count} transactions unsafe`),
    safe: (count) => {
      const isSafe = (): boolean => {
        const height = heights.find((one) => one.transactions >= count)
        return height !== undefined && height.number <= safe
      }
      return when(isSafe, `${count} transactions safe`)
    },
  }
}

/** Raw transactions of a load that is ready to be sent: senders have ether and tokens, nonces are in order. */
export async function prepareLoad(world: World, count: number): Promise<readonly Hex[]> {
  const key = TEST_PRIVATE_KEYS[0]
  if (key === undefined) throw new MeasurementError('There is no funded account.')
  const rich: TestAccount = { key, address: privateKeyToAddress(key) }
  const senders = testAccounts(SENDERS)
  const token = createAddress(rich.address, 0n)
  const supply = 10n ** 9n * ETHER
  const deploy = encodeDeployData({ abi, bytecode, args: ['Bench', 'BENCH', supply] })
  const calls: Partial<Unsigned>[] = [
    { to: null, data: hexToBytes(deploy), gasLimit: 3_000_000n },
    ...senders.map(({ address }) => ({ to: address, value: 50n * ETHER })),
    ...senders.map(({ address }) => transfer(token, address, 1_000n * ETHER)),
  ]
  const setup = calls.map((call, nonce) => signed(rich, { ...call, nonce: BigInt(nonce) }))
  await world.setAdvanceOnDemand(false)
  await sendAll(world, setup, async () => void (await world.advance(STRIDE_MS)))
  await confirm(world, setup.length, bytesToHex(rich.address))
  return Array.from({ length: count }, (_, index) => {
    const sender = senders[index % SENDERS]
    const to = senders[(index + 1) % SENDERS]
    if (sender === undefined || to === undefined) throw new MeasurementError('There is no sender.')
    const nonce = BigInt(Math.floor(index / SENDERS))
    return signed(sender, { ...transfer(token, to.address, 1n), nonce })
  })
}

function transfer(token: Uint8Array, to: Uint8Array, amount: bigint): Partial<Unsigned> {
  const data = hexToBytes(transferData(bytesToHex(to), amount))
  return { to: token, data, gasLimit: TRANSFER_GAS }
}

function signed(account: TestAccount, fields: Partial<Unsigned>): Hex {
  return bytesToHex(sign(account, { ...FEES, ...fields }).raw)
}

async function confirm(world: World, nonce: number, address: Hex): Promise<void> {
  for (let spentMs = 0; spentMs < SETUP_MS; spentMs += STRIDE_MS) {
    const method = 'eth_getTransactionCount'
    const found = await world.rpc('l2', { method, params: [address, 'latest'] })
    if (Number(found) === nonce) return
    await world.advance(STRIDE_MS)
  }
  throw new MeasurementError('The senders of the load could not be funded.')
}

/** Sends all, a bounded number at a time. `move` is for worlds that stand still. */
export async function sendAll(
  world: World,
  raws: readonly Hex[],
  move?: () => Promise<void>,
): Promise<void> {
  for (let at = 0; at < raws.length; at += IN_FLIGHT) {
    const part = raws.slice(at, at + IN_FLIGHT)
    const replies = Promise.all(
      part.map((raw) => world.rpc('l2', { method: 'eth_sendRawTransaction', params: [raw] })),
    )
    let isAnswered = move === undefined
    const answered = replies.then(() => {
      isAnswered = true
    })
    while (!isAnswered) await Promise.race([answered, move?.()])
    await answered
  }
}

/** Ethereum's state tests through the engine: the final root of every Osaka case. Collected only where FIXTURES_DIR is set. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bytesToHex, hexToBytes, padLeft } from '../rollup/bytes.ts'
import { initKeccak, keccak256 } from '../rollup/keccak.ts'
import { initSecp256k1 } from '../rollup/secp256k1.ts'
import { parseSignedTransaction } from '../rollup/transaction/decode.ts'
import { InvalidTransactionError } from '../rollup/transaction/transaction.ts'
import {
  EMPTY_STORAGE,
  EMPTY_WORLD,
  putCode,
  putSlot,
  setAccount,
  type WorldState,
  worldRoot,
} from '../rollup/trie/world.ts'
import { checkTransaction } from './check.ts'
import { createExecutor, type Executor, openBlock, runSigned } from './evm/executor.ts'

interface Fixture {
  readonly env: Readonly<Record<string, string>>
  readonly pre: Readonly<
    Record<
      string,
      { nonce: string; balance: string; code: string; storage: Record<string, string> }
    >
  >
  readonly post: Readonly<Record<string, readonly { hash: string; txbytes: string }[]>>
  readonly config?: { readonly chainid?: string }
}

const root = join(process.env.FIXTURES_DIR ?? 'none', 'state_tests')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.json'),
)
/** Every n-th file; 1 runs them all. */
const stride = Number(process.env.FIXTURES_STRIDE ?? 1)
const chosen = files.filter((_, index) => index % stride === 0)

const slot = (hex: string) =>
  padLeft(hexToBytes(hex.length % 2 === 0 ? hex : `0x0${hex.slice(2)}`), 32)

function worldOf(pre: Fixture['pre']): WorldState {
  return Object.entries(pre).reduce((world, [address, account]) => {
    const code = hexToBytes(account.code)
    const storage = Object.entries(account.storage).reduce(
      (trie, [key, value]) => putSlot(trie, slot(key), BigInt(value)),
      EMPTY_STORAGE,
    )
    const values = {
      nonce: BigInt(account.nonce),
      balance: BigInt(account.balance),
      codeHash: keccak256(code),
      storage,
    }
    return setAccount(putCode(world, code), hexToBytes(address), values)
  }, EMPTY_WORLD)
}

async function finalRoot(executor: Executor, fixture: Fixture, raw: Uint8Array): Promise<string> {
  const { env } = fixture
  const number = (name: string) => BigInt(env[name] ?? '0x0')
  const context = {
    number: number('currentNumber'),
    coinbase: hexToBytes(env.currentCoinbase ?? ''),
    timestamp: number('currentTimestamp'),
    gasLimit: number('currentGasLimit'),
    baseFee: number('currentBaseFee'),
    prevrandao: slot(env.currentRandom ?? '0x0'),
    excessBlobGas: number('currentExcessBlobGas'),
    hashOf: (height: bigint) => keccak256(new TextEncoder().encode(String(height))),
  }
  openBlock(executor, worldOf(fixture.pre), context)
  try {
    const transaction = parseSignedTransaction(raw, {
      chainId: Number(fixture.config?.chainid ?? 1),
    })
    const progress = { kind: 'l1', gasUsed: 0n, blobGasUsed: 0n, ...context } as const
    if (checkTransaction(executor.state, transaction, progress) === undefined)
      await runSigned(executor, transaction)
  } catch (error) {
    if (!(error instanceof InvalidTransactionError)) throw error
  }
  return bytesToHex(worldRoot(executor.state.flush()))
}

describe('Ethereum state tests', () => {
  let executor: Executor
  beforeAll(async () => {
    await Promise.all([initKeccak(), initSecp256k1()])
    executor = await createExecutor('l1', 1)
  })

  it('end in the roots that the fixtures name', async () => {
    const failures: string[] = []
    let cases = 0
    for (const file of chosen) {
      const fixtures = JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<string, Fixture>
      for (const [name, fixture] of Object.entries(fixtures)) {
        for (const post of fixture.post.Osaka ?? []) {
          cases += 1
          const found = await finalRoot(executor, fixture, hexToBytes(post.txbytes)).catch(String)
          if (found !== post.hash) failures.push(`${file} ${name}: ${found}`)
        }
      }
    }
    process.stdout.write(`${cases} cases of ${chosen.length} files\n`)
    expect(failures.slice(0, 20), `${failures.length} of ${cases} cases`).toEqual([])
  }, 1_800_000)
})

import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Hex } from 'viem'
import { createTestClient, http, publicActions, walletActions } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReplayFile } from '../../tools/genesis/build.ts'
import type { GenesisFile } from '../../workers/rollup/genesisFile.ts'
import { GENESIS_TIMESTAMP, PRESETS } from '../../workers/rollup/parameters.ts'

const TRANSACTION_GAS_MAX = 16_777_216n

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(`contracts/generated/genesis-${name}.json`, 'utf8')) as T

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      )
    })
  })
}

describe('a real Ethereum node', () => {
  let node: ChildProcess
  let url = ''
  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const flags = [
      '--chain-id',
      String(PRESETS.classroom.l1ChainId),
      '--hardfork',
      'osaka',
      '--timestamp',
      String(GENESIS_TIMESTAMP),
    ]
    node = spawn(
      'node_modules/.bin/anvil',
      ['--port', String(port), '--base-fee', '1000000000', '--silent', ...flags],
      { stdio: 'ignore' },
    )
    await connected()
  }, 30_000)
  afterAll(() => {
    node.kill()
  })

  const client = () =>
    createTestClient({ mode: 'anvil', transport: http(url), pollingInterval: 20 })
      .extend(publicActions)
      .extend(walletActions)

  async function connected(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      try {
        await client().getChainId()
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    throw new Error('anvil did not start.')
  }

  it('deploys the same contracts within its limits and registers every member', async () => {
    const anvil = client()
    const { prefund, transactions } = read<ReplayFile>('classroom.replay')
    const genesis = read<GenesisFile>('classroom')
    for (const [address, account] of Object.entries(prefund) as [Hex, (typeof prefund)[string]][]) {
      await anvil.setBalance({ address, value: BigInt(account.balance) })
      if (account.code !== '0x') await anvil.setCode({ address, bytecode: account.code as Hex })
    }
    for (const { label, raw, creates } of transactions) {
      await anvil.setNextBlockBaseFeePerGas({ baseFeePerGas: 1_000_000_000n })
      const hash = await anvil.sendRawTransaction({ serializedTransaction: raw })
      const receipt = await anvil.waitForTransactionReceipt({ hash })
      expect([label, receipt.status]).toEqual([label, 'success'])
      expect(receipt.gasUsed).toBeLessThan(TRANSACTION_GAS_MAX)
      if (creates === undefined) continue
      const code = await anvil.getCode({ address: creates })
      expect(code).toBe(genesis.l1.alloc[creates]?.code)
    }
    for (const [address, account] of Object.entries(genesis.l1.alloc) as [
      Hex,
      (typeof prefund)[string],
    ][]) {
      if (Object.keys(account.storage).length === 0) continue
      for (const [slot, value] of Object.entries(account.storage) as [Hex, Hex][]) {
        // Entry 0 of the inbox holds the block in which it was deployed, which differs here.
        if (address === genesis.addresses.inbox) continue
        expect(await anvil.getStorageAt({ address, slot })).toBe(value)
      }
    }
  }, 60_000)
})

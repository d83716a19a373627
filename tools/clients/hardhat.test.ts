/** Hardhat 3, unmodified, against a served devnet: the project in `hardhat/`, which its own runner tests. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createPublicClient, type Hex, http } from 'viem'
import { beforeAll, expect, test } from 'vitest'
import { trexL2 } from '../../sdk/viem.ts'
import { abi, serveDevnet } from './devnet.testing.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const SOURCE = join(REPOSITORY, 'tools/clients/hardhat')
/** A copy, because Hardhat writes into its project; inside the repository, where the root's modules are found. */
const PROJECT = join(REPOSITORY, '.cache/hardhat')
/** Hardhat 3 wants Node 22, which its own folder has from npm. */
const NODE = join(SOURCE, 'node_modules/.bin/node')
const { url, addressOf } = serveDevnet()

beforeAll(() => {
  rmSync(PROJECT, { recursive: true, force: true })
  for (const name of ['package.json', 'hardhat.config.ts', 'test', 'ignition']) {
    cpSync(join(SOURCE, name), join(PROJECT, name), { recursive: true })
  }
  symlinkSync(join(SOURCE, 'node_modules'), join(PROJECT, 'node_modules'))
  mkdirSync(join(PROJECT, 'contracts'))
  const probe = 'ClientProbe.sol'
  cpSync(join(REPOSITORY, 'contracts/test/sol', probe), join(PROJECT, 'contracts', probe))
})

async function hardhat(...args: readonly string[]): Promise<string> {
  const cli = join(SOURCE, 'node_modules/hardhat/dist/src/cli.js')
  const { stdout, stderr } = await promisify(execFile)(NODE, [cli, ...args], {
    cwd: PROJECT,
    env: {
      ...process.env,
      NO_COLOR: '1',
      HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true',
      HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: 'false',
      TREX_L1: url('l1'),
      TREX_L2: url('l2'),
    },
  }).catch((error: Error & { stdout: string; stderr: string }) => {
    throw new Error(`${error.stdout}\n${error.stderr}`, { cause: error })
  })
  return stdout + stderr
}

test.each(['trexL1', 'trexL2'])(
  'deploys, transacts, reads logs and verifies reverts on %s',
  async (network) => {
    expect(await hardhat('test', 'nodejs', '--network', network)).toMatch(/5 passing/)
  },
)

test('Ignition deploys a module and writes down where', async () => {
  await hardhat('ignition', 'deploy', 'ignition/modules/probe.ts', '--network', 'trexL2')
  const file = join(PROJECT, `ignition/deployments/chain-${trexL2.id}/deployed_addresses.json`)
  const { 'Probe#ClientProbe': address } = JSON.parse(readFileSync(file, 'utf8')) as {
    'Probe#ClientProbe': Hex
  }
  const client = createPublicClient({ chain: trexL2, transport: http(url('l2')) })
  expect(await client.readContract({ address, abi, functionName: 'value' })).toBe(43n)
  const events = await client.getContractEvents({ address, abi, fromBlock: 0n })
  expect(events.map(({ args }) => args)).toEqual([{ by: addressOf(0), value: 43n }])
})

/** Foundry's Anvil from npm, as a peer: its process and its JSON-RPC. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { CHAIN_ID } from '../workers/chain/testing/accounts.ts'
import type { GenesisAccount } from '../workers/chain/types.ts'
import { bytesToHex, word } from '../workers/rollup/bytes.ts'
import { MeasurementError } from './figure.ts'

/** The binary itself: the command of the npm package is a wrapper whose death its child would survive. */
function findBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `anvil-${process.platform}-${architecture}`
  const path = fileURLToPath(
    new URL(`../node_modules/@foundry-rs/${name}/bin/anvil`, import.meta.url),
  )
  if (existsSync(path)) return path
  throw new MeasurementError(`npm installed no Anvil for this platform (@foundry-rs/${name}).`)
}

const START_MS = 20_000
const CALL_MS = 120_000
const BATCH = 250

export interface Call {
  readonly method: string
  readonly params: readonly unknown[]
}

export interface Anvil {
  /** Throws `MeasurementError` with Anvil's words. */
  readonly call: (method: string, params: readonly unknown[]) => Promise<unknown>
  /** In batches of 250 per request, one request after the other. */
  readonly callAll: (calls: readonly Call[]) => Promise<readonly unknown[]>
  /** Processor time of its process so far. Throws `MeasurementError` where /proc does not tell it. */
  readonly cpuMs: () => number
  readonly close: () => void
}

export async function startAnvil(
  accounts: readonly GenesisAccount[],
  mines: boolean,
): Promise<Anvil> {
  const port = await freePort()
  const flags = [
    '--chain-id',
    String(CHAIN_ID),
    '--hardfork',
    'osaka',
    '--silent',
    '--accounts',
    '1',
  ]
  const gas = [
    '--gas-limit',
    String(10n ** 12n),
    '--base-fee',
    String(10n ** 9n),
    '--order',
    'fifo',
  ]
  const mining = mines ? [] : ['--no-mining']
  const node = spawn(findBinary(), ['--port', String(port), ...flags, ...gas, ...mining], {
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  const anvil: Anvil = {
    call: async (method, params) => (await send(url, [{ method, params }]))[0],
    callAll: async (calls) => {
      const results: unknown[] = []
      for (let at = 0; at < calls.length; at += BATCH)
        results.push(...(await send(url, calls.slice(at, at + BATCH))))
      return results
    },
    cpuMs: () => cpuOf(node.pid ?? 0),
    close: () => void node.kill('SIGKILL'),
  }
  try {
    await untilReady(anvil, node)
    await anvil.callAll(accounts.flatMap(allocation))
  } catch (error) {
    anvil.close()
    throw error
  }
  return anvil
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10

function cpuOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; user and system time are the 12th and 13th field after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return TICK_MS * (Number(fields[11]) + Number(fields[12]))
  } catch (cause) {
    throw new MeasurementError('The processor time of Anvil cannot be read from /proc.', { cause })
  }
}

function allocation({ address, balance, code, storage }: GenesisAccount): readonly Call[] {
  const at = bytesToHex(address)
  return [
    { method: 'anvil_setBalance', params: [at, `0x${balance.toString(16)}`] },
    ...(code.length === 0 ? [] : [{ method: 'anvil_setCode', params: [at, bytesToHex(code)] }]),
    ...storage.map(({ slot, value }) => ({
      method: 'anvil_setStorageAt',
      params: [at, bytesToHex(slot), bytesToHex(word(value))],
    })),
  ]
}

async function untilReady(anvil: Anvil, node: ChildProcess): Promise<void> {
  const endMs = performance.now() + START_MS
  while (performance.now() < endMs && node.exitCode === null) {
    try {
      await anvil.call('eth_chainId', [])
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new MeasurementError(`Anvil did not start within ${START_MS / 1000} s.`)
}

async function send(url: string, calls: readonly Call[]): Promise<readonly unknown[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }))),
    signal: AbortSignal.timeout(CALL_MS),
  })
  const answers = (await response.json()) as readonly {
    readonly id: number
    readonly result?: unknown
    readonly error?: { readonly message: string }
  }[]
  const results: unknown[] = []
  for (const { id, result, error } of answers) {
    if (error !== undefined)
      throw new MeasurementError(`Anvil refuses ${calls[id]?.method}: ${error.message}`)
    results[id] = result
  }
  return results
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

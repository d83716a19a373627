/** Foundry's Anvil from npm, a real Ethereum node: its process and its JSON-RPC. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { BaseError } from '../../workers/kernel/errors.ts'
import type { Plain } from '../../workers/kernel/role.ts'

const START_MS = 20_000
const CALL_MS = 120_000
const BATCH = 250

/** npm installed no Anvil, or its process does not answer. */
export class AnvilError extends BaseError {
  override name = 'AnvilError'
}

/** Anvil's refusal of one call, in its words. */
export class AnvilRefusedError extends BaseError {
  override name = 'AnvilRefusedError'
}

export interface Call {
  readonly method: string
  readonly params: readonly unknown[]
}

export interface Anvil {
  readonly url: string
  /** Throws `AnvilRefusedError`, and `AnvilError` where it does not answer. */
  readonly call: (method: string, params: readonly unknown[]) => Promise<unknown>
  /** In batches of 250 per request, one request after the other. */
  readonly callAll: (calls: readonly Call[]) => Promise<readonly unknown[]>
  readonly pid: number
  readonly close: () => void
}

/** On a free port, with Ethereum's limits on unless the flags say otherwise. Throws `AnvilError`. */
export async function startAnvil(flags: readonly string[]): Promise<Anvil> {
  const port = await freePort()
  const node = spawn(findBinary(), ['--port', String(port), '--silent', ...flags], {
    stdio: 'ignore',
  })
  const close = () => void node.kill('SIGKILL')
  process.once('exit', close)
  node.once('exit', () => process.off('exit', close))
  const url = `http://127.0.0.1:${port}`
  const anvil: Anvil = {
    url,
    call: async (method, params) => (await send(url, [{ method, params }]))[0],
    callAll: async (calls) => {
      const results: unknown[] = []
      for (let at = 0; at < calls.length; at += BATCH)
        results.push(...(await send(url, calls.slice(at, at + BATCH))))
      return results
    },
    pid: node.pid ?? 0,
    close,
  }
  await untilReady(anvil, node)
  return anvil
}

/** The binary itself: the command of the npm package is a wrapper whose death its child would survive. */
function findBinary(): string {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const name = `anvil-${process.platform}-${architecture}`
  const path = fileURLToPath(
    new URL(`../../node_modules/@foundry-rs/${name}/bin/anvil`, import.meta.url),
  )
  if (existsSync(path)) return path
  throw new AnvilError(`npm installed no Anvil for this platform (@foundry-rs/${name}).`)
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
  anvil.close()
  throw new AnvilError(`Anvil did not start within ${START_MS / 1000} s.`)
}

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Plain }
}

async function send(url: string, calls: readonly Call[]): Promise<readonly unknown[]> {
  const body = JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call })))
  const results: unknown[] = []
  for (const { id, result, error } of await post(url, body)) {
    if (error !== undefined) {
      const { code, message, data } = error
      const text = `Anvil refuses ${calls[id]?.method}: ${message}`
      throw new AnvilRefusedError(text, { code, data })
    }
    results[id] = result
  }
  return results
}

async function post(url: string, body: string): Promise<readonly Answer[]> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(CALL_MS),
    })
    return (await response.json()) as readonly Answer[]
  } catch (cause) {
    throw new AnvilError('Anvil does not answer.', { cause })
  }
}

/** A port that nobody listens on. */
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

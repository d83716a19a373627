/**
 * `npm start`: builds the page if it is stale, serves it on loopback, and bridges JSON-RPC to the open tab.
 *
 *     --port 5173 --l1-port 8545 --l2-port 9545 --allow-origin URL --no-build
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { integerFlag, PORT_RANGE, readFlags, runTool } from './arguments.ts'
import { createBridge } from './bridge.ts'
import { openDoors, PortTakenError } from './rpc/ports.ts'
import { listen } from './rpc/server.ts'
import { createStaticServer } from './staticServer.ts'

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(REPOSITORY, 'dist')
const STAMP = join(REPOSITORY, '.cache', 'dist.stamp')

await runTool(main)

async function main(): Promise<void> {
  const flags = readFlags({
    port: { type: 'string' },
    'l1-port': { type: 'string' },
    'l2-port': { type: 'string' },
    'allow-origin': { type: 'string', multiple: true },
    'no-build': { type: 'boolean' },
  })
  const port = integerFlag('port', flags.port, 5173, PORT_RANGE)
  const ports = {
    l1: integerFlag('l1-port', flags['l1-port'], 8545, PORT_RANGE),
    l2: integerFlag('l2-port', flags['l2-port'], 9545, PORT_RANGE),
  }
  if (flags['no-build'] !== true) buildIfStale()
  const server = createStaticServer(DIST)
  let url = ''
  const bridge = createBridge(server, () => url)
  await listen(server, port).catch((cause: { code?: string }) => {
    if (cause.code !== 'EADDRINUSE') throw cause
    throw new PortTakenError(`Port ${port} is taken. Choose another with --port.`, { cause })
  })
  const address = server.address()
  url = `http://localhost:${typeof address === 'object' && address !== null ? address.port : port}/`
  const doors = await openDoors(bridge, ports, (flags['allow-origin'] ?? []) as string[])
  process.stdout.write(
    `trex-devnet ready: open ${url}\nJSON-RPC of the open tab: L1 http://127.0.0.1:${doors.ports.l1} L2 http://127.0.0.1:${doors.ports.l2} (HTTP and WebSocket)\n`,
  )
  const stop = (): never => process.exit(0)
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

/** Contracts first: the page's bundle holds their artifacts and genesis. Both steps cache what did not change. */
function buildIfStale(): void {
  run(['tsx', 'tools/contracts.ts'])
  const hash = sourcesHash()
  const isFresh =
    existsSync(join(DIST, 'index.html')) &&
    existsSync(STAMP) &&
    readFileSync(STAMP, 'utf8') === hash
  if (isFresh) return
  run(['vite', 'build', '--logLevel', 'warn'])
  mkdirSync(join(REPOSITORY, '.cache'), { recursive: true })
  writeFileSync(STAMP, hash)
}

function run(command: readonly string[]): void {
  const { status } = spawnSync('npx', command, {
    cwd: REPOSITORY,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) process.exit(status ?? 1)
}

function sourcesHash(): string {
  const hash = createHash('sha256')
  const folders = ['app', 'workers', 'public', 'contracts/generated']
  const files = folders.flatMap((folder) => filesBelow(folder))
  for (const file of [
    ...files,
    'index.html',
    'connect.html',
    'vite.config.ts',
    'package-lock.json',
  ].sort()) {
    hash.update(`${file}\0`).update(readFileSync(join(REPOSITORY, file)))
  }
  return hash.digest('hex')
}

function filesBelow(folder: string): string[] {
  const path = join(REPOSITORY, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(REPOSITORY.length))
}

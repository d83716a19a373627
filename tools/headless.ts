/**
 * `npm run headless`: the whole world in one process, JSON-RPC on loopback, no browser.
 *
 *     --l1-port 8545 --l2-port 9545 --seed 7 --preset demo --scenario quiet --speed 1|max --paused
 *     Without --speed the world plays in real time, and runs ahead to include what a client sends: its receipt is there at once.
 *     --host together|threads (roles in one thread and proofs in another, or roles in threads of their own)
 *     --code-size-limit 65536 (bytes of a contract's code on L2; 24576 without it)
 *     --data DIR (the world stays there, and goes on from there)
 *     --import FILE (goes on with a world that was exported) --export FILE (writes the world there when it is told to end)
 *     --fork-url URL [--fork-block N] (L2 begins with that chain's state; again with a kept world, it gives that its source back)
 *     --allow-origin URL (may be repeated; * allows every page)
 *
 * With `--genesis FILE --chain FILE.rlp` it serves the imported Ethereum chain on the L1 port instead; there is no L2 then.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import type { ChainName, RpcNotification, World, WorldOptions } from '../workers/protocol/world.ts'
import {
  codeSizeLimitFlag,
  integerFlag,
  PORT_RANGE,
  presetFlag,
  readFlags,
  runTool,
  SEED_RANGE,
  UsageError,
} from './arguments.ts'
import { createFileStore } from './node/fileStore.ts'
import { forkFlags, forkWords, reconnectFork } from './node/fork.ts'
import { type HistoryFiles, openHistory } from './node/history.ts'
import { createNodeWorld, type HostKind } from './node/world.ts'
import { type Door, openDoor, openDoors } from './rpc/ports.ts'

const HELP = `npm run headless -- [flags]

A world of its own:
  --seed 7  --preset demo  --scenario quiet  --speed 1|max  --paused
  --host together|threads            roles in one thread (answers soonest), or in several
  --code-size-limit 24576|65536      bytes of a contract's code on L2
  --data DIR                         keeps the world in DIR, and goes on with the one that it holds
  --import FILE                      goes on with a world that this build exported, here or in the page
  --export FILE                      writes the world into FILE when it is told to end
  --fork-url URL  --fork-block N     L2 begins with the state of the chain behind URL, at its newest block or at N
An Ethereum chain from an execution client's files, with its whole history:
  --genesis FILE --chain FILE.rlp    on the L1 port; the L2 port stays closed, and no block is added
Both:
  --l1-port 8545  --l2-port 9545     0 lets the system choose
  --allow-origin URL                 may be repeated; * allows every page
`

/** What an imported world brings along. */
const OF_THE_FILE = ['seed', 'preset', 'scenario', 'code-size-limit', 'data'] as const

/** Flags that a kept world must agree with, and the options that they name. */
const OPTION_FLAGS = [
  ['seed', 'seed'],
  ['preset', 'preset'],
  ['scenario', 'scenario'],
  ['code-size-limit', 'codeSizeLimit'],
] as const

await runTool(main)

async function main(): Promise<void> {
  const flags = readFlags({
    help: { type: 'boolean' },
    genesis: { type: 'string' },
    chain: { type: 'string' },
    'l1-port': { type: 'string' },
    'l2-port': { type: 'string' },
    seed: { type: 'string' },
    preset: { type: 'string' },
    scenario: { type: 'string' },
    'code-size-limit': { type: 'string' },
    speed: { type: 'string' },
    paused: { type: 'boolean' },
    host: { type: 'string' },
    data: { type: 'string' },
    import: { type: 'string' },
    export: { type: 'string' },
    'fork-url': { type: 'string' },
    'fork-block': { type: 'string' },
    'allow-origin': { type: 'string', multiple: true },
  })
  if (flags.help === true) {
    process.stdout.write(HELP)
    return
  }
  const ports = {
    l1: integerFlag('l1-port', flags['l1-port'], 8545, PORT_RANGE),
    l2: integerFlag('l2-port', flags['l2-port'], 9545, PORT_RANGE),
  }
  const { genesis, chain } = flags
  if (genesis === undefined && chain === undefined) return serveWorld(flags, ports)
  if (typeof genesis !== 'string' || typeof chain !== 'string') {
    throw new UsageError('--genesis and --chain belong together: give both or neither.')
  }
  await serveHistory({ genesis, chain }, ports.l1, (flags['allow-origin'] ?? []) as string[])
}

async function serveHistory(
  files: HistoryFiles,
  port: number,
  allowedOrigins: readonly string[],
): Promise<void> {
  const door = await openHistory(files)
  const server = await openDoor(door, 'l1', port, allowedOrigins)
  process.stdout.write(
    `trex-devnet ready: L1 http://127.0.0.1:${server.port} (HTTP and WebSocket), imported chain\n`,
  )
  endWith(() => server.close())
}

async function serveWorld(
  flags: ReturnType<typeof readFlags>,
  wanted: { readonly l1: number; readonly l2: number },
): Promise<void> {
  const speed = speedFlag(flags.speed)
  const { data } = flags
  const store = typeof data === 'string' ? { store: createFileStore(data) } : {}
  const world = createNodeWorld({ host: hostFlag(flags.host), ...store })
  const origin = await resumeOrOpen(world, flags)
  const doors = await openDoors(doorOf(world), wanted, (flags['allow-origin'] ?? []) as string[])
  await world.setSpeed(speed)
  // A client that waits is not kept waiting, unless somebody wants to see time pass.
  if (flags.speed === undefined) await world.setAdvanceOnDemand('always')
  if (flags.paused !== true) await world.play()
  const { l1, l2 } = doors.ports
  process.stdout.write(
    `trex-devnet ready: L1 http://127.0.0.1:${l1} L2 http://127.0.0.1:${l2} (HTTP and WebSocket), ${origin}\n`,
  )
  endWith(async () => {
    await doors.close()
    if (typeof flags.export === 'string') writeFileSync(flags.export, await world.save())
    await world.close()
  })
}

/** How the world came to be, in the words of the readiness line. */
async function resumeOrOpen(world: World, flags: ReturnType<typeof readFlags>): Promise<string> {
  if (typeof flags.import === 'string') return importWorld(world, flags, flags.import)
  const codeSizeLimit = codeSizeLimitFlag(flags['code-size-limit'])
  const options: WorldOptions = {
    seed: integerFlag('seed', flags.seed, 7, SEED_RANGE),
    preset: presetFlag(flags.preset),
    scenario: String(flags.scenario ?? 'quiet'),
    ...forkFlags(flags),
    ...(codeSizeLimit === undefined ? {} : { codeSizeLimit }),
  }
  const resumed = await world.resume()
  if (resumed === null) {
    const { fork } = (await world.open(options)).options
    return `seed ${options.seed}, preset ${options.preset}${flags.data === undefined ? '' : `, kept in ${String(flags.data)}`}${forkWords(fork)}`
  }
  const held = resumed.options
  for (const [flag, name] of OPTION_FLAGS) {
    const kept = held[name] ?? 24_576
    if (flags[flag] === undefined || kept === options[name]) continue
    await world.close()
    throw new UsageError(
      `The world in ${String(flags.data)} has ${flag} ${kept}, not ${options[name]}: leave --${flag} out, or choose another directory.`,
    )
  }
  await reconnectFork(world, resumed, flags)
  return `seed ${held.seed}, preset ${held.preset}, resumed from ${String(flags.data)} at ${(resumed.timeMs / 1000).toFixed(1)} s${forkWords(held.fork)}`
}

/** Rejects with `UsageError` or `InvalidSaveError`. */
async function importWorld(
  world: World,
  flags: ReturnType<typeof readFlags>,
  file: string,
): Promise<string> {
  const other = OF_THE_FILE.find((name) => flags[name] !== undefined)
  if (other !== undefined) {
    throw new UsageError(`--import opens the world of its file: leave --${other} out.`)
  }
  const restored = await world.restore(readWorld(file))
  await reconnectFork(world, restored, flags)
  const { options, timeMs } = restored
  return `seed ${options.seed}, preset ${options.preset}, imported from ${file} at ${(timeMs / 1000).toFixed(1)} s${forkWords(options.fork)}`
}

function readWorld(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file))
  } catch (cause) {
    throw new UsageError(`--import: ${(cause as Error).message}`, { cause })
  }
}

/** Closes what runs when the process is told to end. */
function endWith(close: () => Promise<void>): void {
  const stop = async (): Promise<void> => {
    await close()
    process.exit(0)
  }
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
}

function hostFlag(value: unknown): HostKind {
  if (value === undefined || value === 'together') return 'together'
  if (value === 'threads') return value
  throw new UsageError(`--host must be "together" or "threads", is "${String(value)}".`)
}

function speedFlag(value: unknown): number | 'max' {
  if (value === undefined) return 1
  if (value === 'max') return 'max'
  const speed = Number(value)
  if (speed >= 0.1 && speed <= 100) return speed
  throw new UsageError(`--speed must be "max" or from 0.1 to 100, is "${String(value)}".`)
}

function doorOf(world: World): Door {
  return {
    rpc: (chain, request) => world.rpc(chain, request),
    onNotification: (chain: ChainName, listener: (notification: RpcNotification) => void) => {
      const stop = world.onNotification(chain, listener)
      return () => void stop.then((unsubscribe) => unsubscribe())
    },
  }
}

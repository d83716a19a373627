/**
 * `npm run headless`: the whole world in worker threads, JSON-RPC on loopback, no browser.
 *
 *     --l1-port 8545 --l2-port 9545 --seed 7 --preset demo --scenario quiet --speed 1|max --paused
 *     --allow-origin URL (may be repeated; * allows every page)
 */
import type { ChainName, RpcNotification, World } from '../workers/protocol/world.ts'
import {
  integerFlag,
  PORT_RANGE,
  presetFlag,
  readFlags,
  runTool,
  SEED_RANGE,
  UsageError,
} from './arguments.ts'
import { createNodeWorld } from './node/world.ts'
import { type Door, openDoors } from './rpc/ports.ts'

await runTool(main)

async function main(): Promise<void> {
  const flags = readFlags({
    'l1-port': { type: 'string' },
    'l2-port': { type: 'string' },
    seed: { type: 'string' },
    preset: { type: 'string' },
    scenario: { type: 'string' },
    speed: { type: 'string' },
    paused: { type: 'boolean' },
    'allow-origin': { type: 'string', multiple: true },
  })
  const seed = integerFlag('seed', flags.seed, 7, SEED_RANGE)
  const preset = presetFlag(flags.preset)
  const speed = speedFlag(flags.speed)
  const ports = {
    l1: integerFlag('l1-port', flags['l1-port'], 8545, PORT_RANGE),
    l2: integerFlag('l2-port', flags['l2-port'], 9545, PORT_RANGE),
  }
  const world = createNodeWorld({ host: 'threads' })
  await world.open({ seed, preset, scenario: String(flags.scenario ?? 'quiet') })
  const doors = await openDoors(doorOf(world), ports, (flags['allow-origin'] ?? []) as string[])
  await world.setSpeed(speed)
  if (flags.paused !== true) await world.play()
  const { l1, l2 } = doors.ports
  process.stdout.write(
    `trex-devnet ready: L1 http://127.0.0.1:${l1} L2 http://127.0.0.1:${l2} (HTTP and WebSocket), seed ${seed}, preset ${preset}\n`,
  )
  const stop = async (): Promise<void> => {
    await doors.close()
    await world.close()
    process.exit(0)
  }
  process.once('SIGINT', () => void stop())
  process.once('SIGTERM', () => void stop())
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

/** JSON-RPC methods of the world itself: its clock, snapshots and faults. The same for both chains. */
import type { Fault } from '../../protocol/faults.ts'
import type { ChainName, Json } from '../../protocol/world.ts'
import { type DevnetPort, devnetRpc, EVM_ACTIONS } from './devnet.ts'
import { invalid, quantity } from './values.ts'

export interface ControlPort extends DevnetPort {
  checkpoint(): Promise<number>
  /** Returns to a checkpoint and forgets it and the later ones; false if there is none. */
  revert(id: number): Promise<boolean>
  /** Gives the chain's next block this time; the world stops short of it. */
  aimNextBlock(chain: ChainName, unixSeconds: number): Promise<void>
  /** Unix time of the world, in seconds. */
  unixSeconds(): number
  fault(fault: Fault): Promise<void>
  status(): Promise<Json>
  share(): Promise<Json>
}

/** A hundred years, in seconds. */
const JUMP_MAX_SECONDS = 3_155_760_000

/** Null if the method is not the world's. Throws `RpcError` naming the parameter that is wrong. */
export function controlRpc(
  port: ControlPort,
  chain: ChainName,
  method: string,
  params: readonly Json[],
): Promise<Json> | null {
  const action = Object.hasOwn(actions, method) ? actions[method] : undefined
  return action === undefined ? devnetRpc(port, chain, method, params) : action(port, chain, params)
}

type Action = (port: ControlPort, chain: ChainName, params: readonly Json[]) => Promise<Json>

const snapshot: Action = async (port) => toQuantity(await port.checkpoint())

const revert: Action = (port, _chain, params) =>
  port.revert(quantity(params, 0, Number.MAX_SAFE_INTEGER))

const increaseTime: Action = async (port, _chain, params) => {
  const seconds = quantity(params, 0, JUMP_MAX_SECONDS)
  await port.pass(seconds * 1000)
  return toQuantity(seconds)
}

/** `evm_setTime` takes milliseconds in Ganache; here as in Hardhat and Anvil all times are Unix seconds. */
const setTime: Action = async (port, _chain, params) => {
  const wanted = quantity(params, 0, Number.MAX_SAFE_INTEGER)
  const seconds = wanted - port.unixSeconds()
  if (seconds < 0 || seconds > JUMP_MAX_SECONDS) {
    throw invalid(0, `a Unix time from ${port.unixSeconds()} on; time runs forward alone`)
  }
  await port.pass(seconds * 1000)
  return toQuantity(wanted)
}

/** Anvil answers null. */
const setNextBlockTimestamp: Action = async (port, chain, params) => {
  const wanted = quantity(params, 0, Number.MAX_SAFE_INTEGER)
  const head = (await port.read(chain, 'eth_getBlockByNumber', ['latest', false])) as {
    readonly timestamp: string
  }
  const least = Math.max(Number(head.timestamp) + 1, port.unixSeconds() + 1)
  if (wanted < least || wanted - least > JUMP_MAX_SECONDS) {
    throw invalid(0, `a Unix time from ${least} on; time runs forward alone`)
  }
  await port.aimNextBlock(chain, wanted)
  return null
}

const fault: Action = async (port, _chain, params) => {
  const [value] = params
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(
      0,
      'a fault, e.g. {"kind": "corrupt", "node": "executor-0", "fraud": "fraud-sstore"}',
    )
  }
  await port.fault(value as unknown as Fault)
  return true
}

const setSpeed: Action = async (port, _chain, params) => {
  const [speed] = params
  if (speed !== 'max' && typeof speed !== 'number') throw invalid(0, 'a number or "max"')
  await port.setSpeed(speed)
  return true
}

interface MineOptions {
  readonly timestamp?: Json | undefined
  readonly blocks?: Json
}

const actions: Readonly<Record<string, Action>> = {
  evm_snapshot: snapshot,
  anvil_snapshot: snapshot,
  evm_revert: revert,
  anvil_revert: revert,
  evm_increaseTime: increaseTime,
  anvil_increaseTime: increaseTime,
  evm_setTime: setTime,
  evm_setNextBlockTimestamp: setNextBlockTimestamp,
  anvil_setNextBlockTimestamp: setNextBlockTimestamp,
  anvil_setTime: setTime,
  evm_mine: async (port, chain, params) => {
    // Its one parameter, if any, is a timestamp, or anvil's `{timestamp, blocks}`.
    const [given] = params
    const options =
      typeof given === 'object' && given !== null ? (given as MineOptions) : { timestamp: given }
    const { timestamp = null, blocks = null } = options
    if (timestamp !== null) await setNextBlockTimestamp(port, chain, [timestamp])
    await devnetRpc(port, chain, 'anvil_mine', [blocks])
    return '0x0'
  },
  ...EVM_ACTIONS,
  rollup_fault: fault,
  rollup_status: (port) => port.status(),
  rollup_advance: async (port, _chain, params) => {
    await port.advance(quantity(params, 0, JUMP_MAX_SECONDS * 1000))
    return port.status()
  },
  rollup_play: async (port) => {
    await port.play()
    return true
  },
  rollup_pause: async (port) => {
    await port.pause()
    return port.status()
  },
  rollup_setSpeed: setSpeed,
  rollup_share: (port) => port.share(),
}

/** Names that `controlRpc` answers. */
export const CONTROL_METHODS: readonly string[] = Object.keys(actions)

function toQuantity(value: number): string {
  return `0x${value.toString(16)}`
}

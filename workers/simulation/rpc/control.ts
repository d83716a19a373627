/** JSON-RPC methods of the world itself: its clock, snapshots and faults. The same for both chains. */
import type { Fault } from '../../protocol/faults.ts'
import type { ChainName, Json } from '../../protocol/world.ts'
import { RPC_CODE, RpcError } from '../errors.ts'

export interface ControlPort {
  checkpoint(): Promise<number>
  /** Returns to a checkpoint and forgets it and the later ones; false if there is none. */
  revert(id: number): Promise<boolean>
  advance(byMs: number): Promise<unknown>
  /** Runs until the chain has `count` more blocks. */
  mine(chain: ChainName, count: number): Promise<void>
  /** Unix time of the world, in seconds. */
  unixSeconds(): number
  fault(fault: Fault): Promise<void>
  play(): Promise<void>
  pause(): Promise<unknown>
  setSpeed(speed: number | 'max'): Promise<void>
  status(): Promise<Json>
  share(): Promise<Json>
}

const MINE_MAX = 10_000
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
  return action === undefined ? null : action(port, chain, params)
}

type Action = (port: ControlPort, chain: ChainName, params: readonly Json[]) => Promise<Json>

const snapshot: Action = async (port) => toQuantity(await port.checkpoint())

const revert: Action = (port, _chain, params) =>
  port.revert(quantity(params, 0, Number.MAX_SAFE_INTEGER))

const increaseTime: Action = async (port, _chain, params) => {
  const seconds = quantity(params, 0, JUMP_MAX_SECONDS)
  await port.advance(seconds * 1000)
  return toQuantity(seconds)
}

/** `evm_setTime` takes milliseconds in Ganache; here as in Hardhat and Anvil all times are Unix seconds. */
const setTime: Action = async (port, _chain, params) => {
  const wanted = quantity(params, 0, Number.MAX_SAFE_INTEGER)
  const seconds = wanted - port.unixSeconds()
  if (seconds < 0 || seconds > JUMP_MAX_SECONDS) {
    throw invalid(0, `a Unix time from ${port.unixSeconds()} on; time runs forward alone`)
  }
  await port.advance(seconds * 1000)
  return toQuantity(wanted)
}

const mine: Action = async (port, chain, params) => {
  const count = params[0] === undefined || params[0] === null ? 1 : quantity(params, 0, MINE_MAX)
  if (count > 0) await port.mine(chain, count)
  return '0x0'
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

const actions: Readonly<Record<string, Action>> = {
  evm_snapshot: snapshot,
  anvil_snapshot: snapshot,
  evm_revert: revert,
  anvil_revert: revert,
  evm_increaseTime: increaseTime,
  anvil_increaseTime: increaseTime,
  evm_setTime: setTime,
  evm_setNextBlockTimestamp: setTime,
  evm_mine: async (port, chain, params) => {
    // Its one parameter, if any, is a timestamp.
    if (params[0] !== undefined && params[0] !== null) await setTime(port, chain, params)
    return mine(port, chain, [])
  },
  anvil_mine: mine,
  hardhat_mine: mine,
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

/** Numbers, decimal texts and hexadecimal quantities are all in use by tools. */
function quantity(params: readonly Json[], index: number, max: number): number {
  const value = params[index]
  const isText = typeof value === 'string' && /^(0x[0-9a-fA-F]+|\d+)$/.test(value)
  const number = isText || typeof value === 'number' ? Number(value) : Number.NaN
  if (Number.isSafeInteger(number) && number >= 0 && number <= max) return number
  throw invalid(index, `an integer from 0 to ${max}`)
}

function invalid(index: number, accepted: string): RpcError {
  return new RpcError(`Parameter ${index} must be ${accepted}.`, RPC_CODE.invalidParams)
}

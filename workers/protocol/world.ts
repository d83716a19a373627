/**
 * The API of a running world, as the page, the headless server, the scenario runner and `createDevnet()` see it. All of it
 * crosses ports: arguments and results are plain data, listeners are proxies. Everything that changes the world is an input,
 * stamped with virtual time and recorded, so that seed + scenario + inputs replay bit for bit.
 */
import type { NodeId, Plain } from '../kernel/role.ts'
import type { CodeSizeLimit } from '../rollup/codeLimits.ts'
import type { PresetName } from '../rollup/parameters.ts'
import type { Fault } from './faults.ts'
import type { ForkPoint, ForkRequest } from './fork.ts'
import type { ProjectionPatch } from './projection.ts'

export type ChainName = 'l1' | 'l2'

/** JSON values, as JSON-RPC carries them. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

export interface RpcRequest {
  readonly method: string
  readonly params?: readonly Json[]
}

/** One `eth_subscription` notification; `subscription` is the id that `eth_subscribe` returned. */
export interface RpcNotification {
  readonly subscription: string
  readonly result: Json
}

/** Virtual milliseconds per wall millisecond, 0.1 … 100, or `max`: as fast as the machine can. */
export type Speed = number | 'max'

export interface WorldOptions {
  /** Unsigned 32-bit integer; the page starts with 7. */
  readonly seed: number
  readonly preset: PresetName
  /** Name from `scenarios()`; `steady` injects nothing. */
  readonly scenario: string
  /**
   * Bytes of a contract's code on L2: Ethereum's 24,576 (default), or 65,536. L1's verifier is deployed with the same limit, so that
   * disputes about such contracts are decided as any other.
   */
  readonly codeSizeLimit?: CodeSizeLimit
  /** Where L1 is: `embedded` (default) or the URL of an Ethereum node, in which case the run is recorded, not deterministic. */
  readonly l1?: 'embedded' | { readonly url: string }
  /** L2 begins with another chain's state. The block is pinned when the world is opened. */
  readonly fork?: ForkRequest
}

/** What an open world says of itself, saves and shares. */
export interface PinnedOptions extends Omit<WorldOptions, 'fork'> {
  readonly fork?: ForkPoint
}

/**
 * Whether the world moves just far enough to include a transaction that a client just sent, as fast as possible: `true` while it is
 * paused, `always` also while it plays, `false` never.
 */
export type Demand = boolean | 'always'

export type Phase = 'booting' | 'paused' | 'playing' | 'failed'

export interface WorldStatus {
  readonly phase: Phase
  readonly options: PinnedOptions
  readonly buildHash: string
  /** Virtual milliseconds since L1's genesis. */
  readonly timeMs: number
  readonly speed: Speed
  readonly advanceOnDemand: Demand
  /** Events delivered so far. */
  readonly events: number
  /** 0x-string over every delivered event and every role's state. */
  readonly eventHash: string
  readonly nodes: readonly NodeId[]
}

export interface ScenarioInfo {
  readonly name: string
  readonly description: string
}

/** A run that anyone can replay. `text` goes into the link's fragment when it is at most 8 KB, otherwise into a file. */
export interface Share {
  readonly text: string
  readonly eventHash: string
  readonly timeMs: number
}

/** What a step stops at: the next event of any node, the next L2 block, or the next L1 slot. */
export type StepUnit = 'event' | 'l2-block' | 'l1-slot'

export interface World {
  /**
   * Builds a fresh world and stops before its first event; replaces the one that ran. It also replaces the one that the storage
   * keeps, unless `kept` is false: then this one ends with the visit, and the other stays. A fork whose source fails rejects with one
   * of the `Fork…` errors, and the world that ran goes on.
   */
  open(options: WorldOptions, how?: { readonly kept?: boolean }): Promise<WorldStatus>
  status(): Promise<WorldStatus>
  scenarios(): Promise<readonly ScenarioInfo[]>

  play(): Promise<void>
  /** Resolves when nothing moves any more. */
  pause(): Promise<WorldStatus>
  step(unit: StepUnit): Promise<WorldStatus>
  setSpeed(speed: Speed): Promise<void>
  /** `true` from the start. */
  setAdvanceOnDemand(on: Demand): Promise<void>
  /** Runs `byMs` virtual milliseconds as fast as possible, then returns to the phase it had. */
  advance(byMs: number): Promise<WorldStatus>

  /** JSON-RPC against L1 or L2. Rejects with `RpcError` (`code`, `message`, `data` as JSON-RPC has them). */
  rpc(chain: ChainName, request: RpcRequest): Promise<Json>
  /** Calls back for every notification of that chain; the caller picks its subscription ids. */
  onNotification(
    chain: ChainName,
    listener: (notification: RpcNotification) => void,
  ): Promise<Unsubscribe>

  /** Applies one fault. Rejects with `UnknownNodeError`, `InvalidFaultError`, or `DisputesOffError` in a fork without proofs. */
  fault(fault: Fault): Promise<void>

  /** The block that a fork would begin with, as its source tells it; nothing is opened. Rejects with one of the `Fork…` errors. */
  findFork(request: ForkRequest): Promise<ForkPoint>
  /**
   * Tells a forked world where its source is, after it came from a save or a share. Rejects with one of the `Fork…` errors, e.g.
   * `ForkMismatchError` for another chain.
   */
  connectFork(url: string): Promise<WorldStatus>

  share(): Promise<Share>
  /** Replays a share to its end and stops there. Rejects with `InvalidShareError`, `ForeignBuildError`. */
  load(text: string): Promise<WorldStatus>
  /** Takes a snapshot of all roles and the conductor; the id is valid as long as this world lives. */
  checkpoint(): Promise<number>
  /** Returns to a snapshot; what was recorded after it is forgotten. Rejects with `UnknownCheckpointError`. */
  rollback(id: number): Promise<WorldStatus>

  /** The world as a file, from which `restore` of the same build goes on, here or elsewhere. */
  save(): Promise<Uint8Array>
  /** Opens a saved world at the moment of its save and stops there. Rejects with `InvalidSaveError` or `ForeignBuildError`. */
  restore(file: Uint8Array): Promise<WorldStatus>
  /**
   * Goes on with the world that an earlier visit left in the storage, up to where it was, and stops there; null if none is kept.
   * Rejects with `WorldElsewhereError` while another tab owns it, unless this one is to take it over.
   */
  resume(how?: { readonly takeOver?: boolean }): Promise<WorldStatus | null>

  /** Sends the whole projection once, then what changed, at most 60 times a second and once more when the world stops. */
  subscribe(listener: (patch: ProjectionPatch) => void): Promise<Unsubscribe>
  /** A read of one node's committed state (`Role.query`), e.g. what the inspector shows. Methods: `protocol/queries.ts`. */
  query(node: NodeId, method: string, params: Plain): Promise<Plain>
  close(): Promise<void>
}

export type Unsubscribe = () => void

/** Names of the errors that a world rejects with; errors cross ports by name (`transport`). */
export type WorldErrorName =
  | 'WorldNotOpenError'
  | 'UnknownScenarioError'
  | 'UnknownNodeError'
  | 'UnknownCheckpointError'
  | 'UnknownQueryError'
  | 'InvalidFaultError'
  | 'InvalidShareError'
  | 'ForeignBuildError'
  | 'InvalidSaveError'
  | 'WorldElsewhereError'
  | 'InvalidForkError'
  | 'ForkUnreachableError'
  | 'ForkAnswerError'
  | 'ForkRefusedError'
  | 'ForkBlockNotFoundError'
  | 'ForkStatePrunedError'
  | 'ForkProofError'
  | 'ForkMismatchError'
  | 'ForkNotConnectedError'
  | 'DisputesOffError'
  | 'RpcError'

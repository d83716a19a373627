/** Small real roles for tests of the kernel: they use everything that a role may use. Not part of the product. */
import { canonicalEncode } from './canonical.ts'
import { BaseError } from './errors.ts'
import type { NodeSpec } from './hostPort.ts'
import type { JobRegistry } from './jobs.ts'
import type { Effect, Plain, Role, RoleContext, RoleEvent, RoleFactory } from './role.ts'
import type { RoleRegistry } from './roleHost.ts'

export class ToyError extends BaseError {
  override name = 'ToyError'
}

interface PingState {
  readonly pings: number
  readonly seen: readonly string[]
  readonly total: number
  readonly boots: number
}

type PingConfig = { readonly peers: readonly string[]; readonly everyMs: number }

/** Pings random peers on a timer, counts what comes back, squares counts in jobs, charges CPU, persists its boots. */
export const createPingRole: RoleFactory = async (context, config) => {
  const { peers, everyMs } = config as PingConfig
  let state: PingState = {
    pings: 0,
    seen: [],
    total: 0,
    boots: Number(context.durable.get('boots') ?? 0),
  }
  const set = (change: Partial<PingState>): void => {
    state = { ...state, ...change, seen: (change.seen ?? state.seen).slice(-5) }
  }
  const step = async (event: RoleEvent): Promise<readonly Effect[]> => {
    switch (event.kind) {
      case 'start':
        set({ boots: state.boots + 1 })
        return [
          { kind: 'persist', key: 'boots', value: state.boots },
          {
            kind: 'report',
            type: 'toy.started',
            payload: { type: event.type, boots: state.boots },
          },
          { kind: 'timer', id: 'ping', delayMs: everyMs },
        ]
      case 'timer':
        return ping(event.timeMs)
      case 'message':
        return receive(event)
      case 'job':
        set({ total: state.total + Number(event.payload) })
        return [{ kind: 'report', type: 'toy.squared', payload: { total: state.total } }]
      case 'input':
        return answer(event, state.pings)
    }
  }
  const ping = (timeMs: number): Effect[] => {
    set({ pings: state.pings + 1 })
    const to = peers[context.rng.nextBelow(peers.length)] ?? ''
    return [
      { kind: 'charge', ms: context.rng.nextBelow(4) },
      {
        kind: 'send',
        to,
        type: 'ping',
        payload: { n: state.pings, at: timeMs, bytes: context.rng.nextBytes(40) },
      },
      { kind: 'timer', id: 'ping', delayMs: everyMs },
    ]
  }
  const receive = (event: RoleEvent): Effect[] => {
    set({ seen: [...state.seen, `${event.source}@${event.timeMs}`] })
    if (event.type === 'pong')
      return [{ kind: 'job', id: 'square', job: 'square', input: state.pings, priceMs: 25 }]
    // Local timers inside a window: shorter than the minimum latency.
    return [
      { kind: 'charge', ms: 2 },
      { kind: 'send', to: event.source, type: 'pong', payload: event.payload },
      { kind: 'timer', id: 'ping', delayMs: 3 },
    ]
  }
  return exposeRole(
    context,
    step,
    () => state as unknown as Plain,
    (restored) => {
      state = restored as PingState
    },
  )
}

function answer(event: RoleEvent, pings: number): Effect[] {
  const { inputId } = event.payload as { inputId: number }
  switch (event.type) {
    case 'count':
      return [{ kind: 'reply', inputId, result: pings }]
    case 'refuse':
      return [
        {
          kind: 'replyError',
          inputId,
          error: { name: 'ToyError', message: 'No.', code: -32000, data: { why: 'no' } },
        },
      ]
    case 'throw':
      throw new ToyError('The role threw.')
    case 'killWorker':
      return killWorker()
    case 'badTimer':
      return [{ kind: 'timer', id: 'x', delayMs: 0 }]
    case 'badJob':
      return [{ kind: 'job', id: 'bad', job: 'missing', input: null, priceMs: 20 }]
    case 'notPlain':
      return [{ kind: 'send', to: 'a', type: 'x', payload: Number.NaN }]
    default:
      return []
  }
}

/** Ends the whole worker thread, where there is one: a bug that a role cannot catch. */
function killWorker(): never {
  const { process } = globalThis as { process?: { exit(code: number): never } }
  if (process === undefined) throw new ToyError('No thread to kill.')
  return process.exit(3)
}

function exposeRole(
  context: RoleContext,
  step: Role['step'],
  get: () => Plain,
  set: (state: unknown) => void,
): Role {
  return {
    step,
    digest: () => toyHash(canonicalEncode(get())),
    snapshot: get,
    restore: async (state) => set(state),
    query: async (method) => {
      if (method === 'state') return get()
      throw new ToyError(`Node ${context.id} knows no query "${method}".`, { code: -32601 })
    },
  }
}

/** FNV-1a repeated over 32 bytes: a hash for tests, without a library. */
export function toyHash(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(32)
  for (let word = 0; word < 8; word++) {
    let hash = (0x811c9dc5 ^ Math.imul(word, 0x9e3779b1)) >>> 0
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
    out.set([hash & 255, (hash >> 8) & 255, (hash >> 16) & 255, hash >>> 24], word * 4)
  }
  return out
}

export const toyRoles: RoleRegistry = async (role) => {
  if (role === 'ping') return createPingRole
  throw new ToyError(`No role "${role}".`)
}

export const toyJobs: JobRegistry = async (name) =>
  name === 'square' ? async (input) => Number(input) * Number(input) : undefined

export const toySpecs = (ids: readonly string[] = ['a', 'b', 'c', 'd']): NodeSpec[] =>
  ids.map((id, index) => ({
    id,
    role: 'ping',
    config: { peers: ids.filter((peer) => peer !== id), everyMs: 40 + 7 * index },
  }))

export const toyNetwork = {
  links: [],
  fallback: { baseMs: 15, jitterMs: 30, tailPermille: 50, tailMs: 200 },
  lossPermille: 0,
  duplicatePermille: 0,
}

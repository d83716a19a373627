/** Promises of inputs that wait for their node's reply. Every one of them settles, in bounded virtual time. */
import { InputTimeoutError, NodeCrashedError, plainToError } from './errors.ts'
import type { NodeId, Plain, PlainError } from './role.ts'

/** Virtual time within which a node must answer an input. */
export const REPLY_BOUND_MS = 120_000

interface Pending {
  readonly node: NodeId
  readonly deadlineMs: number
  readonly resolve: (result: Plain) => void
  readonly reject: (error: Error) => void
}

export interface Replies {
  /** The reply to input `id`, which was given at `timeMs`. */
  expect(id: number, node: NodeId, timeMs: number): Promise<Plain>
  resolve(id: number, result: Plain): void
  reject(id: number, error: PlainError): void
  /** Rejects what `node` had not answered when it crashed. */
  rejectNode(node: NodeId): void
  /** Rejects what was not answered in time. */
  expire(nowMs: number): void
  /** Rejects every input whose id matches, e.g. because a rollback forgot it. */
  rejectWhere(matches: (id: number) => boolean, error: Error): void
  /** Gives every input so many ms more, because the clock leapt. */
  extend(byMs: number): void
  size(): number
}

export function createReplies(): Replies {
  const pending = new Map<number, Pending>()
  const settle = (id: number, action: (one: Pending) => void): void => {
    const one = pending.get(id)
    if (one === undefined) return
    pending.delete(id)
    action(one)
  }
  const rejectWhere = (
    matches: (one: Pending, id: number) => boolean,
    error: () => Error,
  ): void => {
    for (const [id, one] of [...pending]) {
      if (matches(one, id)) settle(id, ({ reject }) => reject(error()))
    }
  }
  return {
    expect: (id, node, timeMs) => {
      const reply = new Promise<Plain>((resolve, reject) => {
        pending.set(id, { node, deadlineMs: timeMs + REPLY_BOUND_MS, resolve, reject })
      })
      // Inputs that nobody waits for, such as replayed ones, must not surface as unhandled rejections.
      reply.catch(() => undefined)
      return reply
    },
    resolve: (id, result) => settle(id, (one) => one.resolve(result)),
    reject: (id, error) => settle(id, (one) => one.reject(plainToError(error))),
    rejectNode: (node) => {
      const error = () =>
        new NodeCrashedError(`Node "${node}" crashed before it answered.`, {
          metaMessages: ['Restart it and send the request again.'],
        })
      rejectWhere((one) => one.node === node, error)
    },
    expire: (nowMs) => {
      const error = () => new InputTimeoutError(`No answer within ${REPLY_BOUND_MS} virtual ms.`)
      rejectWhere((one) => one.deadlineMs < nowMs, error)
    },
    rejectWhere: (matches, error) =>
      rejectWhere(
        (_one, id) => matches(id),
        () => error,
      ),
    extend: (byMs) => {
      for (const [id, one] of pending) {
        pending.set(id, { ...one, deadlineMs: one.deadlineMs + byMs })
      }
    },
    size: () => pending.size,
  }
}

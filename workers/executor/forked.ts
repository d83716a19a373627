/** Answers which state of a forked world's source a request still needs (`protocol/fork.ts`). */
import { touchedState } from '../chain/rpc/touched.ts'
import type { Patience } from '../kernel/patience.ts'
import type { ForkedAccount, ForkQuestion, MissingState } from '../protocol/fork.ts'
import type { Json } from '../protocol/world.ts'
import { bytesToBigint, bytesToHex, hexToBytes } from '../rollup/bytes.ts'
import { FORK_REGISTRY, MARK, markOf } from '../rollup/forkRegistry.ts'
import { keccak256 } from '../rollup/keccak.ts'
import {
  EMPTY_ACCOUNT,
  getAccount,
  getStorage,
  putCode,
  setAccount,
  setStorage,
  type WorldState,
} from '../rollup/trie/world.ts'
import type { ExecutorNode } from './node.ts'

/** Precompiles stand below; the zero address is an account like others. */
const PRECOMPILES_END = 0x200n

export async function missingState(
  node: ExecutorNode,
  question: ForkQuestion,
  patience: Patience | undefined,
): Promise<readonly MissingState[]> {
  const { chain, pool, parameters } = node
  const { fetched, nowMs } = question
  const backend = { chain, pool, blockMs: parameters.l2BlockMs, nowMs, patience }
  const touched =
    'touched' in question
      ? question.touched.map(({ address, slots }) => [address, slots] as const)
      : await touchedState(
          backend,
          { method: question.method, params: question.params as readonly Json[] },
          (world) => withFetched(world, fetched),
        )
  const known = new Map(fetched.map((account) => [account.address, account]))
  return [...touched].flatMap(([address, slots]) =>
    missingOf(chain.head().world, address, [...slots], known.get(address)),
  )
}

/**
 * Rationale: an account that exists here and was not brought is this world's own: of its genesis, or made by its transactions. The
 * same holds for a slot that is not zero.
 */
function missingOf(
  world: WorldState,
  name: string,
  slots: readonly string[],
  fetched: ForkedAccount | undefined,
): MissingState[] {
  const address = hexToBytes(name)
  if (isPrecompile(address) || name === bytesToHex(FORK_REGISTRY)) return []
  const mark = markOf(world, address)
  const isAccountMissing = mark === 0n && !fetched?.account
  if (isAccountMissing && getAccount(world, address) !== undefined) return []
  const hasStorage = isAccountMissing || (fetched?.account?.hasStorage ?? mark === MARK.withStorage)
  const known = new Set(fetched?.slots.map(({ slot }) => slot))
  const missing = slots.filter((slot) => {
    if (!hasStorage || known.has(slot)) return false
    const key = hexToBytes(slot)
    return markOf(world, address, key) === 0n && getStorage(world, address, key) === 0n
  })
  if (!isAccountMissing && missing.length === 0) return []
  return [{ address: name, isAccountMissing, slots: missing }]
}

function isPrecompile(address: Uint8Array): boolean {
  const number = bytesToBigint(address)
  return number > 0n && number < PRECOMPILES_END
}

/** The state as it will be once what was fetched is brought. */
function withFetched(world: WorldState, fetched: readonly ForkedAccount[]): WorldState {
  return fetched.reduce(withAccount, world)
}

function withAccount(world: WorldState, { address, account, slots }: ForkedAccount): WorldState {
  const bytes = hexToBytes(address)
  let next = world
  if (account !== null) {
    const { nonce, balance } = account
    const code = hexToBytes(account.code)
    const isEmpty = nonce === 0n && balance === 0n && code.length === 0
    const codeHash = code.length === 0 ? EMPTY_ACCOUNT.codeHash : keccak256(code)
    next = putCode(next, code)
    if (!isEmpty) next = setAccount(next, bytes, { ...EMPTY_ACCOUNT, nonce, balance, codeHash })
  }
  for (const { slot, value } of slots) next = setStorage(next, bytes, hexToBytes(slot), value)
  return next
}

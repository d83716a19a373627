/** Cheats of L1: it stands in for Ethereum's consensus, so it may take what no Ethereum node would. */
import {
  answerCheat,
  type CheatCall,
  CheatNotPossibleError,
  cheatName,
  isImpersonatedSend,
  LATER,
} from '../chain/rpc/cheats.ts'
import { InvalidParamsError } from '../chain/rpc/errors.ts'
import { readAddress, readHash, readQuantity } from '../chain/rpc/params.ts'
import type { Effect, Plain } from '../kernel/role.ts'
import type { Json } from '../protocol/world.ts'
import { bytesToHex, equalBytes } from '../rollup/bytes.ts'
import type { L1State, NextBlock } from './state.ts'

const GAS_LIMIT_MIN = 5_000n
const GAS_LIMIT_MAX = 2n ** 53n - 1n

/** Answers a cheat method; undefined if it is none. Throws the errors of JSON-RPC. */
export async function answerL1Cheat(
  state: L1State,
  call: CheatCall,
  nowMs: number,
): Promise<Plain | typeof LATER | undefined> {
  const { chain, pool, cheats, parameters } = state
  const { method, params } = call
  const name = cheatName(method)
  if (name === null && !isImpersonatedSend(cheats, method, params)) return undefined
  const backend = { chain, pool, blockMs: parameters.l1SlotMs, nowMs }
  const answer = await answerCheat(backend, cheats, call)
  if (answer === null) {
    const result = answerOwn(state, name ?? method, params)
    return method.startsWith('hardhat_set') ? true : result
  }
  state.cheats = answer.desk
  return answer.isAnsweredLater ? LATER : (answer.result as Plain)
}

function answerOwn(state: L1State, name: string, params: readonly Json[]): Plain {
  switch (name) {
    case 'setMinGasPrice':
      throw new CheatNotPossibleError(
        'L1 has EIP-1559 fees, and no minimum besides the base fee: set that with anvil_setNextBlockBaseFeePerGas.',
      )
    case 'setCoinbase':
      state.coinbase = readAddress(params[0], 'address')
      return null
    case 'setNextBlockBaseFeePerGas':
      return next(state, { baseFee: readQuantity(params[0], 'baseFee') })
    case 'setNextBlockPrevRandao':
    case 'setPrevRandao':
      return next(state, { prevrandao: readHash(params[0], 'prevRandao') })
    case 'setBlockGasLimit':
      next(state, { gasLimit: readGasLimit(params[0]) })
      return true
    default:
      return dropFromPool(state, name, params)
  }
}

function next(state: L1State, fields: Partial<NextBlock>): null {
  state.nextBlock = { ...state.nextBlock, ...fields }
  return null
}

function readGasLimit(value: Json | undefined): bigint {
  const gasLimit = readQuantity(value, 'gasLimit')
  if (gasLimit >= GAS_LIMIT_MIN && gasLimit <= GAS_LIMIT_MAX) return gasLimit
  throw new InvalidParamsError('gasLimit', `from ${GAS_LIMIT_MIN} to ${GAS_LIMIT_MAX}`, value)
}

function dropFromPool({ pool }: L1State, name: string, params: readonly Json[]): Plain {
  const waiting = pool.capture().transactions.map(({ transaction }) => transaction)
  if (name === 'dropTransaction') {
    const hash = readHash(params[0], 'hash')
    if (pool.get(hash) === undefined) return null
    pool.remove(hash)
    return bytesToHex(hash)
  }
  const sender = name === 'removePoolTransactions' ? readAddress(params[0], 'address') : undefined
  for (const { hash, from } of waiting) {
    if (sender === undefined || equalBytes(from, sender)) pool.remove(hash)
  }
  return null
}

/** Answers the cheats that a block has now and forgets them; a reorg remembers them. */
export function replyToCheats(state: L1State): Effect[] {
  const { chain, cheats } = state
  const isDone = (hash: Uint8Array): boolean => chain.transaction(hash) !== undefined
  const done = cheats.waiting.filter(({ transaction }) => isDone(transaction.hash))
  const waiting = cheats.waiting.filter(({ transaction }) => !isDone(transaction.hash))
  state.cheats = { ...cheats, waiting }
  return done.flatMap(({ reply }): Effect[] =>
    reply === null
      ? []
      : [{ kind: 'reply', inputId: reply.inputId, result: reply.result as Plain }],
  )
}

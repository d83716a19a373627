/** The same proof with one bit changed, as a transaction that L1 refuses. */
import { type Hash, type Hex, hexToBigInt, numberToHex, size } from 'viem'
import type { Json } from '../../workers/protocol/world.ts'
import {
  encodeCall,
  errorName,
  PROVER_ACCOUNT,
  PROVER_CONTRACT,
  type ProverCall,
  type SentProof,
} from './prover-course.ts'
import { receiptOf } from './receipt.ts'
import { createAccount, type Rpc } from './wallet-account.ts'

/** What of a proof can be changed; `row` is there for scores alone. */
export type Part =
  | 'storageProof'
  | 'accountProof'
  | 'account'
  | 'worldPreimage'
  | 'statePreimage'
  | 'row'

export interface Refusal {
  readonly part: Part
  /** Which byte, counted from 0 in its trie node or record, and what it was and became. */
  readonly byte: number
  readonly before: number
  readonly after: number
  /** False would mean that the contract believed it. */
  readonly isRefused: boolean
  /** The contract's error by name; null where it gave none that its ABI knows. */
  readonly error: string | null
  readonly transactionHash: Hash
  readonly l1Block: bigint
  readonly gasUsed: bigint
}

/** A refusal costs at most about what the proof did; the reserve is for what reverting costs besides. */
const GAS_RESERVE = 100_000n

/** Sends the changed proof with gas of its own: no node estimates it, so that L1 itself refuses it in a block. */
export async function refuseChanged(
  world: Rpc,
  { call, gasUsed }: SentProof,
  part: Part,
): Promise<Refusal> {
  const { call: changed, ...change } = changeOneBit(call, part)
  const account = await createAccount(world, 'l1', PROVER_ACCOUNT)
  const gas = (gasUsed * 3n) / 2n + GAS_RESERVE
  const data = encodeCall(changed)
  const transactionHash = await account.send({ to: PROVER_CONTRACT, data, gas })
  const receipt = await receiptOf(world, 'l1', transactionHash)
  const isRefused = receipt.status !== '0x1'
  return {
    part,
    ...change,
    isRefused,
    error: isRefused ? await revertedWith(world, transactionHash) : null,
    transactionHash,
    l1Block: hexToBigInt(receipt.blockNumber),
    gasUsed: hexToBigInt(receipt.gasUsed),
  }
}

/** What the transaction itself reverted with. */
async function revertedWith(world: Rpc, hash: Hash): Promise<string | null> {
  const params: readonly Json[] = [hash, { tracer: 'callTracer' }]
  const trace = await world.rpc('l1', { method: 'debug_traceTransaction', params })
  const { output } = trace as { readonly output?: Hex }
  return output === undefined ? null : errorName(output)
}

interface Change {
  readonly byte: number
  readonly before: number
  readonly after: number
}

type Changed = Change & { readonly call: ProverCall }

/** The call with the lowest bit of the last byte of a part changed: of the last node of a trie's proof, of what a row says was earned. */
export function changeOneBit(call: ProverCall, part: Part): Changed {
  if (part === 'row') return changeRow(call)
  const old = call.proof[part]
  const bytes = typeof old === 'string' ? old : old.at(-1)
  if (bytes === undefined || size(bytes) === 0) throw new RangeError(`${part} has no byte.`)
  const { hex, ...change } = flipLastBit(bytes)
  const value = typeof old === 'string' ? hex : [...old.slice(0, -1), hex]
  return { ...change, call: { ...call, proof: { ...call.proof, [part]: value } } }
}

function changeRow(call: ProverCall): Changed {
  if (call.functionName !== 'proveScore') throw new RangeError('Only a score has a row.')
  const [campaign, { row, proof }] = call.args
  const { hex, ...change } = flipLastBit(numberToHex(row.cumulative, { size: 32 }))
  const changed = { row: { ...row, cumulative: hexToBigInt(hex) }, proof }
  return { ...change, call: { ...call, args: [campaign, changed] } }
}

function flipLastBit(hex: Hex): Change & { readonly hex: Hex } {
  const before = Number.parseInt(hex.slice(-2), 16)
  const after = before ^ 1
  const last = after.toString(16).padStart(2, '0')
  return { byte: size(hex) - 1, before, after, hex: `${hex.slice(0, -2)}${last}` as Hex }
}

/** A batch on anvil's inbox whose transactions reach every phase, and the machine's trace of it from L2's genesis. */
import { type Abi, encodeFunctionData, type Hex, sha256 } from 'viem'
import { headerRlp, type RpcHeader } from '../../tools/anvil/block.ts'
import { createChain } from '../../workers/chain/chain.ts'
import { payloadToBlob } from '../../workers/rollup/batch/blob.ts'
import { ENTRY_BATCH, type Entry, hashEntry } from '../../workers/rollup/batch/entry.ts'
import { encodePayload } from '../../workers/rollup/batch/payload.ts'
import { signatureToEvm } from '../../workers/rollup/bls/encoding.ts'
import { blsAggregate, blsSign } from '../../workers/rollup/bls/signature.ts'
import { bytesToHex, hexToBytes } from '../../workers/rollup/bytes.ts'
import { cellsRoot } from '../../workers/rollup/data/cellsRoot.ts'
import type { Tampering } from '../../workers/rollup/game/prover.ts'
import { parseGenesisFile } from '../../workers/rollup/genesisFile.ts'
import { blsKey, TEST_PRIVATE_KEYS } from '../../workers/rollup/keys.ts'
import { isBoundary, isFinished, step } from '../../workers/rollup/machine/step.ts'
import { boundaryOf } from '../../workers/rollup/machine/testing/rollup.ts'
import {
  L2_RULES,
  type MachineContext,
  type MachineState,
  PHASE,
  type PhaseName,
} from '../../workers/rollup/machine/types.ts'
import { PRESETS } from '../../workers/rollup/parameters.ts'
import { encodeCheat } from '../../workers/rollup/transaction/cheat.ts'
import type { Unsigned } from '../../workers/rollup/transaction/decode.ts'
import { signTransaction } from '../../workers/rollup/transaction/sign.ts'
import { CHEAT } from '../../workers/rollup/transaction/transaction.ts'
import * as Inbox from '../generated/Inbox.ts'
import { type Client, classroomGenesis, receiptOf } from './anvilNode.ts'
import { COMMITMENT } from './rollup.ts'

export interface PostedTrace {
  readonly start: MachineState
  readonly context: MachineContext
  /** A false state after a step of this phase, which reaches the trace's end. */
  readonly tamperingAt: (phase: PhaseName) => Tampering<MachineState>
}

const POSTER: Hex = '0x00000000000000000000000000000000000d0d0d'
const QUORUM = [0, 1, 2] as const
const inboxAbi = Inbox.abi as Abi

/** Posts the batch, certified by the classroom's committee, and waits until it is settled. */
export async function postTrace(client: Client): Promise<PostedTrace> {
  const genesis = parseGenesisFile(classroomGenesis(), 'classroom')
  const inbox = genesis.addresses.inbox
  const { l2ChainId } = PRESETS.classroom
  const chain = await createChain({ kind: 'l2', chainId: l2ChainId, genesis: genesis.l2 } as never)
  const start = boundaryOf(chain, 1n, 0n)
  const payload = encodePayload([
    {
      timestamp: start.block.timestamp + 1n,
      inboxCount: 0n,
      transactions: transactions(l2ChainId),
    },
  ])
  const cells = cellsOf(payload)
  const entry = await post(client, inbox, cellsRoot(cells), payload.length)
  await client.increaseTime({ seconds: 1_000 })
  await client.mine({ blocks: 1 })
  const context: MachineContext = {
    endEntry: 2n,
    rules: L2_RULES,
    source: {
      entry: () => entry,
      payload: () => payload,
      cells: () => cells,
      message: () => none(),
    },
  }
  return { start, context, tamperingAt: (phase) => tamper(start, context, phase) }
}

function none(): never {
  throw new RangeError('The inbox has no messages.')
}

/** A payload's 64 cells; nothing opens the parity. */
function cellsOf(payload: Uint8Array): readonly Uint8Array[] {
  const blob = payloadToBlob(payload)
  return Array.from({ length: 128 }, (_, i) =>
    i < 64 ? blob.slice(2_048 * i, 2_048 * (i + 1)) : new Uint8Array(2_048),
  )
}

/** Type 4 with an access list to a precompile; creations that revert, halt and destroy themselves; a cheat. */
function transactions(chainId: number): Uint8Array[] {
  const identity = new Uint8Array(20).fill(4, 19)
  const authorization = { chainId: 5n, address: identity, nonce: 0n, yParity: 0n, r: 1n, s: 1n }
  const creations = ['0x5f5ffd', '0xfe', '0x30ff'].map((code) => ({
    to: null,
    data: hexToBytes(code),
  }))
  const fields: readonly Partial<Unsigned>[] = [
    {
      type: 4,
      to: identity,
      data: new Uint8Array(40).fill(7),
      accessList: [{ address: identity, storageKeys: [] }],
      authorizations: [authorization],
    },
    ...creations,
  ]
  const signed = fields.map((one, nonce) => sign(chainId, { ...one, nonce: BigInt(nonce) }))
  const cheat = encodeCheat({
    chainId: BigInt(chainId),
    salt: 1n,
    action: CHEAT.ADD_BALANCE,
    from: identity,
    value: 1n,
  })
  return [...signed, cheat.raw]
}

function sign(chainId: number, fields: Partial<Unsigned>): Uint8Array {
  const unsigned: Unsigned = {
    kind: 'signed',
    type: 2,
    chainId: BigInt(chainId),
    nonce: 0n,
    gasLimit: 300_000n,
    maxFeePerGas: 10n ** 10n,
    maxPriorityFeePerGas: 10n ** 9n,
    to: null,
    value: 0n,
    data: new Uint8Array(0),
    accessList: [],
    authorizations: [],
    maxFeePerBlobGas: 0n,
    blobVersionedHashes: [],
    ...fields,
  }
  return signTransaction(unsigned, TEST_PRIVATE_KEYS[0] ?? new Uint8Array(32)).raw
}

async function post(
  client: Client,
  inbox: Hex,
  root: Uint8Array,
  payloadLength: number,
): Promise<Entry> {
  const read = <T>(functionName: string, args: readonly unknown[] = []) =>
    client.readContract({ address: inbox, abi: inboxAbi, functionName, args }) as Promise<T>
  const origin = await client.getBlock()
  const header = {
    index: 1n,
    parent: await read<Hex>('entryHash', [0n]),
    versionedHash: `0x01${sha256(COMMITMENT).slice(4)}`,
    cellsRoot: bytesToHex(root),
    payloadLength: BigInt(payloadLength),
    inboxCount: 0n,
    originNumber: origin.number,
    firstView: 1n,
    lastView: 2n,
  }
  const hash = await read<Hex>('headerHash', [header])
  const certificates = [
    certificate('sequencer', await read<Hex>('committeeDigest', [hash])),
    certificate('da', await read<Hex>('dataDigest', [hash])),
  ]
  const rlp = headerRlp(origin as unknown as RpcHeader)
  await client.setBalance({ address: POSTER, value: 10n ** 20n })
  await client.impersonateAccount({ address: POSTER })
  const data = encodeFunctionData({
    abi: inboxAbi,
    functionName: 'postBatch',
    args: [header, COMMITMENT, rlp, ...certificates],
  })
  const posted = await client.sendTransaction({
    account: POSTER,
    to: inbox,
    data,
    gas: 5_000_000n,
    chain: null,
    maxFeePerGas: 10n ** 10n,
    maxPriorityFeePerGas: 1n,
  })
  const { blockNumber, status } = await receiptOf(client, posted)
  if (status !== 'success') throw new Error('anvil refused the batch.')
  const { timestamp } = await client.getBlock({ blockNumber })
  const entry: Entry = {
    kind: ENTRY_BATCH,
    cellsRoot: root,
    payloadLength: BigInt(payloadLength),
    inboxCount: 0n,
    originNumber: origin.number,
    originHash: hexToBytes(origin.hash),
    originTimestamp: origin.timestamp,
    originBaseFee: origin.baseFeePerGas ?? 0n,
    originPrevrandao: hexToBytes(origin.mixHash),
    postedAt: timestamp,
  }
  if ((await read<Hex>('entryHash', [1n])) !== bytesToHex(hashEntry(entry)))
    throw new Error('The inbox holds another entry.')
  return entry
}

function certificate(kind: 'sequencer' | 'da', digest: Hex) {
  const parts = QUORUM.map((i) => blsSign(hexToBytes(digest), blsKey(`${kind}-${i}`)))
  const aggregate = blsAggregate(parts)
  if (aggregate === null) throw new Error('No aggregate.')
  return { signers: 7n, signature: bytesToHex(signatureToEvm(aggregate)) }
}

/** The fee vault of the last such step becomes another account, which no later step undoes. */
function tamper(
  start: MachineState,
  context: MachineContext,
  phase: PhaseName,
): Tampering<MachineState> {
  let found: Tampering<MachineState> | null = null
  let [state, item, at] = [start, 0, 0]
  while (!isFinished(state, context)) {
    const after = step(state, context)
    const coinbase = after.block.coinbase.slice()
    coinbase[0] = 1 + PHASE[phase]
    if (state.phase === PHASE[phase])
      found = { item, step: at, state: { ...after, block: { ...after.block, coinbase } } }
    at++
    if (isBoundary(after.phase)) [item, at] = [item + 1, 0]
    state = after
  }
  if (found === null) throw new RangeError(`No step begins in phase ${phase}.`)
  return found
}

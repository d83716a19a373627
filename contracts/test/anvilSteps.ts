/** Transactions of the repository's programs on anvil, each over its own pre-state, and the machine's state before the same transaction. */
import { bytesToHex, type Hex } from 'viem'
import { KEY, PROGRAM_ADDRESSES, block as PROGRAM_BLOCK } from '../../tools/conformance/states.ts'
import type { StructLog } from '../../tools/conformance/structLogs.ts'
import { AUTHORITY } from '../../tools/conformance/transactions.ts'
import { hexToBytes, word } from '../../workers/rollup/bytes.ts'
import { EMPTY_RING, ringWith } from '../../workers/rollup/machine/ring.ts'
import { startOf } from '../../workers/rollup/machine/testing/stateTest.ts'
import type { BlockRecord, MachineState } from '../../workers/rollup/machine/types.ts'
import { privateKeyToAddress } from '../../workers/rollup/secp256k1.ts'
import { createAddress } from '../../workers/rollup/transaction/address.ts'
import { trieEntries } from '../../workers/rollup/trie/trie.ts'
import {
  EMPTY_ACCOUNT,
  EMPTY_WORLD,
  getAccount,
  getCode,
  getStorage,
  type WorldState,
} from '../../workers/rollup/trie/world.ts'
import { type Client, receiptOf } from './anvilNode.ts'

const BLOCKS_BEFORE = 20
const BASE_FEE = 7n
/** Slots that the programs' worlds may hold. */
const SLOTS = 10

export interface NodeTrace {
  /** TX_START in the block into which the node put the transaction. */
  readonly start: MachineState
  readonly logs: readonly StructLog[]
  readonly gasUsed: number
  readonly status: number
}

export interface StepNode {
  /** Runs the transaction that the state is about to start, over the state's world. */
  readonly trace: (start: MachineState) => Promise<NodeTrace>
}

/** Puts `base` on the node; each trace then begins there. `targets` are further addresses of it. */
export async function openStepNode(
  client: Client,
  base: WorldState,
  targets: readonly Uint8Array[],
): Promise<StepNode> {
  const sender = privateKeyToAddress(KEY)
  const addresses = [sender, createAddress(sender, 0n), AUTHORITY, ...PROGRAM_ADDRESSES, ...targets]
  await client.setCoinbase({ address: bytesToHex(PROGRAM_BLOCK.coinbase) })
  await client.mine({ blocks: BLOCKS_BEFORE })
  await putWorld(client, EMPTY_WORLD, base, addresses)
  const { number, timestamp, hash: parentHash } = await client.getBlock()
  let ring = EMPTY_RING
  for (let n = 0n; n <= number; n++)
    ring = ringWith(ring, n, hexToBytes((await client.getBlock({ blockNumber: n })).hash))
  let snapshot = await client.snapshot()
  const trace = async (start: MachineState): Promise<NodeTrace> => {
    await client.revert({ id: snapshot })
    snapshot = await client.snapshot()
    await putWorld(client, base, start.world.state, addresses)
    await client.setNextBlockBaseFeePerGas({ baseFeePerGas: BASE_FEE })
    await client.setNextBlockTimestamp({ timestamp: timestamp + 2n })
    const raw = start.tx.raw ?? new Uint8Array(0)
    const hash = await client.sendRawTransaction({ serializedTransaction: bytesToHex(raw) })
    const { blockHash, gasUsed, status } = await receiptOf(client, hash)
    const mined = await client.getBlock({ blockHash })
    const record: BlockRecord = {
      ...PROGRAM_BLOCK,
      number: mined.number,
      timestamp: mined.timestamp,
      gasLimit: mined.gasLimit,
      baseFee: mined.baseFeePerGas ?? 0n,
      prevrandao: hexToBytes(mined.mixHash),
      parentHash: hexToBytes(parentHash),
      ring,
    }
    return {
      start: startOf(start.world.state, record, raw),
      logs: await structLogs(client, hash),
      gasUsed: Number(gasUsed),
      status: status === 'success' ? 1 : 0,
    }
  }
  return { trace }
}

async function structLogs(client: Client, hash: Hex): Promise<readonly StructLog[]> {
  const options = { enableMemory: true, enableReturnData: true }
  const request = { method: 'debug_traceTransaction', params: [hash, options] }
  const { structLogs } = (await client.request(request as never)) as {
    readonly structLogs: readonly StructLog[]
  }
  return structLogs
}

/** Makes a node that holds `before` hold `after`. Throws where an account of `after` is none of the addresses. */
async function putWorld(
  client: Client,
  before: WorldState,
  after: WorldState,
  addresses: readonly Uint8Array[],
): Promise<void> {
  const present = addresses.filter((address) => getAccount(after, address) !== undefined)
  if (present.length !== [...trieEntries(after.accounts)].length)
    throw new RangeError('The world has accounts that are not known by address.')
  for (const bytes of addresses) {
    const old = getAccount(before, bytes) ?? EMPTY_ACCOUNT
    const account = getAccount(after, bytes) ?? EMPTY_ACCOUNT
    if (account === old) continue
    const address = bytesToHex(bytes)
    if (account.balance !== old.balance)
      await client.setBalance({ address, value: account.balance })
    if (account.nonce !== old.nonce)
      await client.setNonce({ address, nonce: Number(account.nonce) })
    const code = getCode(after, account.codeHash) ?? new Uint8Array(0)
    if (bytesToHex(account.codeHash) !== bytesToHex(old.codeHash))
      await client.setCode({ address, bytecode: bytesToHex(code) })
    for (let n = 0; n < SLOTS; n++) {
      const [was, value] = [getStorage(before, bytes, word(n)), getStorage(after, bytes, word(n))]
      if (was !== value)
        await client.setStorageAt({ address, index: n, value: bytesToHex(word(value)) })
    }
  }
}

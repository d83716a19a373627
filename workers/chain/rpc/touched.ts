/** Which accounts and slots a request touches, found by doing on the newest state what it would do. */
import type { Json } from '../../protocol/world.ts'
import { bytesToHex, concatBytes, type Hex, padLeft } from '../../rollup/bytes.ts'
import { parseSignedTransaction } from '../../rollup/transaction/decode.ts'
import type { WorldState } from '../../rollup/trie/world.ts'
import type { Chain } from '../chain.ts'
import type { Touch } from '../evm/overlay.ts'
import { NO_BLOCK_OVERRIDES } from '../simulate.ts'
import type { Block } from '../types.ts'
import type { RpcBackend } from './backend.ts'
import { atNextBlock, BALANCE_OF, simulate } from './call.ts'
import { type CallRequest, readCall } from './callParams.ts'
import { readAddress, readData, readList, readObject, readSlot } from './params.ts'
import { createRpc } from './rpc.ts'

type Params = readonly Json[]
type Finder = (watched: RpcBackend, params: Params, touch: Touch) => unknown

/** The account that the first parameter names, and the slot that the second one does. */
const named: Finder = (_, params, touch) => touch(readAddress(params[0], 'address'))
const namedSlot: Finder = (_, params, touch) =>
  touch(readAddress(params[0], 'address'), readSlot(params[1], 'slot'))

function slotsOf(address: string, slots: Json | undefined, touch: Touch): void {
  touch(readAddress(address, 'address'))
  for (const slot of readList(slots, 'slots')) {
    touch(readAddress(address, 'address'), readSlot(slot, 'slot'))
  }
}

/** Does what the method does. */
const run =
  (method: string): Finder =>
  (watched, params) =>
    createRpc(watched).read(method, params)

const sent: Finder = (watched, params, touch) => send(watched, readCall(params[0]), touch)

const FINDERS: Readonly<Record<string, Finder>> = {
  eth_getBalance: named,
  eth_getCode: named,
  eth_getTransactionCount: named,
  ots_hasCode: named,
  eth_getStorageAt: namedSlot,
  eth_getProof: (_, params, touch) => slotsOf(String(params[0]), params[1], touch),
  eth_getStorageValues: (_, params, touch) => {
    for (const [address, slots] of Object.entries(readObject(params[0], 'requests'))) {
      slotsOf(address, slots, touch)
    }
  },
  eth_call: run('eth_call'),
  eth_estimateGas: run('eth_estimateGas'),
  eth_createAccessList: run('eth_createAccessList'),
  eth_simulateV1: run('eth_simulateV1'),
  eth_fillTransaction: run('eth_fillTransaction'),
  eth_signTransaction: sent,
  debug_traceCall: run('debug_traceCall'),
  trace_call: run('trace_call'),
  eth_sendTransaction: sent,
  eth_sendUnsignedTransaction: sent,
  eth_sendRawTransaction: (watched, params, touch) => {
    const chainId = Number(watched.chain.config.chainId)
    const { from, to, value, data, gasLimit, accessList, authorizations } = parseSignedTransaction(
      readData(params[0], 'transaction'),
      { chainId },
    )
    const call = { ...readCall({}), from, to, value, data, gas: gasLimit, accessList }
    return send(watched, { ...call, authorizations }, touch)
  },
  ...Object.fromEntries(
    ['anvil_', 'hardhat_'].flatMap((prefix) => [
      ...['setBalance', 'addBalance', 'setNonce', 'setCode'].map((name) => [prefix + name, named]),
      [`${prefix}setStorageAt`, namedSlot],
      [`${prefix}dealERC20`, dealt],
    ]),
  ),
  evm_setAccountNonce: named,
}

/** Whether a method's answer or effect depends on accounts. */
export function touchesState(method: string): boolean {
  return Object.hasOwn(FINDERS, method)
}

/** Where the token keeps the balance is found by asking for it. */
function dealt(watched: RpcBackend, params: Params, touch: Touch): Promise<unknown> {
  const [owner, token] = [readAddress(params[0], 'address'), readAddress(params[1], 'token')]
  touch(owner)
  const data = concatBytes(readData(BALANCE_OF, 'selector'), padLeft(owner, 32))
  return send(watched, { ...readCall({}), to: token, data }, touch)
}

/** Runs a transaction where its block would, whether or not its sender can pay for it. */
async function send(watched: RpcBackend, given: CallRequest, touch: Touch): Promise<void> {
  touch(given.from)
  if (given.to !== null) touch(given.to)
  const call = { ...given, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined }
  const block = watched.chain.head()
  const base = { block, stateOverrides: [], blockOverrides: NO_BLOCK_OVERRIDES }
  await simulate(watched, atNextBlock(watched, { call, base }))
}

/** Addresses and slots (0x) that the request touches, on the state as `look` gives it. */
export async function touchedState(
  backend: RpcBackend,
  request: { readonly method: string; readonly params: Params },
  look: (world: WorldState) => WorldState,
): Promise<ReadonlyMap<Hex, ReadonlySet<Hex>>> {
  const touched = new Map<Hex, Set<Hex>>()
  const touch: Touch = (address, slot) => {
    const name = bytesToHex(address)
    const slots = touched.get(name) ?? new Set()
    if (slot !== undefined) slots.add(bytesToHex(slot))
    touched.set(name, slots)
  }
  const watched = { ...backend, chain: watchChain(backend.chain, look, touch) }
  const finder = Object.hasOwn(FINDERS, request.method) ? FINDERS[request.method] : undefined
  try {
    await finder?.(watched, request.params, touch)
  } catch {
    // What is wrong with the request, its answer will say; what it touched until then counts.
  }
  return touched
}

/** The same chain on other states, telling what its EVMs ask for. */
function watchChain(chain: Chain, look: (world: WorldState) => WorldState, touch: Touch): Chain {
  const seen = new Map<Block, Block>()
  const lookAt = (block: Block): Block => {
    const known = seen.get(block)
    if (known !== undefined) return known
    const looked = { ...block, world: look(block.world) }
    seen.set(block, looked)
    return looked
  }
  return {
    ...chain,
    head: () => lookAt(chain.head()),
    block: (id) => {
      const block = chain.block(id)
      return block === undefined ? undefined : lookAt(block)
    },
    stateAt: (id) => look(chain.stateAt(id)),
    withExecutor: (at, work, patience) =>
      chain.withExecutor(
        at,
        async (executor) => {
          executor.state.watch(touch)
          try {
            return await work(executor)
          } finally {
            executor.state.watch(null)
          }
        },
        patience,
      ),
  }
}

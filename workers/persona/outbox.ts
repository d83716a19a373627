/** Transactions on their way: signed here with nonces that are counted here, sent by whoever runs the engine. */
import type { Json } from '../protocol/world.ts'
import { bytesToHex, EMPTY_BYTES, type Hex, hexToBytes } from '../rollup/bytes.ts'
import { signTransaction } from '../rollup/transaction/sign.ts'
import type { Authorization } from '../rollup/transaction/transaction.ts'
import type { PersonaAccount } from './accounts.ts'
import type { ReadRpc } from './chainPort.ts'

const GWEI = 10n ** 9n
const MAX_FEE = 50n * GWEI

export interface PersonaCall {
  readonly to: Hex
  readonly data?: Hex
  readonly value?: bigint
  readonly gas: bigint
  /** Of other accounts (EIP-7702). */
  readonly authorizations?: readonly Authorization[]
}

export interface Outgoing {
  readonly raw: Hex
  readonly hash: Hex
  readonly from: Hex
}

/** Next nonces by address, as far as they were used here. Immutable, so that a snapshot keeps a reference. */
export type Nonces = Readonly<Record<string, number>>

export interface Outbox {
  /** Signs and queues. */
  send(account: PersonaAccount, call: PersonaCall): Promise<Hex>
  /** How many transactions of the account are signed and in no block yet. */
  waiting(account: PersonaAccount): Promise<number>
  /** All that was queued, in order. */
  take(): readonly Outgoing[]
  nonces(): Nonces
}

/** `chainId` of L2. What the chain counts wins over `nonces` where it is ahead. */
export function createOutbox(read: ReadRpc, chainId: number, nonces: Nonces): Outbox {
  const next = new Map(Object.entries(nonces))
  const seen = new Set<string>()
  let queued: Outgoing[] = []
  const count = async (address: Hex, tag: string): Promise<number> =>
    Number((await read('eth_getTransactionCount', [address, tag])) as Json)
  const nonceOf = async ({ address }: PersonaAccount): Promise<number> => {
    if (!seen.has(address)) {
      seen.add(address)
      next.set(address, Math.max(next.get(address) ?? 0, await count(address, 'pending')))
    }
    return next.get(address) as number
  }
  return {
    send: async (account, call) => {
      const nonce = await nonceOf(account)
      next.set(account.address, nonce + 1)
      const transaction = signCall(account, call, { chainId, nonce })
      queued.push(transaction)
      return transaction.hash
    },
    waiting: async (account) => (await nonceOf(account)) - (await count(account.address, 'latest')),
    take: () => {
      const taken = queued
      queued = []
      return taken
    },
    nonces: () => Object.fromEntries(next),
  }
}

function signCall(
  account: PersonaAccount,
  { to, data, value, gas, authorizations = [] }: PersonaCall,
  { chainId, nonce }: { readonly chainId: number; readonly nonce: number },
): Outgoing {
  const { raw, hash } = signTransaction(
    {
      kind: 'signed',
      // A transaction of type 4 without authorizations is none.
      type: authorizations.length === 0 ? 2 : 4,
      chainId: BigInt(chainId),
      nonce: BigInt(nonce),
      gasLimit: gas,
      maxFeePerGas: MAX_FEE,
      maxPriorityFeePerGas: GWEI,
      to: hexToBytes(to),
      value: value ?? 0n,
      data: data === undefined ? EMPTY_BYTES : hexToBytes(data),
      accessList: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
      authorizations,
    },
    account.key,
  )
  return { raw: bytesToHex(raw), hash: bytesToHex(hash), from: account.address }
}

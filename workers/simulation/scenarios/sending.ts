/** How actors send transactions: signed by a key of their own, with the nonce that the node tells. */
import type { ScriptAction } from '../../kernel/script.ts'
import type { ChainName } from '../../protocol/world.ts'
import { bytesToHex, EMPTY_BYTES } from '../../rollup/bytes.ts'
import { privateKeyToAddress } from '../../rollup/secp256k1.ts'
import { signTransaction } from '../../rollup/transaction/sign.ts'
import type { ActorContext } from './actor.ts'

const GWEI = 10n ** 9n

export interface Call {
  /** Null creates a contract. */
  readonly to: Uint8Array | null
  readonly value?: bigint
  readonly data?: Uint8Array
  readonly gasLimit: bigint
  /** Pays enough to replace an equal transaction that waits. */
  readonly isUrgent?: boolean
}

/** Next nonce of a key's account, pending transactions counted; null while the node is down. */
export async function nextNonce(
  context: ActorContext,
  chain: ChainName,
  key: Uint8Array,
): Promise<bigint | null> {
  const address = bytesToHex(privateKeyToAddress(key))
  try {
    return BigInt(
      (await context.read(chain, 'eth_getTransactionCount', [address, 'pending'])) as string,
    )
  } catch {
    // A user whose node is down waits; nobody else is told.
    return null
  }
}

export interface Sent {
  readonly action: ScriptAction
  /** 0x-string. */
  readonly hash: string
}

/** The input that sends a type 2 transaction. */
export function sendCall(
  chain: ChainName,
  { parameters, nodeOf }: ActorContext,
  { key, nonce, call }: { readonly key: Uint8Array; readonly nonce: bigint; readonly call: Call },
): Sent {
  const transaction = signTransaction(
    {
      kind: 'signed',
      type: 2,
      chainId: BigInt(chain === 'l1' ? parameters.l1ChainId : parameters.l2ChainId),
      nonce,
      gasLimit: call.gasLimit,
      maxFeePerGas: call.isUrgent === true ? 100n * GWEI : 50n * GWEI,
      maxPriorityFeePerGas: call.isUrgent === true ? 2n * GWEI : GWEI,
      to: call.to,
      value: call.value ?? 0n,
      data: call.data ?? EMPTY_BYTES,
      accessList: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
      authorizations: [],
    },
    key,
  )
  const payload = { method: 'eth_sendRawTransaction', params: [bytesToHex(transaction.raw)] }
  return {
    action: { kind: 'input', node: nodeOf(chain), type: 'rpc', payload },
    hash: bytesToHex(transaction.hash),
  }
}

/** Balance on L2 in wei; 0 while the node is down. */
export async function balanceOf(context: ActorContext, address: Uint8Array): Promise<bigint> {
  const hex = bytesToHex(address)
  try {
    return BigInt((await context.read('l2', 'eth_getBalance', [hex, 'latest'])) as string)
  } catch {
    // A user whose node is down waits.
    return 0n
  }
}

/** Test keys, chains and transactions. For tests and benches only. */
import { hexToBytes, word, ZERO_ADDRESS, ZERO_HASH } from '../../rollup/bytes.ts'
import { keccakText } from '../../rollup/keccak.ts'
import { privateKeyToAddress } from '../../rollup/secp256k1.ts'
import type { Unsigned } from '../../rollup/transaction/decode.ts'
import { signTransaction } from '../../rollup/transaction/sign.ts'
import type { SignedTransaction } from '../../rollup/transaction/transaction.ts'
import type { BlockEnvironment, ChainConfig, ChainKind, GenesisAccount } from '../types.ts'

export const CHAIN_ID = 7_331_002

/** The system contracts of EIP-2935 and EIP-4788. */
export const SYSTEM_CONTRACTS: readonly GenesisAccount[] = [
  contract(
    '0x0000F90827F1C53a10cb7A02335B175320002935',
    '0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500',
  ),
  contract(
    '0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02',
    '0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024575f5ffd5b5f35801560495762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5ffd5b62001fff42064281555f359062001fff015500',
  ),
]

export interface TestAccount {
  readonly key: Uint8Array
  readonly address: Uint8Array
}

export function testAccounts(count: number): readonly TestAccount[] {
  return Array.from({ length: count }, (_, index) => {
    const key = keccakText(`test account ${index}`)
    return { key, address: privateKeyToAddress(key) }
  })
}

export function contract(address: string, code: string, balance = 0n): GenesisAccount {
  return { address: hexToBytes(address), nonce: 1n, balance, code: hexToBytes(code), storage: [] }
}

export function funded(account: TestAccount, balance = 10n ** 24n): GenesisAccount {
  return { address: account.address, nonce: 0n, balance, code: new Uint8Array(), storage: [] }
}

export function testConfig(kind: ChainKind, accounts: readonly GenesisAccount[]): ChainConfig {
  return {
    kind,
    chainId: CHAIN_ID,
    genesis: {
      accounts: [...SYSTEM_CONTRACTS, ...accounts],
      timestamp: 1_767_225_600n,
      gasLimit: 60_000_000n,
      baseFee: 1_000_000_000n,
      coinbase: ZERO_ADDRESS,
      prevrandao: ZERO_HASH,
      extraData: new Uint8Array(),
    },
  }
}

export function testEnvironment(number: number): BlockEnvironment {
  return {
    coinbase: hexToBytes('0x4200000000000000000000000000000000000011'),
    timestamp: 1_767_225_600n + 2n * BigInt(number),
    gasLimit: 60_000_000n,
    prevrandao: word(number),
    parentBeaconBlockRoot: word(1_000_000 + number),
  }
}

/** A transaction of type 2 with sensible fees, changed as asked, and signed. */
export function sign(account: TestAccount, change: Partial<Unsigned>): SignedTransaction {
  return signTransaction(
    {
      kind: 'signed',
      type: 2,
      chainId: BigInt(CHAIN_ID),
      nonce: 0n,
      gasLimit: 21_000n,
      maxFeePerGas: 10n ** 10n,
      maxPriorityFeePerGas: change.type === 0 || change.type === 1 ? 10n ** 10n : 10n ** 9n,
      to: ZERO_ADDRESS,
      value: 0n,
      data: new Uint8Array(),
      accessList: [],
      authorizations: [],
      maxFeePerBlobGas: 0n,
      blobVersionedHashes: [],
      ...change,
    },
    account.key,
  )
}

/** Keys of the demonstration. All of them are public, as every key of the devnet: derived from names, so that each run has the same. */
import { lazy } from '../kernel/lazy.ts'
import type { ValidatorKind } from '../protocol/persona.ts'
import { bytesToHex, type Hex } from '../rollup/bytes.ts'
import { accountKey, TEST_PRIVATE_KEYS } from '../rollup/keys.ts'
import { privateKeyToAddress } from '../rollup/secp256k1.ts'

export interface PersonaAccount {
  readonly key: Uint8Array
  readonly addressBytes: Uint8Array
  /** Lower case. */
  readonly address: Hex
}

const known = new Map<string, PersonaAccount>()

/** The account with that name, e.g. `persona-relayer`. */
export function namedAccount(name: string): PersonaAccount {
  const found = known.get(name)
  if (found !== undefined) return found
  const account = accountOf(accountKey(name))
  known.set(name, account)
  return account
}

export const ownerAccount = (person: number): PersonaAccount => namedAccount(`persona-${person}`)
/** A further wallet of a person. */
export const walletAccount = (person: number, wallet: number): PersonaAccount =>
  namedAccount(`persona-${person}-wallet-${wallet}`)
export const sessionAccount = (person: number): PersonaAccount =>
  namedAccount(`persona-session-${person}`)

/** Relays what people signed, and bundles their user operations: people need no ether. Genesis funds it and the accounts below (tools/genesis/persona.ts). */
export const RELAYER = namedAccount('persona-relayer')
/** Proposes reward roots with a bond, and recomputes those of others. */
export const PUBLISHER = namedAccount('persona-proposer')
export const WATCHER = namedAccount('persona-challenger')
/** Signs for what the paymaster pays, lists and revokes validators. */
export const REGISTRAR = namedAccount('persona-registrar')
/** Issuers of badges by kind of validator. */
export const ISSUERS: Readonly<Record<ValidatorKind, PersonaAccount>> = {
  onchain: namedAccount('persona-onchain'),
  zktls: namedAccount('persona-zktls'),
  ecosystem: namedAccount('persona-ecosystem'),
  social: namedAccount('persona-social'),
}
/** The project, a test account with DEMO tokens: creates and funds campaigns. */
export const PROJECT = accountOf(TEST_PRIVATE_KEYS[6] as Uint8Array)

function accountOf(key: Uint8Array): PersonaAccount {
  const addressBytes = lazy(() => privateKeyToAddress(key))
  return {
    key,
    get addressBytes() {
      return addressBytes()
    },
    get address() {
      return bytesToHex(addressBytes())
    },
  }
}

/** EIP-712 digests of what Personas sign (docs/specs/PERSONA.md, section 2). By hand, because a load signs a thousand a second. */
import { concatBytes, hexToBytes, word } from '../rollup/bytes.ts'
import { keccak256, keccakText } from '../rollup/keccak.ts'
import { signHash } from '../rollup/secp256k1.ts'
import { ENGAGEMENTS, PASSPORT } from './addresses.ts'

const PREFIX = Uint8Array.of(0x19, 0x01)
const DOMAIN_TYPE = keccakText(
  'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)',
)
const MINT_TYPE = keccakText('Mint(address owner,uint256 deadline)')
const LINK_WALLET_TYPE = keccakText(
  'LinkWallet(uint256 passport,address wallet,uint256 nonce,uint256 deadline)',
)
const LINK_ACCOUNT_TYPE = keccakText(
  'LinkAccount(uint256 passport,bytes32 claim,uint256 nonce,uint256 deadline)',
)
const SESSION_TYPE = keccakText(
  'Session(uint256 passport,address key,uint256 campaign,uint256 allowance,uint256 expiry,uint256 nonce)',
)
const ENGAGEMENT_TYPE = keccakText(
  'Engagement(uint256 passport,bytes actions,uint256 campaign,uint256 nonce,uint256 deadline)',
)

export interface SessionTerms {
  readonly passport: number
  /** 20 bytes. */
  readonly key: Uint8Array
  readonly campaign: number
  readonly allowance: number
  readonly expiry: number
  readonly nonce: number
}

export interface EngagementTerms {
  readonly passport: number
  readonly actions: Uint8Array
  readonly campaign: number
  readonly nonce: number
  readonly deadline: number
}

export interface LinkWalletTerms {
  readonly passport: number
  /** 20 bytes. */
  readonly wallet: Uint8Array
  readonly nonce: number
  readonly deadline: number
}

export interface LinkAccountTerms {
  readonly passport: number
  /** 32 bytes. */
  readonly claim: Uint8Array
  readonly nonce: number
  readonly deadline: number
}

/** All digests of one chain, 32 bytes each. */
export interface PersonaDigests {
  readonly chainId: number
  mint(owner: Uint8Array, deadline: number): Uint8Array
  linkWallet(terms: LinkWalletTerms): Uint8Array
  linkAccount(terms: LinkAccountTerms): Uint8Array
  session(terms: SessionTerms): Uint8Array
  engagement(terms: EngagementTerms): Uint8Array
}

export function createDigests(chainId: number): PersonaDigests {
  const passports = domainSeparator('Passport', PASSPORT, chainId)
  const engagements = domainSeparator('Engagements', ENGAGEMENTS, chainId)
  return {
    chainId,
    mint: (owner, deadline) => digest(passports, [MINT_TYPE, word20(owner), word(deadline)]),
    linkWallet: ({ passport, wallet, nonce, deadline }) =>
      digest(passports, [
        LINK_WALLET_TYPE,
        word(passport),
        word20(wallet),
        word(nonce),
        word(deadline),
      ]),
    linkAccount: ({ passport, claim, nonce, deadline }) =>
      digest(passports, [LINK_ACCOUNT_TYPE, word(passport), claim, word(nonce), word(deadline)]),
    session: ({ passport, key, campaign, allowance, expiry, nonce }) =>
      digest(engagements, [
        SESSION_TYPE,
        word(passport),
        word20(key),
        word(campaign),
        word(allowance),
        word(expiry),
        word(nonce),
      ]),
    engagement: ({ passport, actions, campaign, nonce, deadline }) =>
      digest(engagements, [
        ENGAGEMENT_TYPE,
        word(passport),
        keccak256(actions),
        word(campaign),
        word(nonce),
        word(deadline),
      ]),
  }
}

/** r ‖ s ‖ v, 65 bytes, as ECDSA libraries of contracts take it. */
export function signDigest(hash: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const { compact, recovery } = signHash(hash, privateKey)
  return concatBytes(compact, Uint8Array.of(27 + recovery))
}

/** r ‖ vs, 64 bytes (EIP-2098): the parity in the highest bit, which a low s leaves free. */
export function signDigestCompactly(hash: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const { compact, recovery } = signHash(hash, privateKey)
  const signature = compact.slice()
  signature[32] = (signature[32] as number) | (recovery << 7)
  return signature
}

function domainSeparator(name: string, contract: string, chainId: number): Uint8Array {
  const fields = [DOMAIN_TYPE, keccakText(name), keccakText('1'), word(chainId)]
  return keccak256(concatBytes(...fields, word20(hexToBytes(contract))))
}

function digest(domain: Uint8Array, fields: readonly Uint8Array[]): Uint8Array {
  return keccak256(concatBytes(PREFIX, domain, keccak256(concatBytes(...fields))))
}

function word20(address: Uint8Array): Uint8Array {
  return concatBytes(new Uint8Array(12), address)
}

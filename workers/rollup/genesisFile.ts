/** The genesis files that tools/genesis.ts writes to contracts/generated, as the chain engine takes them. */
import { BaseError } from '../kernel/errors.ts'
import type { Entry } from './batch/entry.ts'
import { type Hex, hexToBytes } from './bytes.ts'
import { type CodeLimits, ETHEREUM_CODE_LIMITS } from './codeLimits.ts'
import type { PresetName } from './parameters.ts'

/** Accounts by address; amounts and nonces are decimal strings, code and storage 0x-strings of full width. */
export type AllocFile = Readonly<Record<string, AccountFile>>

export interface AccountFile {
  readonly nonce: string
  readonly balance: string
  readonly code: string
  readonly storage: Readonly<Record<string, string>>
}

export interface ChainFile {
  readonly coinbase: string
  readonly gasLimit: string
  readonly timestamp: string
  readonly baseFee: string
  readonly prevrandao: string
  readonly extraData: string
  readonly stateRoot: string
  readonly hash: string
  readonly alloc: AllocFile
}

export interface GenesisFile {
  readonly preset: string
  readonly addresses: Readonly<Record<string, string>>
  readonly l1: ChainFile
  readonly l2: ChainFile
  /** Machine-state hash at the end of inbox entry 0: the anchor. */
  readonly anchorRoot: string
  /** Entry 0 of the inbox; integers as decimal strings. */
  readonly inboxGenesis: { readonly hash: string; readonly entry: Readonly<Record<string, string>> }
}

export interface GenesisAlloc {
  readonly address: Uint8Array
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Uint8Array
  readonly storage: readonly { readonly slot: Uint8Array; readonly value: bigint }[]
}

/** Structurally `Genesis` of the chain engine. */
export interface ChainGenesis {
  readonly accounts: readonly GenesisAlloc[]
  readonly timestamp: bigint
  readonly gasLimit: bigint
  readonly baseFee: bigint
  readonly coinbase: Uint8Array
  readonly prevrandao: Uint8Array
  readonly extraData: Uint8Array
}

/** Contracts of L1 (those before `multicall3`) and fixed addresses. */
export const CONTRACT_NAMES = [
  'sequencerRegistry',
  'dataRegistry',
  'inbox',
  'l1Bridge',
  'withdrawalCaller',
  'oneStepVerifier',
  'anchorRegistry',
  'disputeGame',
  'disputeGameFactory',
  'demoToken',
  'personaProver',
  'multicall3',
] as const
export type ContractName = (typeof CONTRACT_NAMES)[number]

export interface WorldGenesis {
  readonly preset: PresetName
  readonly addresses: Readonly<Record<ContractName, Hex>>
  readonly l1: ChainGenesis
  readonly l2: ChainGenesis
  readonly anchorRoot: Uint8Array
  readonly inboxGenesis: Entry
}

/** A genesis file that was not written by this version of tools/genesis.ts. */
export class GenesisFileError extends BaseError {
  override name = 'GenesisFileError'
}

/** Throws `GenesisFileError` if the file is for another preset or lacks a contract. */
export function parseGenesisFile(
  file: GenesisFile,
  preset: PresetName,
  codeLimits = ETHEREUM_CODE_LIMITS,
): WorldGenesis {
  if (file.preset !== preset) {
    throw new GenesisFileError(`The genesis file is for preset ${file.preset}, not ${preset}.`)
  }
  const missing = CONTRACT_NAMES.find((name) => file.addresses[name] === undefined)
  if (missing !== undefined) throw new GenesisFileError(`The genesis file names no ${missing}.`)
  return {
    preset,
    addresses: file.addresses as Record<ContractName, Hex>,
    l1: parseChain({ ...file.l1, alloc: withCodeLimits(file, codeLimits) }),
    l2: parseChain(file.l2),
    anchorRoot: hexToBytes(file.anchorRoot),
    inboxGenesis: parseEntry(file.inboxGenesis.entry),
  }
}

/** Contracts of the verifier, and which limit each has as an immutable. */
const CODE_LIMIT_HOLDERS = {
  frameStep: 'codeSizeMax',
  createStep: 'initcodeSizeMax',
  transactionStep: 'initcodeSizeMax',
  transactionDecoder: 'initcodeSizeMax',
} as const satisfies Readonly<Record<string, keyof CodeLimits>>

/**
 * L1's accounts with a verifier of these limits, as if it had been deployed with them.
 * Rationale: an immutable stands in code as PUSH32 of the whole word, and nothing else in these contracts pushes such a small number so
 * widely; the test of genesis deploys them and compares. A file for each limit would double what a page loads.
 */
function withCodeLimits({ l1, addresses }: GenesisFile, limits: CodeLimits): AllocFile {
  if (limits.codeSizeMax === ETHEREUM_CODE_LIMITS.codeSizeMax) return l1.alloc
  const changed = Object.entries(CODE_LIMIT_HOLDERS).map(([name, limit]) => {
    const address = addresses[name] ?? ''
    const account = l1.alloc[address]
    const usual = pushOf(ETHEREUM_CODE_LIMITS[limit])
    if (account === undefined || !account.code.includes(usual))
      throw new GenesisFileError(`The genesis file has no ${name} with ${limit}.`)
    return [address, { ...account, code: account.code.replaceAll(usual, pushOf(limits[limit])) }]
  })
  return { ...l1.alloc, ...Object.fromEntries(changed) }
}

/** PUSH32 of a number, as code in hexadecimal has it. */
function pushOf(value: number): string {
  return `7f${value.toString(16).padStart(64, '0')}`
}

function parseChain(file: ChainFile): ChainGenesis {
  return {
    accounts: Object.entries(file.alloc).map(([address, account]) =>
      parseAccount(address, account),
    ),
    timestamp: BigInt(file.timestamp),
    gasLimit: BigInt(file.gasLimit),
    baseFee: BigInt(file.baseFee),
    coinbase: hexToBytes(file.coinbase),
    prevrandao: hexToBytes(file.prevrandao),
    extraData: hexToBytes(file.extraData),
  }
}

function parseAccount(address: string, account: AccountFile): GenesisAlloc {
  return {
    address: hexToBytes(address),
    nonce: BigInt(account.nonce),
    balance: BigInt(account.balance),
    code: hexToBytes(account.code),
    storage: Object.entries(account.storage).map(([slot, value]) => ({
      slot: hexToBytes(slot),
      value: BigInt(value),
    })),
  }
}

function parseEntry(fields: Readonly<Record<string, string>>): Entry {
  const text = (name: string): string => {
    const value = fields[name]
    if (value === undefined) throw new GenesisFileError(`Entry 0 lacks ${name}.`)
    return value
  }
  return {
    kind: Number(text('kind')) as Entry['kind'],
    cellsRoot: hexToBytes(text('cellsRoot')),
    payloadLength: BigInt(text('payloadLength')),
    inboxCount: BigInt(text('inboxCount')),
    originNumber: BigInt(text('originNumber')),
    originHash: hexToBytes(text('originHash')),
    originTimestamp: BigInt(text('originTimestamp')),
    originBaseFee: BigInt(text('originBaseFee')),
    originPrevrandao: hexToBytes(text('originPrevrandao')),
    postedAt: BigInt(text('postedAt')),
  }
}

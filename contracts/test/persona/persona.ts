/** L2 as its genesis leaves it, with verbs for people: everything is signed and sent as a client would. */
import { readFileSync } from 'node:fs'
import { type Abi, encodeAbiParameters, type Hex, keccak256, toHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { PERSONA, personaAccount } from '../../../tools/genesis/persona.ts'
import type { GenesisFile } from '../../../workers/rollup/genesisFile.ts'
import * as Badges from '../../generated/Badges.ts'
import * as Campaigns from '../../generated/Campaigns.ts'
import * as DemoToken from '../../generated/DemoToken.ts'
import * as EAS from '../../generated/EAS.ts'
import * as Engagements from '../../generated/Engagements.ts'
import * as EntryPoint from '../../generated/EntryPoint.ts'
import * as EpochRewards from '../../generated/EpochRewards.ts'
import * as Passport from '../../generated/Passport.ts'
import * as PersonaPaymaster from '../../generated/PersonaPaymaster.ts'
import * as Points from '../../generated/Points.ts'
import * as Rexy from '../../generated/Rexy.ts'
import * as Streams from '../../generated/Streams.ts'
import * as Validators from '../../generated/Validators.ts'
import { type Contract, createHarness, type Harness, type Outcome } from '../harness.ts'

export const L2_CHAIN_ID = 7_331_002
export const ETHER = 10n ** 18n
export const ONE = 10n ** 9n
export const REGISTRAR = personaAccount('persona-registrar')
export const ONCHAIN = personaAccount('persona-onchain')
export const ZKTLS = personaAccount('persona-zktls')
export const NO_UID: Hex = `0x${'00'.repeat(32)}`
export const GOVERNANCE = 0
export const LIQUIDITY = 1
export const FOLLOWERS = 2
export const DAY = 86_400

const at = (address: Hex, abi: Abi): Contract => ({ address, abi })

export interface Persona {
  readonly chain: Harness
  readonly contracts: typeof CONTRACTS
  /** Mints the passport of a person, and says its number. */
  readonly mint: (person: PrivateKeyAccount) => Promise<bigint>
  readonly badge: (options: BadgeOptions) => Promise<Outcome>
  /** Creates and funds a campaign that begins now; its epochs are of `EPOCH_SECONDS`. */
  readonly campaign: (changes?: Record<string, unknown>) => Promise<bigint>
}

export interface BadgeOptions {
  readonly person: PrivateKeyAccount
  readonly passport: bigint
  readonly kind: number
  readonly value: bigint
  readonly from: Hex
  readonly expiresAt?: bigint
  readonly refUid?: Hex
}

export const EPOCH_SECONDS = 60
export const EPOCH_BUDGET = 10_000n * ETHER

const CONTRACTS = {
  eas: at(PERSONA.eas, EAS.abi as unknown as Abi),
  validators: at(PERSONA.validators, Validators.abi),
  passport: at(PERSONA.passport, Passport.abi),
  badges: at(PERSONA.badges, Badges.abi),
  points: at(PERSONA.points, Points.abi),
  campaigns: at(PERSONA.campaigns, Campaigns.abi),
  engagements: at(PERSONA.engagements, Engagements.abi),
  rewards: at(PERSONA.epochRewards, EpochRewards.abi),
  streams: at(PERSONA.streams, Streams.abi),
  paymaster: at(PERSONA.paymaster, PersonaPaymaster.abi),
  rexy: at(PERSONA.rexy, Rexy.abi),
  token: at(PERSONA.demoToken, DemoToken.abi),
  entryPoint: at(PERSONA.entryPoint, EntryPoint.abi as unknown as Abi),
}

const genesis = JSON.parse(
  readFileSync('contracts/generated/genesis-classroom.json', 'utf8'),
) as GenesisFile

export function personOf(index: number): PrivateKeyAccount {
  return privateKeyToAccount(keccak256(toHex(`person ${index}`)))
}

export async function createPersona(): Promise<Persona> {
  const chain = await createHarness({ chainId: L2_CHAIN_ID, alloc: genesis.l2.alloc })
  for (const { abi } of Object.values(CONTRACTS)) chain.know(abi)
  const { passport, eas, badges, campaigns, token } = CONTRACTS
  const mint: Persona['mint'] = async ({ address }) =>
    (await chain.send(passport, 'mint', [], { from: address })).result as bigint
  const badge: Persona['badge'] = async (options) => {
    const { schema } = await chain.read<{ schema: Hex }>(badges, 'kindOf', [options.kind])
    return chain.attempt(eas, 'attest', [{ schema, data: requestOf(options) }], {
      from: options.from,
    })
  }
  const campaign: Persona['campaign'] = async (changes = {}) => {
    const terms = { ...termsAt(chain.timestamp()), ...changes }
    const { result } = await chain.send(campaigns, 'create', [terms], { from: REGISTRAR })
    const budget = EPOCH_BUDGET * 4n
    await chain.send(token, 'approve', [campaigns.address, budget], { from: REGISTRAR })
    await chain.send(campaigns, 'fund', [result, budget], { from: REGISTRAR })
    return result as bigint
  }
  return { chain, contracts: CONTRACTS, mint, badge, campaign }
}

/** The litepaper's example: governance (binary, 0.5), liquidity (scaled, 0.3), reach (logarithmic, 0.2). */
function termsAt(start: bigint) {
  return {
    name: 'Demo campaign',
    token: PERSONA.demoToken,
    start,
    epochSeconds: EPOCH_SECONDS,
    epochCount: 4,
    epochBudget: EPOCH_BUDGET,
    formula: PERSONA.trustedShare,
    trustIterations: 3,
    actionWeights: [1, 2, 3, 0, 0, 0, 0, 0],
    actionCaps: [50, 50, 50, 0, 0, 0, 0, 0],
    criteria: [
      { kind: GOVERNANCE, mode: 0, weight: 500_000_000, maximum: 0n },
      { kind: LIQUIDITY, mode: 1, weight: 300_000_000, maximum: 1_000n },
      { kind: FOLLOWERS, mode: 2, weight: 200_000_000, maximum: 100_000n },
    ],
  }
}

function requestOf({ person, passport, value, expiresAt, refUid }: BadgeOptions) {
  const types = [{ type: 'uint256' }, { type: 'uint256' }, { type: 'bytes32' }]
  return {
    recipient: person.address,
    expirationTime: expiresAt ?? 0n,
    revocable: true,
    refUID: refUid ?? NO_UID,
    data: encodeAbiParameters(types, [passport, value, keccak256(toHex('evidence'))]),
    value: 0n,
  }
}

export function domainOf(name: string, verifyingContract: Hex) {
  return { name, version: '1', chainId: L2_CHAIN_ID, verifyingContract }
}

const uint = (name: string) => ({ name, type: 'uint256' })
const SESSION = [
  uint('passport'),
  { name: 'key', type: 'address' },
  uint('campaign'),
  uint('allowance'),
  uint('expiry'),
  uint('nonce'),
]
const ENGAGEMENT = [
  uint('passport'),
  { name: 'actions', type: 'bytes' },
  uint('campaign'),
  uint('nonce'),
  uint('deadline'),
]

interface SessionMessage {
  readonly passport: bigint
  readonly key: Hex
  readonly campaign: bigint
  readonly allowance: bigint
  readonly expiry: bigint
  readonly nonce: bigint
}

export interface EngagementMessage {
  readonly passport: bigint
  readonly actions: Hex
  readonly campaign: bigint
  readonly nonce: bigint
  readonly deadline: bigint
}

export function signSession(owner: PrivateKeyAccount, message: SessionMessage): Promise<Hex> {
  const domain = domainOf('Engagements', PERSONA.engagements)
  const types = { Session: SESSION }
  return owner.signTypedData({ domain, types, primaryType: 'Session', message: { ...message } })
}

export function signEngagement(key: PrivateKeyAccount, message: EngagementMessage): Promise<Hex> {
  const domain = domainOf('Engagements', PERSONA.engagements)
  const types = { Engagement: ENGAGEMENT }
  return key.signTypedData({ domain, types, primaryType: 'Engagement', message: { ...message } })
}

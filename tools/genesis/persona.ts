/**
 * Persona contracts on L2 from block 0 (docs/specs/PERSONA.md): code, and what a demonstration starts with: validators of all four kinds,
 * kinds of badges, DEMO tokens, sponsored gas. Everything is done by calls of the accounts that could do it later; their keys are public.
 */
import { encodeFunctionData } from 'viem'
import { bytesToHex, type Hex } from '../../workers/rollup/bytes.ts'
import { accountAddress, TEST_PRIVATE_KEYS } from '../../workers/rollup/keys.ts'
import type { Parameters } from '../../workers/rollup/parameters.ts'
import { privateKeyToAddress } from '../../workers/rollup/secp256k1.ts'
import { loadArtifact } from './artifacts.ts'
import { type InstallChain, type Placement, place } from './place.ts'

const ETHER = 10n ** 18n
const DAY = 86_400n
const DEMO_SUPPLY = 100_000_000n * ETHER
const DEMO_BALANCE = 1_000_000n * ETHER
const ACCOUNT_BALANCE = 1_000n * ETHER
const PAYMASTER_DEPOSIT = 100n * ETHER
const VALIDATOR_BOND = ETHER

/** Lists and revokes validators, creates kinds of badges, signs for sponsored gas. */
const REGISTRAR = 'persona-registrar'
/** Further accounts of the demonstration with ETH on L2. */
const ACTORS = ['persona-relayer', 'persona-proposer', 'persona-challenger'] as const
/** Names as in `IValidators.Kind`, in its order. zkTLS is a stand-in: a signer. */
const VALIDATORS = [
  { account: 'persona-onchain', name: 'Chain Observer (on-chain)' },
  { account: 'persona-zktls', name: 'TLS Witness (zkTLS stand-in)' },
  { account: 'persona-ecosystem', name: 'T-Rex Academy (ecosystem)' },
  { account: 'persona-social', name: 'Social Circle (social)' },
] as const

/** Kinds of badges in the order of their numbers. `issuer` is an index of `VALIDATORS`. */
const BADGE_KINDS = [
  { name: 'governanceVotes', issuer: 0, points: 50, lifetime: 0n, decay: 0n },
  { name: 'liquidityUsd', issuer: 0, points: 100, lifetime: 0n, decay: 180n * DAY },
  { name: 'followers', issuer: 1, points: 40, lifetime: 120n * DAY, decay: 0n },
  { name: 'region', issuer: 1, points: 20, lifetime: 365n * DAY, decay: 0n },
  { name: 'quizzes', issuer: 2, points: 30, lifetime: 0n, decay: 0n },
  { name: 'interests', issuer: 2, points: 20, lifetime: 365n * DAY, decay: 365n * DAY },
  { name: 'vouches', issuer: 3, points: 25, lifetime: 365n * DAY, decay: 0n },
] as const

const at = (suffix: string): Hex => `0x42000000000000000000000000000000000000${suffix}`

export const PERSONA = {
  schemaRegistry: at('20'),
  eas: at('21'),
  validators: at('30'),
  passport: at('31'),
  badges: at('32'),
  points: at('33'),
  campaigns: at('34'),
  engagements: at('35'),
  epochRewards: at('36'),
  streams: at('37'),
  paymaster: at('38'),
  rexy: at('39'),
  demoToken: at('3a'),
  trustedShare: at('3b'),
  plainShare: at('3c'),
  squareRootShare: at('3d'),
  entryPoint: '0x4337084d9e255ff0702461cf8895ce9e3b5ff108',
  simple7702Account: '0xe6cae83bde06e4c305530e199d7217f42808555b',
} as const satisfies Record<string, Hex>

export function personaAccount(name: string): Hex {
  return bytesToHex(accountAddress(name))
}

/** Seconds in which a reward root can be challenged: as long as a data challenge of the preset. */
export function rewardChallengeSeconds(parameters: Parameters): number {
  return parameters.dataChallengeWindowSeconds
}

export async function installPersona(chain: InstallChain, parameters: Parameters): Promise<void> {
  const registrar = personaAccount(REGISTRAR)
  await fundAccounts(chain)
  for (const placement of placements(registrar, rewardChallengeSeconds(parameters))) {
    await place(chain, placement, registrar)
  }
  await registerValidators(chain, registrar)
  await createBadgeKinds(chain, registrar)
  const deposit = { value: PAYMASTER_DEPOSIT }
  await send(chain, registrar, 'PersonaPaymaster', PERSONA.paymaster, 'deposit', [], deposit)
  for (const key of TEST_PRIVATE_KEYS) {
    const args = [bytesToHex(privateKeyToAddress(key)), DEMO_BALANCE]
    await send(chain, registrar, 'DemoToken', PERSONA.demoToken, 'transfer', args)
  }
}

function placements(registrar: Hex, challengeSeconds: number): Placement[] {
  return [
    { contract: 'SchemaRegistry', address: PERSONA.schemaRegistry, args: [] },
    { contract: 'EAS', address: PERSONA.eas, args: [PERSONA.schemaRegistry] },
    { contract: 'EntryPoint', address: PERSONA.entryPoint, args: [] },
    { contract: 'Simple7702Account', address: PERSONA.simple7702Account, args: [] },
    { contract: 'Validators', address: PERSONA.validators, args: [registrar] },
    { contract: 'Passport', address: PERSONA.passport, args: [] },
    { contract: 'Badges', address: PERSONA.badges, args: [registrar] },
    { contract: 'Points', address: PERSONA.points, args: [] },
    { contract: 'Campaigns', address: PERSONA.campaigns, args: [] },
    { contract: 'Engagements', address: PERSONA.engagements, args: [] },
    { contract: 'EpochRewards', address: PERSONA.epochRewards, args: [challengeSeconds] },
    { contract: 'Streams', address: PERSONA.streams, args: [] },
    { contract: 'PersonaPaymaster', address: PERSONA.paymaster, args: [registrar, registrar] },
    { contract: 'Rexy', address: PERSONA.rexy, args: [] },
    {
      contract: 'DemoToken',
      address: PERSONA.demoToken,
      args: ['Demo Token', 'DEMO', DEMO_SUPPLY],
    },
    { contract: 'TrustedShare', address: PERSONA.trustedShare, args: [] },
    { contract: 'PlainShare', address: PERSONA.plainShare, args: [] },
    { contract: 'SquareRootShare', address: PERSONA.squareRootShare, args: [] },
  ]
}

async function fundAccounts(chain: InstallChain): Promise<void> {
  const names = [REGISTRAR, ...ACTORS, ...VALIDATORS.map(({ account }) => account)]
  for (const name of names) await chain.fund(personaAccount(name), ACCOUNT_BALANCE)
}

async function registerValidators(chain: InstallChain, registrar: Hex): Promise<void> {
  for (const [kind, { account, name }] of VALIDATORS.entries()) {
    const validator = personaAccount(account)
    const bond = { value: VALIDATOR_BOND }
    const args = [kind, name]
    await send(chain, validator, 'Validators', PERSONA.validators, 'register', args, bond)
    await send(chain, registrar, 'Validators', PERSONA.validators, 'list', [validator])
  }
}

async function createBadgeKinds(chain: InstallChain, registrar: Hex): Promise<void> {
  for (const { name, issuer, points, lifetime, decay } of BADGE_KINDS) {
    const args = [name, issuer, points, lifetime, decay]
    await send(chain, registrar, 'Badges', PERSONA.badges, 'createKind', args)
  }
}

async function send(
  chain: InstallChain,
  from: Hex,
  contract: string,
  to: Hex,
  functionName: string,
  args: readonly unknown[],
  options: { readonly value?: bigint } = {},
): Promise<void> {
  const { abi } = await loadArtifact(contract)
  await chain.call({ from, to, data: encodeFunctionData({ abi, functionName, args }), ...options })
}

/** Brings the people onto the chain, a bounded number at a time: passports, badges, a session key each. All of it relayed and signed for. */
import { encodeAbiParameters, encodeFunctionData, type Hex, parseAbi, zeroHash } from 'viem'
import { abi as engagementsAbi } from '../../contracts/generated/IEngagements.ts'
import { abi as passportAbi } from '../../contracts/generated/IPassport.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import { ISSUERS, ownerAccount, RELAYER, sessionAccount } from './accounts.ts'
import { EAS, ENGAGEMENTS, MULTICALL3, PASSPORT } from './addresses.ts'
import type { BadgeKindRecord, Book } from './book.ts'
import { currentBadge } from './moment.ts'
import type { PersonPlan } from './population.ts'
import { type OwnCall, sendSponsored } from './sponsor.ts'
import type { Stage } from './stage.ts'
import { signDigest } from './typedData.ts'

/** What was sent so far. What the chain shows of it is in the book. */
export interface SetupState {
  readonly minted: number
  readonly badged: number
  readonly sessions: number
  /** All badges were sent, and none of them waits for a block any more. */
  readonly isSettled: boolean
}

export const SETUP_START: SetupState = { minted: 0, badged: 0, sessions: 0, isSettled: false }

/** Signed things are good for a year of virtual time. */
const LIFE_SECONDS = 31_536_000
const ALLOWANCE = 0xffff_ffff
/** Sent and in no block yet: more would crowd others out of the mempool. */
const OPEN_MAX = 512
const MINT_GAS = 250_000n
const SESSION_GAS = 220_000n
/** Signed calls that the relayer sends in one transaction. */
const RELAYED_AT_ONCE = 40
const BADGE_GAS = 420_000n
const BADGES_AT_ONCE = 30
/** Badges that are sent in one turn, and transactions of an issuer that may wait for a block before more are. */
const BADGES_A_TURN = 8 * BADGES_AT_ONCE
const ISSUER_OPEN_MAX = 8
/** She mints her own passport, in a user operation; the others are relayed by the hundred. */
const ALICE = 0
const OWN_MINT = encodeFunctionData({ abi: passportAbi, functionName: 'mint' })

/** Passports of everyone who has none. */
export async function mintPassports(state: SetupState, stage: Stage): Promise<SetupState> {
  const { book, population, digests } = stage
  const calls: OwnCall[] = []
  let { minted } = state
  // What is on its way from before the world went back comes first, or it would be sent twice.
  if (minted === 0 && (await stage.outbox.waiting(RELAYER)) > 0) return state
  for (
    ;
    minted < population.people.length && minted - book.passports.length < OPEN_MAX;
    minted += 1
  ) {
    const owner = ownerAccount(minted)
    if (book.wallets.has(owner.address)) continue
    if (minted === ALICE) {
      await sendSponsored(stage, minted, [{ to: PASSPORT, data: OWN_MINT, gas: MINT_GAS }])
      continue
    }
    const deadline = stage.head.timestamp + LIFE_SECONDS
    const signature = bytesToHex(signDigest(digests.mint(owner.addressBytes, deadline), owner.key))
    const data = encodeFunctionData({
      abi: passportAbi,
      functionName: 'mintFor',
      args: [owner.address, BigInt(deadline), signature],
    })
    calls.push({ to: PASSPORT, data, gas: MINT_GAS })
  }
  await relayAll(stage, calls)
  return { ...state, minted }
}

/** One session key per person for a campaign, opened by the owner's signature. */
export async function openSessions(
  state: SetupState,
  stage: Stage,
  campaign: number,
): Promise<SetupState> {
  const { book, population, digests } = stage
  const calls: OwnCall[] = []
  const open = book.campaigns.get(campaign)?.sessions
  const opened = open?.size ?? 0
  let { sessions } = state
  if (sessions === 0 && (await stage.outbox.waiting(RELAYER)) > 0) return state
  for (; sessions < population.people.length && sessions - opened < OPEN_MAX; sessions += 1) {
    const owner = ownerAccount(sessions)
    const passport = passportOf(book, sessions)
    if (open?.has(passport)) continue
    const terms = {
      passport,
      key: sessionAccount(sessions).addressBytes,
      campaign,
      allowance: ALLOWANCE,
      expiry: stage.head.timestamp + LIFE_SECONDS,
      nonce: book.passports[passport - 1]?.sessions.length ?? 0,
    }
    const signature = bytesToHex(signDigest(digests.session(terms), owner.key))
    const session = {
      passport: BigInt(passport),
      key: bytesToHex(terms.key),
      campaign: BigInt(campaign),
      allowance: BigInt(ALLOWANCE),
      expiry: BigInt(terms.expiry),
      nonce: BigInt(terms.nonce),
    }
    const data = encodeFunctionData({
      abi: engagementsAbi,
      functionName: 'openSession',
      args: [session, signature],
    })
    calls.push({ to: ENGAGEMENTS, data, gas: SESSION_GAS })
  }
  await relayAll(stage, calls)
  return { ...state, sessions }
}

const multicallAbi = parseAbi([
  'struct Call3 { address target; bool allowFailure; bytes callData; }',
  'struct Result { bool success; bytes returnData; }',
  'function aggregate3(Call3[] calls) payable returns (Result[])',
])

/** Sends what people signed, many in one transaction: whoever sends it, the signatures say whose it is. One that fails stops no other. */
async function relayAll({ outbox }: Stage, calls: readonly OwnCall[]): Promise<void> {
  for (let from = 0; from < calls.length; from += RELAYED_AT_ONCE) {
    const part = calls.slice(from, from + RELAYED_AT_ONCE)
    const data = encodeFunctionData({
      abi: multicallAbi,
      functionName: 'aggregate3',
      args: [part.map(({ to, data: callData }) => ({ target: to, allowFailure: true, callData }))],
    })
    const gas = part.reduce((sum, call) => sum + call.gas, 100_000n)
    await outbox.send(RELAYER, { to: MULTICALL3, data, gas })
  }
}

/** Passport of a person; zero before it is in the book. */
export function passportOf(book: Book, person: number): number {
  return book.wallets.get(ownerAccount(person).address) ?? 0
}

export interface BadgePlan {
  readonly person: number
  /** Name of a kind of badge. */
  readonly kind: string
  readonly value: bigint
}

/** Which badges somebody has from the start. Sybils buy followers, and a third of them vote. */
export function badgesOf({
  index,
  votes,
  followers,
  liquidityPermille,
  ring,
}: PersonPlan): readonly BadgePlan[] {
  const badge = (kind: string, value: number): BadgePlan => ({
    person: index,
    kind,
    value: BigInt(value),
  })
  const reach = badge('followers', followers)
  if (ring !== null) return index % 3 === 0 ? [reach, badge('governanceVotes', 1)] : [reach]
  return [
    reach,
    ...(votes ? [badge('governanceVotes', 1)] : []),
    ...(liquidityPermille > 0 ? [badge('liquidityUsd', liquidityPermille)] : []),
    ...(index % 2 === 0 ? [badge('vouches', 1 + (index % 7))] : []),
    ...(index % 3 === 0 ? [badge('quizzes', 1 + (index % 5))] : []),
  ]
}

/** Badges of everyone, in the order of people; validators attest several at once. */
export async function issueBadges(state: SetupState, stage: Stage): Promise<SetupState> {
  const { population, book } = stage
  const first = population.people[state.badged]
  if (first === undefined) return state
  const waiting = await waitingBadges(stage)
  if (waiting >= (state.badged === 0 ? 1 : ISSUER_OPEN_MAX)) return state
  const chunk: BadgePlan[] = []
  // Alice's come by themselves, so that all of them are of one second: one fades from the next on.
  const most = state.badged === ALICE ? 1 : BADGES_A_TURN
  let { badged } = state
  for (; badged < population.people.length && chunk.length < most; badged += 1) {
    const plans = badgesOf(population.people[badged] as PersonPlan)
    chunk.push(...plans.filter(({ person, kind }) => !hasBadge(book, person, kind)))
  }
  await sendBadges(stage, chunk)
  return { ...state, badged }
}

/** Transactions of the issuer with the most in no block yet. */
export async function waitingBadges({ outbox }: Stage): Promise<number> {
  const waiting = await Promise.all(Object.values(ISSUERS).map((one) => outbox.waiting(one)))
  return Math.max(...waiting)
}

function hasBadge(book: Book, person: number, name: string): boolean {
  const kind = book.kinds.find((one) => one.name === name)?.kind ?? -1
  const record = book.passports[passportOf(book, person) - 1]
  return record !== undefined && (record.badges.get(kind)?.length ?? 0) > 0
}

const easAbi = parseAbi([
  'struct AttestationRequestData { address recipient; uint64 expirationTime; bool revocable; bytes32 refUID; bytes data; uint256 value; }',
  'struct MultiAttestationRequest { bytes32 schema; AttestationRequestData[] data; }',
  'struct RevocationRequestData { bytes32 uid; uint256 value; }',
  'struct RevocationRequest { bytes32 schema; RevocationRequestData data; }',
  'function multiAttest(MultiAttestationRequest[] requests) payable returns (bytes32[])',
  'function revoke(RevocationRequest request) payable',
])

/** Attests badges: one transaction per issuer and so many badges. Returns the hashes. */
export async function sendBadges(
  stage: Stage,
  plans: readonly BadgePlan[],
): Promise<readonly Hex[]> {
  const { book, head, outbox } = stage
  const hashes: Hex[] = []
  for (const kind of book.kinds) {
    const mine = plans.filter((plan) => plan.kind === kind.name)
    for (let from = 0; from < mine.length; from += BADGES_AT_ONCE) {
      const part = mine.slice(from, from + BADGES_AT_ONCE)
      const request = {
        schema: kind.schema as Hex,
        data: part.map((plan) => attestation(book, kind, plan, head.timestamp)),
      }
      const data = encodeFunctionData({
        abi: easAbi,
        functionName: 'multiAttest',
        args: [[request]],
      })
      const gas = 100_000n + BADGE_GAS * BigInt(part.length)
      hashes.push(await outbox.send(ISSUERS[kind.validatorKind], { to: EAS, data, gas }))
    }
  }
  return hashes
}

function attestation(book: Book, kind: BadgeKindRecord, plan: BadgePlan, now: number) {
  const passport = passportOf(book, plan.person)
  const record = book.passports[passport - 1]
  const current = record === undefined ? null : currentBadge(record, kind.kind, now)
  return {
    recipient: ownerAccount(plan.person).address,
    expirationTime: kind.lifetimeSeconds === 0 ? 0n : BigInt(now + kind.lifetimeSeconds),
    revocable: true,
    refUID: (current?.uid ?? zeroHash) as Hex,
    // The evidence hides the raw data: what the validator saw stays with it.
    data: encodeAbiParameters(
      [{ type: 'uint256' }, { type: 'uint256' }, { type: 'bytes32' }],
      [BigInt(passport), plan.value, zeroHash],
    ),
    value: 0n,
  }
}

/** Takes a badge back, as its issuer. */
export async function sendRevocation(stage: Stage, uid: Hex, kind: BadgeKindRecord): Promise<Hex> {
  const request = { schema: kind.schema as Hex, data: { uid, value: 0n } }
  const data = encodeFunctionData({ abi: easAbi, functionName: 'revoke', args: [request] })
  return stage.outbox.send(ISSUERS[kind.validatorKind], { to: EAS, data, gas: 400_000n })
}

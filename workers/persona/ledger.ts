/** Logs of L2 into the book, one function per event. Events that the engine has no use for are passed over. */
import { type Abi, type AbiEvent, decodeEventLog, type Hex, toEventSelector } from 'viem'
import { abi as badgesAbi } from '../../contracts/generated/IBadges.ts'
import { abi as campaignsAbi } from '../../contracts/generated/ICampaigns.ts'
import { abi as engagementsAbi } from '../../contracts/generated/IEngagements.ts'
import { abi as rewardsAbi } from '../../contracts/generated/IEpochRewards.ts'
import { abi as passportAbi } from '../../contracts/generated/IPassport.ts'
import { hexToBytes } from '../rollup/bytes.ts'
import { parseActions } from './actions.ts'
import { BADGES, CAMPAIGNS, ENGAGEMENTS, EPOCH_REWARDS, PASSPORT } from './addresses.ts'
import type { Book, CampaignRecord, EpochActions, PassportRecord, Source } from './book.ts'
import type { ChainLog } from './chainPort.ts'
import { ACTION_LANES } from './rewards.ts'

/** Contracts whose logs make the book. */
export const BOOK_CONTRACTS = [PASSPORT, BADGES, CAMPAIGNS, ENGAGEMENTS, EPOCH_REWARDS] as const

/** `Engagements` adds no more sources to a chain of in-edges (section 6). */
const CHAIN_MAX = 1_024
const RECENT_MAX = 8
const SOCIAL = 2
const AMOUNT_BYTES = 12
/** An action names its target in three bytes. */
const PASSPORTS_MAX = 0x100_0000
const HOUR = 3_600

type Arguments = Readonly<Record<string, unknown>>
type Handler = (book: Book, args: Arguments, source: Source) => void

/** Logs must come in the order of the chain. A campaign must be in the book before its logs (`readCampaign`). */
export function applyLog(book: Book, log: ChainLog): void {
  const item = EVENTS.get(`${log.address}${log.topics[0]}`)
  if (item === undefined) return
  const topics = log.topics as [Hex, ...Hex[]]
  const { args } = decodeEventLog({ abi: [item], data: log.data, topics })
  const { blockNumber, timestamp, transactionHash, logIndex, address } = log
  const source = { address, event: item.name, blockNumber, timestamp, transactionHash, logIndex }
  HANDLERS[item.name]?.(book, (args ?? {}) as Arguments, source)
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  PassportMinted: (book, args, minted) => {
    const owner = lower(args.owner)
    const passport = Number(args.passport)
    book.passports[passport - 1] = {
      passport,
      owner,
      minted,
      wallets: [{ address: owner, linked: minted, unlinked: null }],
      badges: new Map(),
      activity: new Map(),
      recentActions: [],
      sessions: [],
      actions: 0,
    }
    book.wallets.set(owner, passport)
    book.version += 1
  },
  WalletLinked: (book, args, linked) => {
    const address = lower(args.wallet)
    const record = passportOf(book, args)
    // A contract may log the owner's own link beside the mint.
    if (record === undefined || address === record.owner) return
    record.wallets.push({ address, linked, unlinked: null })
    book.wallets.set(address, record.passport)
  },
  WalletUnlinked: (book, args, unlinked) => {
    const address = lower(args.wallet)
    const wallet = passportOf(book, args)?.wallets.findLast((one) => one.address === address)
    if (wallet !== undefined) wallet.unlinked = unlinked
    book.wallets.delete(address)
  },
  BadgeIssued: (book, args, issued) => {
    const kind = Number(args.kind)
    const badges = passportOf(book, args)?.badges
    if (badges === undefined) return
    const badge = {
      uid: String(args.uid),
      kind,
      validator: lower(args.validator),
      value: args.value as bigint,
      expiresAt: Number(args.expiresAt),
      issued,
      revoked: null,
    }
    const before = badges.get(kind)
    badges.set(kind, [...(before ?? []), badge])
    if (before === undefined) book.badges += 1
    book.version += 1
  },
  BadgeRevoked: (book, args, revoked) => {
    const badges = passportOf(book, args)?.badges.get(Number(args.kind))
    const badge = badges?.find(({ uid }) => uid === args.uid)
    if (badge !== undefined) badge.revoked = revoked
    book.version += 1
  },
  CampaignFunded: (book, args) => {
    const campaign = campaignOf(book, args)
    if (campaign !== undefined) campaign.fundedWei += args.amount as bigint
  },
  SessionOpened: (book, args) => {
    const session = {
      session: Number(args.session),
      passport: Number(args.passport),
      key: lower(args.key),
      campaign: Number(args.campaign),
      allowance: Number(args.allowance),
      expiry: Number(args.expiry),
      used: 0,
      revoked: null,
    }
    book.sessions.set(session.session, session)
    passportOf(book, args)?.sessions.push(session)
    const campaign = campaignOf(book, args)
    campaign?.sessions.set(session.passport, session)
    campaign?.silent.delete(session.passport)
  },
  SessionRevoked: (book, args, revoked) => {
    const session = book.sessions.get(Number(args.session))
    // It may be revoked twice: the first time holds.
    if (session === undefined || session.revoked !== null) return
    session.revoked = revoked
    const campaign = book.campaigns.get(session.campaign)
    if (campaign?.sessions.get(session.passport) === session) campaign.silent.add(session.passport)
  },
  ActionsRecorded: recordActions,
  BatchRecorded: (book, args, source) => {
    book.batches.push({
      campaign: Number(args.campaign),
      epoch: Number(args.epoch),
      actions: Number(args.actions),
      groups: Number(args.groups),
      refused: Number(args.refused),
      bytes: Number(args.bytesTotal),
      source,
    })
  },
  RootProposed: (book, args, proposed) => {
    campaignOf(book, args)?.proposals.push({
      epoch: Number(args.epoch),
      proposer: lower(args.proposer),
      rewardsRoot: String(args.rewardsRoot),
      total: args.total as bigint,
      trustRoots: args.trustRoots as readonly string[],
      amounts: parseAmounts(hexToBytes(String(args.amounts))),
      proposed,
      removed: null,
      finalized: null,
    })
  },
  RootRemoved: (book, args, source) => {
    const proposal = campaignOf(book, args)?.proposals.at(-1)
    if (proposal === undefined) return
    proposal.removed = {
      source,
      challenger: lower(args.challenger),
      fault: Number(args.fault),
      passport: Number(args.passport),
      slashedWei: args.slashedWei as bigint,
    }
  },
  RootFinalized: (book, args, source) => {
    const proposal = campaignOf(book, args)?.proposals.at(-1)
    if (proposal !== undefined) {
      proposal.finalized = { source, allocated: args.allocated as bigint }
    }
  },
  RewardClaimed: (book, args, source) => {
    const claim = { passport: Number(args.passport), amount: args.amount as bigint, source }
    const campaign = campaignOf(book, args)
    if (campaign === undefined) return
    campaign.claims.push(claim)
    const before = campaign.claimedWei.get(claim.passport) ?? 0n
    campaign.claimedWei.set(claim.passport, before + claim.amount)
  },
}

function recordActions(book: Book, args: Arguments, source: Source): void {
  const campaign = campaignOf(book, args)
  const record = passportOf(book, args)
  if (campaign === undefined || record === undefined) return
  const actions = parseActions(hexToBytes(String(args.actions)))
  const number = Number(args.epoch)
  const epoch = epochOf(campaign, number)
  const counts = epoch.counts.get(record.passport) ?? new Array<number>(ACTION_LANES).fill(0)
  const fresh = new Array<number>(ACTION_LANES).fill(0)
  for (const { kind, target } of actions) {
    counts[kind] = (counts[kind] as number) + 1
    fresh[kind] = (fresh[kind] as number) + 1
    campaign.byKind[kind] = (campaign.byKind[kind] as number) + 1
    if (kind === SOCIAL && target !== null) addEdge(campaign, number, record.passport, target)
  }
  epoch.counts.set(record.passport, counts)
  epoch.actions += actions.length
  campaign.actions += actions.length
  record.actions += actions.length
  const session = book.sessions.get(Number(args.session))
  if (session !== undefined) session.used += actions.length
  noteActivity(record, fresh, source)
}

/** A social action in an epoch: into the target's chain, unless that is full. */
export function addEdge(
  campaign: CampaignRecord,
  epoch: number,
  source: number,
  target: number,
): void {
  const { sources } = epochOf(campaign, epoch)
  const chain = sources.get(target)
  if (chain !== undefined && chain.length >= CHAIN_MAX) return
  if (chain === undefined) sources.set(target, [source])
  else chain.push(source)
  const key = source * PASSPORTS_MAX + target
  const pair = campaign.pairs.get(key)
  if (pair !== undefined) {
    pair.count += 1
    return
  }
  const { start, epochSeconds } = campaign.terms
  campaign.pairs.set(key, { source, target, count: 1, seconds: start + epoch * epochSeconds })
}

function noteActivity(record: PassportRecord, counts: readonly number[], source: Source): void {
  const hour = Math.floor(source.timestamp / HOUR)
  for (const [kind, count] of counts.entries()) {
    if (count === 0) continue
    const hours = record.activity.get(kind) ?? new Map<number, number>()
    hours.set(hour, (hours.get(hour) ?? 0) + count)
    record.activity.set(kind, hours)
  }
  record.recentActions.push({ source, counts })
  if (record.recentActions.length > RECENT_MAX) record.recentActions.shift()
}

/** Events that have a handler, by contract and topic. */
const EVENTS: ReadonlyMap<string, AbiEvent> = new Map(
  Object.entries<Abi>({
    [PASSPORT]: passportAbi,
    [BADGES]: badgesAbi,
    [CAMPAIGNS]: campaignsAbi,
    [ENGAGEMENTS]: engagementsAbi,
    [EPOCH_REWARDS]: rewardsAbi,
  }).flatMap(([address, abi]) =>
    abi
      .filter((item): item is AbiEvent => item.type === 'event' && item.name in HANDLERS)
      .map((item) => [`${address}${toEventSelector(item)}`, item] as const),
  ),
)

function parseAmounts(bytes: Uint8Array): readonly bigint[] {
  const amounts: bigint[] = []
  for (let at = 0; at + AMOUNT_BYTES <= bytes.length; at += AMOUNT_BYTES) {
    let amount = 0n
    for (const byte of bytes.subarray(at, at + AMOUNT_BYTES)) amount = (amount << 8n) | BigInt(byte)
    amounts.push(amount)
  }
  return amounts
}

export function epochOf(campaign: CampaignRecord, epoch: number): EpochActions {
  const known = campaign.epochs.get(epoch)
  if (known !== undefined) return known
  const fresh: EpochActions = { counts: new Map(), sources: new Map(), actions: 0 }
  campaign.epochs.set(epoch, fresh)
  return fresh
}

function campaignOf(book: Book, args: Arguments): CampaignRecord | undefined {
  return book.campaigns.get(Number(args.campaign))
}

function passportOf(book: Book, args: Arguments): PassportRecord | undefined {
  return book.passports[Number(args.passport) - 1]
}

function lower(value: unknown): string {
  return String(value).toLowerCase()
}

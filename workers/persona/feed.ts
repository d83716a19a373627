/** What happened on chain, in words, newest first. */
import { toEventSelector } from 'viem'
import type { FeedEntry } from '../protocol/persona.ts'
import { BADGES, CAMPAIGNS, ENGAGEMENTS, EPOCH_REWARDS, PASSPORT, VALIDATORS } from './addresses.ts'
import type { ChainLog } from './chainPort.ts'
import { toMs } from './views.ts'

const ENTRIES_MAX = 64

const SESSION_REVOKED = toEventSelector('SessionRevoked(uint256,uint256)')

/** By contract: what its logs are about. */
const KINDS: Readonly<Record<string, readonly [FeedEntry['kind'], string]>> = {
  [PASSPORT]: ['passport', 'Passports were minted or linked'],
  [BADGES]: ['badge', 'Badges were issued or revoked'],
  [CAMPAIGNS]: ['campaign', 'A campaign was created or funded'],
  [ENGAGEMENTS]: ['actions', 'Actions were recorded'],
  [EPOCH_REWARDS]: ['epoch', 'A reward root or a claim moved on'],
  [VALIDATORS]: ['validator', 'A validator of badges registered or was revoked'],
}

/** Logs of one transaction and contract are one entry. */
export function foldFeed(feed: readonly FeedEntry[], log: ChainLog): readonly FeedEntry[] {
  const known = KINDS[log.address]
  if (known === undefined) return feed
  const [kind, usual] = known
  const text =
    log.topics[0] === SESSION_REVOKED ? 'A session was revoked: its Persona’s actions stop' : usual
  const [newest] = feed
  if (newest?.transactionHash === log.transactionHash && newest.text === text) return feed
  const entry = {
    timeMs: toMs(log.timestamp),
    kind,
    text,
    transactionHash: log.transactionHash,
    blockNumber: BigInt(log.blockNumber),
  }
  return [entry, ...feed].slice(0, ENTRIES_MAX)
}

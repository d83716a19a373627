/** What can be proven of a passport. */
import type { Address } from 'viem'
import type { CampaignView, EpochView, PersonaDetails } from '../../../workers/protocol/persona.ts'
import type { Claim } from '../../bridge/prover.ts'
import { shortHash } from '../../ui/format.ts'
import { signalTitle } from '../persona/words.ts'

export interface ClaimChoice {
  readonly key: string
  readonly group: 'Badges' | 'Score' | 'Wallets'
  readonly title: string
  readonly claim: Claim
}

interface Chain {
  readonly campaigns: readonly CampaignView[]
  readonly epochs: readonly EpochView[]
}

/** Each kind of badge once, the score of every campaign with a final rewards root, and every linked wallet. */
export function claimChoices(
  { passport, owner, badges, wallets }: PersonaDetails,
  { campaigns, epochs }: Chain,
): readonly ClaimChoice[] {
  const names = [...new Set(badges.map(({ name }) => name))]
  const paid = campaigns.filter(({ id }) =>
    epochs.some(({ campaign, status }) => campaign === id && status === 'final'),
  )
  const linked = wallets.filter(({ linked }) => linked).map(({ address }) => address)
  return [
    ...names.map((badge) => ({
      key: `badge/${badge}`,
      group: 'Badges' as const,
      title: signalTitle(badge),
      claim: { kind: 'badge' as const, passport, owner: owner as Address, badge },
    })),
    ...paid.map(({ id, draft }) => ({
      key: `score/${id}`,
      group: 'Score' as const,
      title: `Score in ${draft.name}`,
      claim: { kind: 'score' as const, passport, campaign: id },
    })),
    ...[...new Set([owner, ...linked])].map((wallet) => ({
      key: `wallet/${wallet}`,
      group: 'Wallets' as const,
      title: wallet === owner ? `${shortHash(wallet)}, the owner` : shortHash(wallet),
      claim: { kind: 'wallet' as const, passport, wallet: wallet as Address },
    })),
  ]
}

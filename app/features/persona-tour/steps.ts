/** The demonstration in twelve steps: what is said, where to look, and what happens on chain. */
import type { EpochView } from '../../../workers/protocol/persona.ts'
import type { FraudView } from '../../../workers/protocol/projection.ts'
import { worldStore } from '../../store/world.ts'
import { currentBrand, nameOnChain } from '../persona/brand.ts'
import { currentPeople } from '../persona/people.ts'
import { currentDraft } from '../persona-campaign/draft.ts'
import type { Seen, TourStage } from './stage.ts'

export interface TourStep {
  readonly title: string
  readonly say: string
  /** Route of the page that shows it. */
  readonly view: string
  /** Accessible name of the card that it speaks of, where that is not the whole page. */
  readonly card?: string
  /** Its part of seven minutes. */
  readonly seconds: number
  /** Resolves once everything is there that the step shows. */
  act(stage: TourStage): Promise<void>
}

const alice = 1
const rush = 600
const trickle = 50

export const steps: readonly TourStep[] = [
  {
    title: 'Who takes part',
    say: 'People of five archetypes get a passport on L2 and badges that others vouch for. Some are Sybils: fake accounts in rings of eight that praise each other.',
    view: '/personas/graph',
    seconds: 30,
    act: bringPeople,
  },
  {
    title: 'Alice links two wallets',
    say: 'Each link is signed by both sides. Alice owns no ether: somebody else pays the gas.',
    view: `/personas/${alice}`,
    card: 'Wallets',
    seconds: 20,
    act: linkWallets,
  },
  {
    title: 'Others vouch for her',
    say: 'A badge from each of four kinds of validators. The TLS witness attests and keeps the raw data to itself. Points, radar and Rexy follow.',
    view: `/personas/${alice}`,
    card: 'Badges',
    seconds: 25,
    act: vouch,
  },
  {
    title: 'A campaign, in your words',
    say: 'Whom do you look for, and what is it worth? Change names, logo, badges, weights and numbers as you like.',
    view: '/personas/campaign',
    seconds: 35,
    act: nothing,
  },
  {
    title: 'What it means for people',
    say: 'The score of three people, part by part, before anything is sent. The project sees scores; Alice sees tasks, never a number to chase.',
    view: '/personas/preview',
    seconds: 30,
    act: nothing,
  },
  {
    title: 'Fund it',
    say: 'The budget goes into a contract, and the first epoch begins. From now on nobody can change the terms.',
    view: '/personas/rewards',
    seconds: 20,
    act: fund,
  },
  {
    title: 'Everybody acts',
    say: 'Micro-rewards, moves and hearts, signed by session keys and packed into batches of 2,000. The rollup carries a batch to L1; here is what one action costs.',
    view: '/personas/actions',
    seconds: 45,
    act: actTogether,
  },
  {
    title: 'The epoch closes',
    say: 'Share = engagement × match × trust. The publisher stakes a bond on one Merkle root over all rows. Compare what Sybils get with trust and without.',
    view: '/personas/rewards',
    seconds: 45,
    act: closeEpoch,
  },
  {
    title: 'Two lies, two judges',
    say: 'The publisher inflates a row: a contract on L2 computes that row again. The executor inflates a balance in its state root: L1 executes one SSTORE itself.',
    view: '/personas/lies',
    seconds: 105,
    act: cheatTwice,
  },
  {
    title: 'Alice takes her reward',
    say: 'No gas, and hers on L2 at once. It is final on L1 when the state root with it has survived its window.',
    view: '/personas?as=user',
    seconds: 20,
    act: claimReward,
  },
  {
    title: 'Six months later',
    say: 'Read the same facts at a later time: one badge was upgraded, another has expired, liquidity has faded. Scores and Rexy follow by themselves.',
    view: `/personas/${alice}?in=half`,
    card: 'Badges',
    seconds: 25,
    act: upgrade,
  },
  {
    title: 'What you take away',
    say: 'A report in which every figure says whether it was measured, simulated or assumed, and the scenario as a file or link.',
    view: '/personas/report',
    seconds: 20,
    act: nothing,
  },
]

async function nothing(): Promise<void> {}

async function bringPeople(stage: TourStage): Promise<void> {
  const seed = worldStore.getState().world?.run.seed ?? 0
  await stage.session.personas.open({ seed, ...currentPeople() })
  await stage.until('everybody is on L2', ({ personas: { setup } }) => setup.stage === 'ready')
}

async function linkWallets(stage: TourStage): Promise<void> {
  for (const wallet of [0, 1]) await stage.perform({ kind: 'linkWallet', passport: alice, wallet })
}

/** Value and badge are the chain's; the followers and the liquidity of the litepaper's Alice stay as they are. */
const vouched = [
  ['onchain', 'governanceVotes', 3],
  ['zktls', 'region', 1],
  ['ecosystem', 'interests', 4],
  ['social', 'vouches', 5],
] as const

async function vouch(stage: TourStage): Promise<void> {
  await Promise.all(
    vouched.map(([validator, badge, value]) =>
      stage.perform({ kind: 'issueBadge', passport: alice, validator, badge, value }),
    ),
  )
}

async function fund(stage: TourStage): Promise<void> {
  const count = (await stage.seen()).personas.campaigns.length
  const name = nameOnChain(currentBrand(), count + 1)
  // Whoever did it by hand in the builder has a campaign already.
  if (count === 0) {
    await stage.perform({ kind: 'createCampaign', draft: { ...currentDraft(), name } })
  }
  await stage.until('the budget is in the contract', ({ personas: { campaigns } }) =>
    campaigns.some(({ fundedWei }) => fundedWei > 0n),
  )
}

async function actTogether(stage: TourStage): Promise<void> {
  await stage.until(
    'everybody has a session key',
    ({ personas: { setup } }) => setup.stage === 'ready',
  )
  const engine = await stage.engine()
  await engine.setLoad(rush)
  await stage.until('a batch is full', ({ personas: { load } }) =>
    load.batches.some(({ actions }) => actions >= load.closesAt),
  )
  await engine.setLoad(trickle)
  await stage.until('L1 has the full batch', ({ personas: { load } }) =>
    load.batches.some(({ actions, entryIndex }) => actions >= load.closesAt && entryIndex !== null),
  )
}

async function closeEpoch(stage: TourStage): Promise<void> {
  // Going back stops the load.
  await (await stage.engine()).setLoad(trickle)
  await stage.hurry()
  const { campaign } = await stage.until('the epoch is over', firstClosed)
  await stage.calm()
  await stage.perform({ kind: 'publishRewards', campaign })
  await stage.until('the root is on L2', ({ personas: { epochs } }) =>
    epochs.some(({ status }) => status === 'pending' || status === 'final'),
  )
}

function firstClosed({ personas: { epochs } }: Seen): EpochView | undefined {
  return epochs.find(({ status }) => status === 'closed')
}

const claimants = 3

async function cheatTwice(stage: TourStage): Promise<void> {
  const { campaign, epoch } = await stage.until(
    'nobody can challenge the honest root any more',
    ({ personas: { epochs } }) => epochs.find(({ status }) => status === 'final'),
  )
  await (await stage.engine()).setLoad(trickle)
  await inflateInState(stage, campaign)
  await stage.until('somebody has acted in the next epoch', ({ personas: { epochs } }) =>
    epochs.some((one) => one.epoch > epoch),
  )
  await (await stage.engine()).setLoad(0)
  await stage.hurry()
  await stage.until('the next epoch is over', ({ personas: { epochs } }) =>
    epochs.some((one) => one.epoch > epoch && one.status === 'closed'),
  )
  await stage.calm()
  await inflateInRoot(stage, campaign)
  await stage.hurry()
  const game = await stage.until(
    'the false state root is disputed',
    ({ world }) => world.frauds.findLast(isInflated)?.game,
  )
  await stage.until('L1 has judged', ({ world: { disputes } }) =>
    disputes.some((dispute) => dispute.game === game && dispute.status !== 'running'),
  )
  await stage.calm()
}

function isInflated({ fraud }: FraudView): boolean {
  return fraud === 'fraud-reward'
}

/** The executor waits for a claim in which it can lie. */
async function inflateInState(stage: TourStage, campaign: string): Promise<void> {
  const node = 'executor-0'
  await stage.session.world.fault({ kind: 'corrupt', node, fraud: 'fraud-reward' })
  const engine = await stage.engine()
  let claims = 0
  for (let passport = alice + 1; claims < claimants; passport += 1) {
    const persona = await engine.persona(passport, campaign)
    if (persona === null) return
    if (persona.claimableWei === 0n) continue
    await stage.perform({ kind: 'claim', campaign, passport })
    claims += 1
  }
}

/** The last passport is a Sybil's. */
async function inflateInRoot(stage: TourStage, campaign: string): Promise<void> {
  const inflate = (await stage.seen()).personas.setup.passports
  await stage.perform({ kind: 'publishRewards', campaign, inflate })
  await stage.until('the watcher has taken the false root down', ({ personas: { epochs } }) =>
    epochs.some(({ status }) => status === 'removed'),
  )
}

async function claimReward(stage: TourStage): Promise<void> {
  const campaign = (await stage.seen()).personas.campaigns.at(-1)?.id
  if (campaign === undefined) return
  await stage.perform({ kind: 'claim', campaign, passport: alice })
}

async function upgrade(stage: TourStage): Promise<void> {
  await stage.perform({
    kind: 'issueBadge',
    passport: alice,
    validator: 'onchain',
    badge: 'liquidityUsd',
    value: 900,
  })
}

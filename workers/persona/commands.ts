/** What a visitor does with one click: a signed transaction, and a sentence on what came of it. */
import { encodeFunctionData, type Hex } from 'viem'
import { abi as engagementsAbi } from '../../contracts/generated/IEngagements.ts'
import { abi as validatorsAbi } from '../../contracts/generated/IValidators.ts'
import { badgeTitle } from '../protocol/badgeTitles.ts'
import type { CommandResult, GasPayer, PersonaCommand } from '../protocol/persona.ts'
import { bytesToHex } from '../rollup/bytes.ts'
import {
  ISSUERS,
  ownerAccount,
  REGISTRAR,
  RELAYER,
  sessionAccount,
  walletAccount,
} from './accounts.ts'
import { type Action, encodeAction, encodeBatch } from './actions.ts'
import { ENGAGEMENTS, VALIDATORS } from './addresses.ts'
import type { Book, CampaignRecord } from './book.ts'
import { draftProblems, sendCampaign } from './campaigns.ts'
import { type EngineState, flush, PersonaError, type Settlement, stageOf } from './engineState.ts'
import { claim, dueEpoch, pendingProposal, propose } from './publishing.ts'
import { maySign, reserveNonce } from './relay.ts'
import { sendBadges, sendRevocation } from './setup.ts'
import type { Stage } from './stage.ts'
import { signDigestCompactly } from './typedData.ts'
import { linkWallets, unlinkWallet } from './wallets.ts'

type InTurn = <Result>(task: () => Promise<Result>) => Promise<Result>

interface Sent {
  readonly hash: Hex
  readonly text: string
  readonly gas: GasPayer
}

/** Virtual time within which a transaction is expected in a block. */
const WAIT_MS = 60_000
const START_SECONDS = 5
const LIE_WEI = 500n * 10n ** 18n
const DEADLINE_SECONDS = 600

/** Resolves once the transaction's receipt is there. Rejects with `PersonaError` where it reverted or cannot be sent. */
export async function performCommand(
  state: EngineState,
  command: PersonaCommand,
  inTurn: InTurn,
): Promise<CommandResult> {
  const send = <Result>(task: (stage: Stage) => Promise<Result>): Promise<Result> =>
    inTurn(async () => {
      await state.reader.sync(state.read)
      const stage = stageOf(state)
      const sent = await task(stage)
      await flush(state, stage)
      return sent
    })
  const { hash, text, gas } = await send((stage) =>
    command.kind === 'act' ? act(state, stage, command) : sendCommand(stage, command),
  )
  const sponsoredWei = await settled(state, hash)
  return { text, transactionHash: hash, gas, sponsoredWei }
}

/** Resolves to what a paymaster paid, once the transaction is in a block. Rejects with `PersonaError` where it reverted or is late. */
async function settled(state: EngineState, hash: Hex): Promise<bigint | null> {
  const outcome = await new Promise<Settlement>((settle) => {
    state.waits = [...state.waits, { hash, deadlineMs: state.timeMs + WAIT_MS, settle }]
  })
  switch (outcome.kind) {
    case 'done':
      return outcome.sponsoredWei
    case 'reverted':
      throw new PersonaError(`Transaction ${hash} reverted. Open it to see why.`)
    case 'refused':
      throw new PersonaError(`The action of transaction ${hash} was refused. Open it to see why.`)
    case 'late':
      throw new PersonaError(`Transaction ${hash} is in no block yet; look for it later.`)
  }
}

function sendCommand(
  stage: Stage,
  command: Exclude<PersonaCommand, { kind: 'act' }>,
): Promise<Sent> {
  switch (command.kind) {
    case 'createCampaign':
      return createCampaign(stage, command.draft)
    case 'linkWallet':
      return link(stage, command)
    case 'unlinkWallet':
      return unlink(stage, command)
    case 'issueBadge':
      return issue(stage, command)
    case 'revokeBadge':
      return revoke(stage, command.uid)
    case 'revokeValidator':
      return revokeValidator(stage, command.validator)
    case 'publishRewards':
      return publishRewards(stage, command)
    case 'claim':
      return claimReward(stage, command)
  }
}

type Of<Kind extends PersonaCommand['kind']> = Extract<PersonaCommand, { kind: Kind }>

async function createCampaign(stage: Stage, draft: Of<'createCampaign'>['draft']): Promise<Sent> {
  const [problem] = draftProblems(draft, stage.book)
  if (problem !== undefined) throw new PersonaError(`${problem.field}: ${problem.text}`)
  const number = stage.book.campaigns.size + 1
  const hash = await sendCampaign(stage, draft, number, stage.head.timestamp + START_SECONDS)
  return { hash, text: `Campaign ${number} is created and funded.`, gas: 'own' }
}

async function act(state: EngineState, stage: Stage, command: Of<'act'>): Promise<Sent> {
  const { passport } = command
  const { book, head } = stage
  const person = personOf(stage, passport)
  const session = book.passports[passport - 1]?.sessions.at(-1)
  if (session === undefined) throw new PersonaError(`Passport ${passport} has no session key yet.`)
  if (!maySign(session, person)) {
    throw new PersonaError(
      `Passport ${passport} revoked its session or gave it to another key: it acts again when its owner opens one for ${sessionAccount(person).address}.`,
    )
  }
  const start = book.campaigns.get(session.campaign)?.terms.start ?? 0
  if (head.timestamp < start) {
    throw new PersonaError(
      `Campaign ${session.campaign} takes actions from its first epoch on, which begins in ${start - head.timestamp} s.`,
    )
  }
  const actions = encodeAction(actionOf(command, 1 + (passport % book.passports.length)))
  const deadline = head.timestamp + DEADLINE_SECONDS
  const { campaign } = session
  // Actions of the same session may be on their way with the load.
  const { relay, nonce } = await reserveNonce(state.relay, stage, session)
  state.relay = relay
  const digest = stage.digests.engagement({
    passport,
    actions,
    campaign,
    nonce,
    deadline,
  })
  const signature = signDigestCompactly(digest, sessionAccount(person).key)
  const groups = [{ session: session.session, actions, signature }]
  const batch = bytesToHex(encodeBatch({ campaign, deadline, groups }))
  const data = encodeFunctionData({ abi: engagementsAbi, functionName: 'submit', args: [batch] })
  const hash = await stage.outbox.send(RELAYER, { to: ENGAGEMENTS, data, gas: 300_000n })
  return {
    hash,
    text: 'The action is signed by the session key, relayed, and recorded.',
    gas: 'relayed',
  }
}

function actionOf({ action: kind, target, direction = 1 }: Of<'act'>, somebody: number): Action {
  switch (kind) {
    case 'microReward':
      return { kind, task: 0 }
    case 'gameMove':
      return { kind, direction, steps: 1 }
    case 'social':
      return { kind, target: target ?? somebody, reaction: 0 }
  }
}

async function link(stage: Stage, { passport, wallet }: Of<'linkWallet'>): Promise<Sent> {
  const person = personOf(stage, passport)
  const hash = await linkWallets(stage, person, [wallet])
  const { address } = walletAccount(person, wallet)
  return { hash, text: `Two signatures linked ${inShort(address)}.`, gas: 'sponsored' }
}

async function unlink(stage: Stage, { passport, address }: Of<'unlinkWallet'>): Promise<Sent> {
  const hash = await unlinkWallet(stage, personOf(stage, passport), address as Hex)
  return { hash, text: `${inShort(address)} is unlinked.`, gas: 'sponsored' }
}

async function issue(
  stage: Stage,
  { passport, validator, badge, value }: Of<'issueBadge'>,
): Promise<Sent> {
  const kind = stage.book.kinds.find((one) => one.name === badge && one.validatorKind === validator)
  if (kind === undefined)
    throw new PersonaError(`A ${validator} validator issues no badge "${badge}".`)
  const plan = { person: personOf(stage, passport), kind: badge, value: BigInt(value) }
  const [hash] = await sendBadges(stage, [plan])
  if (hash === undefined) throw new PersonaError('Nothing was issued.')
  return {
    hash,
    text:
      validator === 'zktls'
        ? `“${badgeTitle(badge)}” is attested; the raw data stays with the TLS witness.`
        : `“${badgeTitle(badge)}” is attested.`,
    gas: 'own',
  }
}

async function revoke(stage: Stage, uid: string): Promise<Sent> {
  for (const record of stage.book.passports) {
    const badge = [...record.badges.values()].flat().find((one) => one.uid === uid)
    const kind = stage.book.kinds[badge?.kind ?? -1]
    if (kind === undefined) continue
    const hash = await sendRevocation(stage, uid as Hex, kind)
    return {
      hash,
      text: `The badge “${badgeTitle(kind.name)}” of passport ${record.passport} is revoked.`,
      gas: 'own',
    }
  }
  throw new PersonaError(`There is no badge ${uid}.`)
}

async function revokeValidator(
  stage: Stage,
  kind: Of<'revokeValidator'>['validator'],
): Promise<Sent> {
  const data = encodeFunctionData({
    abi: validatorsAbi,
    functionName: 'revoke',
    args: [ISSUERS[kind].address, 'It attested what it did not see.'],
  })
  const hash = await stage.outbox.send(REGISTRAR, { to: VALIDATORS, data, gas: 300_000n })
  return {
    hash,
    text: 'The validator lost its bond; none of its badges counts any more.',
    gas: 'own',
  }
}

async function publishRewards(
  stage: Stage,
  { campaign: id, inflate }: Of<'publishRewards'>,
): Promise<Sent> {
  const campaign = campaignOf(stage.book, id)
  if (pendingProposal(campaign) !== null) throw new PersonaError('A root is pending already.')
  const epoch = dueEpoch(campaign, stage.head.timestamp)
  if (epoch === null) throw new PersonaError('No epoch with actions is over yet.')
  const lie = inflate === undefined ? undefined : { passport: inflate, extra: LIE_WEI }
  const hash = await propose(stage, campaign, epoch, lie)
  const text =
    lie === undefined
      ? `The root of epoch ${epoch} is proposed with a bond.`
      : `A root of epoch ${epoch} that inflates passport ${lie.passport} is proposed; a watcher will look.`
  return { hash, text, gas: 'own' }
}

async function claimReward(stage: Stage, { campaign: id, passport }: Of<'claim'>): Promise<Sent> {
  const hash = await claim(stage, campaignOf(stage.book, id), personOf(stage, passport))
  if (hash === null) throw new PersonaError(`Passport ${passport} has nothing to claim.`)
  return { hash, text: `The reward is paid to passport ${passport}.`, gas: 'sponsored' }
}

function campaignOf(book: Book, id: string): CampaignRecord {
  const campaign = book.campaigns.get(Number(id))
  if (campaign === undefined) throw new PersonaError(`There is no campaign ${id}.`)
  return campaign
}

/** People alone have keys here. */
function personOf({ book, population }: Stage, passport: number): number {
  const owner = book.passports[passport - 1]?.owner
  const person = population.people.findIndex(({ index }) => ownerAccount(index).address === owner)
  if (person < 0)
    throw new PersonaError(`Passport ${passport} belongs to nobody of the demonstration.`)
  return person
}

/** 0x1234…cdef, as the page has it. */
const inShort = (address: string): string => `${address.slice(0, 6)}…${address.slice(-4)}`

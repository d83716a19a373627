/** Keeps a book in step with L2: reads new blocks' logs, and begins anew where the chain went back. */
import { abi as badgesAbi } from '../../contracts/generated/IBadges.ts'
import { abi as campaignsAbi } from '../../contracts/generated/ICampaigns.ts'
import { abi as validatorsAbi } from '../../contracts/generated/IValidators.ts'
import { VALIDATOR_KINDS } from '../protocol/persona.ts'
import { BADGES, CAMPAIGNS, VALIDATORS } from './addresses.ts'
import {
  type Book,
  type CampaignTerms,
  createBook,
  createCampaignRecord,
  VALUATION_MODES,
} from './book.ts'
import {
  ChainAnswerError,
  type ChainHead,
  type ChainLog,
  type ReadRpc,
  readBlock,
  readContract,
  readLogs,
} from './chainPort.ts'
import { formulaAt } from './formulas.ts'
import { applyLog, BOOK_CONTRACTS } from './ledger.ts'

export interface BookReader {
  book(): Book
  /** Last block that is in the book. */
  head(): ChainHead | null
  /** Reads up to the chain's head. True if anything was read. */
  sync(read: ReadRpc): Promise<boolean>
  /** Grows whenever the chain went back and the book was begun anew. */
  generation(): number
}

/** Blocks whose logs are asked for at once: a full one has a few hundred. */
const STRIDE = 32
const CREATED = 'CampaignCreated'

interface State {
  book: Book
  head: ChainHead | null
  generation: number
  /** Calls run one after another: two at once would read logs twice. */
  queue: Promise<unknown>
}

/** `onLog` sees every log that went into the book, in order. */
export function createBookReader(onLog?: (log: ChainLog, book: Book) => void): BookReader {
  const state: State = { book: createBook(), head: null, generation: 0, queue: Promise.resolve() }
  return {
    book: () => state.book,
    head: () => state.head,
    generation: () => state.generation,
    sync: (read) => {
      const done = state.queue.then(() => sync(state, read, onLog))
      state.queue = done.catch(() => undefined)
      return done
    },
  }
}

async function sync(
  state: State,
  read: ReadRpc,
  onLog: ((log: ChainLog, book: Book) => void) | undefined,
): Promise<boolean> {
  const latest = await readBlock(read)
  if (latest === null) throw new ChainAnswerError('L2 has no latest block.')
  if (latest.hash === state.head?.hash) return false
  if (state.head !== null && !(await isKnown(state.head, latest, read))) restart(state)
  if (state.head === null) {
    await readKinds(state.book, read)
    await readValidators(state.book, read)
  }
  for (let from = (state.head?.number ?? -1) + 1; from <= latest.number; from += STRIDE) {
    const to = Math.min(from + STRIDE - 1, latest.number)
    const logs = await readLogs(read, [...BOOK_CONTRACTS, VALIDATORS], from, to)
    await prepare(state.book, logs, read)
    for (const log of logs) {
      applyLog(state.book, log)
      onLog?.(log, state.book)
    }
    // What was read stays read, should the next part fail.
    const head = to === latest.number ? latest : await readBlock(read, to)
    if (head !== null) state.head = head
  }
  return true
}

/** Whether the book's last block still stands on the chain. */
async function isKnown(head: ChainHead, latest: ChainHead, read: ReadRpc): Promise<boolean> {
  if (latest.number < head.number) return false
  return (await readBlock(read, head.number))?.hash === head.hash
}

function restart(state: State): void {
  state.book = createBook()
  state.head = null
  state.generation += 1
}

/** Reads what logs only point to, before they are applied. */
async function prepare(book: Book, logs: readonly ChainLog[], read: ReadRpc): Promise<void> {
  if (logs.some(({ address }) => address === VALIDATORS)) await readValidators(book, read)
  const isBadge = logs.some(({ address }) => address === BADGES)
  if (isBadge) await readKinds(book, read)
  for (const log of logs) {
    if (log.address === CAMPAIGNS) await readCampaign(book, log, read)
  }
}

interface KindAnswer {
  readonly schema: string
  readonly validatorKind: number
  readonly points: number
  readonly lifetimeSeconds: bigint
  readonly decaySeconds: bigint
  readonly name: string
}

async function readKinds(book: Book, read: ReadRpc): Promise<void> {
  const ask = { address: BADGES, abi: badgesAbi }
  const count = Number(await readContract<bigint>(read, { ...ask, functionName: 'kindCount' }))
  for (let kind = book.kinds.length; kind < count; kind += 1) {
    const found = await readContract<KindAnswer>(read, {
      ...ask,
      functionName: 'kindOf',
      args: [BigInt(kind)],
    })
    book.kinds.push({
      kind,
      schema: found.schema,
      name: found.name,
      validatorKind: VALIDATOR_KINDS[found.validatorKind] ?? 'onchain',
      points: found.points,
      lifetimeSeconds: Number(found.lifetimeSeconds),
      decaySeconds: Number(found.decaySeconds),
    })
  }
}

interface ValidatorAnswer {
  readonly kind: number
  readonly status: number
  readonly listedAt: bigint
  readonly revokedAt: bigint
  readonly name: string
}

async function readValidators(book: Book, read: ReadRpc): Promise<void> {
  const ask = { address: VALIDATORS, abi: validatorsAbi }
  const count = Number(await readContract<bigint>(read, { ...ask, functionName: 'validatorCount' }))
  for (let index = 0; index < count; index += 1) {
    const args = [BigInt(index)]
    const named = await readContract<string>(read, { ...ask, functionName: 'validatorAt', args })
    const address = named.toLowerCase()
    const found = await readContract<ValidatorAnswer>(read, {
      ...ask,
      functionName: 'validatorOf',
      args: [address],
    })
    book.validators.set(address, {
      address,
      name: found.name,
      kind: VALIDATOR_KINDS[found.kind] ?? 'onchain',
      status: found.status,
      listedAt: Number(found.listedAt),
      revokedAt: Number(found.revokedAt),
    })
  }
  book.version += 1
}

interface TermsAnswer {
  readonly name: string
  readonly token: string
  readonly start: bigint
  readonly epochSeconds: number
  readonly epochCount: number
  readonly epochBudget: bigint
  readonly formula: string
  readonly trustIterations: number
  readonly actionWeights: readonly number[]
  readonly actionCaps: readonly number[]
  readonly criteria: readonly {
    readonly kind: number
    readonly mode: number
    readonly weight: number
    readonly maximum: bigint
  }[]
}

/** A campaign's terms never change; its log names only some of them. */
async function readCampaign(book: Book, log: ChainLog, read: ReadRpc): Promise<void> {
  const campaign = Number(BigInt(log.topics[1] ?? '0x0'))
  if (campaign === 0 || book.campaigns.has(campaign)) return
  const { blockNumber, timestamp, transactionHash, logIndex, address } = log
  const found = await readContract<TermsAnswer>(read, {
    address: CAMPAIGNS,
    abi: campaignsAbi,
    functionName: 'termsOf',
    args: [BigInt(campaign)],
  })
  const terms = toTerms(found)
  // Whoever uses a formula of his own must bring an engine of his own.
  if (terms === null) return
  const owner = `0x${(log.topics[2] ?? '0x').slice(-40)}`
  const created = { address, event: CREATED, blockNumber, timestamp, transactionHash, logIndex }
  book.campaigns.set(campaign, createCampaignRecord({ campaign, owner, terms, created }))
}

/** Null if the engine does not know the campaign's formula. */
function toTerms(found: TermsAnswer): CampaignTerms | null {
  const formula = formulaAt(found.formula)
  if (formula === null) return null
  return {
    name: found.name,
    token: found.token.toLowerCase(),
    start: Number(found.start),
    epochSeconds: found.epochSeconds,
    epochCount: found.epochCount,
    epochBudget: found.epochBudget,
    formula,
    trustIterations: found.trustIterations,
    actionWeights: found.actionWeights,
    actionCaps: found.actionCaps,
    criteria: found.criteria.map(({ kind, mode, weight, maximum }) => ({
      kind,
      valuation: VALUATION_MODES[mode] ?? 'binary',
      weight: BigInt(weight),
      maximum,
    })),
  }
}

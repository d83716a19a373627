/** Personas at work in a whole rollup without a browser: what load is really carried, at what latency, and what an action costs on L1. */
import { createNodeWorld } from '../tools/node/world.ts'
import { ownerAccount } from '../workers/persona/accounts.ts'
import { createPersonaEngine } from '../workers/persona/engine.ts'
import { LITEPAPER_DRAFT } from '../workers/protocol/litepaperDraft.ts'
import type { ActionBatchView, PersonaApi, PersonaProjection } from '../workers/protocol/persona.ts'
import type { World } from '../workers/protocol/world.ts'
import { initKeccak } from '../workers/rollup/keccak.ts'
import { initSecp256k1 } from '../workers/rollup/secp256k1.ts'
import { MeasurementError, median, quantile, type Report, round, timed } from './figure.ts'

export interface PersonaLoad {
  readonly personas: number
  /** Actions per virtual second, one phase each, from small to large. */
  readonly rates: readonly number[]
  /** Virtual time of a phase; it goes on for longer until several batches came in. */
  readonly phaseMs: number
}

const OPTIONS = { seed: 7, preset: 'demo', scenario: 'quiet' } as const
const SETUP_MAX_MS = 3_600_000
/** Until the last actions of a phase are posted to L1. */
const DRAIN_MS = 60_000
/** How often actions must have come in before a phase is over, and how many times longer it may take for that. */
const ARRIVALS = 4
const PHASES_MAX = 3
const EPOCH_SECONDS = 60
const SIGNALS = 20
const PROGRESS_MS = 15_000
/** How often the engine hears of time, as the page's does. */
const BEAT_MS = 200

interface Stand {
  readonly world: World
  readonly engine: PersonaApi
  readonly seen: () => PersonaProjection
  /** One turn of the engine; wall milliseconds that it took. */
  readonly beat: () => Promise<{ readonly timeMs: number; readonly turnMs: number }>
}

export async function measurePersonaLoad(load: PersonaLoad, report: Report): Promise<void> {
  await Promise.all([initKeccak(), initSecp256k1()])
  const world = createNodeWorld({ host: 'threads' })
  try {
    const stand = await openStand(world, load, report)
    // As the page plays.
    await world.setSpeed(1)
    for (const rate of load.rates) {
      const name = `${load.personas} Personas, ${rate} actions a second`
      await report.attempt(name, () => measurePhase(stand, load, rate, report))
    }
    await report.attempt('signals', () => measureSignals(stand, load, report))
  } finally {
    await world.close()
  }
}

async function openStand(world: World, load: PersonaLoad, report: Report): Promise<Stand> {
  await world.open(OPTIONS)
  await world.setSpeed('max')
  await world.play()
  const engine = createPersonaEngine((method, params) => world.rpc('l2', { method, params }))
  let shown: PersonaProjection | null = null
  await engine.subscribe((patch) => {
    shown = { ...shown, ...patch } as PersonaProjection
  })
  const seen = (): PersonaProjection => {
    if (shown === null) throw new MeasurementError('The engine showed nothing.')
    return shown
  }
  const beat = async () => {
    const { timeMs } = await world.status()
    const startMs = performance.now()
    await engine.advance(timeMs)
    const turnMs = performance.now() - startMs
    const { failure } = seen().setup
    if (failure !== null) throw new MeasurementError(`The engine failed: ${failure}`)
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, BEAT_MS - turnMs)))
    return { timeMs, turnMs }
  }
  const stand = { world, engine, seen, beat }
  const [virtualMs, spent] = await timed(() => bringPeople(stand, load))
  report.figure({
    name: `people on chain, ${load.personas} Personas`,
    unit: 'virtual s',
    value: virtualMs / 1_000,
    note: `passports, ${seen().setup.badges} badges and a session key each, by signed transactions; ${round(spent.wallMs / 1_000)} s of wall time`,
  })
  return stand
}

/** Passports, badges, a campaign, session keys. Returns the virtual time that it took. */
async function bringPeople(stand: Stand, { personas }: PersonaLoad): Promise<number> {
  const { engine, seen, beat, world } = stand
  const { timeMs: startMs } = await world.status()
  await engine.open({ seed: OPTIONS.seed, personas, sybilPermille: 200 })
  await until(stand, () => seen().setup.stage === 'ready')
  const draft = { ...LITEPAPER_DRAFT, epochSeconds: EPOCH_SECONDS }
  await whileBeating(beat, engine.perform({ kind: 'createCampaign', draft }))
  await until(stand, () => seen().campaigns.length > 0 && seen().setup.stage === 'ready')
  return (await world.status()).timeMs - startMs
}

/** Tells now and then how far it is: ten thousand people take a while. */
async function until(
  { beat, seen }: Stand,
  isDone: () => boolean | Promise<boolean>,
): Promise<void> {
  let startMs: number | null = null
  for (let toldMs = performance.now(); ; ) {
    const { timeMs, turnMs } = await beat()
    startMs ??= timeMs
    if (await isDone()) return
    if (performance.now() - toldMs > PROGRESS_MS) {
      toldMs = performance.now()
      const { step, passports, badges, personas } = seen().setup
      process.stderr.write(
        `bench: persona: ${step} ${passports} of ${personas} passports, ${badges} badges at ${round(timeMs / 1_000)} virtual s; a turn takes ${round(turnMs)} ms\n`,
      )
    }
    if (timeMs - startMs > SETUP_MAX_MS) throw new MeasurementError('People did not come.')
  }
}

async function whileBeating<Result>(beat: Stand['beat'], task: Promise<Result>): Promise<Result> {
  let isOver = false
  const mark = (): void => {
    isOver = true
  }
  task.then(mark, mark)
  while (!isOver) await beat()
  return task
}

/** Where the engine stood at a turn. */
interface Turn {
  readonly timeMs: number
  readonly wallMs: number
  readonly turnMs: number
  readonly included: number
}

async function measurePhase(
  stand: Stand,
  { phaseMs, personas }: PersonaLoad,
  rate: number,
  report: Report,
): Promise<void> {
  const { engine, seen, beat } = stand
  const first = await beat()
  const before = seen().load
  const batchesBefore = before.batches.at(-1)?.number ?? 0
  await engine.setLoad(rate)
  const [phase, { cpuMs, wallMs }] = await timed(async () => {
    const turns: Turn[] = []
    const resolves: number[] = []
    const isEnough = (timeMs: number): boolean =>
      timeMs >= first.timeMs + (freshTurns(turns).length < ARRIVALS ? PHASES_MAX : 1) * phaseMs
    for (let timeMs = first.timeMs; !isEnough(timeMs); ) {
      const turn = await beat()
      ;({ timeMs } = turn)
      turns.push({ ...turn, wallMs: performance.now(), included: seen().load.included })
      if (turns.length % 4 === 0) {
        resolves.push(await resolveOne(stand, turns.length % personas))
      }
    }
    return { turns, resolves }
  })
  await engine.setLoad(0)
  const isCarried = (): boolean => {
    const { included, signed, batches } = seen().load
    const mine = batches.filter(({ number }) => number > batchesBefore)
    return included >= signed && mine.every(({ entryIndex }) => entryIndex !== null)
  }
  const drained: Turn[] = []
  const drainEndMs = (await beat()).timeMs + DRAIN_MS
  for (let timeMs = 0; !isCarried() && timeMs < drainEndMs; ) {
    const turn = await beat()
    ;({ timeMs } = turn)
    drained.push({ ...turn, wallMs: performance.now(), included: seen().load.included })
  }
  const after = seen().load
  const { turns, resolves } = phase
  const { done, virtualMs, spanMs } = steadySpan(turns)
  const name = `${personas} Personas, ${rate} actions a second`
  const turnsMs = turns.map(({ turnMs }) => turnMs)
  report.figure({
    name: `actions on L2 end to end: ${name}`,
    unit: 'actions per s',
    value: (1_000 * done) / spanMs,
    peer: { name: 'per virtual second', value: (1_000 * done) / virtualMs },
    note: `signed, relayed, ordered, executed and read back by the engine; ${after.included - before.included} of ${after.signed - before.signed} signed in the end; pace ${round(virtualMs / spanMs, 2)} virtual s per s; ${round(cpuMs / wallMs, 2)} cores busy; refused ${after.refused - before.refused}; a turn of the engine took ${round(median(turnsMs))} ms, 95 % ${round(quantile(turnsMs, 0.95))}`,
  })
  const all = [...turns, ...drained]
  const due = { from: before.included, startMs: first.timeMs }
  tellLatency({ name, rate, turns: all, resolves, ...due }, report)
  tellCost(
    name,
    after.batches.filter(({ number }) => number > batchesBefore),
    after.l2GasPerAction,
    report,
  )
}

/** Turns in which actions came in. */
function freshTurns(turns: readonly Turn[]): readonly Turn[] {
  return turns.filter((turn, index) => turn.included > (turns[index - 1]?.included ?? 0))
}

/** From the first turn that brought actions to the last one: whole batches, without the wait for the first. */
function steadySpan(turns: readonly Turn[]) {
  const fresh = freshTurns(turns)
  const [first, last] = [fresh[0], fresh.at(-1)]
  if (first === undefined || last === undefined || first === last) {
    const included = turns.map((turn) => turn.included).join(', ')
    throw new MeasurementError(`Fewer than two batches came in; actions by turn: ${included}.`)
  }
  return {
    done: last.included - first.included,
    virtualMs: last.timeMs - first.timeMs,
    spanMs: last.wallMs - first.wallMs,
  }
}

/** Wall time that `rollup_resolvePassport` takes under the load. */
async function resolveOne({ world }: Stand, person: number): Promise<number> {
  const startMs = performance.now()
  const params = [ownerAccount(person).address]
  const answer = await world.rpc('l2', { method: 'rollup_resolvePassport', params })
  if (answer === null) throw new MeasurementError(`Person ${person} has no passport.`)
  return performance.now() - startMs
}

interface Latency {
  readonly name: string
  readonly rate: number
  readonly turns: readonly Turn[]
  readonly resolves: readonly number[]
  /** Actions that were on L2 before. */
  readonly from: number
  readonly startMs: number
}

/** An action is due at a virtual time that follows from its number; the first turn that counts it has it in scores and trust. */
function tellLatency(
  { name, rate, turns, resolves, from, startMs }: Latency,
  report: Report,
): void {
  const virtual: number[] = []
  const wall: number[] = []
  let number = from
  for (const turn of turns) {
    for (; number < turn.included; number += 1) {
      const dueMs = startMs + (1_000 * (number - from)) / rate
      virtual.push(turn.timeMs - dueMs)
      wall.push(turn.wallMs - wallAt(turns, dueMs))
    }
  }
  const score = quantile(wall, 0.95)
  const note = `from the time that the action is due, through the relay's batch (up to 4 virtual s), to the engine's book; 95 % in virtual time ${round(quantile(virtual, 0.95))} ms, median ${round(median(virtual))} ms`
  report.figure({ name: `p95 from action to score: ${name}`, unit: 'ms', value: score, note })
  report.figure({
    name: `p95 from action to resolved Passport: ${name}`,
    unit: 'ms',
    value: score + quantile(resolves, 0.95),
    peer: { name: 'rollup_resolvePassport alone, p95', value: quantile(resolves, 0.95) },
    note: `${resolves.length} calls of rollup_resolvePassport under the load, added to the above`,
  })
}

/** Wall time at which virtual time was there, between two turns in a straight line. */
function wallAt(turns: readonly Turn[], timeMs: number): number {
  const index = Math.max(
    1,
    turns.findIndex((turn) => turn.timeMs >= timeMs),
  )
  const [left, right] = [turns[index - 1], turns[index]]
  if (left === undefined || right === undefined) throw new MeasurementError('Too few turns.')
  const part = (timeMs - left.timeMs) / Math.max(1, right.timeMs - left.timeMs)
  return left.wallMs + part * (right.wallMs - left.wallMs)
}

function tellCost(
  name: string,
  batches: readonly ActionBatchView[],
  l2GasPerAction: number | null,
  report: Report,
): void {
  const posted = batches.filter(({ bytesPerAction }) => bytesPerAction !== null)
  const bytes = posted.map(({ bytesPerAction }) => bytesPerAction ?? 0)
  const gas = posted.map(({ l1GasPerAction }) => l1GasPerAction ?? 0)
  const entries = new Set(posted.map(({ entryIndex }) => entryIndex)).size
  const actions = posted.reduce((sum, one) => sum + one.actions, 0)
  const note = `median of ${posted.length} relayed batches of ${round(actions / posted.length)} actions, carried by ${entries} batches of the rollup with ${round(actions / entries)} actions each; L2 gas per action so far ${round(l2GasPerAction ?? Number.NaN)}`
  report.figure({ name: `bytes on L1 per action: ${name}`, unit: 'B', value: median(bytes), note })
  report.figure({ name: `L1 gas per action: ${name}`, unit: 'gas', value: median(gas), note })
}

/** A validator attests something of somebody: until the score is another, and until JSON-RPC resolves a Passport with the badge. */
async function measureSignals(
  stand: Stand,
  { personas }: PersonaLoad,
  report: Report,
): Promise<void> {
  const { engine, seen, beat, world } = stand
  const campaign = seen().campaigns[0]?.id ?? null
  const times: number[] = []
  for (let person = 1; person <= Math.min(SIGNALS, personas - 1); person += 1) {
    const passport = person + 1
    const before = (await engine.persona(passport, campaign))?.badges.length ?? 0
    const startMs = performance.now()
    const badge = { kind: 'issueBadge', validator: 'ecosystem', badge: 'interests' } as const
    await whileBeating(beat, engine.perform({ ...badge, passport, value: 1 }))
    // Its receipt may be of a block that the engine has not read yet.
    await until(stand, async () => {
      const badges = (await engine.persona(passport, campaign))?.badges
      return (badges?.length ?? 0) > before
    })
    const params = [ownerAccount(person).address]
    const answer = await world.rpc('l2', { method: 'rollup_resolvePassport', params })
    const names = JSON.stringify(answer)
    if (!names.includes('interests')) throw new MeasurementError('The Passport lacks the badge.')
    times.push(performance.now() - startMs)
  }
  report.figure({
    name: `p95 from a badge to its score and resolved Passport, ${personas} Personas`,
    unit: 'ms',
    value: quantile(times, 0.95),
    note: `${times.length} attestations one after another, in real time; median ${round(median(times))} ms`,
  })
}

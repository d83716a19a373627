/** The proof that the visitor asked for last. It outlives a change of page, and goes with the world in which it holds. */
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import {
  type Claim,
  type News,
  type Part,
  type Proven,
  type Refusal,
  StoppedError,
} from '../../bridge/prover.ts'
import { personaStore } from '../../store/persona.ts'
import { worldStore } from '../../store/world.ts'
import { errorText, type Session } from '../shell/session-context.ts'

export interface ProofRun {
  readonly claim: Claim
  /** What is proven, in words. */
  readonly title: string
  /** What was told of each step, the last of a step's name; in order. */
  readonly news: readonly News[]
  /** Waiting is hurried: virtual time runs as fast as it can. */
  readonly isHurried: boolean
  readonly verdict: Proven | null
  /** Virtual time at which the verdict, or the last thing about it, was known. */
  readonly atMs: number
  /** Why there is no verdict. */
  readonly failure: string | null
  readonly change: Changing
}

/** One bit of the proof changed: nothing yet, under way, refused by L1, or not come so far. */
export type Changing =
  | { readonly stage: 'none' }
  | { readonly stage: 'sending'; readonly part: Part }
  | { readonly stage: 'answered'; readonly refusal: Refusal }
  | { readonly stage: 'failed'; readonly reason: string }

const store = createStore<{ readonly run: ProofRun | null }>(() => ({ run: null }))
const { getState, setState } = store
/** Ends the watch over the world of the run. */
let unwatch = (): void => undefined
/** Virtual milliseconds by which hurried time moves between two looks. */
const STRIDE_MS = 2_000

/** The run as it stands, outside of components. */
export const readProof = (): ProofRun | null => getState().run

export const useProof = (): ProofRun | null => useStore(store, ({ run }) => run)

export const isUnderWay = ({ verdict, failure }: ProofRun): boolean =>
  verdict === null && failure === null

/** Proves a claim; what comes of it is in the store. */
export async function startProof(
  { prover }: Session,
  { claim, title }: { readonly claim: Claim; readonly title: string },
): Promise<void> {
  stopProof({ prover })
  const run: ProofRun = {
    claim,
    title,
    news: [],
    isHurried: false,
    verdict: null,
    atMs: timeMs(),
    failure: null,
    change: { stage: 'none' },
  }
  setState({ run })
  forgetWithWorld(prover)
  try {
    const verdict = await prover.prove(claim, (news) => tell(claim, news))
    update(claim, { verdict, isHurried: false, atMs: timeMs() })
  } catch (error) {
    // Who stops it knows.
    if (error instanceof StoppedError) return
    update(claim, { failure: errorText(error), isHurried: false })
  }
}

/** Ends what is under way and shows nothing of it. */
export function stopProof({ prover }: Pick<Session, 'prover'>): void {
  unwatch()
  prover.stop()
  setState({ run: null })
}

/** Lets virtual time run as fast as it can while the proof waits for a final root. */
export async function hurry({ world }: Session): Promise<void> {
  const claim = readProof()?.claim
  if (claim === undefined) return
  update(claim, { isHurried: true })
  try {
    while (isWaiting(claim)) await world.advance(STRIDE_MS)
  } finally {
    update(claim, { isHurried: false })
  }
}

/** The same proof with one bit changed. The verdict stays whatever comes of it. */
export async function changeOneBit({ prover }: Session, part: Part): Promise<void> {
  const claim = readProof()?.claim
  if (claim === undefined) return
  const show = (change: Changing) => update(claim, { change, atMs: timeMs() })
  show({ stage: 'sending', part })
  try {
    show({ stage: 'answered', refusal: await prover.change(part) })
  } catch (error) {
    if (!(error instanceof StoppedError)) show({ stage: 'failed', reason: errorText(error) })
  }
}

function isWaiting(claim: Claim): boolean {
  const run = readProof()
  return run?.claim === claim && run.isHurried && run.news.at(-1)?.step === 'wait'
}

/** A later run is another one: what an earlier one has to say is of no interest any more. */
function update(claim: Claim, change: Partial<ProofRun>): void {
  setState(({ run }) => (run?.claim === claim ? { run: { ...run, ...change } } : { run }))
}

function tell(claim: Claim, news: News): void {
  const known = readProof()?.news ?? []
  const others = known.filter(({ step }) => step !== news.step)
  update(claim, { news: [...others, news], atMs: timeMs() })
}

const timeMs = (): number => worldStore.getState().world?.clock.timeMs ?? 0

/** What was proven is gone where the world is another, or went back to before it. */
function forgetWithWorld(prover: Session['prover']): void {
  const stops = [
    worldStore.subscribe(({ world }) => {
      const atMs = readProof()?.atMs ?? 0
      if (world !== null && world.clock.timeMs < atMs) stopProof({ prover })
    }),
    personaStore.subscribe(({ personas }) => {
      if (personas === null) stopProof({ prover })
    }),
  ]
  unwatch = () => {
    for (const stop of stops) stop()
  }
}

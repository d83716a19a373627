/** The report of a scenario, as JSON and for people. */
import type { Json } from '../../workers/protocol/world.ts'
import type { DisputeSummary, Summary } from '../../workers/simulation/summary.ts'
import { batchesOf, disputesOf } from '../../workers/simulation/summary.ts'

export interface Report {
  readonly scenario: string
  readonly seed: number
  readonly preset: string
  readonly buildHash: string
  readonly eventHash: string
  readonly virtualMs: number
  readonly wallMs: number
  readonly summary: Summary
  readonly invariants: Readonly<Record<string, boolean>>
  /** Invariants that the scenario is there to break; empty for all but the likes of `fraud-unwatched`. */
  readonly expectedBroken: readonly string[]
  /** Why an invariant does not hold, and what the scenario did not reach. */
  readonly complaints: readonly string[]
  /** What the scenario itself reports, under its own name. */
  readonly section?: { readonly [name: string]: Json }
}

/** Amounts of wei are decimal texts: they exceed what JSON numbers hold. */
export function reportToJson(report: Report): string {
  const { summary, complaints, invariants, expectedBroken, section, ...head } = report
  const { heads, transactions, deposits, rootsFinalized, nullifiedViews, reorgs } = summary
  const { seen: _, ...withdrawals } = summary.withdrawals
  return JSON.stringify({
    ...head,
    ...section,
    heads: Object.fromEntries(
      Object.entries(heads).map(([name, number]) => [name, Number(number)]),
    ),
    transactions,
    deposits,
    withdrawals,
    rootsFinalized,
    nullifiedViews,
    reorgs,
    batches: batchesOf(summary).map(({ index, l1Number, gasUsed, ...batch }) => ({
      ...batch,
      index: Number(index),
      l1Number: Number(l1Number),
      gasUsed: Number(gasUsed),
    })),
    disputes: disputesOf(summary).map(disputeToJson),
    sequencersSlashed: [...summary.sequencersSlashed],
    invariants,
    expectedBroken,
    complaints,
  })
}

function disputeToJson({ decidedBy, oneStepGas, slashedWei, ...dispute }: DisputeSummary) {
  return {
    ...dispute,
    decidedBy:
      decidedBy === null
        ? null
        : {
            phase: decidedBy.phase,
            opcode: decidedBy.opcode,
            pc: decidedBy.pc,
            transactionIndex: decidedBy.transactionIndex,
            blockNumber: Number(decidedBy.blockNumber),
            traceIndex: decidedBy.traceIndex.toString(),
          },
    oneStepGas: oneStepGas === null ? null : Number(oneStepGas),
    slashedWei: slashedWei.toString(),
  }
}

export function printReport(report: Report): string {
  const { summary, invariants, expectedBroken, complaints } = report
  const { heads } = summary
  const lines = [
    `${report.scenario}, seed ${report.seed}, preset ${report.preset}, build ${report.buildHash}`,
    `event hash ${report.eventHash}`,
    `${(report.virtualMs / 1000).toFixed(1)} virtual s in ${(report.wallMs / 1000).toFixed(1)} s`,
    `heads: l1 ${heads.l1}, unsafe ${heads.unsafe}, safe ${heads.safe}, settled ${heads.settled}, finalized ${heads.finalized}`,
    `${summary.transactions} transactions, ${summary.deposits} deposits, ${summary.batches.size} batches, ${summary.rootsFinalized} roots final, ${summary.nullifiedViews} nullifications`,
    ...disputesOf(summary).map(
      ({ game, injected, honestWon, decidedBy, moves }) =>
        `dispute ${game}: ${injected ? 'injected' : 'honest root'}, honest ${honestWon === null ? 'undecided' : honestWon ? 'won' : 'lost'}, ${moves} moves, decided by ${decidedBy === null ? '-' : `${decidedBy.phase} ${decidedBy.opcode} at ${decidedBy.pc}`}`,
    ),
    ...Object.entries(invariants).map(
      ([name, holds]) =>
        `${holds ? 'holds ' : 'BROKEN'} ${name}${expectedBroken.includes(name) ? ', as this scenario shows' : ''}`,
    ),
    ...(report.section === undefined ? [] : [JSON.stringify(report.section, null, 2)]),
    ...complaints.map((complaint) => `! ${complaint}`),
  ]
  return `${lines.join('\n')}\n`
}

/** What a report says, apart from how it is drawn: the same for the page, for print and for spreadsheets. */
import type { CampaignReport, EpochView } from '../../../workers/protocol/persona.ts'
import type { FigureSource } from '../persona/parts.tsx'
import {
  archetypeTitles,
  formatDemo,
  formatScore,
  formatShare,
  signalTitle,
} from '../persona/words.ts'

export interface ReportFigure {
  readonly name: string
  readonly value: string
  readonly source: FigureSource
}

export interface ReportTable {
  readonly title: string
  /** Where all figures of the table come from. */
  readonly source: FigureSource
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export interface ReportModel {
  readonly figures: readonly ReportFigure[]
  readonly tables: readonly ReportTable[]
}

const rankedMax = 20

export function reportModel(report: CampaignReport): ReportModel {
  const { campaign, epochs, figures, personas } = report
  const sybils = personas.filter(({ isSybil }) => isSybil).length
  return {
    figures: [
      ...figures,
      { name: 'Sybils among them', value: String(sybils), source: 'simulated' },
      { name: 'Budget', value: formatDemo(campaign.fundedWei), source: 'measured' },
      { name: 'Paid out', value: formatDemo(campaign.paidWei), source: 'measured' },
      ...sybilFigures(epochs),
    ],
    tables: [termsTable(report), epochTable(epochs), archetypeTable(epochs), peopleTable(report)],
  }
}

/** The last epoch that is over. */
function lastPaid(epochs: readonly EpochView[]): EpochView | undefined {
  return epochs.findLast(({ status }) => status !== 'open')
}

/** Amounts come from the chain; which of the accounts are Sybils is made up. */
function sybilFigures(epochs: readonly EpochView[]): readonly ReportFigure[] {
  const last = lastPaid(epochs)
  if (last === undefined) return []
  const { withTrust, withoutTrust } = last.payouts
  return [
    {
      name: 'Share of Sybils in payouts, with trust',
      value: formatShare(withTrust.sybilShare),
      source: 'simulated',
    },
    {
      name: 'Share of Sybils in payouts, without trust',
      value: formatShare(withoutTrust.sybilShare),
      source: 'simulated',
    },
  ]
}

function termsTable({ campaign }: CampaignReport): ReportTable {
  return {
    title: 'Whom the campaign looks for',
    source: 'assumed',
    columns: ['Badge', 'Valued', 'Full at', 'Weight'],
    rows: campaign.draft.conditions.map(({ name, valuation, full, weight }) => [
      signalTitle(name),
      valuation,
      String(full),
      formatScore(weight),
    ]),
  }
}

function epochTable(epochs: readonly EpochView[]): ReportTable {
  return {
    title: 'Epochs and their roots',
    source: 'measured',
    columns: ['Epoch', 'State', 'Root', 'As computed', 'Challenge'],
    rows: epochs.map(({ epoch, status, root, expectedRoot, challenge }) => [
      String(epoch),
      status,
      root ?? 'none',
      expectedRoot ?? 'not yet',
      challenge === null
        ? 'none'
        : `passport ${challenge.passport}: claimed ${formatDemo(challenge.claimed)}, computed ${formatDemo(challenge.recomputed)}`,
    ]),
  }
}

function archetypeTable(epochs: readonly EpochView[]): ReportTable {
  const payouts = lastPaid(epochs)?.payouts
  return {
    title: 'Payouts of the last epoch by archetype',
    source: 'simulated',
    columns: ['Archetype', 'With trust', 'Without trust'],
    rows:
      payouts === undefined
        ? []
        : Object.entries(archetypeTitles).map(([name, title]) => [
            title,
            formatDemo(payouts.withTrust.byArchetype[name as keyof typeof archetypeTitles]),
            formatDemo(payouts.withoutTrust.byArchetype[name as keyof typeof archetypeTitles]),
          ]),
  }
}

function peopleTable({ personas }: CampaignReport): ReportTable {
  const ranked = [...personas].sort(
    (left, right) => right.score - left.score || left.passport - right.passport,
  )
  return {
    title: `The ${Math.min(rankedMax, ranked.length)} best matches`,
    source: 'simulated',
    columns: ['Passport', 'Name', 'Score', 'Trust', 'Points', 'Actions', 'Received'],
    rows: ranked
      .slice(0, rankedMax)
      .map(({ passport, name, isSybil, score, trust, points, actions, earnedWei }) => [
        String(passport),
        isSybil ? `${name} (Sybil)` : name,
        formatScore(score),
        formatScore(trust),
        String(points),
        String(actions),
        formatDemo(earnedWei),
      ]),
  }
}

/** Everyone, for spreadsheets: numbers stay numbers, amounts are in DEMO. */
export function peopleRows({
  personas,
}: CampaignReport): readonly (readonly (string | number)[])[] {
  const columns = [
    'passport',
    'name',
    'archetype',
    'sybil',
    'score',
    'trust',
    'points',
    'actions',
    'received_demo',
    'source',
  ]
  return [
    columns,
    ...personas.map((one) => [
      one.passport,
      one.name,
      one.archetype ?? 'stranger',
      one.isSybil ? 1 : 0,
      one.score,
      one.trust,
      one.points,
      one.actions,
      Number(one.earnedWei / 10n ** 12n) / 1e6,
      'simulated',
    ]),
  ]
}

export function figureRows({ figures }: ReportModel): readonly (readonly string[])[] {
  return [
    ['figure', 'value', 'source'],
    ...figures.map(({ name, value, source }) => [name, value, source]),
  ]
}

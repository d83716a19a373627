import { describe, expect, it } from 'vitest'
import { LITEPAPER_DRAFT } from '../../../workers/protocol/litepaperDraft.ts'
import type { CampaignReport, EpochView } from '../../../workers/protocol/persona.ts'
import { toCsv } from './csv.ts'
import { figureRows, peopleRows, reportModel } from './model.ts'
import { reportHtml } from './report-html.ts'

const none = { governor: 0n, provider: 0n, creator: 0n, player: 0n, newcomer: 0n }
const epoch: EpochView = {
  campaign: '1',
  epoch: 0,
  status: 'removed',
  startMs: 0,
  endMs: 60_000,
  root: `0x${'ab'.repeat(32)}`,
  expectedRoot: `0x${'cd'.repeat(32)}`,
  publisher: null,
  slashedWei: 1n,
  publishedMs: 61_000,
  finalMs: 65_000,
  challenge: {
    watcher: '0x1',
    passport: 200,
    rule: 'row',
    claimed: 502n * 10n ** 18n,
    recomputed: 2n * 10n ** 18n,
    transactionHash: '0x2',
  },
  payouts: {
    withTrust: { total: 100n, paidPersonas: 2, sybilShare: 0.15, byArchetype: none },
    withoutTrust: { total: 100n, paidPersonas: 2, sybilShare: 0.28, byArchetype: none },
  },
}
const report: CampaignReport = {
  campaign: {
    id: '1',
    draft: LITEPAPER_DRAFT,
    fundedWei: 10_000n * 10n ** 18n,
    paidWei: 0n,
    epoch: 1,
    actions: 5,
    transactionHash: '0x3',
  },
  epochs: [epoch],
  personas: [
    {
      passport: 1,
      name: '=HYPERLINK("http://evil")',
      archetype: 'governor',
      isSybil: false,
      score: 0.78,
      trust: 1,
      points: 285,
      actions: 3,
      earnedWei: 25_290_000_000_000_000_000n,
    },
  ],
  figures: [{ name: 'Actions on L2', value: '5', source: 'measured' }],
}
const brand = {
  project: '<script>alert(1)</script>',
  campaign: 'A "B" & C',
  logo: null,
  isPublic: false,
}

describe('a campaign report', () => {
  const model = reportModel(report)
  const html = reportHtml(model, { brand, world: 'seed 7', time: '00:01:00.0' })

  it('marks every figure and table with where it comes from', () => {
    for (const { source } of [...model.figures, ...model.tables])
      expect(['measured', 'simulated', 'assumed']).toContain(source)
    const marks = html.match(/<i>(measured|simulated|assumed)<\/i>/g) ?? []
    const tables = model.tables.filter(({ rows }) => rows.length > 0)
    expect(marks).toHaveLength(model.figures.length + tables.length)
  })

  it('tells of both ways of paying and of the root that fell', () => {
    const values = model.figures.map(({ value }) => value)
    expect(values).toEqual(expect.arrayContaining(['15.0 %', '28.0 %', '10,000 DEMO']))
    expect(html).toContain('passport 200: claimed 502 DEMO, computed 2 DEMO')
  })

  it('needs nothing from elsewhere and runs nothing that somebody typed', () => {
    expect(html).not.toMatch(/<script|src="http|@import|url\(/)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).toContain('A &quot;B&quot; &amp; C')
  })

  it('becomes tables in which amounts are numbers and no cell is a formula', () => {
    expect(toCsv(peopleRows(report)).split('\r\n')[1]).toBe(
      `1,"'=HYPERLINK(""http://evil"")",governor,0,0.78,1,285,3,25.29,simulated`,
    )
    expect(toCsv(figureRows(model))).toMatch(/^figure,value,source\r\nActions on L2,5,measured\r\n/)
  })
})

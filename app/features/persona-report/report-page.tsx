import { Link } from 'react-router'
import type { CampaignReport } from '../../../workers/protocol/persona.ts'
import { usePersonas } from '../../store/persona.ts'
import { useTimeMs, useWorld } from '../../store/world.ts'
import { Button } from '../../ui/button.tsx'
import { download } from '../../ui/download.ts'
import { Empty } from '../../ui/fields.tsx'
import { formatClock } from '../../ui/format.ts'
import { Table } from '../ledger/sheet.tsx'
import { useBrand } from '../persona/brand.ts'
import { Card, Figure, Figures, Mark } from '../persona/parts.tsx'
import persona from '../persona/persona.module.css'
import { useEngine } from '../persona/use-engine.ts'
import { toCsv } from './csv.ts'
import { figureRows, peopleRows, type ReportModel, type ReportTable, reportModel } from './model.ts'
import { printHtml } from './print.ts'
import styles from './report.module.css'
import { type ReportHead, reportHtml } from './report-html.ts'
import { ScenarioCard } from './scenario-card.tsx'

/** What a product team takes away: the campaign's figures with their sources, and the scenario itself. */
export function ReportPage() {
  const campaign = usePersonas(({ campaigns }) => campaigns.at(-1)?.id ?? null)
  return (
    <>
      {campaign === null ? (
        <Card title="Report">
          <Empty title="There is no campaign to report on">
            <Link className={persona.link} to="/personas/campaign">
              Make one
            </Link>
            , let people act, and close an epoch.
          </Empty>
        </Card>
      ) : (
        <Report campaign={campaign} />
      )}
      <ScenarioCard />
    </>
  )
}

function Report({ campaign }: { readonly campaign: string }) {
  const { result: report, error } = useEngine(`report/${campaign}`, (engine) =>
    engine.report(campaign),
  )
  const head = useHead()
  if (report === undefined) {
    return <p className={persona.quiet}>{error ?? 'The report is being put together…'}</p>
  }
  const model = reportModel(report)
  return (
    <>
      <article className={styles.report} aria-label="Campaign report">
        <header>
          {head.brand.logo !== null && <img src={head.brand.logo} alt="" />}
          <div>
            <h3>{head.brand.campaign}</h3>
            <p className={persona.quiet}>{head.brand.project}, campaign report</p>
          </div>
          <Exports report={report} model={model} head={head} />
        </header>
        <Figures>
          {model.figures.map((figure) => (
            <Figure
              key={figure.name}
              label={figure.name}
              value={figure.value}
              source={figure.source}
            />
          ))}
        </Figures>
      </article>
      {model.tables.map((table) => (
        <TableCard key={table.title} table={table} />
      ))}
    </>
  )
}

function useHead(): ReportHead {
  const brand = useBrand()
  const { seed, scenario, parameters } = useWorld(({ run }) => run)
  const time = formatClock(useTimeMs(1_000))
  return { brand, world: `seed ${seed}, pace ${parameters.preset}, scenario ${scenario}`, time }
}

interface ExportsProps {
  readonly report: CampaignReport
  readonly model: ReportModel
  readonly head: ReportHead
}

function Exports({ report, model, head }: ExportsProps) {
  return (
    <div className={styles.exports}>
      <Button look="solid" onClick={() => printHtml(reportHtml(model, head))}>
        Print or save as PDF
      </Button>
      <Button
        look="outline"
        onClick={() => download('campaign-report.html', reportHtml(model, head), 'text/html')}
      >
        HTML
      </Button>
      <Button
        look="outline"
        onClick={() => download('campaign-figures.csv', toCsv(figureRows(model)), 'text/csv')}
      >
        Figures as CSV
      </Button>
      <Button
        look="outline"
        onClick={() => download('campaign-people.csv', toCsv(peopleRows(report)), 'text/csv')}
      >
        People as CSV
      </Button>
    </div>
  )
}

function TableCard({ table }: { readonly table: ReportTable }) {
  const { title, source, columns, rows } = table
  if (rows.length === 0) return null
  return (
    <Card title={title} aside={<Mark source={source} />}>
      <Table label={title} columns={columns}>
        {rows.map((row) => (
          <tr key={row.join('/')}>
            {columns.map((column, index) => (
              <td key={column}>{shorten(row[index] ?? '')}</td>
            ))}
          </tr>
        ))}
      </Table>
    </Card>
  )
}

/** Roots are whole in what is exported, and short on the page. */
function shorten(cell: string): string {
  return /^0x[0-9a-f]{64}$/.test(cell) ? `${cell.slice(0, 10)}…${cell.slice(-4)}` : cell
}

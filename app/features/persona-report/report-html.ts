/** A report as one HTML file that needs nothing else and prints well. */
import type { Brand } from '../persona/brand.ts'
import type { ReportModel, ReportTable } from './model.ts'

export interface ReportHead {
  readonly brand: Brand
  /** Which world it tells of, so that anyone can run it again. */
  readonly world: string
  /** Virtual time. */
  readonly time: string
}

export function reportHtml(model: ReportModel, { brand, world, time }: ReportHead): string {
  const logo =
    brand.logo === null ? '' : `<img src="${escapeHtml(brand.logo)}" alt="" class="logo">`
  const title = `${brand.project}: ${brand.campaign}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>${css}</style>
</head>
<body>
<header>${logo}<div><h1>${escapeHtml(brand.campaign)}</h1><p>${escapeHtml(brand.project)}, campaign report</p></div></header>
<p class="about">A demonstration on a rollup that ran in one browser tab: ${escapeHtml(world)}, at ${escapeHtml(time)} of its own time. Every figure says where it comes from: <b>measured</b> on its chains, <b>simulated</b> where people and behaviour are made up, <b>assumed</b> where somebody chose the number.</p>
<dl>${model.figures.map(figure).join('')}</dl>
${model.tables.map(table).join('\n')}
</body>
</html>
`
}

function figure({ name, value, source }: ReportModel['figures'][number]): string {
  return `<div><dt>${escapeHtml(name)} <i>${source}</i></dt><dd>${escapeHtml(value)}</dd></div>`
}

function table({ title, source, columns, rows }: ReportTable): string {
  if (rows.length === 0) return ''
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('')
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('')
  return `<section><h2>${escapeHtml(title)} <i>${source}</i></h2><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></section>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

const css = `
body{max-width:60rem;margin:2rem auto;padding:0 1.5rem;font:15px/1.5 system-ui,sans-serif;color:#1d2430;background:#fff;font-variant-numeric:tabular-nums}
header{display:flex;gap:1.2rem;align-items:center}
header p,.about{color:#566072}
.logo{width:4rem;height:4rem;object-fit:contain}
h1{margin:0;font-size:1.9rem;letter-spacing:-.02em}h1+p{margin:0}
h2{margin:2rem 0 .5rem;font-size:1.05rem}
i{color:#667085;font-size:.75rem;font-style:normal;font-weight:400}
i::before{content:"· "}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:1rem 1.5rem;margin:1.5rem 0}
dt{color:#566072;font-size:.85rem}dd{margin:0;font-size:1.25rem;font-weight:600}
table{width:100%;border-collapse:collapse;font-size:.85rem}
th,td{padding:.35rem .6rem .35rem 0;border-bottom:1px solid #dfe3ea;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{color:#566072;font-weight:500}
@media print{body{margin:0;max-width:none}section{break-inside:avoid}@page{margin:16mm}}
`

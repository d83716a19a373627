/** Tables for spreadsheets, by RFC 4180. */

/** Cells that a spreadsheet would run as a formula are kept from it by an apostrophe. */
const formula = /^[=+\-@\t\r]/

function toCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const safe = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The first row names the columns. */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('')
}

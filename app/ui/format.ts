/** How numbers, times and hashes are written, everywhere the same. */

const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const decimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** 12345 → 12,345. */
export const formatCount = (value: number | bigint): string => integer.format(value)
/** 12.34 → 12.3. */
export const formatDecimal = (value: number): string => decimal.format(value)
/** 1234567 → 1.2M. */
export const formatCompact = (value: number | bigint): string => compact.format(value)

/** 0x1234…cdef; short strings stay whole. */
export function shortHash(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`
}

/** Virtual milliseconds as 00:03:12.4. */
export function formatClock(timeMs: number): string {
  const tenths = Math.floor(timeMs / 100)
  const pad = (value: number) => String(value).padStart(2, '0')
  const seconds = Math.floor(tenths / 10)
  const whole = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60].map(pad)
  return `${whole.join(':')}.${tenths % 10}`
}

/** A span of milliseconds in the two largest units that matter: 2:31 min, 41 s, 3 d 4 h. */
export function formatSpan(spanMs: number): string {
  const seconds = Math.max(0, Math.ceil(spanMs / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${String(seconds % 60).padStart(2, '0')} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** Seconds of a chess clock: 1:54, or 84 h 0 min when long. */
export function formatChessClock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole >= 3_600) return `${Math.floor(whole / 3_600)} h ${Math.floor(whole / 60) % 60} min`
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** Wei as ETH with at most `digits` decimals; tiny amounts are shown as < 0.0001. */
export function formatEther(wei: bigint, digits = 4): string {
  const unit = 10n ** 18n
  const fraction = (wei % unit).toString().padStart(18, '0').slice(0, digits).replace(/0+$/, '')
  const whole = integer.format(wei / unit)
  if (fraction !== '') return `${whole}.${fraction} ETH`
  const isDust = wei > 0n && wei < unit / 10n ** BigInt(digits)
  return isDust ? `< ${(10 ** -digits).toFixed(digits)} ETH` : `${whole} ETH`
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  return bytes < 1_000_000
    ? `${decimal.format(bytes / 1_000)} kB`
    : `${decimal.format(bytes / 1_000_000)} MB`
}

export const formatGas = (gas: number | bigint): string => `${integer.format(gas)} gas`

/** Name of a node as people read it: `sequencer-3` → Sequencer 3. */
export function nodeTitle(id: string): string {
  if (id === 'l1') return 'L1'
  const [role, index] = id.split('-')
  const names: Record<string, string> = {
    sequencer: 'Sequencer',
    executor: 'Executor',
    da: 'Data node',
    challenger: 'Challenger',
  }
  return `${names[role ?? ''] ?? role} ${index ?? ''}`.trim()
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

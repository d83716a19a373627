/** Which origins a person let in; kept by the browser, the same in every tab of the devnet. */
export interface Grant {
  readonly origin: string
  /** Whether it may use the methods that steer the chain: `STEERING`. */
  readonly maySteer: boolean
  /** Wall milliseconds since 1970. */
  readonly sinceMs: number
}

export interface Grants {
  all(): readonly Grant[]
  of(origin: string): Grant | null
  grant(grant: Grant): void
  revoke(origin: string): void
  /** Calls back after every change, in whatever tab; returns what ends it. */
  onChange(listener: () => void): () => void
}

const KEY = 'trex-devnet-origins'
const grantsMax = 100

export function createGrants(): Grants {
  const listeners = new Set<() => void>()
  // Private windows may refuse storage; grants then last as long as the page.
  let known = read() ?? []
  const changed = () => {
    for (const listener of listeners) listener()
  }
  const write = (next: readonly Grant[]) => {
    known = next.slice(-grantsMax)
    try {
      localStorage.setItem(KEY, JSON.stringify(known))
    } catch {
      // Then `known` alone has it.
    }
    changed()
  }
  const all = () => {
    known = read() ?? known
    return known
  }
  const without = (origin: string) => all().filter((grant) => grant.origin !== origin)
  window.addEventListener('storage', ({ key }) => {
    if (key === KEY || key === null) changed()
  })
  return {
    all,
    of: (origin) => all().find((grant) => grant.origin === origin) ?? null,
    grant: (grant) => write([...without(grant.origin), grant]),
    revoke: (origin) => write(without(origin)),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function read(): readonly Grant[] | null {
  try {
    const values: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(values) ? values.filter(isGrant) : []
  } catch {
    return null
  }
}

function isGrant(value: unknown): value is Grant {
  if (typeof value !== 'object' || value === null) return false
  const { origin, maySteer, sinceMs } = value as Partial<Grant>
  return typeof origin === 'string' && typeof maySteer === 'boolean' && typeof sinceMs === 'number'
}

/** What every part of the demonstration gets to work with when it acts, at one moment of virtual time. */
import type { Book } from './book.ts'
import type { ChainHead, ReadRpc } from './chainPort.ts'
import type { Outbox } from './outbox.ts'
import type { Population } from './population.ts'
import type { PersonaDigests } from './typedData.ts'

export interface Stage {
  readonly timeMs: number
  readonly read: ReadRpc
  readonly book: Book
  /** Last block that is in the book. */
  readonly head: ChainHead
  readonly outbox: Outbox
  readonly digests: PersonaDigests
  readonly population: Population
}

/**
 * What the engine need not compute again while that which it follows from is the same: a turn costs what changed, not how many people
 * there are.
 */
import type { DistributionView } from '../protocol/persona.ts'
import type { Book, CampaignRecord } from './book.ts'
import type { Population } from './population.ts'
import {
  distributionOf,
  lastEpochOver,
  peopleByPassport,
  type RowSetting,
  relativeTrust,
} from './views.ts'

export interface Known {
  people(book: Book, population: Population): ReadonlyMap<number, number>
  trust(book: Book, campaign: CampaignRecord | null, time: number): readonly number[]
  /** Of the current minute: badges fade over months. */
  distribution(setting: RowSetting): DistributionView
}

const MINUTE_SECONDS = 60

export function createKnown(): Known {
  return {
    people: keepLast(peopleByPassport, (book, population) => [
      book,
      book.passports.length,
      population,
    ]),
    trust: keepLast(relativeTrust, (book, campaign, time) => {
      const epoch = campaign === null ? null : lastEpochOver(campaign, time)
      // Before an epoch is over trust is that of badges, which expire.
      return epoch === null ? [book, book.version, time] : [book, campaign, epoch]
    }),
    distribution: keepLast(distributionOf, ({ book, campaign, people, time }) => [
      book,
      book.version,
      campaign,
      people,
      Math.floor(time / MINUTE_SECONDS),
    ]),
  }
}

/** `compute`, but the last result again as long as all parts of the key are the same. */
function keepLast<Parameters extends readonly unknown[], Result>(
  compute: (...parameters: Parameters) => Result,
  keyOf: (...parameters: Parameters) => readonly unknown[],
): (...parameters: Parameters) => Result {
  let last: { readonly key: readonly unknown[]; readonly result: Result } | null = null
  return (...parameters) => {
    const key = keyOf(...parameters)
    const isSame =
      last?.key.length === key.length && key.every((part, index) => part === last?.key[index])
    if (last === null || !isSame) last = { key, result: compute(...parameters) }
    return last.result
  }
}

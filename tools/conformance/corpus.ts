/** State tests in a folder of Ethereum's execution-spec-tests, of whatever release: every JSON file below it is looked into. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StateTest } from '../../workers/rollup/machine/testing/stateTest.ts'
import { UsageError } from '../arguments.ts'

/** The hardfork of L2. */
const FORK = 'Osaka'

export interface StateCase {
  readonly name: string
  readonly test: StateTest
  readonly post: NonNullable<StateTest['post'][string]>[number]
}

/** Paths of the JSON files below a folder, sorted. Throws `UsageError` where there is none. */
export function fixtureFiles(folder: string): readonly string[] {
  let names: string[]
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  } catch (cause) {
    throw new UsageError(`--fixtures must name a folder that can be read, is "${folder}".`, {
      cause,
    })
  }
  const files = names.filter((name) => name.endsWith('.json')).sort()
  if (files.length === 0) throw new UsageError(`There is no JSON file below "${folder}".`)
  return files.map((name) => join(folder, name))
}

/** The state tests of a file that have a result for Osaka; none where it holds anything else. */
export function casesOf(file: string): readonly StateCase[] {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (typeof content !== 'object' || content === null) return []
  return Object.entries(content).flatMap(([name, test]) =>
    isStateTest(test)
      ? (test.post[FORK] ?? []).map((post) => ({ name: `${name} ${indexes(post)}`, test, post }))
      : [],
  )
}

function isStateTest(value: unknown): value is StateTest {
  const isObject = typeof value === 'object' && value !== null
  return isObject && ['env', 'pre', 'post', 'transaction'].every((key) => key in value)
}

function indexes(post: StateCase['post']): string {
  return Object.values((post.indexes ?? {}) as Record<string, number>).join('/')
}

/** `count` of the files, evenly spread, so that every folder has its share. */
export function evenSample<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (count >= items.length) return items
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor((i * items.length) / count)] as Item,
  )
}

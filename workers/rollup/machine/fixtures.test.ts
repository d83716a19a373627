/**
 * Ethereum's state tests through the mirror: the final root of every Osaka case equals the fixture's. Runs where FIXTURES_DIR
 * names a folder with `state_tests`; the folder is not part of the project.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../bytes.ts'
import { initKeccak } from '../keccak.ts'
import { initSecp256k1 } from '../secp256k1.ts'
import { worldRoot } from '../trie/world.ts'
import { runStateTest, type StateTest } from './testing/stateTest.ts'

const folder = process.env['FIXTURES_DIR']
const root = folder === undefined ? '' : join(folder, 'state_tests')
const only = process.env['FIXTURE_FILTER'] ?? ''

describe.runIf(root !== '' && existsSync(root))('state tests of execution-specs', () => {
  it('gives the final root of every Osaka case', async () => {
    await Promise.all([initKeccak(), initSecp256k1()])
    const outcomes = jsonFiles(root)
      .filter((path) => path.includes(only))
      .flatMap((path) =>
        Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, StateTest>),
      )
      .flatMap(([name, test]) => osakaCases(test).map((post) => ({ name, test, post })))
      .map(({ name, test, post }) => ({ name, post, hash: outcome(test, post) }))
    const failures = outcomes.filter(({ post, hash }) => hash !== post.hash)
    expect(
      failures.map(({ name, post, hash }) => `${name} ${JSON.stringify(post.indexes)}: ${hash}`),
    ).toEqual([])
    expect(outcomes.length).toBeGreaterThan(0)
  }, 3_600_000)
})

type Post = NonNullable<StateTest['post'][string]>[number]

/** All but blob transactions, which L2 does not know. */
function osakaCases(test: StateTest): readonly Post[] {
  return (test.post['Osaka'] ?? []).filter(({ txbytes }) => !txbytes.startsWith('0x03'))
}

function outcome(test: StateTest, post: Post): string {
  try {
    return bytesToHex(worldRoot(runStateTest(test, post)))
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

function jsonFiles(directory: string): string[] {
  return readdirSync(directory).flatMap((name) => {
    const path = join(directory, name)
    if (statSync(path).isDirectory()) return jsonFiles(path)
    return name.endsWith('.json') ? [path] : []
  })
}
